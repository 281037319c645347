import CLua

extension Parameter {
  static func vector3(_ name: String) -> Parameter { Parameter(name, .userdata(.vector3)) }
  static func quaternion(_ name: String) -> Parameter { Parameter(name, .userdata(.quaternion)) }
  static func matrix(_ name: String) -> Parameter { Parameter(name, .userdata(.matrix4x4)) }
  static func number(_ name: String) -> Parameter { Parameter(name, .anyNumber) }
}

/// Reading of value types. What starts with `checked` is for arguments that the entry's parameters declare, so that
/// the entry's check has accepted them.
extension Call {
  /// The payload of a userdata.
  @inline(__always)
  func checked(_ index: Int) -> UnsafeMutableRawPointer {
    // The check has seen a userdata of the right size here.
    lua_touserdata(state, Int32(truncatingIfNeeded: index)).unsafelyUnwrapped + MemoryLayout<UInt32>.size
  }

  @inline(__always)
  func checkedVector3(_ index: Int) -> Vector3 {
    LuaState.vector3(at: checked(index))
  }

  @inline(__always)
  func checkedQuaternion(_ index: Int) -> Quaternion {
    Quaternion(checked(index).loadUnaligned(as: SIMD4<Float>.self))
  }

  @inline(__always)
  func checkedMatrix(_ index: Int) -> Matrix4x4 {
    checked(index).loadUnaligned(as: Matrix4x4.self)
  }

  @inline(__always)
  func float(_ index: Int) -> Float {
    Float(number(index))
  }

  /// Three numbers from an argument on.
  @inline(__always)
  func floats(_ index: Int) -> Vector3 {
    Vector3(float(index), float(index + 1), float(index + 2))
  }

  /// Four numbers from an argument on.
  func floats4(_ index: Int) -> Quaternion {
    Quaternion(SIMD4(float(index), float(index + 1), float(index + 2), float(index + 3)))
  }

  /// Twelve numbers from an argument on: the rows x, y, z and t.
  func floats12(_ index: Int) -> Matrix4x4 {
    Matrix4x4(x: floats(index), y: floats(index + 3), z: floats(index + 6), t: floats(index + 9))
  }

  /// Writes over the payload of an argument that is a vector or its box.
  @inline(__always)
  func store(_ vector: Vector3, at index: Int) {
    let payload = checked(index)
    for element in 0..<3 { payload.storeBytes(of: vector[element], toByteOffset: element * 4, as: Float.self) }
  }

  /// Writes over the payload of an argument that is a quaternion or its box.
  func store(_ quaternion: Quaternion, at index: Int) {
    checked(index).storeBytes(of: quaternion.elements, as: SIMD4<Float>.self)
  }

  /// Writes over the payload of an argument that is a matrix or its box.
  func store(_ matrix: Matrix4x4, at index: Int) {
    checked(index).storeBytes(of: matrix, as: Matrix4x4.self)
  }

  /// An argument that numbers elements as scripts count them, as a number from 0.
  /// - Throws: When it is none of `count`.
  func elementIndex(_ index: Int, count: Int, _ name: String) throws(ScriptError) -> Int {
    let first = lua.indexOffset
    let place = integer(index) &- first
    guard place >= 0, place < count else {
      throw ScriptError(
        "argument \(index) (\(name)): expected integer \(first) to \(first + count - 1), got \(describe(index))")
    }
    return place
  }

  @inline(__always)
  func push(_ value: Float) {
    push(Double(value))
  }

  func push(_ value: Quaternion) {
    push(quaternion: value.elements)
  }

  func push(_ value: Matrix4x4) {
    push(.matrix4x4, value)
  }
}
