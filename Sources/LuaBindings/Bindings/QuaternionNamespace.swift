import CLua

/// `stingray.Quaternion`: a rotation.
public enum QuaternionNamespace {
  public static var namespace: Namespace {
    Namespace(
      "Quaternion",
      "A rotation: four 32-bit floats x, y, z and w. Angles are in radians, and turn by the right-hand rule.",
      kind: .quaternion,
      entries: making + combining + measures + directions + elements, constructor: axisAngle("Quaternion"),
      metamethods: metamethods)
  }

  private static func axisAngle(_ name: String) -> Entry {
    Entry(
      name, [.vector3("axis"), .number("angle")], returns: ["Quaternion"],
      summary: "The turn about an axis, of any length, by an angle. An axis without length gives no rotation."
    ) { call throws(ScriptError) in
      call.push(Quaternion(axis: call.checkedVector3(1), angle: call.float(2)))
    }
  }

  private static var making: [Entry] {
    [
      axisAngle("axis_angle"),
      Entry("identity", returns: ["Quaternion"], summary: "No rotation.") { call throws(ScriptError) in
        call.push(Quaternion.identity)
      },
      Entry(
        "from_elements", [.number("x"), .number("y"), .number("z"), .number("w")], returns: ["Quaternion"],
        summary: "Makes a quaternion of its elements, as they are."
      ) { call throws(ScriptError) in
        call.push(call.floats4(1))
      },
      Entry(
        "from_euler_angles_xyz", [.number("x"), .number("y"), .number("z")], returns: ["Quaternion"],
        summary: "Turns about the fixed axis X, then about Y, then about Z."
      ) { call throws(ScriptError) in
        call.push(Quaternion(eulerAngles: call.floats(1)))
      },
      Entry(
        "from_matrix4x4", [.matrix("matrix")], returns: ["Quaternion"],
        summary: "The rotation of a pose, without its scale."
      ) { call throws(ScriptError) in
        call.push(call.checkedMatrix(1).rotation)
      },
      Entry(
        "look", [.vector3("dir"), Parameter("up", .userdata(.vector3), optional: true)], returns: ["Quaternion"],
        summary:
          "The rotation that turns forward to a direction and up as near to `up` as can be; `up` is (0, 0, 1) unless "
          + "given."
      ) { call throws(ScriptError) in
        call.push(Quaternion(forward: call.checkedVector3(1), up: call.isNil(2) ? .up : call.checkedVector3(2)))
      },
    ]
  }

  private static var combining: [Entry] {
    [
      Entry(
        "multiply", [.quaternion("quat_a"), .quaternion("quat_b")], returns: ["Quaternion"],
        summary:
          "The rotation that turns by the second quaternion first, then by the first; the operator `*` gives the same."
      ) { call throws(ScriptError) in
        call.push(call.checkedQuaternion(1) * call.checkedQuaternion(2))
      },
      Entry(
        "lerp", [.quaternion("quat_a"), .quaternion("quat_b"), .number("t")], returns: ["Quaternion"],
        summary: "Between two rotations on the shorter way, normalized: the first for 0, the second for 1."
      ) { call throws(ScriptError) in
        call.push(call.checkedQuaternion(1).lerp(to: call.checkedQuaternion(2), call.float(3)))
      },
      changing("conjugate", "The quaternion with x, y and z negated: the rotation back, where the norm is 1.") {
        $0.conjugate
      },
      changing("inverse", "The rotation back.") { $0.inverse },
      changing("normalize", "The quaternion with a norm of 1; no rotation when the norm is 0.") { $0.normalized },
    ]
  }

  private static var measures: [Entry] {
    [
      Entry("angle", [.quaternion("quat")], returns: ["number"], summary: "The angle of the turn, 0 to 2π.") {
        call throws(ScriptError) in
        call.push(call.checkedQuaternion(1).axisAngle.1)
      },
      Entry(
        "decompose", [.quaternion("quat")], returns: ["Vector3", "number"],
        summary: "The axis, of length 1, and the angle of the turn, 0 to 2π. The axis is up when there is no turn."
      ) { call throws(ScriptError) in
        let (axis, angle) = call.checkedQuaternion(1).axisAngle
        call.push(vector3: axis)
        call.push(angle)
      },
      Entry(
        "to_euler_angles_xyz", [.quaternion("quat")], returns: ["number", "number", "number"],
        summary: "The angles that `from_euler_angles_xyz` takes: x and z in -π to π, y in -π/2 to π/2."
      ) { call throws(ScriptError) in
        let angles = call.checkedQuaternion(1).eulerAngles
        for index in 0..<3 { call.push(angles[index]) }
      },
      Entry(
        "dot", [.quaternion("quat_a"), .quaternion("quat_b")], returns: ["number"],
        summary: "The dot product of the elements."
      ) {
        call throws(ScriptError) in
        call.push(call.checkedQuaternion(1).dot(call.checkedQuaternion(2)))
      },
      Entry(
        "norm", [.quaternion("quat")], returns: ["number"],
        summary: "The length of the four elements; 1 for a rotation."
      ) {
        call throws(ScriptError) in
        call.push(call.checkedQuaternion(1).norm)
      },
      equal("equal"),
      Entry(
        "is_valid", [.quaternion("quat")], returns: ["boolean"],
        summary: "False when an element is infinite or not a number."
      ) {
        call throws(ScriptError) in
        call.push(call.checkedQuaternion(1).isFinite)
      },
    ]
  }

  private static var metamethods: [Entry] {
    [
      Entry(
        "__mul", [.quaternion("quat_a"), .quaternion("quat_b")], returns: ["Quaternion"],
        summary: "The rotation that turns by the second quaternion first, then by the first."
      ) { call throws(ScriptError) in
        call.push(call.checkedQuaternion(1) * call.checkedQuaternion(2))
      },
      changing("__unm", "All elements negated, which is the same rotation.") { Quaternion(-$0.elements) },
      equal("__eq"),
    ] + Elements.metamethods(.quaternion) + ValueText.metamethods(.quaternion)
  }

  private static func equal(_ name: String) -> Entry {
    Entry(
      name, [.quaternion("quat_a"), .quaternion("quat_b")], returns: ["boolean"],
      summary: "True when all elements are exactly equal; `equal` and the operator `==` give the same."
    ) { call throws(ScriptError) in
      call.push(call.checkedQuaternion(1) == call.checkedQuaternion(2))
    }
  }

  private static func changing(_ name: String, _ summary: String, _ body: @escaping (Quaternion) -> Quaternion) -> Entry
  {
    Entry(name, [.quaternion("quat")], returns: ["Quaternion"], summary: summary) { call throws(ScriptError) in
      call.push(body(call.checkedQuaternion(1)))
    }
  }
}
