/// `stingray.Matrix4x4`: a pose.
public enum Matrix4x4Namespace {
  public static var namespace: Namespace {
    Namespace(
      "Matrix4x4",
      "A pose: rotation, scale and translation in 32-bit floats. Its rows are the axes x (right), y (forward), z (up) "
        + "and t, the translation.",
      kind: .matrix4x4, entries: making + combining + measures + axes + elements,
      constructor: fromElements("Matrix4x4", "Makes a pose of the elements of its axes and its translation."),
      metamethods: metamethods)
  }

  private static func fromElements(_ name: String, _ summary: String) -> Entry {
    let names = ["x", "y", "z", "t"].flatMap { row in ["x", "y", "z"].map { row + $0 } }
    return Entry(name, names.map { .number($0) }, returns: ["Matrix4x4"], summary: summary) {
      call throws(ScriptError) in
      call.push(call.floats12(1))
    }
  }

  private static var making: [Entry] {
    [
      fromElements("from_elements", "The pose of the elements of its axes and its translation."),
      Entry("identity", returns: ["Matrix4x4"], summary: "The pose at the origin, without rotation or scale.") {
        call throws(ScriptError) in
        call.push(Matrix4x4.identity)
      },
      Entry("zero", returns: ["Matrix4x4"], summary: "The matrix whose elements are all 0.") {
        call throws(ScriptError) in
        call.push(Matrix4x4.zero)
      },
      Entry(
        "from_axes", [.vector3("x"), .vector3("y"), .vector3("z"), .vector3("t")], returns: ["Matrix4x4"],
        summary: "The pose of three axes and a translation."
      ) { call throws(ScriptError) in
        call.push(
          Matrix4x4(
            x: call.checkedVector3(1), y: call.checkedVector3(2), z: call.checkedVector3(3), t: call.checkedVector3(4)))
      },
      Entry(
        "from_quaternion", [.quaternion("q")], returns: ["Matrix4x4"], summary: "A rotation as a pose at the origin."
      ) {
        call throws(ScriptError) in
        call.push(Matrix4x4(call.checkedQuaternion(1)))
      },
      Entry(
        "from_quaternion_position", [.quaternion("q"), .vector3("t")], returns: ["Matrix4x4"],
        summary: "The pose of a rotation and a translation."
      ) { call throws(ScriptError) in
        call.push(Matrix4x4(call.checkedQuaternion(1), translation: call.checkedVector3(2)))
      },
      Entry("from_translation", [.vector3("t")], returns: ["Matrix4x4"], summary: "The pose of a translation alone.") {
        call throws(ScriptError) in
        call.push(Matrix4x4(.identity, translation: call.checkedVector3(1)))
      },
      Entry("copy", [.matrix("m")], returns: ["Matrix4x4"], summary: "A second matrix of the same elements.") {
        call throws(ScriptError) in
        call.push(call.checkedMatrix(1))
      },
    ]
  }

  private static var combining: [Entry] {
    [
      multiply("multiply"),
      Entry(
        "lerp", [.matrix("m1"), .matrix("m2"), .number("t")], returns: ["Matrix4x4"],
        summary:
          "Between two poses: translation and scale on a straight line, rotation on the shorter way; the first for 0, "
          + "the second for 1."
      ) { call throws(ScriptError) in
        call.push(call.checkedMatrix(1).lerp(to: call.checkedMatrix(2), call.float(3)))
      },
      Entry(
        "inverse", [.matrix("m")], returns: ["Matrix4x4"],
        summary:
          "The matrix that takes back what this one does. Where there is none, its elements are not valid (`is_valid`)."
      ) { call throws(ScriptError) in
        call.push(call.checkedMatrix(1).inverse)
      },
      Entry(
        "transform", [.matrix("m"), .vector3("p")], returns: ["Vector3"],
        summary: "A point of the pose's own space, in the space around."
      ) {
        call throws(ScriptError) in
        call.push(vector3: call.checkedMatrix(1).transform(point: call.checkedVector3(2)))
      },
      Entry(
        "transform_without_translation", [.matrix("m"), .vector3("v")], returns: ["Vector3"],
        summary: "A direction of the pose's own space, in the space around."
      ) { call throws(ScriptError) in
        call.push(vector3: call.checkedMatrix(1).transform(direction: call.checkedVector3(2)))
      },
    ]
  }

  private static var measures: [Entry] {
    [
      equal("equal"),
      Entry(
        "is_valid", [.matrix("m")], returns: ["boolean"], summary: "False when an element is infinite or not a number."
      ) {
        call throws(ScriptError) in
        call.push(call.checkedMatrix(1).isFinite)
      },
      Entry(
        "is_valid_for_physics", [.matrix("m")], returns: ["boolean"],
        summary: "True when the matrix is valid, right-handed, and neither scales nor shears."
      ) { call throws(ScriptError) in
        call.push(call.checkedMatrix(1).isRigid)
      },
      Entry(
        "to_elements", [.matrix("m")], returns: Array(repeating: "number", count: 12),
        summary: "The elements of x, y, z and t."
      ) {
        call throws(ScriptError) in
        let matrix = call.checkedMatrix(1)
        for index in 0..<12 { call.push(matrix[index / 3][index % 3]) }
      },
      ValueText.toString("m", .matrix4x4, "The matrix as text: its twelve elements."),
    ]
  }

  private static var metamethods: [Entry] {
    [multiply("__mul"), equal("__eq")] + ValueText.metamethods(.matrix4x4)
  }

  private static func multiply(_ name: String) -> Entry {
    Entry(
      name, [.matrix("m1"), .matrix("m2")], returns: ["Matrix4x4"],
      summary:
        "What applies the first matrix, then the second: a child's pose times its parent's. `multiply` and the "
        + "operator `*` give the same."
    ) { call throws(ScriptError) in
      call.push(call.checkedMatrix(1) * call.checkedMatrix(2))
    }
  }

  private static func equal(_ name: String) -> Entry {
    Entry(
      name, [.matrix("m1"), .matrix("m2")], returns: ["boolean"],
      summary: "True when all elements are exactly equal; `equal` and the operator `==` give the same."
    ) { call throws(ScriptError) in
      call.push(call.checkedMatrix(1) == call.checkedMatrix(2))
    }
  }
}
