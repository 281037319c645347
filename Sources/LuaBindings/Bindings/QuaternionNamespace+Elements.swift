extension QuaternionNamespace {
  static var directions: [Entry] {
    let axes: [(String, Vector3, String)] = [("right", .right, "X"), ("forward", .forward, "Y"), ("up", .up, "Z")]
    return axes.map { name, axis, letter in
      Entry(
        name, [.quaternion("quat")], returns: ["Vector3"],
        summary: "Where the rotation turns the \(letter) axis: its \(name)."
      ) { call throws(ScriptError) in
        call.push(vector3: call.checkedQuaternion(1).rotate(axis))
      }
    } + [
      Entry("rotate", [.quaternion("quat"), .vector3("vector")], returns: ["Vector3"], summary: "A vector, turned.") {
        call throws(ScriptError) in
        call.push(vector3: call.checkedQuaternion(1).rotate(call.checkedVector3(2)))
      },
      Entry(
        "matrix4x4", [.quaternion("quat")], returns: ["Matrix4x4"], summary: "The rotation as a pose at the origin."
      ) {
        call throws(ScriptError) in
        call.push(Matrix4x4(call.checkedQuaternion(1)))
      },
    ]
  }

  static var elements: [Entry] {
    [
      Entry(
        "set_xyzw", [.quaternion("quat"), .number("x"), .number("y"), .number("z"), .number("w")],
        returns: ["Quaternion"],
        summary: "Changes all elements of this quaternion, and gives it as it is then."
      ) { call throws(ScriptError) in
        let quaternion = call.floats4(2)
        call.store(quaternion, at: 1)
        call.push(quaternion)
      },
      Entry(
        "to_elements", [.quaternion("quat")], returns: ["number", "number", "number", "number"],
        summary: "The elements x, y, z and w."
      ) { call throws(ScriptError) in
        let elements = call.checkedQuaternion(1).elements
        for index in 0..<4 { call.push(elements[index]) }
      },
      ValueText.toString("quat", .quaternion, "The quaternion as text, such as `Quaternion(0, 0, 0, 1)`."),
    ]
  }
}
