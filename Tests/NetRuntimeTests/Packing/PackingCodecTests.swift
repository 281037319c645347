import Testing

@testable import NetRuntime

@Suite struct PackingCodecTests {
  @Test func aCodecIsAPlainValue() {
    #expect(_isPOD(FieldCodec.self))
    #expect(_isPOD(BitWriter.self))
    #expect(_isPOD(BitReader.self))
  }

  @Test func bitsLieLowestFirst() {
    var bytes = [UInt8](repeating: 0xFF, count: 3)
    let used = bytes.withUnsafeMutableBytes { buffer in
      var writer = BitWriter(buffer)
      writer.write(0b101, bits: 3)
      writer.write(0xABC, bits: 12)
      return writer.flush()
    }
    #expect(used == 2)
    #expect(bytes == [0xE5, 0x55, 0xFF])
  }

  @Test func aFullWriterStaysFull() {
    var bytes = [UInt8](repeating: 0, count: 2)
    bytes.withUnsafeMutableBytes { buffer in
      var writer = BitWriter(buffer)
      writer.write(0x1FF, bits: 9)
      writer.write(0, bits: 8)
      #expect(writer.overflowed && writer.bitCount == 9 && writer.remainingBits == 0)
      writer.write(1, bits: 1)
      #expect(writer.bitCount == 9)
      writer.rewind(to: 4)
      #expect(!writer.overflowed && writer.remainingBits == 12)
      writer.write(0, bits: 4)
      #expect(writer.flush() == 1)
    }
    #expect(bytes[0] == 0x0F)
  }

  @Test func rewindingAcrossWordsKeepsWhatIsBefore() {
    var bytes = [UInt8](repeating: 0, count: 40)
    bytes.withUnsafeMutableBytes { buffer in
      var writer = BitWriter(buffer)
      for index in 0..<30 { writer.write(UInt64(index), bits: 7) }
      writer.rewind(to: 70)
      for index in 10..<40 { writer.write(UInt64(index), bits: 7) }
      writer.flush()
      var reader = BitReader(UnsafeRawBufferPointer(buffer))
      #expect((0..<40).map { _ in reader.read(bits: 7) } == Array(0..<40))
    }
  }

  @Test func copyingBitsLeavesTheirNeighbours() {
    let generator = PackingGenerator(seed: 9)
    let source = (0..<32).map { _ in UInt8(generator.int(0...255)) }
    for _ in 0..<500 {
      let (from, to, count) = (generator.int(0...60), generator.int(0...60), generator.int(0...190))
      var target = [UInt8](repeating: 0xAA, count: 32)
      source.withUnsafeBytes { bytes in
        target.withUnsafeMutableBytes { copyBits(from: bytes, at: from, to: $0, at: to, count: count) }
      }
      let wrong = (0..<256).first { bit in
        let got = target[bit / 8] >> (bit % 8) & 1
        let place = bit - to + from
        return got != (bit >= to && bit < to + count ? source[place / 8] >> (place % 8) & 1 : 0xAA >> (bit % 8) & 1)
      }
      #expect(wrong == nil)
    }
  }

  @Test func endsOfARangeAreExact() {
    let codec = FieldCodec.float(0.1...0.7, bits: 7)
    #expect(roundTrip(.float(0.1), codec) == .float(0.1))
    #expect(roundTrip(.float(0.7), codec) == .float(0.7))
    let vector = FieldCodec.vector3(-0.1...0.3, bits: 18)
    #expect(roundTrip(.vector3(SIMD3(-0.1, 0.3, -0.1)), vector) == .vector3(SIMD3(-0.1, 0.3, -0.1)))
    #expect(outcome(.vector3(SIMD3(-0.1, 0.3, 0)), vector) == .done)
  }

  @Test func theIdentityRotationIsExact() {
    for bits in 8...64 {
      #expect(roundTrip(.quaternion(SIMD4(0, 0, 0, 1)), .quaternion(bits: bits)) == .quaternion(SIMD4(0, 0, 0, 1)))
    }
    #expect(FieldCodec.quaternion(bits: 32).fixedBitWidth == 32)
    #expect(FieldCodec.quaternion(bits: 20).fixedBitWidth == 20)
  }

  @Test func exactFloatsKeepTheirPatterns() {
    for value: Float in [0, -0.0, .leastNonzeroMagnitude, .greatestFiniteMagnitude, 0.1, -.pi] {
      guard case .float(let back)? = roundTrip(.float(Double(value)), .exactFloat) else {
        Issue.record("\(value)")
        continue
      }
      #expect(Float(back).bitPattern == value.bitPattern)
    }
    #expect(unpacked([0, 0, 0xC0, 0x7F], bits: 32, .exactFloat) == nil)
    #expect(unpacked([0, 0, 0x80, 0xFF], bits: 32, .exactFloat) == nil)
    #expect(outcome(.float(1e300), .exactFloat) == .clamped)
  }

  @Test func badValuesAreNamed() {
    let int = FieldCodec.int(-3...4)
    #expect(outcome(.int(5), int) == .outOfRange && outcome(.int(-4), int) == .outOfRange)
    #expect(outcome(.int(.max), int) == .outOfRange && outcome(.int(.min), int) == .outOfRange)
    let float = FieldCodec.float(0...1, bits: 8)
    #expect(outcome(.float(.nan), float) == .notFinite && outcome(.float(-.infinity), float) == .notFinite)
    #expect(outcome(.float(1.5), float) == .clamped && roundTrip(.float(1.5), float) == .float(1))
    #expect(outcome(.vector3(SIMD3(0, .nan, 0)), .exactVector3) == .notFinite)
    #expect(outcome(.quaternion(.zero), .quaternion(bits: 32)) == .outOfRange)
    #expect(outcome(.string([1, 2, 3]), .string(maximumLength: 2)) == .tooLong)
    #expect(
      outcome(.array([.bool(true), .bool(true)]), FieldCodec.array(of: .bool, maximumCount: 1) ?? .bool) == .tooLong)
  }

  @Test func defaultsLieNearestToZero() {
    #expect(defaultValue(.int(5...9)) == .int(5) && defaultValue(.int(-9 ... -5)) == .int(-5))
    #expect(defaultValue(.float(2...3, bits: 4)) == .float(2))
    #expect(defaultValue(.quaternion(bits: 32)) == .quaternion(SIMD4(0, 0, 0, 1)))
    #expect(defaultValue(.string(maximumLength: 9)) == .string([]))
  }

  @Test func anIntOfOneValueTakesNoBits() {
    #expect(FieldCodec.int(7...7).fixedBitWidth == 0)
    #expect(roundTrip(.int(7), .int(7...7)) == .int(7))
  }

  private func roundTrip(_ value: FieldValue, _ codec: FieldCodec) -> FieldValue? {
    packed(value, codec).flatMap { unpacked($0.bytes, bits: $0.bits, codec) }
  }

  private func outcome(_ value: FieldValue, _ codec: FieldCodec) -> PackingOutcome {
    withUnsafeTemporaryAllocation(byteCount: 1024, alignment: 8) {
      var writer = BitWriter($0)
      return value.encode(to: &writer, codec)
    }
  }

  private func defaultValue(_ codec: FieldCodec) -> FieldValue? {
    withUnsafeTemporaryAllocation(byteCount: 1024, alignment: 8) {
      var writer = BitWriter($0)
      writer.writeDefault(codec)
      writer.flush()
      var reader = BitReader(UnsafeRawBufferPointer($0), bitOffset: 0, bitCount: writer.bitCount)
      return FieldValue.decode(from: &reader, codec)
    }
  }
}
