import Testing

@testable import NetRuntime

@Suite struct PackingPropertyTests {
  @Test func decodingGivesWhatWasEncoded() {
    let generator = PackingGenerator(seed: 1)
    for round in 0..<6000 {
      let codec = generator.codec()
      let value = generator.value(codec)
      guard let (bytes, bits) = packed(value, codec) else {
        Issue.record("round \(round): \(value) refused by \(codec)")
        continue
      }
      #expect(bits <= codec.maximumBits && bits >= codec.minimumBits)
      if !codec.isVariable { #expect(bits == codec.fixedBitWidth) }
      guard let back = unpacked(bytes, bits: bits, codec) else {
        Issue.record("round \(round): unreadable \(value) of \(codec)")
        continue
      }
      #expect(agree(value, back, codec), "round \(round): \(value) became \(back) by \(codec)")
    }
  }

  @Test func encodingWhatWasDecodedGivesTheSameBits() {
    let generator = PackingGenerator(seed: 2)
    for round in 0..<12000 {
      let codec = generator.codec()
      guard let (bytes, bits) = packed(generator.value(codec), codec), let back = unpacked(bytes, bits: bits, codec)
      else {
        Issue.record("round \(round)")
        continue
      }
      #expect(packed(back, codec)?.bytes == bytes, "round \(round): \(back) by \(codec)")
    }
  }

  @Test func fineVectorsNearPowersOfTwoKeepTheirBits() {
    let generator = PackingGenerator(seed: 3)
    for bits in 18...32 {
      let codec = FieldCodec.vector3(-500...1500, bits: bits)
      for _ in 0..<300 {
        let centre = Float(1 << generator.int(0...10))
        let near = SIMD3<Float>(centre.nextDown, centre, centre * Float(generator.number(0.9999999, 1.0000001)))
        let first = packed(.vector3(near), codec)
        let back = first.flatMap { unpacked($0.bytes, bits: $0.bits, codec) }
        #expect(back != nil && back.flatMap { packed($0, codec) }?.bytes == first?.bytes, "\(near) in \(bits) bits")
      }
    }
  }

  @Test func everyTruncationFailsCleanly() {
    let generator = PackingGenerator(seed: 4)
    for _ in 0..<400 {
      let codec = generator.codec()
      guard let (bytes, bits) = packed(generator.value(codec), codec) else { continue }
      for length in 0..<bits {
        #expect(unpacked(bytes, bits: length, codec) == nil, "\(length) of \(bits) bits of \(codec)")
        bytes.withUnsafeBytes {
          var reader = BitReader($0, bitOffset: 0, bitCount: length)
          #expect(!reader.skip(codec) && reader.failed)
          #expect(reader.position <= length)
        }
      }
    }
  }

  @Test func randomBytesAreReadOrRefusedAlike() {
    let generator = PackingGenerator(seed: 5)
    var refused = 0
    for _ in 0..<20000 {
      let codec = generator.codec()
      let bytes = (0..<generator.int(0...40)).map { _ in UInt8(generator.int(0...255)) }
      bytes.withUnsafeBytes {
        let offset = generator.int(0...min(7, bytes.count * 8))
        var skipper = BitReader($0, bitOffset: offset, bitCount: bytes.count * 8 - offset)
        var decoder = skipper
        let isValid = skipper.skip(codec)
        let value = FieldValue.decode(from: &decoder, codec)
        #expect((value != nil) == isValid, "\(codec)")
        if isValid { #expect(skipper.position == decoder.position) } else { refused += 1 }
        guard let value else { return }
        #expect(packed(value, codec) != nil, "\(value) of \(codec)")
      }
    }
    #expect(refused > 1000 && refused < 19000)
  }
}
