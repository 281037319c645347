import CLua
import NetRuntime

extension Call {
  /// The bytes of each element of an array of strings, numbers as Lua writes them; empty for nil.
  /// - Parameters:
  ///   - index: An argument that is a table, or nil.
  ///   - name: The argument's name, for errors.
  ///   - limit: Elements that are read at most.
  func strings(_ index: Int, _ name: String, limit: Int) throws(ScriptError) -> [Bytes] {
    try elements(index, name, limit: limit, expected: "string") { place in
      if let bytes = LuaState.bytes(state, place) { return Bytes(Array(bytes)) }
      guard lua_type(state, place) == LUA_TNUMBER else { return nil }
      return Bytes(LuaState.text(of: lua_tonumber(state, place)))
    }
  }

  /// The ids of an array of players: hexadecimal strings, or integers from 1 to 2^53 - 1; empty for nil.
  func players(_ index: Int, _ name: String, limit: Int) throws(ScriptError) -> [PeerID] {
    try elements(index, name, limit: limit, expected: "user id (hexadecimal string)") { place in
      readPeer(Int(place)).flatMap { $0 == .nobody ? nil : $0 }
    }
  }

  private func elements<Element>(
    _ index: Int, _ name: String, limit: Int, expected: String, _ read: (Int32) -> Element?
  ) throws(ScriptError) -> [Element] {
    guard !isNil(index) else { return [] }
    let table = Int32(truncatingIfNeeded: index)
    let count = Int(lua_objlen(state, table))
    guard count <= limit else {
      throw ScriptError("argument \(index) (\(name)): expected at most \(limit) elements, got \(count)")
    }
    let top = lua_gettop(state)
    defer { lua_settop(state, top) }
    var result: [Element] = []
    for place in 0..<count {
      lua_rawgeti(state, table, Int32(truncatingIfNeeded: place + 1))
      guard let element = read(top + 1) else {
        throw ScriptError(
          "argument \(index) (\(name)): element \(place + 1): expected \(expected), got \(describe(Int(top + 1)))")
      }
      result.append(element)
      lua_settop(state, top)
    }
    return result
  }
}

extension Staging {
  /// An array of strings.
  func push(_ texts: [Bytes]) {
    pushTable(array: texts.count)
    for (index, text) in texts.enumerated() {
      push(bytes: text.array)
      setIndex(index + 1)
    }
  }
}
