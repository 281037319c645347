import CLua

extension LuaState {
  /// Calls a kept function with what `staging` pushes.
  /// - Returns: Its first result where that is a string; nil otherwise.
  /// - Throws: What Lua raised, with a traceback.
  @discardableResult
  public func call(
    _ function: Int32, arguments count: Int = 0, _ staging: (Program) -> Void = { _ in }
  ) throws(ScriptError) -> [UInt8]? {
    try run { program in
      program.push(reference: function)
      staging(program)
      program.call(arguments: count, results: 1)
    } reading: { lua, results in
      results.flatMap { lua.bytes(lua.state, Int32($0.upperBound)) }.map(Array.init)
    }
  }
}
