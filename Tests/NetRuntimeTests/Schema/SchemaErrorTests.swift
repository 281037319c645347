import Testing

@testable import NetRuntime

/// The literal texts that a game designer sees.
@Suite struct SchemaErrorTests {
  private func message(_ text: String, strict: Bool = false) -> String {
    do {
      _ = try NetworkConfig.parse(text, file: "game.network_config", strict: strict)
      return "no error"
    } catch { return error.description }
  }

  private func expect(
    _ text: String, _ expected: String, strict: Bool = false, _ place: SourceLocation = #_sourceLocation
  ) {
    #expect(message(text, strict: strict) == "game.network_config:" + expected, sourceLocation: place)
  }

  @Test func syntax() {
    expect("types = {\n  a = ?\n}", "2:7: expected a value (a string, a number, true, false, { or [), got `?`")
    expect(
      "network_type = peer",
      "1:16: expected a value (a string, a number, true, false, { or [), got `peer`; a string needs quotation marks")
    expect("types {", "1:7: expected `=` after the key `types`, got `{`")
    expect(
      "types = {\n  a = 1\n", "3:1: expected a key or `}` (the `{` of line 1 is not closed), got the end of the file")
    expect("a = [1", "1:7: expected a value or `]` (the `[` of line 1 is not closed), got the end of the file")
    expect("a = 1 }", "1:7: expected a key, got `}`")
    expect("{ a = 1 } b", "1:11: expected the end of the file after the closing `}`, got `b`")
    expect("a = \"x\nb = 1", "1:5: this string has no closing quotation mark on its line")
    expect("a = 1\n /* never", "2:2: this comment is never closed with */")
    expect("a = \"\\q\"", "1:6: unknown escape in a string: expected one of \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX")
    expect("a = \"\\ud800\"", "1:6: this escape names half a character")
    expect("a = 1e999", "1:5: expected a value (a string, a number, true, false, { or [), got `1e999`")
    expect("ä = \"é\" ö = §", "1:13: expected a value (a string, a number, true, false, { or [), got `§`")
    expect("a = " + String(repeating: "[", count: 40), "1:37: more than 32 levels of braces and brackets")
    #expect(
      message(String(repeating: " ", count: 1_048_577)).hasSuffix(
        "1:1: the file has 1048577 bytes; at most 1048576 are read"))
  }

  @Test func types() {
    expect("types = { a = { type = \"itn\" } }", "1:24: unknown kind \"itn\"; did you mean `int`?")
    expect(
      "types = { a = { type = \"matrix\" } }",
      "1:24: unknown kind \"matrix\"; expected one of bool, int, float, vector3, quaternion, string, id_string32, "
        + "id_string64, resource_id, uint64, array")
    expect("types = { a = 5 }", "1:15: type `a`: expected { type = \"...\" ... }, got 5")
    expect("types = [1]", "1:9: `types`: expected { name = {...} ... }, got [...]")
    expect(
      "types = {\n a = {type=\"bool\"}\n a = {type=\"int\"}\n}", "3:2: `a` stands in `types` twice, first in line 2")
    expect("types = { a = { type = \"int\" type = \"int\" } }", "1:30: `type` is given twice, first in line 1")
    expect("types = { \"a\\nb\" = { type = \"int\" } }", "1:11: a name cannot hold control characters")
    expect("types = { \"\" = { type = \"int\" } }", "1:11: expected a name of 1 to 128 bytes, got 0")
  }

  private func type(_ options: String) -> String { "types = { a = { \(options) } }" }

  @Test func numbers() {
    expect(type("type=\"int\" min=10 max=5"), "1:32: `min` = 10 is greater than `max` = 5")
    expect(
      type("type=\"int\" min=0.5 max=5"),
      "1:32: `min`: expected an integer from -9007199254740992 to 9007199254740992, got 0.5")
    expect(type("type=\"int\" min=0 max=300 bits=8"), "1:47: `bits` = 8 is too few for 0..300, which needs 9")
    expect(
      type("type=\"int\" bits=64"), "1:33: `bits`: expected an integer from 1 to 53, got 64; kind uint64 has 64 bits")
    expect(type("type=\"int\" bits=0"), "1:33: `bits`: expected an integer from 1 to 53, got 0")
    expect(type("type=\"int\" min=3"), "1:32: `min` needs `max` or `bits` beside it")
    expect(type("type=\"int\" max=3"), "1:32: `max` needs `min` or `bits` beside it")
    expect(
      type("type=\"int\" max=300 bits=8"),
      "1:32: `max`: expected an integer from 0 to 255, which 8 bits hold without `min`, got 300")
    expect(
      type("type=\"int\" min=9007199254740000 bits=53"),
      "1:54: `bits` = 53 from `min` = 9007199254740000 reach beyond 9007199254740992")
    expect(type("type=\"float\" min=1 max=1"), "1:34: `min` = 1 must be less than `max` = 1")
    expect(type("type=\"float\" min=1"), "1:34: `min` needs `max` beside it")
    expect(type("type=\"float\" min=0 max=1 bits=33"), "1:47: `bits`: expected an integer from 1 to 32, got 33")
    expect(type("type=\"float\" min=0 max=1 tolerance=0"), "1:52: `tolerance`: expected a number above 0, got 0")
    expect(
      type("type=\"float\" min=0 max=1 tolerance=1e-12"),
      "1:52: `tolerance` = 1e-12 over this range needs more than 32 bits")
    expect(
      type("type=\"vector3\" min=16777216 max=16777217 bits=2"),
      "1:49: `min` = 16777216 and `max` = 16777217 lie too close together for 2 bits between them")
    expect(type("type=\"quaternion\" bits=7"), "1:40: `bits`: expected an integer from 8 to 64, got 7")
    expect(type("type=\"string\" max_size=16385"), "1:40: `max_size`: expected an integer from 1 to 16384, got 16385")
  }

  @Test func arrays() {
    expect(type("type=\"array\" max_size=4"), "1:11: array `a` lacks `element`, the name of its elements' type")
    expect(type("type=\"array\" element=\"int\""), "1:11: array `a` lacks `max_size`, the most elements it may hold")
    expect(
      "types = { b = { type=\"array\" element=\"a\" max_size=2 }  a = { type=\"array\" element=\"int\" max_size=2 } }",
      "1:38: `element`: `a` is an array, and arrays of arrays are not supported")
    expect(
      type("type=\"array\" element=\"flaot\" max_size=2"),
      "1:38: `element`: unknown type `flaot`; did you mean `float`?")
    expect(
      "messages = { m = { args = [\"array\"] } }",
      "1:28: message `m`, argument 1: an array needs an entry of `types` that gives its `element` and `max_size`")
  }

  @Test func entries() {
    expect(
      "network_type = \"p2p\"", "1:16: `network_type`: expected \"peer-to-peer\" or \"client-server\", got \"p2p\"")
    expect(
      "reliable_send_buffer_size = 10",
      "1:29: `reliable_send_buffer_size`: expected an integer from 2048 to 16777216, got 10")
    expect(
      "messages = { game_object_created = {} }",
      "1:14: message `game_object_created` has the name of an event callback; choose another name")
    for name in ConfigReader.callbackNames {
      #expect(message("messages = { \(name) = {} }").contains("event callback"))
    }
    expect(
      "types = { health = { type = \"int\" } }\nmessages = { m = { args = [\"int\" \"heatlh\"] } }",
      "2:34: message `m`, argument 2: unknown type `heatlh`; did you mean `health`?")
    expect("messages = { m = { args = \"int\" } }", "1:27: `args`: expected [\"type\" ...], got \"int\"")
    expect(
      "messages = { m = { args = [5] } }",
      "1:28: message `m`, argument 1: expected the name of a type in quotation marks, got 5")
    expect("messages = { m = { reliable = 1 } }", "1:31: `reliable`: expected true or false, got 1")
    expect(
      "types = { s = { type = \"string\" max_size = 16384 } }\nmessages = { m = { args = [\"s\" \"s\"] } }",
      "2:14: message `m` may take up to 32772 bytes, but at most 32704 can be sent; lower the `max_size` of its types")
    expect(
      "objects = { o = { fields = { hp = \"int\" } } }",
      "1:28: `fields`: expected [{ name = \"...\" type = \"...\" } ...], got {...}")
    expect("objects = { o = { fields = [{ type = \"int\" }] } }", "1:29: a field of object `o` lacks `name`")
    expect("objects = { o = { fields = [{ name = \"hp\" }] } }", "1:29: object `o`, field `hp` lacks `type`")
    expect(
      "objects = { o = { fields = [\n{ name = \"hp\" type = \"int\" }\n{ name = \"hp\" type = \"int\" }] } }",
      "3:10: object `o` has the field `hp` twice, first in line 2")
    expect("objects = { o = { update_rate = -1 } }", "1:33: `update_rate`: expected a number from 0 up, got -1")
    let many = String(repeating: "\"bool\" ", count: 257)
    expect("messages = { m = { args = [\(many)] } }", "1:27: `args` has 257 entries; at most 256 are allowed")
    let crowd = (0...4096).map { "m\($0) = {}" }.joined(separator: " ")
    expect("messages = { \(crowd) }", "1:12: `messages` has 4097 entries; at most 4096 are allowed")
  }

  @Test func unknownOptionsWarnOrFail() throws {
    let text = type("type=\"int\" bit=8")
    let config = try NetworkConfig.parse(text, file: "f")
    #expect(config.warnings.map(\.description) == ["f:1:28: unknown option `bit` of int; did you mean `bits`?"])
    expect(text, "1:28: unknown option `bit` of int; did you mean `bits`?", strict: true)
    expect("mesages = {}", "1:1: unknown option `mesages` of a network config; did you mean `messages`?", strict: true)
    expect(
      "messages = { m = { arg = [] } }", "1:20: unknown option `arg` of message `m`; did you mean `args`?", strict: true
    )
    let odd = try NetworkConfig.parse(type("type=\"vector3\" bits=20"), file: "f", strict: true)
    #expect(
      odd.warnings.map(\.description) == [
        "f:1:37: `bits` has no effect without `min` and `max`: the vector3 is packed exactly, in 32 bits a number"
      ])
  }

  @Test func randomMutationsNeverTrap() {
    let generator = PackingGenerator(seed: 77)
    let base = Array(SchemaHashTests.base.utf8)
    var errors = 0
    for _ in 0..<3000 {
      var bytes = base
      for _ in 0..<generator.int(1...4) {
        let place = generator.int(0...bytes.count - 1)
        switch generator.int(0...2) {
        case 0: bytes[place] = UInt8(generator.int(0...255))
        case 1: bytes.remove(at: place)
        default: bytes.removeSubrange(place...)
        }
        if bytes.isEmpty { break }
      }
      do { _ = try NetworkConfig.parse(bytes, file: "f") } catch { errors += 1 }
    }
    #expect(errors > 1500)
  }
}
