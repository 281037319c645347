/// A ring of bytes addressed by stream offset: the offset's low bits are the place. Its capacity is a power of two.
struct ByteRing {
  private(set) var capacity: Int
  private var bytes: UnsafeMutableRawPointer

  init(capacity least: Int) {
    var capacity = 1024
    while capacity < least { capacity *= 2 }
    self.capacity = capacity
    bytes = .allocate(byteCount: capacity, alignment: 16)
  }

  func destroy() {
    bytes.deallocate()
  }

  /// Makes room for more bytes; those from `first` to `end` keep their offsets.
  mutating func grow(to least: Int, keeping first: UInt64, to end: UInt64) {
    guard least > capacity else { return }
    var larger = ByteRing(capacity: least)
    var offset = first
    while offset < end {
      let place = Int(truncatingIfNeeded: offset & UInt64(capacity - 1))
      let count = min(capacity - place, Int(end - offset))
      larger.write(UnsafeRawBufferPointer(start: bytes + place, count: count), at: offset)
      offset += UInt64(count)
    }
    bytes.deallocate()
    self = larger
  }

  @inline(__always)
  mutating func write(_ source: UnsafeRawBufferPointer, at offset: UInt64) {
    guard let start = source.baseAddress else { return }
    let place = Int(truncatingIfNeeded: offset & UInt64(capacity &- 1))
    let first = capacity &- place
    if source.count <= first {
      (bytes + place).copyMemory(from: start, byteCount: source.count)
    } else {
      (bytes + place).copyMemory(from: start, byteCount: first)
      bytes.copyMemory(from: start + first, byteCount: source.count &- first)
    }
  }

  @inline(__always)
  func read(from offset: UInt64, count: Int, into target: UnsafeMutableRawPointer) {
    let place = Int(truncatingIfNeeded: offset & UInt64(capacity &- 1))
    let first = capacity &- place
    if count <= first {
      target.copyMemory(from: bytes + place, byteCount: count)
    } else {
      target.copyMemory(from: bytes + place, byteCount: first)
      (target + first).copyMemory(from: bytes, byteCount: count &- first)
    }
  }

  /// The bytes from an offset that lie in one piece, `limit` at most.
  @inline(__always)
  func contiguous(from offset: UInt64, limit: Int) -> UnsafeRawBufferPointer {
    let place = Int(truncatingIfNeeded: offset & UInt64(capacity &- 1))
    return UnsafeRawBufferPointer(start: bytes + place, count: min(limit, capacity &- place))
  }
}
