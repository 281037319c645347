import Testing

@testable import NetRuntime

@Suite struct JSONTests {
  private func problem(_ text: String) -> String {
    do {
      return "read as \(try JSON(text))"
    } catch {
      return "\(error)"
    }
  }

  @Test func valuesOfEveryKindAreRead() throws {
    let value = try JSON(
      #" { "a" : [1, -2.5e2, 0, true, false, null], "b": {"c": "x\n\u00e9\ud83d\ude00\/"}, "": [] } "#)
    #expect(
      value["a"] == .array([.number(1), .number(-250), .number(0), .bool(true), .bool(false), .null]))
    #expect(value["b"]?["c"] == .string("x\n\u{e9}\u{1F600}/"))
    #expect(value[""] == .array([]))
    #expect(value["d"] == nil)
    #expect(try JSON("3") == .number(3))
    #expect(try JSON("\"\"") == .string(""))
    #expect(try JSON("{}") == .object([]))
  }

  @Test(arguments: [
    ("", "expected a JSON value, got the end of the text at byte 1"),
    ("nil", "expected a JSON value, got `nil` at byte 1"),
    ("{", "expected a key between quotation marks, got the end of the text at byte 2"),
    ("{a: 1}", "expected a key between quotation marks, got `a` at byte 2"),
    ("{\"a\" = 1}", "expected `:`, got `=` at byte 6"),
    ("{\"a\": 1,}", "expected a key between quotation marks, got `}` at byte 9"),
    ("{\"a\": 1 \"b\": 2}", "expected `,` or `}`, got `\"` at byte 9"),
    ("{\"a\": 1, \"a\": 2}", "the key \"a\" is there twice at byte 10"),
    ("[1 2]", "expected `,` or `]`, got `2` at byte 4"),
    ("[1", "expected `,` or `]`, got the end of the text at byte 3"),
    ("1 2", "expected the end of the text, got `2` at byte 3"),
    ("01", "expected the end of the text, got `1` at byte 2"),
    ("-", "expected a digit, got the end of the text at byte 2"),
    ("1.", "expected a digit, got the end of the text at byte 3"),
    ("1e999", "the number 1e999 is too large at byte 1"),
    ("\"a", "this string has no closing quotation mark at byte 1"),
    ("\"\\x\"", "expected an escape like \\n, \\\" or \\u00e9 at byte 2"),
    ("\"\\", "expected an escape like \\n, \\\" or \\u00e9 at byte 2"),
    ("\"\\u12\"", "expected four hexadecimal digits after \\u at byte 2"),
    ("\"\\ud800\"", "this escape names half a character at byte 2"),
    ("\"a\nb\"", "a string may not hold the character 10 as it is: write an escape like \\n at byte 3"),
    ("// no", "expected a JSON value, got `/` at byte 1"),
  ])
  func otherTextsAreRefusedWithTheirPlace(_ text: String, _ expected: String) {
    #expect(problem(text) == expected)
  }

  @Test func jsonGoesOnlySoDeep() {
    let depth = Limits.jsonDepth
    let fine = String(repeating: "[", count: depth) + "1" + String(repeating: "]", count: depth)
    #expect(problem(fine).hasPrefix("read"))
    #expect(problem("[" + fine + "]") == "more than 32 levels of braces and brackets at byte \(depth + 2)")
    #expect(problem(String(repeating: "[", count: 100_000)).hasPrefix("more than 32 levels"))
  }

  @Test func noBytesTrapTheReader() {
    let random = SeededRandomSource(seed: 5)
    let alphabet = Array("{}[]\",:\\u0e1-tfn \u{e9}".utf8) + [0, 10, 255]
    for _ in 0..<5000 {
      let bytes = (0..<Int(random.next() % 24)).map { _ in alphabet[Int(random.next() % UInt64(alphabet.count))] }
      _ = try? JSON(bytes)
    }
  }
}
