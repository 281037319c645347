import Glibc

/// Numbers, vectors and rotations as four numbers, and what lies between two of them.
extension FieldCodec {
  /// How far two values are from each other: the difference of numbers, the distance of points, the angle in radians of
  /// rotations.
  func distance(_ from: SIMD4<Double>, _ to: SIMD4<Double>) -> Double {
    guard kind == .quaternion else { return ((to - from) * (to - from)).sum().squareRoot() }
    let lengths = ((from * from).sum() * (to * to).sum()).squareRoot()
    return lengths > 0 ? 2 * acos(min(1, abs((from * to).sum()) / lengths)) : 0
  }

  /// From one value (0) to another (1): on a straight line; rotations on the shorter way at an even speed.
  func between(_ from: SIMD4<Double>, _ to: SIMD4<Double>, _ ratio: Double) -> SIMD4<Double> {
    guard kind == .quaternion else { return from + (to - from) * ratio }
    var cosine = (from * to).sum()
    let nearer = cosine < 0 ? 0 - to : to
    cosine = min(1, abs(cosine))
    // Between near rotations the straight line is as good, and the sine too small to divide by.
    guard cosine < 0.9995 else { return from + (nearer - from) * ratio }
    let angle = acos(cosine)
    return (from * sin((1 - ratio) * angle) + nearer * sin(ratio * angle)) / sin(angle)
  }

  /// A value that scripts may see: inside the limits, whole where numbers are, of unit length where it is a rotation.
  func fitting(_ value: SIMD4<Double>) -> SIMD4<Double> {
    switch kind {
    case .int: return SIMD4(min(Double(maximum), max(Double(minimum), value.x.rounded())), 0, 0, 0)
    case .quaternion:
      let length = (value * value).sum().squareRoot()
      return length > 0 ? value / length : SIMD4(0, 0, 0, 1)
    default:
      guard !isExact else { return value }
      return value.clamped(lowerBound: SIMD4(repeating: low), upperBound: SIMD4(repeating: high))
    }
  }
}

extension BitReader {
  /// A value of a kind that can be interpolated, as four numbers.
  @inline(__always)
  mutating func readComponents(_ codec: FieldCodec) -> SIMD4<Double> {
    switch codec.kind {
    case .float: return SIMD4(readFloat(codec), 0, 0, 0)
    case .int: return SIMD4(Double(readInt(codec)), 0, 0, 0)
    case .vector3: return SIMD4<Double>(SIMD4<Float>(readVector3(codec), 0))
    default: return SIMD4<Double>(readQuaternion(codec))
    }
  }
}
