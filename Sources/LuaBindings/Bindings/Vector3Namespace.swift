import CLua

/// `stingray.Vector3`: three numbers, each of 32 bits.
public enum Vector3Namespace {
  public static var namespace: Namespace {
    Namespace(
      "Vector3", "A position, a direction or a speed: three 32-bit floats. X points right, Y forward, Z up.",
      kind: .vector3,
      entries: arithmetic + measures + directions + elements, constructor: constructor, metamethods: metamethods)
  }

  private static var constructor: Entry {
    Entry(
      "Vector3", [.number("x"), .number("y"), .number("z")], returns: ["Vector3"],
      summary: "Makes a vector. It is a value: an operator gives a new one."
    ) { call throws(ScriptError) in
      call.push(vector3: call.floats(1))
    }
  }

  private static var arithmetic: [Entry] {
    [
      combining("add", "The sum of two vectors; the operator `+` gives the same.") { $0 + $1 },
      combining("subtract", "The difference of two vectors; the operator `-` gives the same.") { $0 - $1 },
      scaling("multiply", "A vector times a number; the operator `*` gives the same.") { $0 * $1 },
      scaling("divide", "A vector divided by a number; the operator `/` gives the same.") { $0 / $1 },
      combining("multiply_elements", "The products of each two elements.") { $0 * $1 },
      combining("divide_elements", "The quotients of each two elements.") { $0 / $1 },
      combining("cross", "The cross product: upright on both vectors, by the right-hand rule.") { $0.cross($1) },
      combining("max", "The larger of each two elements.") { $0.replacing(with: $1, where: $1 .> $0) },
      combining("min", "The smaller of each two elements.") { $0.replacing(with: $1, where: $1 .< $0) },
      Entry(
        "lerp", [.vector3("vector_a"), .vector3("vector_b"), .number("ratio")], returns: ["Vector3"],
        summary:
          "The point between two vectors: the first for a ratio of 0, the second for 1, on the line beyond them for "
          + "others."
      ) { call throws(ScriptError) in
        call.push(vector3: call.checkedVector3(1).lerp(to: call.checkedVector3(2), call.float(3)))
      },
      Entry(
        "normalize", [.vector3("vector")], returns: ["Vector3"],
        summary: "The vector of the same direction whose length is 1; the zero vector stays as it is."
      ) { call throws(ScriptError) in
        call.push(vector3: call.checkedVector3(1).normalized)
      },
    ]
  }

  private static var measures: [Entry] {
    [
      measuring("dot", "The dot product.") { $0.dot($1) },
      measuring("distance", "How far two points are from each other.") { ($0 - $1).length },
      measuring("distance_squared", "The square of the distance of two points, which is quicker to find.") {
        ($0 - $1).lengthSquared
      },
      Entry("length", [.vector3("vector")], returns: ["number"], summary: "The length of the vector.") {
        call throws(ScriptError) in
        call.push(call.checkedVector3(1).length)
      },
      Entry(
        "equal", [.vector3("vector_a"), .vector3("vector_b")], returns: ["boolean"],
        summary: "True when all elements are exactly equal; the operator `==` gives the same."
      ) { call throws(ScriptError) in
        call.push(call.checkedVector3(1) == call.checkedVector3(2))
      },
      Entry(
        "is_valid", [.vector3("vector")], returns: ["boolean"],
        summary: "False when an element is infinite or not a number."
      ) { call throws(ScriptError) in
        call.push(call.checkedVector3(1).isFinite)
      },
    ]
  }

  private static var metamethods: [Entry] {
    let factor = Parameter.number("factor")
    return [
      combining("__add", "The sum of two vectors.") { $0 + $1 },
      combining("__sub", "The difference of two vectors.") { $0 - $1 },
      Entry(
        "__mul", signatures: [[.vector3("vector"), factor], [factor, .vector3("vector")]], returns: ["Vector3"],
        summary: "A vector times a number.",
        .call { call throws(ScriptError) in
          let vector = call.signature == 0 ? 1 : 2
          call.push(vector3: call.checkedVector3(vector) * call.float(3 - vector))
        }),
      scaling("__div", "A vector divided by a number.") { $0 / $1 },
      Entry("__unm", [.vector3("vector")], returns: ["Vector3"], summary: "The opposite vector.") {
        call throws(ScriptError) in
        call.push(vector3: -call.checkedVector3(1))
      },
      Entry(
        "__eq", [.vector3("vector_a"), .vector3("vector_b")], returns: ["boolean"],
        summary: "True when all elements are exactly equal."
      ) { call throws(ScriptError) in
        call.push(call.checkedVector3(1) == call.checkedVector3(2))
      },
    ] + Elements.metamethods(.vector3) + ValueText.metamethods(.vector3)
  }

  // Inlined, so that a call of the function need not go through a second closure.
  @inline(__always)
  private static func combining(
    _ name: String, _ summary: String, _ body: @escaping (Vector3, Vector3) -> Vector3
  ) -> Entry {
    Entry(name, [.vector3("vector_a"), .vector3("vector_b")], returns: ["Vector3"], summary: summary) {
      call throws(ScriptError) in
      call.push(vector3: body(call.checkedVector3(1), call.checkedVector3(2)))
    }
  }

  @inline(__always)
  private static func measuring(
    _ name: String, _ summary: String, _ body: @escaping (Vector3, Vector3) -> Float
  ) -> Entry {
    Entry(name, [.vector3("vector_a"), .vector3("vector_b")], returns: ["number"], summary: summary) {
      call throws(ScriptError) in
      call.push(body(call.checkedVector3(1), call.checkedVector3(2)))
    }
  }

  @inline(__always)
  private static func scaling(_ name: String, _ summary: String, _ body: @escaping (Vector3, Float) -> Vector3) -> Entry
  {
    Entry(name, [.vector3("vector"), .number("factor")], returns: ["Vector3"], summary: summary) {
      call throws(ScriptError) in
      call.push(vector3: body(call.checkedVector3(1), call.float(2)))
    }
  }
}
