/// Writes little-endian numbers and bytes into memory that the caller owns; a write that does not fit sets `overflowed`
/// and changes nothing.
struct WireWriter {
  let base: UnsafeMutableRawPointer
  let capacity: Int
  private(set) var count = 0
  private(set) var overflowed = false

  init(_ buffer: UnsafeMutableRawBufferPointer) {
    base = buffer.baseAddress ?? UnsafeMutableRawPointer(bitPattern: 1)!
    capacity = buffer.count
  }

  init(base: UnsafeMutableRawPointer, capacity: Int) {
    self.base = base
    self.capacity = capacity
  }

  var remaining: Int { capacity &- count }

  @inline(__always)
  private mutating func claim(_ bytes: Int) -> UnsafeMutableRawPointer? {
    guard bytes <= capacity &- count else {
      overflowed = true
      return nil
    }
    let place = base + count
    count &+= bytes
    return place
  }

  @inline(__always)
  mutating func write<Number: FixedWidthInteger>(_ number: Number) {
    claim(MemoryLayout<Number>.size)?.storeBytes(of: number.littleEndian, as: Number.self)
  }

  @inline(__always)
  mutating func write(_ bytes: UnsafeRawBufferPointer) {
    guard let place = claim(bytes.count), let source = bytes.baseAddress else { return }
    place.copyMemory(from: source, byteCount: bytes.count)
  }

  mutating func write(_ bytes: [UInt8]) {
    bytes.withUnsafeBytes { write($0) }
  }

  /// Makes room for bytes that the caller writes itself.
  @inline(__always)
  mutating func reserve(_ bytes: Int) -> UnsafeMutableRawPointer? { claim(bytes) }

  /// Fills with zeros up to a length from the start.
  mutating func pad(to length: Int) {
    let missing = length - count
    guard missing > 0, let place = claim(missing) else { return }
    place.initializeMemory(as: UInt8.self, repeating: 0, count: missing)
  }
}

/// The 64-bit number nearest to `near` that ends in the given 32 bits.
@inline(__always)
func expand(_ low: UInt32, near: UInt64) -> UInt64 {
  let difference = Int32(bitPattern: low &- UInt32(truncatingIfNeeded: near))
  let value = near &+ UInt64(bitPattern: Int64(difference))
  // Below zero there is nothing: a difference that leads there belongs 2^32 higher.
  return difference < 0 && value > near ? value &+ (1 << 32) : value
}
