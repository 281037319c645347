import CLua
import NetRuntime

extension FieldType {
  /// As an error names what a field or an argument takes.
  var expectation: String {
    switch kind {
    case .bool: "boolean"
    case .int: "integer \(codec.minimum) to \(codec.maximum)"
    case .float: codec.isExact ? "number" : "number \(LuaState.text(of: min)) to \(LuaState.text(of: max))"
    case .vector3: "Vector3"
    case .quaternion: "Quaternion"
    case .string: "string of at most \(maxSize) bytes"
    case .idString32: "IdString32, name or #hexadecimal"
    case .idString64, .resourceID: "IdString64, name or #hexadecimal"
    case .uint64: "64-bit id (hexadecimal string or integer)"
    case .array: "array of at most \(maxSize) values (\(element?.expectation ?? "any"))"
    }
  }
}

extension Call {
  /// What is wrong with a value that was not packed; `place` says where it stands, as in "argument 2 (percent)".
  func error(_ problem: PackingProblem, _ type: FieldType, at index: Int32, place: String) -> ScriptError {
    if type.kind == .array, lua_type(state, index) == LUA_TTABLE { return arrayError(problem, type, index, place) }
    switch problem {
    case .tooLong:
      let count = lua.bytes(state, index)?.count ?? 0
      return ScriptError("\(place): expected \(type.expectation), got \(count) bytes")
    case .notFinite:
      return ScriptError("\(place): expected finite numbers, got \(describe(Int(index)))\(components(index))")
    default:
      return ScriptError("\(place): expected \(type.expectation), got \(describe(Int(index)))")
    }
  }

  /// What a warning says of a value that was clamped.
  func clampText(_ type: FieldType, at index: Int) -> String {
    let what = type.kind == .array ? "an element" : describe(index)
    let limits = type.element ?? type
    return "\(what) is outside \(LuaState.text(of: limits.min)) to \(LuaState.text(of: limits.max)) and was clamped"
  }

  private func arrayError(
    _ problem: PackingProblem, _ type: FieldType, _ index: Int32, _ place: String
  ) -> ScriptError {
    let count = lua_objlen(state, index)
    guard count <= type.maxSize, let element = type.element else {
      return ScriptError("\(place): expected \(type.expectation), got \(count) values")
    }
    // Finds the element again: errors may take their time.
    let top = lua_gettop(state)
    defer { lua_settop(state, top) }
    return withUnsafeTemporaryAllocation(byteCount: Limits.stringSize + 64, alignment: 8) { buffer in
      for position in 0..<count {
        var writer = BitWriter(UnsafeMutableRawBufferPointer(buffer))
        lua_rawgeti(state, index, Int32(truncatingIfNeeded: position + 1))
        let found = pack(top + 1, element.codec, into: &writer)
        if !found.wrote { return error(found, element, at: top + 1, place: "\(place), element \(position + 1)") }
        lua_settop(state, top)
      }
      return ScriptError("\(place): expected \(type.expectation)")
    }
  }

  private func components(_ index: Int32) -> String {
    if let value = vector3(Int(index)) { return " (\(value.x), \(value.y), \(value.z))" }
    if let value = quaternion(Int(index)) { return " (\(value.x), \(value.y), \(value.z), \(value.w))" }
    return ""
  }
}
