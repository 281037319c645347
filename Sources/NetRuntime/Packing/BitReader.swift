/// Reads bits from memory that the caller owns, lowest bit of the lowest byte first. Total: it never reads beyond its
/// end.
///
/// A read that asks for more than is left gives zero and sets `failed` for good; so does a value that its codec does
/// not allow.
public struct BitReader {
  @usableFromInline let buffer: UnsafeRawBufferPointer
  @usableFromInline var next: Int
  /// The bit of the buffer behind the last readable one.
  public let end: Int
  @usableFromInline var hasFailed = false

  /// Reads the whole buffer.
  @inlinable
  public init(_ buffer: UnsafeRawBufferPointer) {
    self.buffer = buffer
    next = 0
    end = buffer.count &* 8
  }

  /// Reads `bitCount` bits from `bitOffset` on; has failed from the start when the buffer does not hold them.
  @inlinable
  public init(_ buffer: UnsafeRawBufferPointer, bitOffset: Int, bitCount: Int) {
    self.buffer = buffer
    let all = buffer.count &* 8
    if bitOffset >= 0, bitCount >= 0, bitOffset <= all, bitCount <= all &- bitOffset {
      next = bitOffset
      end = bitOffset &+ bitCount
    } else {
      next = 0
      end = 0
      hasFailed = true
    }
  }

  /// The bit of the buffer that the next read starts at.
  @inlinable public var position: Int { next }

  /// Whether a read found too few bits, or bits that no writer writes.
  @inlinable public var failed: Bool { hasFailed }

  /// Bits that are left.
  @inlinable
  public var remainingBits: Int { hasFailed ? 0 : end &- next }

  /// The next `bits` (0 to 64) bits; 0 when there are fewer.
  @inlinable @inline(__always)
  public mutating func read(bits: Int) -> UInt64 {
    guard bits > 0, bits <= 64, bits <= end &- next, !hasFailed else {
      if bits != 0 { hasFailed = true }
      return 0
    }
    let byte = next &>> 3
    let shift = next & 7
    next &+= bits
    let base = buffer.baseAddress.unsafelyUnwrapped
    guard byte &+ 8 <= buffer.count else { return gather(from: byte, shift: shift, bits: bits) }
    var value = UInt64(littleEndian: base.loadUnaligned(fromByteOffset: byte, as: UInt64.self)) &>> UInt64(shift)
    if shift &+ bits > 64 {
      value |= UInt64(base.load(fromByteOffset: byte &+ 8, as: UInt8.self)) &<< UInt64(64 &- shift)
    }
    return value & (UInt64.max &>> UInt64(64 &- bits))
  }

  /// The same for the buffer's last seven bytes, where a whole word would reach over the end.
  @usableFromInline
  func gather(from byte: Int, shift: Int, bits: Int) -> UInt64 {
    let base = buffer.baseAddress.unsafelyUnwrapped
    let count = buffer.count
    var word: UInt64 = 0
    if count >= 8 {
      // The buffer's last word, of which the first bytes lie before the reader.
      word = UInt64(littleEndian: base.loadUnaligned(fromByteOffset: count &- 8, as: UInt64.self))
      word &>>= UInt64((byte &- (count &- 8)) &* 8)
    } else {
      var index = count
      while index > byte {
        index &-= 1
        word = word &<< 8 | UInt64(base.load(fromByteOffset: index, as: UInt8.self))
      }
    }
    return word &>> UInt64(shift) & (UInt64.max &>> UInt64(64 &- bits))
  }

  /// Copies whole bytes out, from whatever bit the reader stands at; copies nothing when fewer are left.
  public mutating func read(into bytes: UnsafeMutableRawBufferPointer) {
    guard bytes.count <= remainingBits / 8 else {
      hasFailed = true
      return
    }
    var index = 0
    while index &+ 8 <= bytes.count {
      bytes.storeBytes(of: read(bits: 64).littleEndian, toByteOffset: index, as: UInt64.self)
      index &+= 8
    }
    while index < bytes.count {
      bytes[index] = UInt8(truncatingIfNeeded: read(bits: 8))
      index &+= 1
    }
  }

  /// Steps over bits without looking at them.
  @inlinable
  public mutating func advance(bits: Int) {
    guard bits >= 0, bits <= remainingBits else {
      hasFailed = true
      return
    }
    next &+= bits
  }

  /// A reader of the next `bits` bits alone, which this one steps over.
  @inlinable
  public mutating func slice(bits: Int) -> BitReader {
    guard bits >= 0, bits <= remainingBits else {
      hasFailed = true
      return BitReader(buffer, bitOffset: 0, bitCount: -1)
    }
    let part = BitReader(buffer, bitOffset: next, bitCount: bits)
    next &+= bits
    return part
  }

  /// Sets `failed`: for readers of higher layers that find a value impossible.
  @inlinable
  public mutating func fail() { hasFailed = true }
}
