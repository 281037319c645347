import CLua

/// Elements of vectors and quaternions by name and by number: `v.x`, `v[1]`, `v.x = 1`.
enum Elements {
  /// `__index` and `__newindex`. C answers the names of elements and functions by itself; what comes here is a number
  /// or a mistake.
  static func metamethods(_ kind: UserdataKind) -> [Entry] {
    let value = Parameter("value", .userdata(kind))
    let names = Array("xyzw".prefix(kind.components))
    return [
      Entry(
        "__index", [value, Parameter("key", .any)], returns: ["any"],
        summary:
          "An element by name, or by number as `Script.index_offset()` counts; or else a function of the namespace."
      ) { call throws(ScriptError) in
        // What cannot be an element is absent, as in a table.
        guard call.type(2) == LUA_TNUMBER else { return call.pushNil() }
        let index = try call.elementNumber(2, names)
        call.push(call.checked(1).loadUnaligned(fromByteOffset: index * 4, as: Float.self))
      },
      Entry(
        "__newindex", [value, Parameter("key", .any), .number("number")],
        summary: "Changes an element of this value by name, or by number as `Script.index_offset()` counts."
      ) { call throws(ScriptError) in
        let index = try call.elementPlace(2, names)
        call.checked(1).storeBytes(of: call.float(3), toByteOffset: index * 4, as: Float.self)
      },
    ]
  }
}

extension Call {
  @inline(__always)
  fileprivate func elementPlace(_ index: Int, _ names: [Character]) throws(ScriptError) -> Int {
    guard let key = bytes(index) else { return try elementNumber(index, names) }
    if key.count == 1 {
      let place = key[0] == UInt8(ascii: "w") ? 3 : Int(key[0]) - Int(UInt8(ascii: "x"))
      if place >= 0, place < names.count { return place }
    }
    throw ScriptError(
      "there is no element \(quoted(key)); the elements are \(names.map(String.init).joined(separator: ", "))")
  }

  fileprivate func elementNumber(_ index: Int, _ names: [Character]) throws(ScriptError) -> Int {
    let number = number(index)
    let place = number.rounded(.towardZero) == number ? integer(index) &- lua.indexOffset : -1
    guard type(index) == LUA_TNUMBER, place >= 0, place < names.count else {
      let last = lua.indexOffset + names.count - 1
      throw ScriptError("there is no element \(describe(index)); elements are numbered \(lua.indexOffset) to \(last)")
    }
    return place
  }
}
