import CLua

extension LuaState {
  /// Compiles a chunk and runs it.
  /// - Parameters:
  ///   - source: Lua text; a byte-order mark at its start is skipped.
  ///   - name: How tracebacks name it: `@` and a path, or `=` and a word.
  ///   - arguments: What the chunk gets as `...`.
  /// - Throws: The error's text, with a traceback.
  public func run(_ source: [UInt8], name: String, arguments: [String] = []) throws(ScriptError) {
    let chunk = try load(source, name: name)
    defer { release(chunk) }
    try run { program in
      program.push(reference: chunk)
      for argument in arguments { program.push(argument) }
      program.call(arguments: arguments.count, results: 0)
    }
  }

  /// Compiles and runs a chunk, and reads its first result as text.
  public func evaluate(_ source: String, name: String = "=script") throws(ScriptError) -> String? {
    let chunk = try load(Array(source.utf8), name: name)
    defer { release(chunk) }
    return try run { program in
      program.push(reference: chunk)
      program.call(arguments: 0, results: 1)
    } reading: { lua, results in
      guard let index = results?.lowerBound else { return nil }
      return lua.text(Int32(index))
    }
  }

  /// Compiles a chunk and keeps the function in the registry; `release` lets it go.
  public func load(_ source: [UInt8], name: String) throws(ScriptError) -> Int32 {
    let state = active
    let top = lua_gettop(state)
    defer { lua_settop(state, top) }
    let status = source.withUnsafeBytes { clua_load(state, $0.baseAddress, $0.count, name) }
    guard status == 0 else { throw ScriptError(errorText(-1)) }
    let kept = clua_keep(runtime, state)
    guard kept >= 0 else { throw ScriptError("not enough memory") }
    return kept
  }

  /// Lets go of a kept value.
  public func release(_ reference: Int32) {
    guard isOpen else { return }
    luaL_unref(active, LUA_REGISTRYINDEX, reference)
  }

  /// Calls a global function with what `staging` pushes; false when the global is nil.
  public func callGlobal(
    _ name: String, arguments count: Int = 0, _ staging: (Program) -> Void = { _ in }
  ) throws(ScriptError) -> Bool {
    let exists = try run { program in
      program.pushGlobals()
      program.pushField(name)
    } reading: { lua, results in
      results.map { lua_type(lua.active, Int32($0.upperBound)) != LUA_TNIL } ?? false
    }
    guard exists else { return false }
    try run { program in
      program.pushGlobals()
      program.pushField(name)
      staging(program)
      program.call(arguments: count, results: 0)
    }
    return true
  }

  /// A value on the stack as text: strings and numbers, true and false; nil for others.
  func text(_ index: Int32) -> String? {
    let state = active
    return switch lua_type(state, index) {
    case LUA_TSTRING: bytes(state, index).map { String(decoding: $0, as: UTF8.self) }
    case LUA_TNUMBER: LuaState.text(of: lua_tonumber(state, index))
    case LUA_TBOOLEAN: lua_toboolean(state, index) != 0 ? "true" : "false"
    default: nil
    }
  }
}
