import CLua
import NetRuntime

/// What scripts keep with a unit: a Lua table that the registry holds until the unit ends.
extension UnitNamespace {
  static var data: [Entry] { [getData, hasData, setData] }

  // Numbers and strings are told apart: as keys, 1 and "1" are two.
  private static let keys = Parameter("indices", .any, notation: "any(integer,string)+")

  private static var getData: Entry {
    Entry(
      "get_data", [me, keys], returns: ["any"],
      summary: """
        The value that `set_data` stored under these keys; nil where there is none. The keys before the last one lead \
        through tables.
        """
    ) { call throws(ScriptError) in
      if try call.findData() { clua_stage_top(call.runtime) } else { call.pushNil() }
    }
  }

  private static var hasData: Entry {
    Entry(
      "has_data", [me, keys], returns: ["boolean"],
      summary: "Whether a value other than nil is stored under these keys."
    ) { call throws(ScriptError) in
      call.push(try call.findData())
    }
  }

  private static var setData: Entry {
    Entry(
      "set_data", [me, keys, Parameter("value", .any)],
      summary: """
        Stores a value with the unit until its end: the last argument, under the keys before it, of which there are 1 \
        to 8. The keys before the last one lead through tables, which are made where there is nothing. Nil takes the \
        value away.
        """
    ) { call throws(ScriptError) in
      let unit = try call.unit()
      try call.checkKeys(through: call.count - 1)
      try call.checkWay()
      try call.storeData(of: unit)
    }
  }

  /// Gets the data, the value and its keys.
  static let store = """
    local rawget, rawset, select = rawget, rawset, select
    return function(data, value, ...)
      local last = select("#", ...)
      for i = 1, last - 1 do
        local key = select(i, ...)
        local inner = rawget(data, key)
        if inner == nil then
          if value == nil then return end
          inner = {}
          rawset(data, key, inner)
        end
        data = inner
      end
      rawset(data, (select(last, ...)), value)
    end
    """
}

extension Call {
  /// Makes sure that the arguments from the second on are keys.
  fileprivate func checkKeys(through last: Int) throws(ScriptError) {
    guard last - 1 <= Limits.unitDataKeys else {
      throw ScriptError("expected 1 to \(Limits.unitDataKeys) keys, got \(last - 1)")
    }
    for index in 2...max(2, last) {
      if type(index) == LUA_TSTRING { continue }
      guard type(index) == LUA_TNUMBER, number(index).rounded() == number(index) else {
        throw ScriptError("argument \(index) (indices): expected integer or string, got \(describe(index))")
      }
    }
  }

  /// Leaves the value that the keys lead to on the stack, and gives whether it is one other than nil.
  fileprivate func findData() throws(ScriptError) -> Bool {
    let unit = try unit()
    try checkKeys(through: count)
    guard let data = lua.worlds.units.attachment(of: unit) else { return false }
    lua_rawgeti(state, LUA_REGISTRYINDEX, data)
    for index in 2...count {
      guard lua_type(state, -1) == LUA_TTABLE else { return false }
      lua_pushvalue(state, Int32(index))
      lua_rawget(state, -2)
    }
    return lua_type(state, -1) != LUA_TNIL
  }

  /// Makes sure that what the keys before the last one lead through can hold more.
  fileprivate func checkWay() throws(ScriptError) {
    guard let data = lua.worlds.units.attachment(of: unitID(1)), count > 3 else { return }
    let top = lua_gettop(state)
    defer { lua_settop(state, top) }
    lua_rawgeti(state, LUA_REGISTRYINDEX, data)
    for index in 2...count - 2 {
      lua_pushvalue(state, Int32(index))
      lua_rawget(state, -2)
      let found = lua_type(state, -1)
      if found == LUA_TNIL { return }
      guard found == LUA_TTABLE else {
        throw ScriptError(
          "argument \(index) (indices): under this key is a \(String(cString: lua_typename(state, found))), "
            + "which has no keys of its own")
      }
    }
  }

  /// Stores the last argument under the keys before it.
  fileprivate func storeData(of unit: UnitID) throws(ScriptError) {
    let units = lua.worlds.units
    let store = try lua.unitDataStore()
    if units.attachment(of: unit) == nil {
      let made = try lua.keep { $0.pushTable() }
      units.attach(made, to: unit)
    }
    guard let data = units.attachment(of: unit) else { return }
    let top = lua_gettop(state)
    defer { lua_settop(state, top) }
    lua_rawgeti(state, LUA_REGISTRYINDEX, store)
    lua_rawgeti(state, LUA_REGISTRYINDEX, data)
    lua_pushvalue(state, Int32(count))
    for index in 2..<count { lua_pushvalue(state, Int32(index)) }
    guard clua_call(runtime, state, Int32(count), 0) == 0 else { throw ScriptError(lua.errorText(-1)) }
  }
}

extension LuaState {
  /// The Lua function that stores a unit's data: Swift may not, since making a table can raise.
  fileprivate func unitDataStore() throws(ScriptError) -> Int32 {
    if let storeUnitData { return storeUnitData }
    let made = try keep { program in
      program.push("=stingray")
      program.push(UnitNamespace.store)
      program.load()
      program.call(arguments: 0, results: 1)
    }
    storeUnitData = made
    return made
  }
}
