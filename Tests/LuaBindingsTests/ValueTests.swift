import CLua
import Testing

@testable import LuaBindings
@testable import NetRuntime

/// Packs a Lua value and gives back what is unpacked: `V.percent(0.5)`.
@Suite struct ValueTests {
  private static let types: [FieldType] = {
    let percent = FieldType(name: "percent", codec: .float(0...1, bits: 7))
    let id = FieldType(name: "object_id", codec: .int(0...255))
    let list = FieldType(name: "list", codec: .array(of: id.codec, maximumCount: 3) ?? .bool, element: id)
    let name = FieldType(name: "name", codec: .string(maximumLength: 5))
    let names = FieldType(name: "names", codec: .array(of: name.codec, maximumCount: 300) ?? .bool, element: name)
    let builtin = FieldType.builtin.map { FieldType(name: "any_" + $0.name, codec: $0.codec) }
    return [percent, id, list, name, names] + builtin
  }()

  private func state() throws -> LuaState {
    let lua = try TestNamespace.state()
    let entries = Self.types.map { type in
      Entry(type.name, [Parameter("value", .any)], returns: ["any"], summary: "Packs and unpacks.") {
        call throws(ScriptError) in
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 4096, alignment: 8)
        defer { buffer.deallocate() }
        var writer = BitWriter(buffer)
        let problem = call.pack(1, type.codec, into: &writer)
        guard problem.wrote else { throw call.error(problem, type, at: 1, place: "argument 1 (\(type.name))") }
        let bits = writer.bitCount
        _ = writer.flush()
        var reader = BitReader(UnsafeRawBufferPointer(buffer), bitOffset: 0, bitCount: bits)
        call.pushValue(from: &reader, type.codec)
        #expect(!reader.failed && reader.remainingBits == 0)
      }
    }
    try lua.register([
      Namespace("V", "For tests.", entries: entries),
      Namespace("IdString64", "For tests.", kind: .idString64),
      Namespace("IdString32", "For tests.", kind: .idString32),
      Namespace("Quaternion", "For tests.", kind: .quaternion),
    ])
    return lua
  }

  @Test func valuesComeBackQuantised() throws {
    let lua = try state()
    #expect(try lua.evaluate("return tostring(V.any_bool(true)) .. tostring(V.any_bool(false))") == "truefalse")
    #expect(
      try lua.evaluate("return V.object_id('200') .. ' ' .. V.object_id(7.9) .. ' ' .. V.any_int(-5)")
        == "200 7 -5")
    #expect(try lua.evaluate("return V.percent(0) .. V.percent(1) .. ' ' .. V.percent(7) .. V.percent(-1)") == "01 10")
    #expect(try lua.evaluate("return V.any_float(0.25)") == "0.25")
    #expect(
      try lua.evaluate("return tostring(V.any_vector3(Vector3(1, 2, 3)))")
        == "Vector3SIMD3<Float>(1.0, 2.0, 3.0)")
    #expect(try lua.evaluate("local s = V.name('a\\0b') return #s .. s:byte(2)") == "30")
    #expect(try lua.evaluate("return V.name(12.5) .. '|' .. V.name('')") == "12.5|")
    #expect(
      try lua.evaluate("return table.concat(V.list({3, '2', 1}), ',') .. #V.list({}) .. #V.list({x = 1})")
        == "3,2,100")
    let names = "local t = {} for i = 1, 300 do t[i] = 'n' .. i end"
    #expect(try lua.evaluate(names + " return table.concat(V.names(t)) == table.concat(t)") == "true")
  }

  @Test func sixtyFourBitValues() throws {
    let lua = try state()
    #expect(try lua.evaluate("return V.any_uint64('00ABC') .. V.any_uint64('0') .. V.any_uint64(255)") == "abc0ff")
    #expect(
      errorText(lua, "V.any_uint64('12x')")
        == "test:1: V.any_uint64: argument 1 (any_uint64): expected 64-bit id (hexadecimal string or integer), got string \"12x\""
    )
    #expect(errorText(lua, "V.any_uint64(-1)").hasSuffix("got number -1"))
    #expect(errorText(lua, "V.any_uint64(2^53)").contains("expected 64-bit id"))
    if try lua.evaluate("return tostring(jit ~= nil)") == "true" {
      #expect(
        try lua.evaluate("return V.any_uint64(0xffffffffffffffffULL) .. V.any_uint64(16LL)")
          == "ffffffffffffffff10")
      #expect(errorText(lua, "V.any_uint64(require('ffi').new('int[1]'))").hasSuffix("got cdata"))
    }
  }

  @Test func namesBecomeHashes() throws {
    let lua = try state()
    #expect(try lua.evaluate("return stingray.Script.type_name(V.any_resource_id('units/tank'))") == "IdString64")
    #expect(lua.idNames.name(of: IdString64(name: "units/tank")) == "units/tank")
    #expect(lua.idNames.name(of: IdString32(name: "units/tank")) == "units/tank")
    #expect(
      try lua.evaluate("return stingray.Script.type_name(V.any_id_string32(V.any_id_string64('x')))")
        == "IdString32")
    #expect(errorText(lua, "V.any_id_string32('#123456789')").contains("expected IdString32, name or #hexadecimal"))
    #expect(errorText(lua, "V.any_id_string64('#xyz')").contains("expected IdString64, name or #hexadecimal"))
    #expect(errorText(lua, "V.any_id_string64(V.any_id_string32('x'))").hasSuffix("got IdString32"))
  }

  @Test func wrongValuesAreNamed() throws {
    let lua = try state()
    func text(_ script: String) -> String { String(errorText(lua, script).dropFirst("test:1: V.".count)) }
    #expect(text("V.object_id(256)") == "object_id: argument 1 (object_id): expected integer 0 to 255, got number 256")
    #expect(
      text("V.object_id(0/0)").hasPrefix("object_id: argument 1 (object_id): expected finite numbers, got number"))
    #expect(text("V.object_id({})") == "object_id: argument 1 (object_id): expected integer 0 to 255, got table")
    #expect(text("V.percent('x')") == "percent: argument 1 (percent): expected number 0 to 1, got string \"x\"")
    #expect(text("V.percent(1/0)") == "percent: argument 1 (percent): expected finite numbers, got number inf")
    #expect(text("V.name('123456')") == "name: argument 1 (name): expected string of at most 5 bytes, got 6 bytes")
    #expect(
      text("V.any_vector3(Vector3(1, 1/0, 3))")
        == "any_vector3: argument 1 (any_vector3): expected finite numbers, got Vector3 (1.0, inf, 3.0)")
    #expect(text("V.any_bool(1)") == "any_bool: argument 1 (any_bool): expected boolean, got number 1")
    #expect(
      text("V.list({1, 300})")
        == "list: argument 1 (list), element 2: expected integer 0 to 255, got number 300")
    #expect(
      text("V.list({1, 2, 3, 4})")
        == "list: argument 1 (list): expected array of at most 3 values (integer 0 to 255), got 4 values")
    #expect(
      text("V.list(5)")
        == "list: argument 1 (list): expected array of at most 3 values (integer 0 to 255), got number 5")
  }
}
