import Glibc

/// A rotation. `a * b` rotates by b first, then by a.
struct Quaternion: BitwiseCopyable, Equatable {
  /// x, y, z, w.
  var elements: SIMD4<Float>

  static let identity = Quaternion(SIMD4(0, 0, 0, 1))

  @inline(__always)
  init(_ elements: SIMD4<Float>) {
    self.elements = elements
  }

  @inline(__always)
  init(_ vector: Vector3, _ w: Float) {
    elements = SIMD4(vector.x, vector.y, vector.z, w)
  }

  /// A turn about an axis by radians; no turn where the axis has no length.
  init(axis: Vector3, angle: Float) {
    guard axis != .zero else {
      self = .identity
      return
    }
    self.init(axis.normalized * sinf(angle * 0.5), cosf(angle * 0.5))
  }

  /// Turns about the fixed axes X, then Y, then Z, by radians.
  init(eulerAngles angles: Vector3) {
    let x = Quaternion(axis: .right, angle: angles.x)
    let y = Quaternion(axis: .forward, angle: angles.y)
    let z = Quaternion(axis: .up, angle: angles.z)
    self = z * (y * x)
  }

  /// The rotation that turns forward to a direction, and up as near to `up` as can be; no rotation where the direction
  /// has no length.
  init(forward: Vector3, up: Vector3) {
    guard forward != .zero else {
      self = .identity
      return
    }
    let y = forward.normalized
    var x = y.cross(up.normalized)
    // Straight up or down: any right will do.
    x = x.lengthSquared < 1e-12 ? y.axes.0 : x.normalized
    self.init(x: x, y: y, z: x.cross(y))
  }

  /// The rotation whose right, forward and up are given; they have length 1 and stand upright on each other.
  init(x: Vector3, y: Vector3, z: Vector3) {
    // Shepperd's method: the largest of the four elements is found by a root, the others by division.
    let trace = x.x + y.y + z.z
    if trace > 0 {
      let root = (trace + 1).squareRoot()
      self.init(Vector3(y.z - z.y, z.x - x.z, x.y - y.x) * (0.5 / root), 0.5 * root)
    } else if x.x >= y.y, x.x >= z.z {
      let root = (1 + x.x - y.y - z.z).squareRoot()
      self.init(Vector3(0.5 * root, (x.y + y.x) * (0.5 / root), (x.z + z.x) * (0.5 / root)), (y.z - z.y) * (0.5 / root))
    } else if y.y >= z.z {
      let root = (1 + y.y - x.x - z.z).squareRoot()
      self.init(Vector3((x.y + y.x) * (0.5 / root), 0.5 * root, (y.z + z.y) * (0.5 / root)), (z.x - x.z) * (0.5 / root))
    } else {
      let root = (1 + z.z - x.x - y.y).squareRoot()
      self.init(Vector3((x.z + z.x) * (0.5 / root), (y.z + z.y) * (0.5 / root), 0.5 * root), (x.y - y.x) * (0.5 / root))
    }
  }

  @inline(__always)
  var vector: Vector3 { Vector3(elements.x, elements.y, elements.z) }
  @inline(__always)
  var w: Float { elements.w }

  @inline(__always)
  static func * (left: Quaternion, right: Quaternion) -> Quaternion {
    let (a, b) = (left.vector, right.vector)
    return Quaternion(b * left.w + a * right.w + a.cross(b), left.w * right.w - a.dot(b))
  }

  @inline(__always)
  func dot(_ other: Quaternion) -> Float {
    (elements * other.elements).sum()
  }

  var norm: Float { dot(self).squareRoot() }
  var conjugate: Quaternion { Quaternion(-vector + Vector3.zero, w) }

  /// Of length 1; no rotation where it has no length.
  var normalized: Quaternion {
    let largest = Swift.max(abs(elements.x), abs(elements.y), abs(elements.z), abs(elements.w))
    guard largest != 0 else { return .identity }
    let scaled = Quaternion(elements / largest)
    return Quaternion(scaled.elements / scaled.norm)
  }

  /// The rotation back; no rotation where it has no length.
  var inverse: Quaternion {
    let square = dot(self)
    return square == 0 ? .identity : Quaternion(conjugate.elements / square)
  }

  /// On the shorter way, of length 1.
  func lerp(to other: Quaternion, _ ratio: Float) -> Quaternion {
    let target = dot(other) < 0 ? -other.elements : other.elements
    return Quaternion(elements + (target - elements) * ratio).normalized
  }

  @inline(__always)
  func rotate(_ vector: Vector3) -> Vector3 {
    let turned = self.vector.cross(vector) * 2
    return vector + turned * w + self.vector.cross(turned)
  }

  /// The axis, up where there is no turn, and the angle in 0...2π.
  var axisAngle: (Vector3, Float) {
    let length = vector.length
    return (length == 0 ? .up : vector.normalized, 2 * atan2f(length, w))
  }

  /// Turns about the fixed axes X, then Y, then Z: X and Z in -π...π, Y in -π/2...π/2.
  var eulerAngles: Vector3 {
    let unit = normalized
    let (x, y, z) = (unit.rotate(.right), unit.rotate(.forward), unit.rotate(.up))
    let sine = -x.z
    let cosine = (x.x * x.x + x.y * x.y).squareRoot()
    // Straight up or down, X and Z turn about the same line: all of it is given to X.
    if cosine < 0.0001 { return Vector3(atan2f(-z.y, y.y), sine > 0 ? .pi / 2 : -.pi / 2, 0) }
    return Vector3(atan2f(y.z, z.z), atan2f(sine, cosine), atan2f(x.y, x.x))
  }

  var isFinite: Bool { vector.isFinite && w.isFinite }
}
