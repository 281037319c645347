/// A pose: each row is an axis and the last one the translation, so that a point is multiplied from the left, and `a *
/// b` applies a first, then b.
struct Matrix4x4: BitwiseCopyable, Equatable {
  // Four elements a row, as the engine stores it: the last column is 0, 0, 0, 1 in every pose.
  var rows: (SIMD4<Float>, SIMD4<Float>, SIMD4<Float>, SIMD4<Float>)

  static let identity = Matrix4x4(x: .right, y: .forward, z: .up, t: .zero)
  static let zero = Matrix4x4(rows: (.zero, .zero, .zero, .zero))

  init(rows: (SIMD4<Float>, SIMD4<Float>, SIMD4<Float>, SIMD4<Float>)) {
    self.rows = rows
  }

  init(x: Vector3, y: Vector3, z: Vector3, t: Vector3) {
    rows = (SIMD4(x, 0), SIMD4(y, 0), SIMD4(z, 0), SIMD4(t, 1))
  }

  init(_ rotation: Quaternion, translation: Vector3 = .zero) {
    self.init(x: rotation.rotate(.right), y: rotation.rotate(.forward), z: rotation.rotate(.up), t: translation)
  }

  static func == (left: Matrix4x4, right: Matrix4x4) -> Bool {
    left.rows == right.rows
  }

  /// The rows x, y, z and t, from 0.
  subscript(row: Int) -> SIMD4<Float> {
    get {
      switch row {
      case 0: rows.0
      case 1: rows.1
      case 2: rows.2
      default: rows.3
      }
    }
    set {
      switch row {
      case 0: rows.0 = newValue
      case 1: rows.1 = newValue
      case 2: rows.2 = newValue
      default: rows.3 = newValue
      }
    }
  }

  /// The first three elements of a row, from 0.
  func axis(_ row: Int) -> Vector3 {
    let row = self[row]
    return Vector3(row.x, row.y, row.z)
  }

  mutating func setAxis(_ row: Int, _ vector: Vector3) {
    self[row] = SIMD4(vector, self[row].w)
  }

  var translation: Vector3 { axis(3) }

  static func * (left: Matrix4x4, right: Matrix4x4) -> Matrix4x4 {
    func row(_ index: Int) -> SIMD4<Float> {
      let row = left[index]
      return right.rows.0 * row.x + right.rows.1 * row.y + right.rows.2 * row.z + right.rows.3 * row.w
    }
    return Matrix4x4(rows: (row(0), row(1), row(2), row(3)))
  }

  func transform(direction: Vector3) -> Vector3 {
    axis(0) * direction.x + axis(1) * direction.y + axis(2) * direction.z
  }

  func transform(point: Vector3) -> Vector3 {
    transform(direction: point) + translation
  }

  /// The lengths of the axes.
  var scale: Vector3 {
    Vector3(axis(0).length, axis(1).length, axis(2).length)
  }

  /// The rotation without scale; a mirrored matrix is taken as if its Z axis pointed the other way.
  var rotation: Quaternion {
    let x = axis(0).normalized
    let y = (axis(1) - x * axis(1).dot(x)).normalized
    guard x != .zero, y != .zero else { return .identity }
    return Quaternion(x: x, y: y, z: x.cross(y)).normalized
  }

  /// Gives the axes other lengths; an axis without length gets that of the identity.
  mutating func setScale(_ scale: Vector3) {
    for index in 0..<3 {
      let direction = axis(index) == .zero ? Matrix4x4.identity.axis(index) : axis(index).normalized
      setAxis(index, direction * scale[index])
    }
  }

  /// Turns the axes, whose lengths stay.
  mutating func setRotation(_ rotation: Quaternion) {
    let scale = scale
    let turned = Matrix4x4(rotation)
    for index in 0..<3 { setAxis(index, turned.axis(index) * scale[index]) }
  }

  /// Between two poses: translation and scale on a straight line, rotation on the shorter way.
  func lerp(to other: Matrix4x4, _ ratio: Float) -> Matrix4x4 {
    var between = Matrix4x4(
      rotation.lerp(to: other.rotation, ratio), translation: translation.lerp(to: other.translation, ratio))
    let scale = scale.lerp(to: other.scale, ratio)
    for index in 0..<3 { between.setAxis(index, between.axis(index) * scale[index]) }
    return between
  }

  /// Elements are not finite where there is no inverse.
  var inverse: Matrix4x4 {
    // Cramer's rule by the 2 x 2 minors of the upper and of the lower two rows.
    let (a, b, c, d) = rows
    let s0 = a.x * b.y - a.y * b.x
    let s1 = a.x * b.z - a.z * b.x
    let s2 = a.x * b.w - a.w * b.x
    let s3 = a.y * b.z - a.z * b.y
    let s4 = a.y * b.w - a.w * b.y
    let s5 = a.z * b.w - a.w * b.z
    let c0 = c.x * d.y - c.y * d.x
    let c1 = c.x * d.z - c.z * d.x
    let c2 = c.x * d.w - c.w * d.x
    let c3 = c.y * d.z - c.z * d.y
    let c4 = c.y * d.w - c.w * d.y
    let c5 = c.z * d.w - c.w * d.z
    let determinant = (s0 * c5 - s1 * c4 + s2 * c3) + (s3 * c2 - s4 * c1 + s5 * c0)
    let adjugate = (
      SIMD4(
        b.y * c5 - b.z * c4 + b.w * c3, a.z * c4 - a.y * c5 - a.w * c3, d.y * s5 - d.z * s4 + d.w * s3,
        c.z * s4 - c.y * s5 - c.w * s3),
      SIMD4(
        b.z * c2 - b.x * c5 - b.w * c1, a.x * c5 - a.z * c2 + a.w * c1, d.z * s2 - d.x * s5 - d.w * s1,
        c.x * s5 - c.z * s2 + c.w * s1),
      SIMD4(
        b.x * c4 - b.y * c2 + b.w * c0, a.y * c2 - a.x * c4 - a.w * c0, d.x * s4 - d.y * s2 + d.w * s0,
        c.y * s2 - c.x * s4 - c.w * s0),
      SIMD4(
        b.y * c1 - b.x * c3 - b.z * c0, a.x * c3 - a.y * c1 + a.z * c0, d.y * s1 - d.x * s3 - d.z * s0,
        c.x * s3 - c.y * s1 + c.z * s0)
    )
    // Adding zero makes a whole 0 of the -0 that an element can be.
    func divided(_ row: SIMD4<Float>) -> SIMD4<Float> { row / determinant + SIMD4<Float>.zero }
    return Matrix4x4(rows: (divided(adjugate.0), divided(adjugate.1), divided(adjugate.2), divided(adjugate.3)))
  }

  var isFinite: Bool {
    (0..<4).allSatisfy { axis($0).isFinite && self[$0].w.isFinite }
  }

  /// Finite, right-handed, without scale or shear, and with nothing in the last column.
  var isRigid: Bool {
    let (x, y, z) = (axis(0), axis(1), axis(2))
    let tolerance: Float = 0.001
    return isFinite && [x, y, z].allSatisfy { abs($0.lengthSquared - 1) < tolerance }
      && (x.cross(y) - z).length < tolerance
      && rows.0.w == 0 && rows.1.w == 0 && rows.2.w == 0 && rows.3.w == 1
  }
}
