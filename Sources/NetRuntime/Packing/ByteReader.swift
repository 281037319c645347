/// Reads little-endian numbers and bytes that came from the wire. A read over the end sets `failed`, and every read
/// after that gives zeros.
struct ByteReader {
  private let buffer: UnsafeRawBufferPointer
  private var position = 0
  private(set) var failed = false

  init(_ buffer: UnsafeRawBufferPointer) {
    self.buffer = buffer
  }

  var remaining: Int { failed ? 0 : buffer.count - position }

  mutating func read<Number: FixedWidthInteger>(_: Number.Type = Number.self) -> Number {
    let size = MemoryLayout<Number>.size
    guard claim(size) else { return 0 }
    return Number(littleEndian: buffer.loadUnaligned(fromByteOffset: position - size, as: Number.self))
  }

  /// The next bytes as a copy; empty when there are not as many.
  mutating func bytes(_ count: Int) -> [UInt8] {
    guard claim(count) else { return [] }
    return [UInt8](buffer[position - count..<position])
  }

  /// What was read makes no sense.
  mutating func fail() { failed = true }

  private mutating func claim(_ count: Int) -> Bool {
    guard !failed, count >= 0, count <= buffer.count - position else {
      failed = true
      return false
    }
    position += count
    return true
  }
}
