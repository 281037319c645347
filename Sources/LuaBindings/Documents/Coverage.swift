/// How much of the inventory this version has, and how much of that a test calls.
public enum Coverage {
  /// One function or constant of the inventory.
  public struct Item: Sendable {
    public let namespace: String
    public let name: String
    public let tier: Inventory.Tier
    public let subsystem: Inventory.Subsystem
    public let isConstant: Bool
    public let exists: Bool
    public let isTested: Bool
  }

  /// Looks every function and constant up.
  /// - Parameter tests: Texts of conformance tests, by file name. A function is tested where a text has
  /// `describe("Namespace.name"` with a test of its use and one whose name starts with "rejects"; a constant where a
  /// text has `Namespace.NAME`.
  public static func items(tests: [(file: String, text: String)]) -> [Item] {
    let present = Dictionary(API.implemented.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    let words = tests.reduce(into: Set<String>()) { $0.formUnion(called(in: $1.text)) }
    let tested = TestedNames(texts: tests.map(\.text))
    return Inventory.namespaces.flatMap { known -> [Item] in
      let own = present[known.name]
      let functions = Set((own?.entries ?? []).filter(\.isImplemented).map(\.name))
      let constants = Set((own?.constants ?? []).map(\.name))
      func item(_ name: String, _ subsystem: Inventory.Subsystem, isConstant: Bool) -> Item {
        Item(
          namespace: known.name, name: name, tier: known.tier, subsystem: subsystem, isConstant: isConstant,
          exists: (isConstant ? constants : functions).contains(name),
          isTested: (isConstant ? words : tested.names).contains("\(known.name).\(name)"))
      }
      return known.functions.map { item($0.name, $0.subsystem, isConstant: false) }
        + known.constants.map { item($0.name, $0.subsystem, isConstant: true) }
    }
  }

  /// The report: totals by tier, subsystem and namespace, then every missing or untested name.
  public static func render(tests: [(file: String, text: String)]) -> String {
    let items = items(tests: tests)
    var lines = ["# Coverage of the API", ""]
    lines += table("tier", Inventory.Tier.allCases.map { tier in (tier.rawValue, items.filter { $0.tier == tier }) })
    lines += table(
      "subsystem", Inventory.Subsystem.allCases.map { part in (part.rawValue, items.filter { $0.subsystem == part }) })
    lines += table(
      "namespace", Inventory.namespaces.map { known in (known.name, items.filter { $0.namespace == known.name }) })
    lines += list("Missing", items.filter { !$0.exists })
    lines += list("Without a test", items.filter { $0.exists && !$0.isTested })
    return lines.joined(separator: "\n") + "\n"
  }

  private static func table(_ title: String, _ rows: [(String, [Item])]) -> [String] {
    var lines = ["| \(title) | functions | constants | tested |", "| --- | --- | --- | --- |"]
    for (name, items) in rows where !items.isEmpty {
      let functions = items.filter { !$0.isConstant }
      let constants = items.filter(\.isConstant)
      let existing = items.filter(\.exists)
      lines.append(
        "| \(name) | \(count(functions, \.exists)) | \(count(constants, \.exists)) | \(count(existing, \.isTested)) |")
    }
    return lines + [""]
  }

  private static func count(_ items: [Item], _ has: (Item) -> Bool) -> String {
    "\(items.count(where: has)) of \(items.count)"
  }

  private static func list(_ title: String, _ items: [Item]) -> [String] {
    var lines = ["## \(title)", ""]
    for known in Inventory.namespaces {
      let names = items.filter { $0.namespace == known.name }.map(\.name).sorted()
      if !names.isEmpty { lines.append("- \(known.name): \(names.joined(separator: ", "))") }
    }
    return lines + [""]
  }

  // Every `Word.word` of a text.
  private static func called(in text: String) -> Set<String> {
    var found = Set<String>()
    var before: Substring = ""
    var followsPoint = false
    var word = text[text.startIndex..<text.startIndex]
    func isPart(_ character: Character) -> Bool { character.isLetter || character.isNumber || character == "_" }
    for index in text.indices {
      let character = text[index]
      if isPart(character) {
        word = word.isEmpty ? text[index...index] : text[word.startIndex...index]
        continue
      }
      if followsPoint, !word.isEmpty { found.insert("\(before).\(word)") }
      before = word
      followsPoint = character == "."
      word = text[index..<index]
    }
    if followsPoint, !word.isEmpty { found.insert("\(before).\(word)") }
    return found
  }
}

/// The functions that have a test of their use and one of their wrong use.
private struct TestedNames {
  private(set) var names = Set<String>()

  init(texts: [String]) {
    var used = Set<String>()
    var rejecting = Set<String>()
    for text in texts {
      var block: String?
      for line in text.split(separator: "\n") {
        if let name = TestedNames.name(in: line, of: "describe") { block = name }
        guard let block, let test = TestedNames.name(in: line, of: "it") else { continue }
        if test.hasPrefix("rejects") { rejecting.insert(block) } else { used.insert(block) }
      }
    }
    names = used.intersection(rejecting)
  }

  // The string behind `function(` where a line starts with it.
  private static func name(in line: Substring, of function: String) -> String? {
    let text = line.drop { $0 == " " || $0 == "\t" }
    guard text.hasPrefix(function) else { return nil }
    let rest = text.dropFirst(function.count).drop { $0 == "(" || $0 == " " }
    guard let quote = rest.first, quote == "\"" || quote == "'" else { return nil }
    return String(rest.dropFirst().prefix { $0 != quote })
  }
}
