import CLua

/// Boxes: a place that holds a value. Scripts of the engine need them because its values live for one frame; here
/// values live as long as they are used.
public enum BoxNamespaces {
  public static var all: [Namespace] {
    [
      box(.vector3Box, of: .vector3, "vector", ["x", "y", "z"], empty: "the zero vector", SIMD4(0, 0, 0, 0)),
      box(.quaternionBox, of: .quaternion, "quat", ["x", "y", "z", "w"], empty: "no rotation", SIMD4(0, 0, 0, 1)),
      matrixBox,
      idStringBox(.idString32Box, of: .idString32),
      idStringBox(.idString64Box, of: .idString64),
    ]
  }

  private static func box(
    _ kind: UserdataKind, of held: UserdataKind, _ name: String, _ elements: [String], empty: String,
    _ initial: SIMD4<Float>
  ) -> Namespace {
    let value = Parameter(name, .userdata(held))
    let numbers = elements.map { Parameter.number($0) }
    return Namespace(
      kind.name, "A place that holds a \(held.name).", kind: kind,
      entries: [
        Entry(
          "store", signatures: [[.box(kind), value], [.box(kind)] + numbers],
          summary: "Puts a value into the box, or the value of these elements.",
          .call { call throws(ScriptError) in
            call.store(call.elements(2, call.signature == 0, numbers.count), at: 1, kind)
          }),
        unbox(kind, of: held),
      ],
      constructor: Entry(
        kind.name, signatures: [[], [value], numbers], returns: [kind.name],
        summary: "Makes a box that holds a value, the value of these elements, or \(empty).",
        .call { call throws(ScriptError) in
          let elements = call.signature == 0 ? initial : call.elements(1, call.signature == 1, numbers.count)
          call.push(kind, elements)
        }),
      metamethods: ValueText.metamethods(kind))
  }

  private static var matrixBox: Namespace {
    let kind = UserdataKind.matrix4x4Box
    return Namespace(
      kind.name, "A place that holds a Matrix4x4.", kind: kind,
      entries: [
        Entry("store", [.box(kind), .matrix("m")], summary: "Puts a matrix into the box.") { call throws(ScriptError) in
          call.store(call.checkedMatrix(2), at: 1)
        },
        unbox(kind, of: .matrix4x4),
      ],
      constructor: Entry(
        kind.name, signatures: [[], [.matrix("m")]], returns: [kind.name],
        summary: "Makes a box that holds a matrix, or the identity.",
        .call { call throws(ScriptError) in
          call.push(kind, call.signature == 0 ? .identity : call.checkedMatrix(1))
        }),
      metamethods: ValueText.metamethods(kind))
  }

  private static func idStringBox(_ kind: UserdataKind, of held: UserdataKind) -> Namespace {
    let name = Parameter("s", .anyOf([.string, .userdata(held)]), notation: "string")
    return Namespace(
      kind.name, "A place that holds an \(held.name).", kind: kind,
      entries: [
        Entry(
          "store", [.box(kind), name], summary: "Puts the hash of a name into the box, or an \(held.name)."
        ) { call throws(ScriptError) in
          let id = try call.idString(2, held)
          call.store(id, at: 1, kind)
        },
        unbox(kind, of: held),
      ],
      constructor: Entry(
        kind.name, [name], returns: [kind.name],
        summary: "Makes a box that holds the hash of a name, or an \(held.name)."
      ) { call throws(ScriptError) in
        call.push(kind, try call.idString(1, held))
      },
      metamethods: ValueText.metamethods(kind))
  }

  private static func unbox(_ kind: UserdataKind, of held: UserdataKind) -> Entry {
    Entry("unbox", [.box(kind)], returns: [held.name], summary: "The value in the box.") { call throws(ScriptError) in
      call.push(held, payload: UnsafeRawBufferPointer(start: call.checked(1), count: held.payloadSize))
    }
  }
}

extension Parameter {
  fileprivate static func box(_ kind: UserdataKind) -> Parameter { Parameter("self", .userdata(kind)) }
}

extension Call {
  /// The elements of a value at an argument, or of numbers from there on.
  fileprivate func elements(_ index: Int, _ isValue: Bool, _ count: Int) -> SIMD4<Float> {
    let payload = isValue ? checked(index) : nil
    var elements = SIMD4<Float>.zero
    for place in 0..<count {
      elements[place] = payload?.loadUnaligned(fromByteOffset: place * 4, as: Float.self) ?? float(index + place)
    }
    return elements
  }

  /// Writes over the payload of a box.
  fileprivate func store<Value: BitwiseCopyable>(_ value: Value, at index: Int, _ kind: UserdataKind) {
    withUnsafeBytes(of: value) { bytes in
      UnsafeMutableRawBufferPointer(start: checked(index), count: kind.payloadSize)
        .copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes.prefix(kind.payloadSize)))
    }
  }
}
