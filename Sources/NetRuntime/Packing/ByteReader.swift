/// Reads little-endian numbers and bytes; a read over the end sets `failed`, and everything after that reads as zero.
struct ByteReader {
  private var position: UnsafeRawPointer
  private let end: UnsafeRawPointer
  private(set) var failed = false

  init(_ buffer: UnsafeRawBufferPointer) {
    self.init(base: buffer.baseAddress ?? UnsafeRawPointer(bitPattern: 1)!, count: buffer.count)
  }

  init(base: UnsafeRawPointer, count: Int) {
    position = base
    end = base + count
  }

  @inline(__always)
  var remaining: Int { end - position }

  @inline(__always)
  private mutating func claim(_ bytes: Int) -> UnsafeRawPointer? {
    guard bytes <= end - position, !failed else {
      failed = true
      position = end
      return nil
    }
    let place = position
    position += bytes
    return place
  }

  @inline(__always)
  mutating func read<Number: FixedWidthInteger>(_ type: Number.Type = Number.self) -> Number {
    guard let place = claim(MemoryLayout<Number>.size) else { return 0 }
    return Number(littleEndian: place.loadUnaligned(as: Number.self))
  }

  /// The next bytes where they lie; nil when there are not as many.
  @inline(__always)
  mutating func bytes(_ count: Int) -> UnsafeRawPointer? { claim(count) }

  /// The next bytes as a copy; empty when there are not as many.
  mutating func array(_ count: Int) -> [UInt8] {
    guard count >= 0, let place = claim(count) else { return [] }
    return [UInt8](UnsafeRawBufferPointer(start: place, count: count))
  }

  mutating func skip(_ count: Int) { _ = claim(count) }

  /// What was read makes no sense.
  mutating func fail() {
    failed = true
    position = end
  }
}
