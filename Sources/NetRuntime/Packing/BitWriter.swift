/// Writes bits into memory that the caller owns, lowest bit of the lowest byte first.
///
/// A write that does not fit writes nothing and sets `overflowed` for good; every later write is ignored. Bytes reach
/// the buffer at the latest with `flush()`.
public struct BitWriter {
  @usableFromInline let buffer: UnsafeMutableRawBufferPointer
  @usableFromInline var accumulator: UInt64 = 0
  @usableFromInline var written = 0
  @usableFromInline var capacity: Int
  @usableFromInline var isFull = false

  /// Starts at the buffer's first bit.
  @inlinable
  public init(_ buffer: UnsafeMutableRawBufferPointer) {
    self.buffer = buffer
    capacity = buffer.count &* 8
  }

  /// Bits written so far.
  @inlinable public var bitCount: Int { written }

  /// Whether a write found no room.
  @inlinable public var overflowed: Bool { isFull }

  /// Bits that still fit.
  @inlinable
  public var remainingBits: Int { isFull ? 0 : capacity &- written }

  /// Writes the lowest `bits` (0 to 64) bits of a value; higher ones are ignored.
  @inlinable @inline(__always)
  public mutating func write(_ value: UInt64, bits: Int) {
    guard bits > 0, bits <= 64, bits <= capacity &- written, !isFull else {
      if bits != 0 { isFull = true }
      return
    }
    let value = value & (UInt64.max &>> UInt64(64 &- bits))
    let filled = written & 63
    accumulator |= value &<< UInt64(filled)
    written &+= bits
    if filled &+ bits >= 64 {
      let offset = ((written &>> 6) &- 1) &<< 3
      buffer.baseAddress.unsafelyUnwrapped.storeBytes(
        of: accumulator.littleEndian, toByteOffset: offset, as: UInt64.self)
      // Swift's smart shift gives 0 for a shift by 64.
      accumulator = value >> UInt64(64 &- filled)
    }
  }

  /// Writes bits that are zero, as many as are asked for.
  @inlinable @inline(__always)
  public mutating func writeZeros(_ count: Int) {
    var left = count
    while left > 0 {
      write(0, bits: min(left, 64))
      left &-= 64
    }
  }

  /// Writes whole bytes, at whatever bit the writer stands.
  public mutating func write(bytes: UnsafeRawBufferPointer) {
    guard bytes.count <= remainingBits / 8 else {
      isFull = true
      return
    }
    var index = 0
    while index &+ 8 <= bytes.count {
      write(UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)), bits: 64)
      index &+= 8
    }
    while index < bytes.count {
      write(UInt64(bytes[index]), bits: 8)
      index &+= 1
    }
  }

  /// Copies the reader's next `count` bits. Copies nothing and sets both sides' error when either lacks them.
  public mutating func copyBits(from reader: inout BitReader, count: Int) {
    guard count >= 0, count <= remainingBits, count <= reader.remainingBits else {
      isFull = isFull || count > remainingBits
      reader.hasFailed = reader.hasFailed || count < 0 || count > reader.remainingBits
      return
    }
    var left = count
    while left > 0 {
      let chunk = min(left, 64)
      write(reader.read(bits: chunk), bits: chunk)
      left &-= chunk
    }
  }

  /// Puts the last bits into the buffer, with zeros up to the byte's end, and returns how many bytes of the buffer are
  /// used. Writing may go on after.
  @discardableResult
  public mutating func flush() -> Int {
    let used = (written &+ 7) &>> 3
    var offset = (written &>> 6) &<< 3
    var rest = accumulator
    while offset < used {
      buffer[offset] = UInt8(truncatingIfNeeded: rest)
      rest &>>= 8
      offset &+= 1
    }
    return used
  }

  /// Forgets what was written since the writer stood at `bitCount`, and an overflow since; for a caller that tries
  /// whether something fits.
  public mutating func rewind(to bitCount: Int) {
    guard bitCount >= 0, bitCount <= written else { return }
    let wordStart = (bitCount &>> 6) &<< 6
    if wordStart != (written &>> 6) &<< 6 {
      var word: UInt64 = 0
      let offset = wordStart &>> 3
      for index in 0..<min(8, buffer.count - offset) { word |= UInt64(buffer[offset + index]) &<< UInt64(index * 8) }
      accumulator = word
    }
    written = bitCount
    let filled = UInt64(bitCount & 63)
    accumulator &= (1 &<< filled) &- 1
    isFull = false
  }
}

/// Copies `count` bits between two places of memory that do not overlap, leaving the bits beside the target as they
/// are.
public func copyBits(
  from source: UnsafeRawBufferPointer, at sourceBit: Int, to target: UnsafeMutableRawBufferPointer, at targetBit: Int,
  count: Int
) {
  guard count > 0, sourceBit >= 0, targetBit >= 0, count <= source.count &* 8 &- sourceBit,
    count <= target.count &* 8 &- targetBit
  else { return }
  var reader = BitReader(source, bitOffset: sourceBit, bitCount: count)
  var bit = targetBit
  let end = targetBit &+ count
  while bit < end {
    let shift = bit & 7
    let chunk = min(8 &- shift, end &- bit)
    let mask = UInt8(truncatingIfNeeded: ((1 &<< chunk) &- 1) &<< shift)
    let piece = UInt8(truncatingIfNeeded: reader.read(bits: chunk)) &<< UInt8(truncatingIfNeeded: shift)
    target[bit &>> 3] = target[bit &>> 3] & ~mask | piece
    bit &+= chunk
  }
}
