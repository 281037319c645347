/// Typed writes. The caller picks the call by `codec.elementKind`; each call looks at the numbers of the codec alone. A
/// lack of room shows in `overflowed`.
extension BitWriter {
  @inlinable @inline(__always)
  public mutating func writeBool(_ value: Bool) {
    write(value ? 1 : 0, bits: 1)
  }

  @inlinable @inline(__always)
  public mutating func writeInt(_ value: Int64, _ codec: FieldCodec) -> PackingOutcome {
    guard value >= codec.minimum, value <= codec.maximum else { return .outOfRange }
    write(UInt64(bitPattern: value &- codec.minimum), bits: Int(codec.bits))
    return .done
  }

  @inlinable @inline(__always)
  public mutating func writeFloat(_ value: Double, _ codec: FieldCodec) -> PackingOutcome {
    guard value.isFinite else { return .notFinite }
    if codec.isExact {
      let single = Float(value)
      let fits = single.isFinite
      let pattern = fits ? single : (value < 0 ? -Float.greatestFiniteMagnitude : .greatestFiniteMagnitude)
      write(UInt64(pattern.bitPattern), bits: 32)
      return fits ? .done : .clamped
    }
    write(codec.level(of: value), bits: Int(codec.bits))
    return value < codec.low || value > codec.high ? .clamped : .done
  }

  @inlinable
  public mutating func writeVector3(_ value: SIMD3<Float>, _ codec: FieldCodec) -> PackingOutcome {
    guard value.x.isFinite, value.y.isFinite, value.z.isFinite else { return .notFinite }
    let bits = Int(codec.bits)
    // All or nothing, so that a full buffer never holds half a vector.
    guard 3 &* bits <= remainingBits else {
      isFull = true
      return .done
    }
    if codec.isExact {
      write(UInt64(value.x.bitPattern) | UInt64(value.y.bitPattern) &<< 32, bits: 64)
      write(UInt64(value.z.bitPattern), bits: 32)
      return .done
    }
    let low = Float(codec.low)
    let high = Float(codec.high)
    write(codec.componentLevel(of: value.x), bits: bits)
    write(codec.componentLevel(of: value.y), bits: bits)
    write(codec.componentLevel(of: value.z), bits: bits)
    let isInside =
      value.x >= low && value.x <= high && value.y >= low && value.y <= high && value.z >= low && value.z <= high
    return isInside ? .done : .clamped
  }

  /// Writes a rotation in the order x, y, z, w; one that is not of unit length is normalised.
  @inlinable
  public mutating func writeQuaternion(_ value: SIMD4<Float>, _ codec: FieldCodec) -> PackingOutcome {
    guard value.x.isFinite, value.y.isFinite, value.z.isFinite, value.w.isFinite else { return .notFinite }
    guard let packed = QuaternionPacking.pack(value, codec) else { return .outOfRange }
    write(packed, bits: 2 &+ 3 &* Int(codec.bits))
    return .done
  }

  /// Writes a string: its length, then its bytes.
  public mutating func writeBytes(_ bytes: UnsafeRawBufferPointer, _ codec: FieldCodec) -> PackingOutcome {
    guard bytes.count <= Int(codec.maximumLength) else { return .tooLong }
    guard Int(codec.lengthBits) + 8 * bytes.count <= remainingBits else {
      isFull = true
      return .done
    }
    write(UInt64(bytes.count), bits: Int(codec.lengthBits))
    write(bytes: bytes)
    return .done
  }

  @inlinable @inline(__always)
  public mutating func writeUInt64(_ value: UInt64) { write(value, bits: 64) }

  @inlinable @inline(__always)
  public mutating func writeIdString32(_ value: IdString32) { write(UInt64(value.rawValue), bits: 32) }

  @inlinable @inline(__always)
  public mutating func writeIdString64(_ value: IdString64) { write(value.rawValue, bits: 64) }

  /// Writes an array's count; the caller writes that many elements behind it, with the array's own codec.
  @inlinable
  public mutating func beginArray(count: Int, _ codec: FieldCodec) -> PackingOutcome {
    guard count >= 0, count <= Int(codec.maximumCount) else { return .tooLong }
    write(UInt64(truncatingIfNeeded: count), bits: Int(codec.countBits))
    return .done
  }

  /// Writes what a field holds that was never set: the value nearest to zero, the identity, "", an empty array.
  public mutating func writeDefault(_ codec: FieldCodec) {
    switch codec.kind {
    case .bool: writeBool(false)
    case .int: _ = writeInt(min(max(0, codec.minimum), codec.maximum), codec)
    case .float: _ = writeFloat(0, codec)
    case .vector3: _ = writeVector3(.zero, codec)
    case .quaternion: _ = writeQuaternion(SIMD4(0, 0, 0, 1), codec)
    case .string: write(0, bits: Int(codec.lengthBits))
    case .array: write(0, bits: Int(codec.countBits))
    case .idString32: write(0, bits: 32)
    case .idString64, .resourceID, .uint64: write(0, bits: 64)
    }
  }
}
