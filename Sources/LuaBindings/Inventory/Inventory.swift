/// Every function, constant and table of the API, whether this version has it or not: what coverage is counted against.
public enum Inventory {
  /// How near to the core of networking a namespace is.
  public enum Tier: String, CaseIterable, Sendable {
    /// Networking itself and LAN.
    case core
    /// Lobbies and sessions of gaming platforms.
    case platform
    /// What platforms offer beside them.
    case extra
    /// Value types.
    case math
    /// The part of the surroundings that network scripts need.
    case support
  }

  /// The part of the engine that a function belongs to.
  public enum Subsystem: String, CaseIterable, Sendable {
    case common, lan, steam, psn, xboxlive, math, support
  }

  /// All namespaces, by name.
  public static let namespaces: [InventoryNamespace] =
    (network + session + steam + psn + xboxlive + math + support).sorted { $0.name < $1.name }

  /// All tables that functions take or give.
  public static var allTables: [InventoryTable] { tables }

  static let byName: [String: InventoryNamespace] =
    Dictionary(namespaces.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
}

/// What the inventory says of a namespace.
public struct InventoryNamespace: Sendable {
  public let name: String
  public let tier: Inventory.Tier
  let constructors: (Inventory.Subsystem, String)?
  let functionTexts: [(Inventory.Subsystem, String)]
  let constantTexts: [(Inventory.Subsystem, String)]

  init(
    _ name: String, tier: Inventory.Tier, constructors: (Inventory.Subsystem, String)? = nil,
    functions: [(Inventory.Subsystem, String)], constants: [(Inventory.Subsystem, String)]
  ) {
    self.name = name
    self.tier = tier
    self.constructors = constructors
    functionTexts = functions
    constantTexts = constants
  }

  /// The functions, by name inside each subsystem.
  public var functions: [InventoryFunction] {
    functionTexts.flatMap { InventoryFunction.list($1, subsystem: $0) }
  }

  /// What calling the namespace itself takes.
  public var constructor: InventoryFunction? {
    constructors.flatMap { InventoryFunction.list($1, subsystem: $0).first }
  }

  public var constants: [(name: String, subsystem: Inventory.Subsystem)] {
    constantTexts.flatMap { subsystem, text in text.split(separator: " ").map { (String($0), subsystem) } }
  }
}

/// What the inventory says of a function.
public struct InventoryFunction: Sendable {
  public typealias Signature = (parameters: [(name: String, type: String)], results: [String])

  public let name: String
  public let subsystem: Inventory.Subsystem
  /// One for each way to call it.
  public var signatures: [Signature]

  static func list(_ text: String, subsystem: Inventory.Subsystem) -> [InventoryFunction] {
    var functions: [InventoryFunction] = []
    for line in text.split(separator: "\n") {
      guard let (name, signature) = parse(line) else { continue }
      if functions.last?.name == name {
        functions[functions.count - 1].signatures.append(signature)
      } else {
        functions.append(InventoryFunction(name: name, subsystem: subsystem, signatures: [signature]))
      }
    }
    return functions
  }

  // name(a: T, b: T) -> R, R
  private static func parse(_ line: Substring) -> (String, Signature)? {
    guard let open = line.firstIndex(of: "(") else { return nil }
    var rest = line[line.index(after: open)...]
    var results: [String] = []
    if let arrow = rest.firstRange(of: ") -> ") {
      results = list(rest[arrow.upperBound...])
      rest = rest[..<arrow.lowerBound]
    } else {
      rest = rest.dropLast()
    }
    let parameters = list(rest).map { text in
      let halves = text.split(separator: ":", maxSplits: 1)
      return (name: String(halves.first ?? ""), type: String((halves.last ?? "").drop { $0 == " " }))
    }
    return (String(line[..<open]), (parameters, results))
  }

  // Commas inside types have no space behind them.
  private static func list(_ text: Substring) -> [String] {
    text.split(separator: ", ").map(String.init)
  }
}

/// What the inventory says of a table: its fields and their types.
public struct InventoryTable: Sendable {
  public let name: String
  public let fields: [(name: String, type: String)]

  init(_ name: String, _ text: String) {
    self.name = name
    fields = text.split(separator: ", ").map { field in
      let halves = field.split(separator: ":", maxSplits: 1)
      return (String(halves[0]), String((halves.last ?? "").drop { $0 == " " }))
    }
  }
}
