import LuaBindings
import NetRuntime

/// One peer with everything its scripts need: a Lua state with the API, and the network it acts on.
final class ScriptPeer {
  let lua: LuaState
  let network: NetworkRuntime
  /// What `Application.quit` asked for; nil while it was not called.
  var quitStatus: Int32? { lua.scriptHost.exitCode }

  /// What differs from peer to peer.
  struct Options {
    /// Where scripts and network configs are looked for, in this order.
    var dataFolders: [String] = []
    /// What the script finds in `arg`; the first is the script.
    var arguments: [String] = []
    var settings = Settings()
    /// The namespaces are globals too.
    var hasGlobals = true
    /// Network configs that are not files, by name.
    var configs: [String: String] = [:]
    let log: LogRecord
    /// Takes what console commands say, line by line.
    var consoleOutput: (String) -> Void = { Output.error($0 + "\n") }
    /// Waits, when a script calls `Application.sleep`; nil for real time.
    var sleep: ((Double) -> Void)?
  }

  /// - Throws: When memory is short.
  init(_ environment: NetworkRuntime.Environment, _ options: Options) throws(ScriptError) {
    network = NetworkRuntime(environment)
    lua = try LuaState()
    let hasSteam = environment.platformSettings.steam.isEnabled
    try lua.register(API.namespaces.filter { hasSteam || $0.name != API.steamName }, globals: options.hasGlobals)
    let configs = NetworkConfigs(folders: options.dataFolders, texts: options.configs, log: environment.log)
    try lua.attach(
      network,
      host: NetworkBinding.Host(
        loadConfig: { name throws(ScriptError) in try configs.load(name) },
        setLogLevel: { options.log.shown = $0 }, log: environment.log, now: environment.now))
    configure(lua.scriptHost, environment, options)
    try lua.installScriptEnvironment()
    try setArguments(options.arguments)
  }

  private func configure(_ host: ScriptHost, _ environment: NetworkRuntime.Environment, _ options: Options) {
    host.dataDirectories = options.dataFolders
    host.settings = options.settings.root
    host.arguments = options.arguments
    host.buildIdentifier = Version.text
    host.clock = environment.now
    host.launchTime = environment.now()
    host.random = environment.random
    host.console = Console([
      .network(network, logLevel: { options.log.shown }, setLogLevel: { options.log.shown = $0 }),
      .perfhud(PerfHUD(network, write: options.consoleOutput)),
    ])
    host.consoleOutput = options.consoleOutput
    if let sleep = options.sleep { host.sleep = sleep }
  }

  // The table `arg`, as the lua program has it: the script at 0, its arguments from 1.
  private func setArguments(_ arguments: [String]) throws(ScriptError) {
    guard !arguments.isEmpty else { return }
    try lua.run { program in
      program.pushGlobals()
      program.push("arg")
      program.pushTable(array: arguments.count)
      for (index, argument) in arguments.enumerated() {
        program.push(argument)
        program.setIndex(index)
      }
      program.setField()
    }
  }

  /// Runs a file; error positions and tracebacks name it as `path` does.
  func run(file path: String, arguments: [String] = []) throws(ScriptError) {
    let source: [UInt8]
    do throws(FileError) {
      source = try Files.read(path)
    } catch {
      throw ScriptError(error.description)
    }
    try lua.run(source, name: "@" + path, arguments: arguments)
  }

  /// Runs a line as a command of the console; what comes of it goes to standard error.
  func runConsole(_ line: String) {
    let host = lua.scriptHost
    do throws(ConsoleError) {
      let reply = try host.console.run(line)
      if !reply.isEmpty { host.consoleOutput(reply) }
    } catch {
      Output.error("console: \(error)\n")
    }
  }

  /// Seconds between two looks at whether the other peers have heard that this one ends.
  private static let endingStep = 0.005

  /// Ends the network, so that the other peers hear of it, then the state.
  func end(_ clock: any Clock) {
    if network.isRunning { try? network.stopClient() }
    while network.isFinishing {
      network.receive()
      if network.isFinishing { clock.sleep(until: clock.now + ScriptPeer.endingStep) }
    }
    network.closeOnline()
    lua.close()
  }
}
