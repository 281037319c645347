/// Numbers in as few bytes as they need: seven bits a byte, low ones first, the top bit set in all but the last.
enum Varint {
  static let maximumSize = 10

  @inline(__always)
  static func write(_ value: UInt64, to bytes: UnsafeMutableRawPointer) -> Int {
    var value = value
    var count = 0
    while value >= 0x80 {
      bytes.storeBytes(of: UInt8(truncatingIfNeeded: value) | 0x80, toByteOffset: count, as: UInt8.self)
      value &>>= 7
      count &+= 1
    }
    bytes.storeBytes(of: UInt8(truncatingIfNeeded: value), toByteOffset: count, as: UInt8.self)
    return count &+ 1
  }

  /// Bytes that a number takes.
  static func size(_ value: UInt64) -> Int {
    max(1, (UInt64.bitWidth - value.leadingZeroBitCount + 6) / 7)
  }

  /// Small numbers of either sign become small ones: 0, -1, 1, -2 are 0, 1, 2, 3.
  @inline(__always)
  static func folded(_ value: Int64) -> UInt64 { UInt64(bitPattern: value &<< 1 ^ value >> 63) }

  @inline(__always)
  static func unfolded(_ value: UInt64) -> Int64 { Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1) }

  /// Reads one from a row of bytes, of which 0 stands in for those behind the end; nil when it has more than 64 bits.
  @inline(__always)
  static func read(_ next: () -> UInt8) -> UInt64? {
    var value: UInt64 = 0
    for index in 0..<maximumSize {
      let byte = next()
      if index == maximumSize - 1 && byte > 1 { return nil }
      value |= UInt64(byte & 0x7F) << UInt64(7 * index)
      if byte < 0x80 { return value }
    }
    return nil
  }
}

extension ByteReader {
  /// A number as `Varint` writes it; a number of more than 64 bits fails.
  mutating func varint() -> UInt64 {
    if let value = Varint.read({ read(UInt8.self) }) { return value }
    fail()
    return 0
  }
}

extension ByteWriter {
  mutating func write(varint value: UInt64) {
    withUnsafeTemporaryAllocation(byteCount: Varint.maximumSize, alignment: 1) { place in
      guard let base = place.baseAddress else { return }
      write(UnsafeRawBufferPointer(start: base, count: Varint.write(value, to: base)))
    }
  }
}
