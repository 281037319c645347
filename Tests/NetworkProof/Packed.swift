import NetRuntime

/// A value's packed bits, taken out of whatever buffer they were in.
struct Packed: Equatable {
  private(set) var words: [UInt64] = []
  private(set) var bitCount = 0

  init(_ reader: BitReader, bits: Int? = nil) {
    var reader = reader
    var left = bits ?? reader.remainingBits
    bitCount = left
    words.reserveCapacity((left + 63) / 64)
    while left > 0 {
      let count = min(64, left)
      words.append(reader.read(bits: count))
      left -= count
    }
  }

  var hash: UInt64 {
    var digest = Digest()
    digest.add(UInt64(bitCount))
    for word in words { digest.add(word) }
    return digest.value
  }
}

extension Packed: CustomStringConvertible {
  var description: String {
    "\(bitCount) bits " + words.prefix(4).map { String($0, radix: 16) }.joined(separator: ":")
      + (words.count > 4 ? ":..." : "")
  }
}

/// A running hash of all that happened: two runs of a seed must show the same.
struct Digest {
  private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

  mutating func add(_ word: UInt64) {
    value = (value ^ word) &* 0x0000_0100_0000_01B3
    value ^= value >> 29
  }
}

/// Where values are packed before they go to the engine.
final class Packer {
  private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: Limits.messageSize, alignment: 8)

  deinit { buffer.deallocate() }

  /// Packs values one behind the other; the reader is valid until the next call.
  func pack(_ values: [FieldValue], _ codecs: [FieldCodec]) -> BitReader? {
    var writer = BitWriter(buffer)
    for (value, codec) in zip(values, codecs) where !value.encode(to: &writer, codec).wrote { return nil }
    let bits = writer.bitCount
    writer.flush()
    return BitReader(UnsafeRawBufferPointer(buffer), bitOffset: 0, bitCount: bits)
  }

  func pack(_ value: FieldValue, _ codec: FieldCodec) -> BitReader? { pack([value], [codec]) }
}
