import CLua

/// `stingray.Script`: facts about the running script.
public enum ScriptNamespace {
  public static var namespace: Namespace {
    Namespace("Script", "Facts about the running script.", entries: [callstack, indexOffset, setIndexOffset, typeName])
  }

  private static var callstack: Entry {
    Entry("callstack", returns: ["string"], summary: "The functions that are being called, innermost first, with file and line.") {
      call throws(ScriptError) in
      guard call.runtime.pointee.traceback != LUA_NOREF else { return call.push("") }
      call.push(reference: call.runtime.pointee.traceback)
      call.pushNil()
      // Above the script there are `traceback` itself, what runs it, and this function.
      call.push(3)
      call.call(arguments: 2, results: 1)
    }
  }

  private static var indexOffset: Entry {
    Entry(
      "index_offset", returns: ["integer"],
      summary: "The first index of lists that are read by index, such as `LanLobbyBrowser.lobby`; 1 unless it was set."
    ) { call throws(ScriptError) in
      call.push(call.lua.indexOffset)
    }
  }

  private static var setIndexOffset: Entry {
    Entry(
      "set_index_offset", [Parameter("offset", .integer, range: 0...1)],
      summary: "Sets the first index of lists that are read by index: 1, or 0 as the engine's older branch counts."
    ) { call throws(ScriptError) in
      call.lua.indexOffset = call.integer(1)
    }
  }

  private static var typeName: Entry {
    Entry(
      "type_name", [Parameter("obj", .any)], returns: ["string"],
      summary: "The type of a value: the namespace of one of the engine's objects, or Lua's own name for its type."
    ) { call throws(ScriptError) in
      call.push(call.kind(1)?.name ?? String(cString: lua_typename(call.state, call.type(1))))
    }
  }
}
