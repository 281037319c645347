import Foundation
import Testing

/// `docs/limits.md` says what the code does: each constant of `Limits` stands there, with its value and a test that
/// exists.
@Suite struct LimitsDocumentTests {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  private static func text(_ path: String) throws -> String {
    try String(decoding: Data(contentsOf: root.appending(path: path)), as: UTF8.self)
  }

  private static func files(in folder: String, _ isWanted: (String) -> Bool) throws -> [String] {
    let all = try #require(
      FileManager.default.enumerator(at: root.appending(path: folder), includingPropertiesForKeys: nil))
    return try all.compactMap { $0 as? URL }.filter { isWanted($0.lastPathComponent) }
      .map { try String(decoding: Data(contentsOf: $0), as: UTF8.self) }
  }

  /// A row of the table: its cells, without the constant's quotation marks.
  private static func rows() throws -> [String: [String]] {
    var rows: [String: [String]] = [:]
    for line in try text("docs/limits.md").split(separator: "\n") where line.hasPrefix("| ") {
      let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
      guard cells.count == 5, cells[3].hasPrefix("`") else { continue }
      let name = cells[3].filter { $0 != "`" }
      #expect(rows[name] == nil, "\(name) stands twice in docs/limits.md")
      rows[name] = cells
    }
    return rows
  }

  /// The constants as they stand in the sources, and the numbers of their values.
  private static func constants() throws -> [String: [Double]] {
    var constants: [String: [Double]] = [:]
    for file in try files(in: "Sources", { $0.hasPrefix("Limits") && $0.hasSuffix(".swift") }) {
      var isInside = false
      for line in file.split(separator: "\n") {
        if line.contains("enum ") || line.contains("extension ") {
          isInside = line.contains("enum Limits") || line.contains("extension Limits")
        }
        guard isInside, let match = line.firstMatch(of: /static let (\w+)(?:: \w+)? = (.*)/) else { continue }
        constants[String(match.1)] = try String(match.2).components(separatedBy: "...").map(value)
      }
    }
    return constants
  }

  /// The value of `4 << 20`, `16 * 1024`, `10.0`.
  private static func value(_ expression: String) throws -> Double {
    let sides = expression.components(separatedBy: "<<")
    let product = try sides[0].split(separator: "*").reduce(1.0) { product, factor in
      let digits = factor.filter { $0 != "_" && $0 != " " }
      return product * (try #require(Double(digits), "cannot read the value \(expression)"))
    }
    guard sides.count == 2 else { return product }
    let shift = try #require(Int(sides[1].trimmingCharacters(in: .whitespaces)))
    return product * Double(1 << shift)
  }

  @Test func everyConstantStandsThereWithItsValue() throws {
    let rows = try Self.rows()
    let constants = try Self.constants()
    #expect(constants.count > 40)
    for (name, values) in constants.sorted(by: { $0.key < $1.key }) {
      guard let row = rows[name] else {
        Issue.record("docs/limits.md lacks Limits.\(name)")
        continue
      }
      let written = row[1].matches(of: /[0-9][0-9,]*(\.[0-9]+)?/).compactMap { Double($0.0.filter { $0 != "," }) }
      #expect(written == values, "docs/limits.md has another value for Limits.\(name)")
    }
    for name in rows.keys.sorted() { #expect(constants[name] != nil, "docs/limits.md has \(name), which Limits lacks") }
  }

  @Test func everyTestThatIsNamedExists() throws {
    let tests = try Self.files(in: "Tests") { $0.hasSuffix(".swift") || $0.hasSuffix(".lua") || $0.hasSuffix(".sh") }
      .filter { !$0.contains("struct LimitsDocumentTests") }
    for (name, row) in try Self.rows().sorted(by: { $0.key < $1.key }) {
      let named = row[4].matches(of: /`([^`]+)`/).map { String($0.1) }
      #expect(!named.isEmpty, "docs/limits.md names no test of \(name)")
      for test in named { #expect(tests.contains { $0.contains(test) }, "no test is called \(test) (\(name))") }
    }
  }

  @Test func everyConstantIsUsed() throws {
    let sources = try Self.files(in: "Sources") { $0.hasSuffix(".swift") }
    for name in try Self.constants().keys.sorted() {
      #expect(sources.contains { $0.contains("Limits.\(name)") }, "Limits.\(name) is not enforced anywhere")
    }
  }
}
