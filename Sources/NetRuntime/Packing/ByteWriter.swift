/// Collects little-endian numbers and bytes for messages off the hot path, such as those of lobbies.
struct ByteWriter {
  private(set) var bytes: [UInt8] = []

  mutating func write<Number: FixedWidthInteger>(_ number: Number) {
    withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
  }

  mutating func write(_ more: some Collection<UInt8>) {
    bytes.append(contentsOf: more)
  }

  /// Appends zeros up to a length; longer contents stay as they are.
  mutating func pad(to length: Int) {
    if bytes.count < length { bytes.append(contentsOf: repeatElement(0, count: length - bytes.count)) }
  }
}
