import Testing

@testable import NetRuntime

@Suite struct SchemaConfigTests {
  @Test func omittedOptionsHaveTheirDefaults() throws {
    let config = try NetworkConfig.parse(
      """
      \u{FEFF}types = {
        a = { type = "int" }, b = { type = "int" bits = 10 }, c = { type = "int" min = -5 max = 5 }
        d = { type = "int" min = 100 bits = 4 } e = { type = "int", bits = 32 }
        f = { type = "float" } g = { type = "float" min = 0 max = 1 } h = { type = "float" min = 0 max = 1 tolerance = 0.01 }
        i = { type = "vector3" } j = { type = "quaternion" } k = { type = "string" } l = { type = "int64" min = 0 bits = 64 }
        m = { type = "array" element = "c" max_size = 8 } "n n" = { type = "bool" interpolated = true }
      }
      """, file: "f", strict: true)
    func facts(_ name: String) -> String {
      guard let type = config.type(named: name) else { return "none" }
      return "\(type.kind.name) \(type.bits) \(type.min.shortText) \(type.max.shortText) \(type.maxSize)"
    }
    #expect(facts("a") == "int 32 -2147483648 2147483647 0" && facts("e") == facts("a"))
    #expect(facts("b") == "int 10 0 1023 0")
    #expect(facts("c") == "int 4 -5 5 0")
    #expect(facts("d") == "int 4 100 115 0")
    #expect(facts("f") == "float 32 -3.4028234663852886e+38 3.4028234663852886e+38 0")
    #expect(facts("g") == "float 20 0 1 0" && facts("h") == "float 6 0 1 0")
    #expect(config.type(named: "g")?.tolerance == 0.5 / Double(1 << 20 - 1))
    #expect(facts("i").hasPrefix("vector3 32") && facts("j").hasPrefix("quaternion 32"))
    #expect(facts("k") == "string 0 0 0 512" && facts("l").hasPrefix("uint64 64") && facts("m") == "array 0 0 0 8")
    #expect(config.type(named: "m")?.element?.name == "c")
    #expect(config.type(named: "n n")?.interpolated == true)
    #expect(config.type(named: "a")?.interpolationThreshold == Double(Float.greatestFiniteMagnitude))
    #expect(config.type(named: "bool")?.kind == .bool && config.type(named: "array") == nil)
    #expect(config.reliableSendBufferSize == 32768 && config.reliableReceiveBufferSize == 32768)
  }

  @Test func plainJSONIsAccepted() throws {
    let config = try NetworkConfig.parse(
      #"{"network_type": "client-server", "messages": {"say": {"args": ["string", "bool"], "reliable": false, "priority": 2.5}}}"#,
      file: "f")
    let say = try #require(config.message(named: "say"))
    #expect(config.topology == .clientServer && say.arguments.map(\.kind) == [.string, .bool])
    #expect(!say.isReliable && say.priority == 2.5 && !say.isSessionBound && say.maximumBits == 10 + 8 * 512 + 1)
  }

  @Test func indicesFollowTheHashesOfNames() throws {
    let config = try NetworkConfig.parse("messages = { c = {} a = {args=[\"int\"]} b = {} }", file: "f")
    let hashes = config.messages.map { MurmurHash64A.hash($0.name) }
    #expect(hashes == hashes.sorted())
    for (index, message) in config.messages.enumerated() {
      #expect(config.messageIndex(named: message.name) == index)
      #expect(Array(config.codecs(ofMessage: index)) == message.arguments.map(\.codec))
    }
    #expect(
      config.codecs(ofMessage: 3).isEmpty && config.codecs(ofObject: 0).isEmpty && config.codecs(ofMessage: -1).isEmpty)
    #expect(config.hashText.count == 16 && UInt64(config.hashText, radix: 16) == config.hash)
  }

  @Test func sizesAreReported() throws {
    let report = try NetworkConfig.parse(SchemaHashTests.base, file: "f").sizeReport()
    let lines = report.split(separator: "\n")
    #expect(
      lines.dropLast() == [
        "message hit       15 bits  reliable, session_bound",
        "message pick   3..35 bits  reliable",
        "object avatar     72 bits  2 fields",
      ])
    #expect(lines.last?.hasPrefix("hash ") == true)
  }

  @Test func differencesAreNamed() throws {
    func config(_ text: String) throws -> NetworkConfig { try NetworkConfig.parse(text, file: "f") }
    let here = try config(
      """
      types = { a = { type = "int" bits = 8 } f = { type = "float" min = 0 max = 1 bits = 7 } l = { type = "array" element = "a" max_size = 3 } }
      messages = { hit = { args = ["bool" "a" "f" "l"] } mine = {} odd = { args = ["bool"] reliable = false } }
      objects = { box = { fields = [{ name = "x" type = "a" } { name = "y" type = "f" }] } swap = { fields = [{ name = "a" type = "a" } { name = "b" type = "a" }] } }
      """)
    let there = try config(
      """
      network_type = "client-server"
      types = { a = { type = "int" bits = 10 } f = { type = "float" min = 0 max = 1 bits = 8 } l = { type = "array" element = "a" max_size = 4 } }
      messages = { hit = { args = ["bool" "a" "f" "l"] } theirs = {} odd = { args = ["bool" "bool"] session_bound = true } }
      objects = { box = { fields = [{ name = "x" type = "string" } { name = "z" type = "f" }] } swap = { fields = [{ name = "b" type = "int" } { name = "a" type = "a" }] } }
      """)
    let lines = NetworkConfig.differences(here: here, there: try NetworkConfig(canonicalText: there.canonicalText))
    #expect(
      lines == [
        "network_type: peer-to-peer here, client-server at the host",
        "message `mine`: only here",
        "message `theirs`: only at the host",
        "message `hit`, argument 2: int 0..255 here, int 0..1023 at the host",
        "message `hit`, argument 3: float 0..1 in 7 bits here, float 0..1 in 8 bits at the host",
        "message `hit`, argument 4: array of up to 3 (int 0..255) here, array of up to 4 (int 0..1023) at the host",
        "message `odd`: unreliable here, reliable at the host",
        "message `odd`: not session_bound here, session_bound at the host",
        "message `odd`: 1 argument here, 2 arguments at the host",
        "object `box`, field `y`: only here",
        "object `box`, field `z`: only at the host",
        "object `box`, field `x`: int 0..255 here, string of up to 512 bytes at the host",
        "object `swap`, field `a`: int 0..255 here, int 0..1023 at the host",
        "object `swap`, field `b`: int 0..255 here, int -2147483648..2147483647 at the host",
      ])
    #expect(NetworkConfig.differences(here: here, there: here).isEmpty)
    let crowd = try config("messages = { " + (0..<20).map { "m\($0) = {}" }.joined(separator: " ") + " }")
    let many = NetworkConfig.differences(here: try config(""), there: crowd)
    #expect(many.count == 17 && many.last == "and 4 more differences")
  }

  @Test func anotherOrderOfFieldsIsADifference() throws {
    func config(_ first: String, _ second: String) throws -> NetworkConfig {
      try NetworkConfig.parse(
        "objects = { o = { fields = [{name=\"\(first)\" type=\"int\"} {name=\"\(second)\" type=\"int\"}] } }", file: "f"
      )
    }
    #expect(
      NetworkConfig.differences(here: try config("a", "b"), there: try config("b", "a"))
        == ["object `o`: the same fields in another order"])
  }

  @Test func canonicalTextIsReadBackOrRefused() throws {
    let text = """
      types = { a = { type = "int" min = -3 max = 90 } v = { type = "vector3" min = -0.1 max = 7e5 bits = 31 } q = { type = "quaternion" bits = 21 }
        s = { type = "string" max_size = 9 } l = { type = "array" element = "s" max_size = 3 } w = { type = "array" element = "v" max_size = 2 } }
      messages = { "a \\"quoted\\\\ name" = { args = ["a" "v" "q" "s" "l" "w" "float" "vector3" "bool" "id_string32" "id_string64" "resource_id" "uint64"] } }
      objects = { o = { fields = [{ name = "field 1" type = "w" }] } empty = {} }
      """
    let config = try NetworkConfig.parse(text, file: "f")
    let back = try NetworkConfig(canonicalText: config.canonicalText)
    #expect(back.hash == config.hash && back.messages.count == 1 && back.objects.count == 2)
    #expect(NetworkConfig.differences(here: config, there: back).isEmpty)
    let generator = PackingGenerator(seed: 31)
    var refused = 0
    for _ in 0..<2000 {
      var bytes = Array(config.canonicalText.utf8)
      bytes[generator.int(0...bytes.count - 1)] = UInt8(generator.int(0...127))
      if generator.int(0...3) == 0 { bytes.removeSubrange(generator.int(0...bytes.count - 1)...) }
      let mutated = String(decoding: bytes, as: UTF8.self)
      do { #expect(try NetworkConfig(canonicalText: mutated).canonicalText == mutated) } catch { refused += 1 }
    }
    #expect(refused > 500)
    #expect(throws: ConfigError.self) { try NetworkConfig(canonicalText: "") }
    #expect(throws: ConfigError.self) {
      try NetworkConfig(canonicalText: String(repeating: "x", count: Limits.schemaTextSize + 1))
    }
  }

  @Test func theNearestNameForgivesAThird() {
    #expect(nearestName(to: "quaternoin", in: ["vector3", "quaternion"]) == "quaternion")
    #expect(nearestName(to: "INT", in: ["int", "bool"]) == "int")
    #expect(nearestName(to: "xyz", in: ["int", "bool"]) == nil)
    #expect(nearestName(to: "", in: ["int"]) == nil)
  }
}
