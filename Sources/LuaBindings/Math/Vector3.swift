/// Geometry of vectors: Z is up, Y forward, X right, right-handed. Nothing here traps: NaN and infinity come out as
/// they come in.
typealias Vector3 = SIMD3<Float>

extension Vector3 {
  static var right: Vector3 { Vector3(1, 0, 0) }
  static var forward: Vector3 { Vector3(0, 1, 0) }
  static var up: Vector3 { Vector3(0, 0, 1) }

  @inline(__always)
  func dot(_ other: Vector3) -> Float {
    x * other.x + y * other.y + z * other.z
  }

  @inline(__always)
  func cross(_ other: Vector3) -> Vector3 {
    Vector3(y * other.z - z * other.y, z * other.x - x * other.z, x * other.y - y * other.x)
  }

  var lengthSquared: Float { dot(self) }
  var length: Float { lengthSquared.squareRoot() }

  /// Of length 1; the zero vector stays as it is.
  var normalized: Vector3 {
    // The largest component is divided out first: squares of very long or short vectors leave what a Float holds.
    let largest = Swift.max(abs(x), abs(y), abs(z))
    guard largest != 0 else { return .zero }
    let scaled = self / largest
    return scaled / scaled.length
  }

  @inline(__always)
  func lerp(to other: Vector3, _ ratio: Float) -> Vector3 {
    self + (other - self) * ratio
  }

  var isFinite: Bool { x.isFinite && y.isFinite && z.isFinite }

  /// Two vectors of length 1 that stand upright on this one and on each other; the three are a right-handed base.
  var axes: (Vector3, Vector3) {
    let direction = normalized
    // From the base vector that is farthest from parallel.
    let other: Vector3 = abs(direction.z) < 0.9 ? .up : .right
    let first = other.cross(direction).normalized
    return (first, direction.cross(first))
  }
}

/// Numbers as texts of values show them: the fewest digits that give the same number back, whole numbers without a
/// point.
func text(of number: Float) -> String {
  let text = "\(number)"
  return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
}
