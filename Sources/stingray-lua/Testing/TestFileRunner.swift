import LuaBindings
import NetRuntime

/// Runs the tests of one file in a Lua state of its own.
final class TestFileRunner {
  /// What holds for every test.
  struct Options {
    /// A test's full name, a part of it, or a Lua pattern; "" for all.
    var filter = ""
    /// Seconds that one test may take.
    var timeLimit = 60.0
    var dataFolders: [String] = []
    var shownLog = LogLevel.silent
  }

  private let path: String
  private let options: Options
  private let clock: any Clock
  private let peer: ScriptPeer
  private let simulator: SimulatorHost
  private var results: [TestResult] = []
  private var listed: [Coverage.Test] = []
  private var started = 0.0
  private var simulationsBefore = 0

  init(_ path: String, _ options: Options, clock: any Clock) throws(ScriptError) {
    self.path = path
    self.options = options
    self.clock = clock
    let folders = [Files.folder(of: path)] + options.dataFolders
    simulator = SimulatorHost(dataFolders: folders)
    let log = LogRecord(prefix: "test", shown: options.shownLog) { clock.now }
    // A test that needs no other peer may use the network of its own state: nobody else is on it.
    let network = VirtualNetwork(seed: 0)
    var environment = NetworkRuntime.Environment(
      transport: network.addHost(), random: SeededRandomSource(seed: 0), now: { network.now },
      log: { level, text in log.add(level, text()) })
    environment.shownLog = { log.shown }
    // Nothing lets its time pass, so the online service has to be as quick.
    let online = MemoryDirectoryService(
      clock: { network.now }, random: SeededRandomSource(seed: 1), latency: 0...0)
    environment.online = {
      OnlineService.Setup(
        directory: online.makeDoor(), user: DirectoryIdentity(id: PeerID(playerName: "player"), name: "player"))
    }
    peer = try ScriptPeer(environment, ScriptPeer.Options(dataFolders: folders, arguments: [path], log: log))
  }

  /// Runs the file's tests that the filter lets through; a file that cannot be loaded counts as one failed test.
  func run() -> [TestResult] {
    perform("run")
    return results
  }

  /// The file's tests, none of which is run: the names of the blocks that each is in, and its own.
  /// - Throws: When the file cannot be loaded.
  func list() throws(ScriptError) -> [Coverage.Test] {
    perform("list")
    if let failure = results.first { throw ScriptError(failure.text) }
    return listed
  }

  private func perform(_ what: String) {
    do throws(ScriptError) {
      try Watchdog.watch(peer.lua.state) { () throws(ScriptError) in try load(andThen: what) }
    } catch {
      fail("(the file)", error.description)
    }
    Watchdog.disarm()
    simulator.close(after: 0)
    peer.lua.close()
  }

  private func load(andThen what: String) throws(ScriptError) {
    let lua = peer.lua
    try lua.register([host, simulator.namespace], globals: false)
    try lua.run(Array(LuaSources.assertions.utf8), name: "=assert")
    try installSimulator()
    let framework = try makeFramework()
    let source: [UInt8]
    do throws(FileError) {
      source = try Files.read(path)
    } catch {
      throw ScriptError(error.description)
    }
    let chunk = try lua.load(source, name: "@" + path)
    begin("loading \(path)")
    let problem = try lua.call(framework, arguments: 2) { program in
      program.push("load")
      program.push(reference: chunk)
    }
    Watchdog.disarm()
    if let problem { return fail("(the file)", String(decoding: problem, as: UTF8.self)) }
    try lua.call(framework, arguments: 2) { program in
      program.push(what)
      program.push(options.filter)
    }
  }

  // Takes a namespace away from scripts and gives it to our own Lua.
  private static let takeHost = "local name = ... local host = stingray[name] stingray[name] = nil return host"

  private func makeFramework() throws(ScriptError) -> Int32 {
    let lua = peer.lua
    let framework = try lua.load(Array(LuaSources.framework.utf8), name: "=test")
    let take = try lua.load(Array(TestFileRunner.takeHost.utf8), name: "=test")
    return try lua.keep { program in
      program.push(reference: framework)
      program.push(reference: take)
      program.push("TestHost")
      program.call(arguments: 1, results: 1)
      program.call(arguments: 1, results: 1)
    }
  }

  private func installSimulator() throws(ScriptError) {
    let lua = peer.lua
    let simulate = try lua.load(Array(LuaSources.simulate.utf8), name: "=simulate")
    let take = try lua.load(Array(TestFileRunner.takeHost.utf8), name: "=simulate")
    let copying = try lua.load(Array(LuaSources.copying.utf8), name: "=simulate")
    let settingsText = try lua.load(Array(LuaSources.settingsText.utf8), name: "=simulate")
    try lua.run { program in
      program.push(reference: simulate)
      program.push(reference: take)
      program.push("SimulatorHost")
      program.call(arguments: 1, results: 1)
      program.push(reference: copying)
      program.call(arguments: 0, results: 2)
      program.push(reference: settingsText)
      program.call(arguments: 0, results: 1)
      program.call(arguments: 4, results: 0)
    }
  }

  /// What the Lua side of the test runner calls; scripts do not see it.
  private var host: Namespace {
    let place = [Parameter("name", .string), Parameter("file", .string), Parameter("line", .integer)]
    return Namespace(
      "TestHost", "What the Lua side of the test runner calls.",
      entries: [
        Entry("begin", place, summary: "A test starts.") { [unowned self] call throws(ScriptError) in
          begin("\(call.string(1)) (\(call.string(2)):\(call.integer(3)))")
        },
        Entry("finish", summary: "A test ended; gives the seconds it took.") {
          [unowned self] call throws(ScriptError) in
          Watchdog.disarm()
          simulator.close(after: simulationsBefore)
          call.push(clock.now - started)
        },
        Entry("list", [Parameter("block", .string), Parameter("name", .string)], summary: "The file has a test.") {
          [unowned self] call throws(ScriptError) in
          listed.append((call.string(1), call.string(2)))
        },
        Entry(
          "report",
          [Parameter("outcome", .string)] + place + [Parameter("seconds", .number), Parameter("text", .string)],
          summary: "What became of a test."
        ) { [unowned self] call throws(ScriptError) in
          results.append(
            TestResult(
              outcome: TestResult.Outcome(rawValue: call.string(1)) ?? .failed, name: call.string(2),
              file: call.string(3),
              line: call.integer(4), seconds: call.number(5), text: call.string(6)))
        },
      ])
  }

  private func begin(_ test: String) {
    simulationsBefore = simulator.mark
    started = clock.now
    Watchdog.arm(seconds: options.timeLimit, test: test)
  }

  private func fail(_ name: String, _ text: String) {
    results.append(
      TestResult(outcome: .failed, name: name, file: path, line: 1, seconds: clock.now - started, text: text))
  }
}
