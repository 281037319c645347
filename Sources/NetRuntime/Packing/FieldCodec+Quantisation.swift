/// Numbers to levels and back. A level is the count of steps above `low`; the top one is `high` itself.
extension FieldCodec {
  @inlinable @inline(__always)
  var topLevel: UInt64 { 1 &<< UInt64(bits) &- 1 }

  /// The level nearest to a finite number, which may lie outside the limits.
  @inlinable @inline(__always)
  func level(of value: Double) -> UInt64 {
    let top = topLevel
    // Cutting off after adding a half rounds without a call into the C library; signed conversions are the processor's
    // own.
    let scaled = (value - low) * inverseStep + 0.5
    guard scaled >= 1 else { return 0 }
    guard scaled < Double(Int64(bitPattern: top)) else { return top }
    return UInt64(bitPattern: Int64(scaled))
  }

  @inlinable @inline(__always)
  func value(ofLevel level: UInt64) -> Double {
    level >= topLevel ? high : low + Double(Int64(bitPattern: level)) * step
  }

  /// The level for a float32 component. Where steps are finer than float32, several levels read back as one float; the
  /// one that this float gives again is taken, so that packing what was read changes no bit. Rounding is monotonous,
  /// hence so is the search, and it settles within a few steps.
  @inlinable @inline(__always)
  func componentLevel(of value: Float) -> UInt64 {
    let level = level(of: Double(value))
    return bits <= 20 && isCoarse ? level : settledLevel(level)
  }

  /// Whether the step is so much coarser than float32 near the limits that rounding to float never leaves the level.
  @inlinable @inline(__always)
  var isCoarse: Bool { step > 0x1p-22 * max(low.magnitude, high.magnitude) }

  @usableFromInline
  func settledLevel(_ first: UInt64) -> UInt64 {
    var level = first
    for _ in 0..<64 {
      let again = self.level(of: Double(Float(value(ofLevel: level))))
      if again == level { break }
      level = again
    }
    return level
  }
}
