import Glibc
import NetRuntime
import Testing

@testable import LuaBindings

@Suite struct ScriptHostTests {
  private func state(_ host: ScriptHost = ScriptHost()) throws -> LuaState {
    let lua = try LuaState()
    lua.scriptHost = host
    try lua.register(API.namespaces)
    try lua.installScriptEnvironment()
    return lua
  }

  @Test func scriptsLearnAboutTheirProgram() throws {
    let host = ScriptHost()
    host.arguments = ["--host", "two words"]
    host.buildIdentifier = "build 7"
    host.clock = { 12.5 }
    host.launchTime = 10
    host.settings = try SJSON.parse(
      "boot_script = \"main\" network = { interface = \"lo\" ports = [1 2] fast = true }", file: "settings.ini")
    let lua = try state(host)
    #expect(try lua.evaluate("return table.concat({Application.argv()}, '|')") == "--host|two words")
    #expect(try lua.evaluate("return Application.build_identifier()") == "build 7")
    #expect(try lua.evaluate("return Application.time_since_launch()") == "2.5")
    #expect(
      try lua.evaluate(
        """
        local s = Application.settings()
        return s.boot_script .. s.network.interface .. s.network.ports[2] .. tostring(s.network.fast)
        """) == "mainlo2true")
  }

  @Test func scriptsAskTheirProgram() throws {
    let host = ScriptHost()
    var slept: [Double] = []
    host.sleep = { slept.append($0) }
    var said: [String] = []
    host.console.add(
      ConsoleGroup(
        "test", "tests",
        commands: [
          ConsoleCommand("echo", "A B", "Says a number back.") { arguments throws(ConsoleError) in
            let word = try arguments.choice(["a", "b"])
            let number = try arguments.number("B", in: 0...9)
            return "\(word) \(number)"
          },
          ConsoleCommand("fail", "", "Fails.") { _ throws(ConsoleError) in throw .refused("it failed") },
        ]))
    host.consoleOutput = { said.append($0) }
    let lua = try state(host)
    try lua.run(Array("Application.sleep(250) Application.console_command('test', 'echo', 'b', 2)".utf8), name: "=test")
    #expect(slept == [0.25])
    #expect(said == ["1 2.0"])
    #expect(
      errorText(lua, "Application.console_command('test fail')") == "test:1: Application.console_command: it failed")
    #expect(
      errorText(lua, "Application.console_command('tset')").hasSuffix(
        "there is no command \"tset\"; the commands are test, help; did you mean `test`?"))
    #expect(host.exitCode == nil)
    try lua.run(Array("Application.quit(3)".utf8), name: "=test")
    #expect(host.exitCode == 3)
    try lua.run(Array("Application.quit()".utf8), name: "=test")
    #expect(host.exitCode == 0)
  }

  @Test func timeIsRealUnlessTheHostSaysOtherwise() throws {
    let passed = try state().evaluate(
      """
      local before = Application.time_since_launch()
      Application.sleep(2)
      return tostring(Application.time_since_launch() - before >= 0.0019)
      """)
    #expect(passed == "true")
  }

  @Test func terminalsAreTheHosts() throws {
    let host = ScriptHost()
    host.readKeys = { ["up", "a"] }
    host.terminalSize = { (80, 24) }
    let lua = try state(host)
    #expect(try lua.evaluate("return table.concat(Terminal.keys(), ' ')") == "up a")
    #expect(try lua.evaluate("return table.concat({Terminal.size()}, 'x')") == "80x24")
    host.terminalSize = { nil }
    #expect(try lua.evaluate("return select('#', Terminal.size()) .. tostring((Terminal.size()))") == "1nil")
  }

  @Test func keysHaveNames() {
    var decoder = KeyDecoder()
    #expect(
      decoder.decode(Array("aQ 1\u{1B}[A\u{1B}OB\u{1B}[1;5C\u{1B}[D\r\n\t\u{7F}\u{8}é".utf8))
        == [
          "a", "q", "space", "1", "up", "down", "right", "left", "enter", "enter", "tab", "backspace", "backspace", "é",
        ])
    #expect(decoder.decode([0x1B]) == ["escape"])
    #expect(decoder.decode([0x1B, 0x78]) == ["escape", "x"])
    #expect(decoder.decode(Array("\u{1B}[".utf8)) == [])
    #expect(decoder.decode(Array("A".utf8)) == ["up"])
    #expect(decoder.decode([0xC3]) == [])
    #expect(decoder.decode([0xA9, 0x80, 0xFF, 0x1B, 0x1B]) == ["é", "escape", "escape"])
  }

  @Test func filesAreFoundBesideTheScriptFirst() throws {
    let folder = "/tmp/stingray-lua-test-\(SystemRandomSource().next())"
    mkdir(folder, 0o700)
    defer {
      for name in ["own/util.lua", "data/util.lua", "data/only.lua", "own", "data", ""] { remove(folder + "/" + name) }
    }
    mkdir("\(folder)/own", 0o700)
    mkdir("\(folder)/data", 0o700)
    try write("return 'own'", to: "\(folder)/own/util.lua")
    try write("return 'data'", to: "\(folder)/data/util.lua")
    try write("\u{FEFF}error('here')", to: "\(folder)/data/only.lua")
    let host = ScriptHost()
    host.dataDirectories = ["\(folder)/data"]
    let lua = try state(host)
    // Not as a tail call, which would leave no trace of the script that calls.
    #expect(try lua.evaluate("local util = require('util') return util", name: "@\(folder)/own/main.lua") == "own")
    #expect(try lua.evaluate("return dofile('util.lua')", name: "@/nowhere/main.lua") == "data")
    #expect(throws: ScriptError.self) { try lua.evaluate("return require('only')", name: "@\(folder)/own/main.lua") }
    let problem =
      try lua.evaluate("local _, e = pcall(require, 'gone') return e", name: "@\(folder)/own/main.lua") ?? ""
    #expect(problem.contains("module 'gone' not found:"))
    for place in ["own/gone.lua", "own/gone/init.lua", "data/gone.lua"] {
      #expect(problem.contains("\n\tno file '\(folder)/\(place)'"))
    }
    do throws(ScriptError) {
      _ = try lua.evaluate("dofile('only.lua')", name: "@\(folder)/own/main.lua")
      Issue.record("no error")
    } catch {
      #expect(error.description.contains("only.lua:1: here\nstack traceback:"))
      #expect(error.description.contains("own/main.lua:1"))
    }
  }

  @Test(arguments: [false, true]) func allocationsMayFail(keepsFailing: Bool) throws {
    let (runs, failures) = try failEachAllocation(stride: 1, keepsFailing: keepsFailing) {
      let lua = try LuaState()
      try lua.register([ApplicationNamespace.namespace, ScriptNamespace.namespace])
      return lua
    } _: { lua throws(ScriptError) in
      try lua.installScriptEnvironment()
      try lua.run(
        Array("Application.guid() Application.make_hash(1, 'a') Script.callstack() table.clear({1})".utf8),
        name: "=test")
    }
    #expect(runs > 10)
    #expect(failures > 5)
  }

  private func write(_ text: String, to path: String) throws {
    let file = try #require(fopen(path, "w"))
    fputs(text, file)
    fclose(file)
  }
}
