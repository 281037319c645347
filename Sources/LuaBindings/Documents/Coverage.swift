/// How much of the inventory this version has, and how much of that a test calls.
public enum Coverage {
  /// A conformance test: the names of the blocks that it is in, and its own.
  public typealias Test = (block: String, name: String)

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
  /// - Parameters:
  ///   - tests: A function is tested where the block "Namespace.name" has a test of its use and one whose name starts
  ///     with "rejects".
  ///   - texts: The files of the tests. A constant is tested where one of them has `Namespace.NAME`.
  public static func items(tests: [Test], texts: [String]) -> [Item] {
    let present = Dictionary(API.implemented.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    let words = texts.reduce(into: Set<String>()) { $0.formUnion(called(in: $1)) }
    let rejecting = Set(tests.filter { $0.name.hasPrefix("rejects") }.map(\.block))
    let tested = Set(tests.filter { !$0.name.hasPrefix("rejects") }.map(\.block)).intersection(rejecting)
    return Inventory.namespaces.flatMap { known -> [Item] in
      let own = present[known.name]
      let functions = Set((own?.entries ?? []).filter(\.isImplemented).map(\.name))
      let constants = Set((own?.constants ?? []).map(\.name))
      func item(_ name: String, _ subsystem: Inventory.Subsystem, isConstant: Bool) -> Item {
        Item(
          namespace: known.name, name: name, tier: known.tier, subsystem: subsystem, isConstant: isConstant,
          exists: (isConstant ? constants : functions).contains(name),
          isTested: (isConstant ? words : tested).contains("\(known.name).\(name)"))
      }
      return known.functions.map { item($0.name, $0.subsystem, isConstant: false) }
        + known.constants.map { item($0.name, $0.subsystem, isConstant: true) }
    }
  }

  /// The report: totals by tier, subsystem and namespace, then every missing or untested name.
  public static func render(tests: [Test], texts: [String]) -> String {
    let items = items(tests: tests, texts: texts)
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
