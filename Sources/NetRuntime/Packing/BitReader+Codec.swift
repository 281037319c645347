/// Typed reads, the mirror of `BitWriter`'s typed writes. A read that fails gives some value of the codec and sets
/// `failed`.
extension BitReader {
  @inlinable @inline(__always)
  public mutating func readBool() -> Bool { read(bits: 1) != 0 }

  @inlinable @inline(__always)
  public mutating func readInt(_ codec: FieldCodec) -> Int64 {
    let distance = read(bits: Int(codec.bits))
    guard distance <= UInt64(bitPattern: codec.maximum &- codec.minimum) else {
      hasFailed = true
      return codec.minimum
    }
    return codec.minimum &+ Int64(bitPattern: distance)
  }

  @inlinable @inline(__always)
  public mutating func readFloat(_ codec: FieldCodec) -> Double {
    let bits = read(bits: Int(codec.bits))
    guard codec.isExact else { return codec.value(ofLevel: bits) }
    return Double(finite(bits))
  }

  @inlinable
  public mutating func readVector3(_ codec: FieldCodec) -> SIMD3<Float> {
    let width = Int(codec.bits)
    guard 3 &* width <= remainingBits else {
      hasFailed = true
      return .zero
    }
    let x = read(bits: width)
    let y = read(bits: width)
    let z = read(bits: width)
    if codec.isExact { return SIMD3(finite(x), finite(y), finite(z)) }
    return SIMD3(Float(codec.value(ofLevel: x)), Float(codec.value(ofLevel: y)), Float(codec.value(ofLevel: z)))
  }

  /// A rotation in the order x, y, z, w, of unit length; its largest component is positive.
  @inlinable
  public mutating func readQuaternion(_ codec: FieldCodec) -> SIMD4<Float> {
    let width = 2 &+ 3 &* Int(codec.bits)
    guard width <= remainingBits else {
      hasFailed = true
      return SIMD4(0, 0, 0, 1)
    }
    let code = read(bits: width)
    guard QuaternionPacking.isValid(code, codec) else {
      hasFailed = true
      return SIMD4(0, 0, 0, 1)
    }
    return QuaternionPacking.unpack(code, codec)
  }

  /// A string's length in bytes, which are sure to follow: for `read(into:)` with a buffer of that size.
  @inlinable
  public mutating func readLength(_ codec: FieldCodec) -> Int {
    let length = Int(truncatingIfNeeded: read(bits: Int(codec.lengthBits)))
    guard length <= Int(codec.maximumLength), length &* 8 <= remainingBits else {
      hasFailed = true
      return 0
    }
    return length
  }

  /// Copies a string's bytes into a buffer and returns how many there are; nil, and nothing copied, when they do not
  /// fit there.
  public mutating func readBytes(into bytes: UnsafeMutableRawBufferPointer, _ codec: FieldCodec) -> Int? {
    let length = readLength(codec)
    guard !hasFailed, length <= bytes.count else {
      hasFailed = true
      return nil
    }
    read(into: UnsafeMutableRawBufferPointer(rebasing: bytes[0..<length]))
    return length
  }

  @inlinable @inline(__always)
  public mutating func readUInt64() -> UInt64 { read(bits: 64) }

  @inlinable @inline(__always)
  public mutating func readIdString32() -> IdString32 {
    IdString32(rawValue: UInt32(truncatingIfNeeded: read(bits: 32)))
  }

  @inlinable @inline(__always)
  public mutating func readIdString64() -> IdString64 { IdString64(rawValue: read(bits: 64)) }

  /// An array's count; that many elements follow, each read with the array's own codec.
  @inlinable
  public mutating func readCount(_ codec: FieldCodec) -> Int {
    let count = Int(truncatingIfNeeded: read(bits: Int(codec.countBits)))
    guard count <= Int(codec.maximumCount) else {
      hasFailed = true
      return 0
    }
    return count
  }

  /// Steps over one value and checks it: false, with `failed` set, when it is cut off or no writer writes such bits.
  public mutating func skip(_ codec: FieldCodec) -> Bool {
    guard codec.kind == .array else { return skipElement(codec) }
    let count = readCount(codec)
    for _ in 0..<count {
      guard skipElement(codec) else { return false }
    }
    return !hasFailed
  }

  /// The bits of the next value, checked, as a reader of their own; the reader has failed when they are not valid.
  public mutating func sliceValue(_ codec: FieldCodec) -> BitReader {
    let start = next
    guard skip(codec) else { return BitReader(buffer, bitOffset: 0, bitCount: -1) }
    return BitReader(buffer, bitOffset: start, bitCount: next &- start)
  }

  private mutating func skipElement(_ codec: FieldCodec) -> Bool {
    switch codec.elementKind {
    case .bool, .idString32, .idString64, .resourceID, .uint64, .array: advance(bits: Int(codec.bits))
    case .int: _ = readInt(codec)
    case .float where codec.isExact: _ = finite(read(bits: 32))
    case .float: advance(bits: Int(codec.bits))
    case .vector3 where codec.isExact:
      for _ in 0..<3 { _ = finite(read(bits: 32)) }
    case .vector3: advance(bits: 3 &* Int(codec.bits))
    case .quaternion:
      let code = read(bits: 2 &+ 3 &* Int(codec.bits))
      if !QuaternionPacking.isValid(code, codec) { hasFailed = true }
    case .string:
      advance(bits: readLength(codec) &* 8)
    }
    return !hasFailed
  }

  @inlinable @inline(__always)
  mutating func finite(_ pattern: UInt64) -> Float {
    let value = Float(bitPattern: UInt32(truncatingIfNeeded: pattern))
    guard value.isFinite else {
      hasFailed = true
      return 0
    }
    return value
  }
}
