/// Smallest three: two bits name the largest component, which unit length and a positive sign give back; the others
/// follow in order, as levels around zero.
@usableFromInline
enum QuaternionPacking {
  /// Nil for a quaternion without length.
  @usableFromInline
  static func pack(_ value: SIMD4<Float>, _ codec: FieldCodec) -> UInt64? {
    let wide = SIMD4<Double>(Double(value.x), Double(value.y), Double(value.z), Double(value.w))
    let length = (wide * wide).sum().squareRoot()
    guard length > 0 else { return nil }
    let (first, lead) = packUnit(wide / length, codec)
    // Rounding the other three moves the largest component by no more than one and a half steps.
    if lead >= 4 { return first }
    // Two components of nearly the same size may trade places when they are read back and packed again. The least code
    // of such a cycle stands for all of it, so that packing what was read changes no bit.
    var code = repack(first, codec)
    if code == first { return first }
    for _ in 0..<16 {
      let next = repack(code, codec)
      if next == code { return code }
      code = next
    }
    var least = code
    var walker = repack(code, codec)
    for _ in 0..<16 where walker != code {
      least = min(least, walker)
      walker = repack(walker, codec)
    }
    return least
  }

  private static func repack(_ code: UInt64, _ codec: FieldCodec) -> UInt64 {
    let value = unpack(code, codec)
    let wide = SIMD4<Double>(Double(value.x), Double(value.y), Double(value.z), Double(value.w))
    return packUnit(wide / (wide * wide).sum().squareRoot(), codec).code
  }

  /// The code, and by how many levels the largest component leads the next.
  @inline(__always)
  private static func packUnit(_ value: SIMD4<Double>, _ codec: FieldCodec) -> (code: UInt64, lead: Int64) {
    let scaled = value * codec.inverseStep
    var levels = SIMD4<Int64>()
    var largest = 0
    var size: Int64 = -1
    var second: Int64 = -1
    for index in 0..<4 {
      let part = scaled[index]
      levels[index] = Int64(part < 0 ? part - 0.5 : part + 0.5)
      let level = Int64(bitPattern: levels[index].magnitude)
      if level > size {
        second = size
        size = level
        largest = index
      } else {
        second = max(second, level)
      }
    }
    let isNegative = value[largest] < 0
    let middle = codec.middleLevel
    let bits = UInt64(codec.bits)
    var code = UInt64(truncatingIfNeeded: largest)
    var shift: UInt64 = 2
    for index in 0..<4 where index != largest {
      let level = min(middle, max(-middle, isNegative ? 0 &- levels[index] : levels[index]))
      code |= UInt64(bitPattern: level &+ middle) &<< shift
      shift &+= bits
    }
    return (code, size &- second)
  }

  @usableFromInline
  static func unpack(_ code: UInt64, _ codec: FieldCodec) -> SIMD4<Float> {
    let largest = Int(code & 3)
    let middle = codec.middleLevel
    let bits = UInt64(codec.bits)
    let mask: UInt64 = 1 &<< bits &- 1
    var rest = code &>> 2
    var value = SIMD4<Double>()
    for index in 0..<4 where index != largest {
      value[index] = Double(Int64(bitPattern: rest & mask) &- middle) * codec.step
      rest &>>= bits
    }
    let sum = (value * value).sum()
    if sum <= 1 {
      value[largest] = (1 - sum).squareRoot()
    } else {
      // No writer's bits: still a rotation, and the same one for every reader.
      value /= sum.squareRoot()
    }
    return SIMD4(Float(value.x), Float(value.y), Float(value.z), Float(value.w))
  }

  /// Whether each component's level is one that a writer uses.
  @usableFromInline
  static func isValid(_ code: UInt64, _ codec: FieldCodec) -> Bool {
    let bits = UInt64(codec.bits)
    let mask: UInt64 = 1 &<< bits &- 1
    let rest = code &>> 2
    return rest & mask != mask && rest &>> bits & mask != mask && rest &>> (2 &* bits) & mask != mask
  }
}

extension FieldCodec {
  /// The level of zero in a quaternion's component.
  @usableFromInline
  var middleLevel: Int64 { 1 &<< Int64(bits &- 1) &- 1 }
}
