/// A table of settings.ini that is being read: values by key, and errors that say where and what was expected.
struct SettingsTable {
  let file: String
  /// How errors call the table: "xboxlive.templates.duel".
  let path: String
  let entries: [SJSON.Entry]

  /// - Throws: Where the node is no table.
  init(_ node: SJSON.Node, path: String, file: String) throws(ConfigError) {
    self.file = file
    self.path = path
    guard case .object(let entries) = node.value else {
      throw Self.error(node, path, expected: "a table like { ... }", file)
    }
    self.entries = entries
  }

  subscript(key: String) -> SJSON.Node? { entries.first { $0.key == key }?.node }

  /// Refuses keys that nobody reads; in tables that games share with us, only those that look mistyped.
  func check(known: [String], isShared: Bool = false) throws(ConfigError) {
    for entry in entries where !known.contains(entry.key) {
      let hint = suggestion(for: entry.key, in: known)
      if isShared, hint.isEmpty { continue }
      let names = hint.isEmpty ? "; expected one of \(known.map { "`\($0)`" }.joined(separator: ", "))" : hint
      throw ConfigError(
        file: file, line: entry.position.line, column: entry.position.column,
        message: "\(path): unknown option `\(entry.key.prefix(64))`\(names)")
    }
  }

  /// A text of 1 to `size` bytes; nil where the key is not there.
  func text(_ key: String, size: Int) throws(ConfigError) -> String? {
    guard let node = self[key] else { return nil }
    guard let text = node.string, 1...size ~= text.utf8.count else {
      throw error(node, key, expected: "a string of 1 to \(size) bytes")
    }
    return text
  }

  /// An integer of a range; nil where the key is not there.
  func integer(_ key: String, in range: ClosedRange<Int>) throws(ConfigError) -> Int? {
    guard let node = self[key] else { return nil }
    guard let number = node.number.flatMap({ Int(exactly: $0) }), range ~= number else {
      throw error(node, key, expected: "an integer, \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  /// A number of a range; nil where the key is not there.
  func number(_ key: String, in range: ClosedRange<Double>) throws(ConfigError) -> Double? {
    guard let node = self[key] else { return nil }
    guard let number = node.number, range ~= number else {
      throw error(
        node, key, expected: "a number, \(range.lowerBound.shortText) to \(range.upperBound.shortText)")
    }
    return number
  }

  func flag(_ key: String) throws(ConfigError) -> Bool? {
    guard let node = self[key] else { return nil }
    guard let flag = node.bool else { throw error(node, key, expected: "true or false") }
    return flag
  }

  /// The elements of a list of at most `count`; empty where the key is not there.
  func list(_ key: String, of what: String, count: Int) throws(ConfigError) -> [SJSON.Node] {
    guard let node = self[key] else { return [] }
    guard case .array(let elements) = node.value, elements.count <= count else {
      throw error(node, key, expected: "a list of at most \(count) \(what)")
    }
    return elements
  }

  /// The entries of a table of tables, each with a name of 1 to 128 bytes; empty where the key is not there.
  func tables(_ key: String, count: Int) throws(ConfigError) -> [(name: String, table: SettingsTable)] {
    guard let node = self[key] else { return [] }
    let outer = try SettingsTable(node, path: "\(path).\(key)", file: file)
    guard outer.entries.count <= count else {
      throw error(node, key, expected: "a table of at most \(count) entries")
    }
    var result: [(name: String, table: SettingsTable)] = []
    for entry in outer.entries {
      guard 1...Limits.nameSize ~= entry.key.utf8.count else {
        throw error(entry.node, key, expected: "names of 1 to \(Limits.nameSize) bytes")
      }
      guard !result.contains(where: { $0.name == entry.key }) else {
        throw ConfigError(
          file: file, line: entry.position.line, column: entry.position.column,
          message: "\(path).\(key): `\(entry.key)` is there twice")
      }
      let inner = try SettingsTable(entry.node, path: "\(outer.path).\(entry.key)", file: file)
      result.append((entry.key, inner))
    }
    return result
  }

  func error(_ node: SJSON.Node, _ key: String, expected: String) -> ConfigError {
    Self.error(node, "\(path).\(key)", expected: expected, file)
  }

  private static func error(_ node: SJSON.Node, _ path: String, expected: String, _ file: String) -> ConfigError {
    ConfigError(
      file: file, line: node.position.line, column: node.position.column,
      message: "\(path): expected \(expected), got \(node.summary)")
  }
}
