/// `stingray.Terminal`: the terminal as a screen and a keyboard. This project's own addition to the engine's API.
public enum TerminalNamespace {
  public static var namespace: Namespace {
    Namespace(
      "Terminal",
      "The terminal as a screen and a keyboard. The engine has no such namespace: it is an addition of this program.",
      entries: [
        Entry(
          "keys", returns: ["string[]"],
          summary:
            "The keys that were pressed since the last call, in order: `a`, `space`, `up`, `down`, `left`, `right`, "
            + "`escape`, `enter`, `tab`, "
            + "`backspace` and characters as they are, letters in lower case. The first call makes the terminal hand "
            + "over each key at once without "
            + "showing it; control-C still ends the program. Empty when standard input is no terminal."
        ) { call throws(ScriptError) in
          let keys = call.lua.scriptHost.readKeys()
          call.pushTable(array: keys.count)
          for (index, key) in keys.enumerated() {
            call.push(key)
            call.setIndex(index + 1)
          }
        },
        Entry(
          "size", returns: ["integer?", "integer?"],
          summary: "Columns and rows of the terminal; nil when standard output is no terminal."
        ) { call throws(ScriptError) in
          guard let size = call.lua.scriptHost.terminalSize() else { return call.pushNil() }
          call.push(size.columns)
          call.push(size.rows)
        },
      ])
  }
}
