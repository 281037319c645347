import Glibc
import LuaBindings
import NetRuntime
import Testing

@testable import stingray_lua

@Suite struct GameLoopTests {
  /// Runs a script on a clock that jumps from frame to frame.
  private func play(
    _ script: String, clock: ManualClock = ManualClock(), options: GameLoop.Options = GameLoop.Options(),
    reading expression: String = "nil"
  ) throws -> (status: Int32, errors: [String], value: String?) {
    let folder = try TemporaryFolder()
    try folder.write("main.lua", script)
    let log = LogRecord(prefix: "test", shown: .silent) { clock.now }
    let environment = NetworkRuntime.Environment(
      transport: VirtualNetwork(seed: 1).addHost(), random: SeededRandomSource(seed: 1), now: { clock.now },
      log: { level, text in log.add(level, text()) })
    let peer = try ScriptPeer(environment, ScriptPeer.Options(dataFolders: [folder.path], log: log))
    var errors: [String] = []
    let loop = GameLoop(peer: peer, clock: clock, options: options) { errors.append($0) }
    let status = loop.run(folder.path + "/main.lua", arguments: ["one", "two"])
    let value = try peer.lua.evaluate("return \(expression)")
    peer.end(clock)
    return (status, errors, value)
  }

  @Test func framesArePacedByTheInjectedClock() throws {
    let clock = ManualClock()
    clock.oversleep = 0.002
    let result = try play(
      "n, seconds = 0, 0 function update(dt) n = n + 1 seconds = seconds + dt end", clock: clock,
      options: GameLoop.Options(rate: 50, frameLimit: 101), reading: "n .. ' ' .. ('%.3f'):format(seconds)")
    #expect(result.value == "101 2.002")
    #expect(clock.sleeps.count == 100)
    #expect(abs(clock.sleeps[99] - 102) < 1e-9)
  }

  @Test func callsComeInOrder() throws {
    let script = """
      calls = { ... }
      function init() table.insert(calls, "init") end
      function update() table.insert(calls, "update") if #calls > 7 then Application.quit(3) end end
      function render() table.insert(calls, "render") end
      function shutdown() table.insert(calls, "shutdown") end
      """
    let result = try play(script, reading: "table.concat(calls, ' ')")
    #expect(result.value == "one two init update render update render update shutdown")
    #expect(result.status == 3)
    #expect(result.errors.isEmpty)
  }

  @Test func anErrorEndsTheLoopButNotTheShutdown() throws {
    let result = try play(
      "function update() error('boom') end function shutdown() down = true end", reading: "tostring(down)")
    #expect(result.status == 1)
    #expect(result.value == "true")
    #expect(result.errors.count == 1)
    #expect(result.errors.first?.contains("/main.lua:1: boom\nstack traceback:") == true)
  }

  @Test func aQuitBeforeTheFirstFrameIsHeeded() throws {
    let result = try play(
      "Application.quit() function init() was = true end function update() was = true end", reading: "tostring(was)")
    #expect(result.value == "nil")
    #expect(result.status == 0)
  }
}

/// A folder that lives as long as the value.
final class TemporaryFolder {
  struct Failure: Error {}

  let path: String

  init() throws {
    var template = Array("/tmp/stingray-lua-test-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw Failure() }
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  deinit {
    for file in Files.all(path, ending: "") { unlink(file) }
    rmdir(path)
  }

  func write(_ name: String, _ text: String) throws {
    try Files.write(text, to: path + "/" + name)
  }
}
