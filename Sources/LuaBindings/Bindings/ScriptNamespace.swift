import CLua

/// `stingray.Script`: facts about the running script.
public enum ScriptNamespace {
  public static var namespace: Namespace {
    Namespace("Script", "Facts about the running script.", entries: [callstack, indexOffset, setIndexOffset, typeName])
  }

  private static var callstack: Entry {
    Entry(
      "callstack", returns: ["string"],
      summary: "The functions that are being called, innermost first, with file and line."
    ) {
      call throws(ScriptError) in
      var text = "stack traceback:"
      var record = lua_Debug()
      var level: Int32 = 1
      while level <= deepestLevel, lua_getstack(call.state, level, &record) != 0 {
        if lua_getinfo(call.state, "Snl", &record) != 0 { text += "\n\t" + describe(&record) }
        level += 1
      }
      if level > deepestLevel { text += "\n\t..." }
      call.push(text)
    }
  }

  // A script that calls itself without end has more than anyone reads.
  private static let deepestLevel: Int32 = 100

  private static func describe(_ record: inout lua_Debug) -> String {
    let source = withUnsafeBytes(of: &record.short_src) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    let position = record.currentline > 0 ? "\(source):\(record.currentline):" : "\(source):"
    if let name = record.name { return "\(position) in function '\(String(cString: name))'" }
    guard let what = record.what else { return position }
    switch String(cString: what) {
    case "main": return "\(position) in main chunk"
    case "Lua": return "\(position) in function <\(source):\(record.linedefined)>"
    default: return position
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
