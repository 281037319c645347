extension Matrix4x4Namespace {
  // Axes have two names: their letter and where they point.
  private static var names: [(name: String, row: Int, text: String)] {
    [
      ("x", 0, "the X axis"), ("y", 1, "the Y axis"), ("z", 2, "the Z axis"),
      ("right", 0, "the X axis, which points right"),
      ("forward", 1, "the Y axis, which points forward"), ("up", 2, "the Z axis, which points up"),
      ("translation", 3, "the translation"),
    ]
  }

  static var axes: [Entry] {
    names.flatMap { name, row, text in
      [
        Entry(name, [.matrix("m")], returns: ["Vector3"], summary: "Gives \(text).") { call throws(ScriptError) in
          call.push(vector3: call.checkedMatrix(1).axis(row))
        },
        changing(
          "set_\(name)", [.vector3(row == 3 ? "t" : name)], "Changes \(text), of this matrix."
        ) { matrix, call throws(ScriptError) in
          matrix.setAxis(row, call.checkedVector3(2))
        },
      ]
    } + [
      Entry(
        "axis", [.matrix("m"), Parameter("i", .integer)], returns: ["Vector3"],
        summary: "A row by number: the axes x, y and z and the translation count from `Script.index_offset()`."
      ) { call throws(ScriptError) in
        call.push(vector3: call.checkedMatrix(1).axis(try call.elementIndex(2, count: 4, "i")))
      },
      changing(
        "set_axis", [Parameter("i", .integer), .vector3("v")],
        "Changes a row of this matrix by number, as `axis` counts."
      ) { matrix, call throws(ScriptError) in
        matrix.setAxis(try call.elementIndex(2, count: 4, "i"), call.checkedVector3(3))
      },
      Entry("rotation", [.matrix("m")], returns: ["Quaternion"], summary: "The rotation, without the scale.") {
        call throws(ScriptError) in
        call.push(call.checkedMatrix(1).rotation)
      },
      changing("set_rotation", [.quaternion("r")], "Turns the axes of this matrix; its scale stays.") {
        matrix, call throws(ScriptError) in
        matrix.setRotation(call.checkedQuaternion(2))
      },
      Entry("scale", [.matrix("m")], returns: ["Vector3"], summary: "The lengths of the three axes.") {
        call throws(ScriptError) in
        call.push(vector3: call.checkedMatrix(1).scale)
      },
      changing("set_scale", [.vector3("s")], "Gives the axes of this matrix other lengths; its rotation stays.") {
        matrix, call throws(ScriptError) in
        matrix.setScale(call.checkedVector3(2))
      },
    ]
  }

  static var elements: [Entry] {
    [
      Entry(
        "element", [.matrix("m"), Parameter("i", .integer), Parameter("j", .integer)], returns: ["number"],
        summary: "The element of a row and a column, four of each, which count from `Script.index_offset()`."
      ) { call throws(ScriptError) in
        let matrix = call.checkedMatrix(1)
        call.push(matrix[try call.elementIndex(2, count: 4, "i")][try call.elementIndex(3, count: 4, "j")])
      },
      changing(
        "set_element", [Parameter("i", .integer), Parameter("j", .integer), .number("value")],
        "Changes the element of a row and a column of this matrix, as `element` counts."
      ) { matrix, call throws(ScriptError) in
        let row = try call.elementIndex(2, count: 4, "i")
        matrix[row][try call.elementIndex(3, count: 4, "j")] = call.float(4)
      },
    ]
  }

  private static func changing(
    _ name: String, _ parameters: [Parameter], _ summary: String,
    _ body: @escaping (inout Matrix4x4, Call) throws(ScriptError) -> Void
  ) -> Entry {
    Entry(name, [.matrix("m")] + parameters, summary: summary) { call throws(ScriptError) in
      var matrix = call.checkedMatrix(1)
      try body(&matrix, call)
      call.store(matrix, at: 1)
    }
  }
}
