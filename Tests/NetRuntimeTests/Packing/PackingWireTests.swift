import Testing

@testable import NetRuntime

/// The examples of packed values in docs/wire.md, byte for byte.
@Suite struct PackingWireTests {
  private func packed(_ write: (inout BitWriter) -> Void) -> [UInt8] {
    var bytes = [UInt8](repeating: 0xFF, count: 64)
    let count = bytes.withUnsafeMutableBytes { buffer in
      var writer = BitWriter(buffer)
      write(&writer)
      return writer.flush()
    }
    return Array(bytes[..<count])
  }

  @Test func aBitStream() {
    #expect(
      packed {
        $0.write(0b101, bits: 3)
        $0.write(0xABC, bits: 12)
      } == [0xE5, 0x55])
  }

  @Test func aStringAndAnArray() throws {
    let list = try #require(FieldCodec.array(of: .int(0...255), maximumCount: 4))
    let bytes = packed { writer in
      _ = FieldValue.string(Array("hi".utf8)).encode(to: &writer, .string(maximumLength: 100))
      _ = FieldValue.array([.int(1), .int(2), .int(3)]).encode(to: &writer, list)
    }
    #expect(bytes == [0x02, 0xB4, 0xB4, 0x05, 0x08, 0x0C, 0x00])
  }

  @Test func aMessage() throws {
    let names = (0..<12).map { "m\($0) = { args = [\"byte\" \"bool\"] }" }.joined(separator: "\n")
    let config = try NetworkConfig.parse(
      "types = { byte = { type = \"int\" min = 0 max = 255 } }\nmessages = {\n\(names)\n}", file: "test")
    let bytes = packed { writer in
      writer.write(5, bits: config.messageIndexBits)
      for (value, type) in zip([FieldValue.int(200), .bool(true)], config.messages[5].arguments) {
        _ = value.encode(to: &writer, type.codec)
      }
    }
    #expect(bytes == [0x85, 0x1C])
  }

  @Test func aVectorAndAQuaternion() {
    let vector = packed { _ = FieldValue.vector3(SIMD3(-500, 500, 0)).encode(to: &$0, .vector3(-500...500, bits: 18)) }
    // x is level 0, y the top level of 18 ones, z half of it rounded up.
    #expect(vector == [0x00, 0x00, 0xFC, 0xFF, 0x0F, 0x00, 0x20])
    let rotation = packed { _ = FieldValue.quaternion(SIMD4(0, 0, 0, 1)).encode(to: &$0, .quaternion(bits: 32)) }
    // w is left out (3), the others are 511 each.
    let code: UInt32 = 3 | 511 << 2 | 511 << 12 | 511 << 22
    #expect(rotation == withUnsafeBytes(of: code.littleEndian, Array.init))
  }

  /// The canonical text that docs/wire.md describes.
  @Test func aCanonicalText() throws {
    let config = try NetworkConfig.parse(
      """
      types = {
        part = { type = "float" min = -500 max = 0.1 bits = 7 }
        fine = { type = "vector3" min = 0 max = 1 bits = 8 }
        list = { type = "array" element = "string" max_size = 4 }
      }
      messages = { say = { args = ["int" "part" "fine" "list" "quaternion" "vector3"] reliable = false } }
      objects = { "a\\"b" = { fields = [ { name = "id" type = "uint64" } ] } }
      """, file: "test")
    #expect(
      config.canonicalText == """
        network_config 1 peer-to-peer
        message "say" unreliable unbound
        argument int -2147483648 2147483647 32
        argument float -500.0 0.1 7
        argument vector3 0.0 1.0 8
        argument array 4 string 512
        argument quaternion 32
        argument vector3
        object "a\\"b"
        field "id" uint64

        """)
  }
}
