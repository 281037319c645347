import CLua

extension Vector3Namespace {
  static var directions: [Entry] {
    let all: [(String, Vector3, String)] = [
      ("right", .right, "(1, 0, 0)"), ("left", -.right, "(-1, 0, 0)"), ("forward", .forward, "(0, 1, 0)"),
      ("backward", -.forward, "(0, -1, 0)"), ("up", .up, "(0, 0, 1)"), ("down", -.up, "(0, 0, -1)"),
      ("zero", .zero, "(0, 0, 0)"),
    ]
    // Negating 0 gives -0, which a script would see printed.
    return all.map { name, vector, text in
      Entry(name, returns: ["Vector3"], summary: "The vector \(text).") { call throws(ScriptError) in
        call.push(vector3: vector + Vector3.zero)
      }
    } + [
      Entry(
        "base", [Parameter("index", .integer)], returns: ["Vector3"],
        summary: "The vector of length 1 along an axis: X, Y and Z count from `Script.index_offset()`."
      ) { call throws(ScriptError) in
        var vector = Vector3.zero
        vector[try call.elementIndex(1, count: 3, "index")] = 1
        call.push(vector3: vector)
      },
      Entry(
        "make_axes", [.vector3("vector")], returns: ["Vector3", "Vector3"],
        summary:
          "Two vectors of length 1, upright on the vector and on each other; with it they are a right-handed base."
      ) { call throws(ScriptError) in
        let (first, second) = call.checkedVector3(1).axes
        call.push(vector3: first)
        call.push(vector3: second)
      },
    ]
  }

  static var elements: [Entry] {
    ["x", "y", "z"].enumerated().flatMap { index, name in
      [
        Entry(
          name, [.vector3("vector")], returns: ["number"],
          summary: "The element \(name); `vector.\(name)` gives the same."
        ) { call throws(ScriptError) in
          call.push(call.checkedVector3(1)[index])
        },
        Entry(
          "set_\(name)", [.vector3("vector"), .number("value")],
          summary: "Changes the element \(name) of this vector; `vector.\(name) = value` does the same."
        ) { call throws(ScriptError) in
          call.checked(1).storeBytes(of: call.float(2), toByteOffset: index * 4, as: Float.self)
        },
      ]
    } + [
      Entry(
        "element", [.vector3("vector"), Parameter("index", .integer)], returns: ["number"],
        summary: "An element by number: x, y and z count from `Script.index_offset()`; `vector[index]` gives the same."
      ) { call throws(ScriptError) in
        call.push(call.checkedVector3(1)[try call.elementIndex(2, count: 3, "index")])
      },
      Entry(
        "set_element", [.vector3("vector"), Parameter("index", .integer), .number("value")],
        summary:
          "Changes an element of this vector by number, as `element` counts; `vector[index] = value` does the same."
      ) { call throws(ScriptError) in
        let index = try call.elementIndex(2, count: 3, "index")
        call.checked(1).storeBytes(of: call.float(3), toByteOffset: index * 4, as: Float.self)
      },
      Entry(
        "set_xyz", [.vector3("vector"), .number("x"), .number("y"), .number("z")],
        summary: "Changes all elements of this vector."
      ) { call throws(ScriptError) in
        call.store(call.floats(2), at: 1)
      },
      Entry(
        "to_elements", [.vector3("vector")], returns: ["number", "number", "number"],
        summary: "The elements x, y and z."
      ) { call throws(ScriptError) in
        let vector = call.checkedVector3(1)
        for index in 0..<3 { call.push(vector[index]) }
      },
      ValueText.toString("vector", .vector3, "The vector as text, such as `Vector3(1, 2.5, 0)`."),
    ]
  }
}
