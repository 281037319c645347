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
  /// - Parameter tests: Texts of conformance tests, by file name without extension. An item is tested where a text
  /// has `Namespace.name`, or where the file that is called after the namespace has `:name(`.
  public static func items(tests: [(file: String, text: String)]) -> [Item] {
    let present = Dictionary(API.implemented.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    let words = Dictionary(
      tests.map { ($0.file.lowercased(), called(in: $0.text)) }, uniquingKeysWith: { $0.union($1) })
    let all = words.values.reduce(into: Set<String>()) { $0.formUnion($1) }
    return Inventory.namespaces.flatMap { known -> [Item] in
      let own = present[known.name]
      let functions = Set((own?.entries ?? []).filter(\.isImplemented).map(\.name))
      let constants = Set((own?.constants ?? []).map(\.name))
      let methods = words[known.name.lowercased()] ?? []
      func item(_ name: String, _ subsystem: Inventory.Subsystem, isConstant: Bool) -> Item {
        Item(
          namespace: known.name, name: name, tier: known.tier, subsystem: subsystem, isConstant: isConstant,
          exists: (isConstant ? constants : functions).contains(name),
          isTested: all.contains("\(known.name).\(name)") || methods.contains(":\(name)"))
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

  // Every `Word.word`, `:word` of a text.
  private static func called(in text: String) -> Set<String> {
    var found = Set<String>()
    var before: Substring = ""
    var separator: Character?
    var word = text[text.startIndex..<text.startIndex]
    func isPart(_ character: Character) -> Bool { character.isLetter || character.isNumber || character == "_" }
    func finish() {
      guard !word.isEmpty else { return }
      if separator == "." { found.insert("\(before).\(word)") }
      if separator == ":" { found.insert(":\(word)") }
    }
    for index in text.indices {
      let character = text[index]
      if isPart(character) {
        word = word.isEmpty ? text[index...index] : text[word.startIndex...index]
        continue
      }
      finish()
      before = word
      separator = character == "." || character == ":" ? character : nil
      word = text[index..<index]
    }
    finish()
    return found
  }
}
