import LuaBindings
import NetRuntime

/// One peer of a simulation.
final class SimulatedPeer {
  /// Where a peer is.
  struct Place {
    let number: Int
    let network: VirtualNetwork
    let online: MemoryDirectoryService
  }

  let number: Int
  let host: VirtualNetwork.HostID
  /// What was set for this peer, and for its way to other peers by their numbers.
  var faults: LinkFaults?
  var faultsTo: [Int: LinkFaults] = [:]
  /// Who plays.
  let player: PeerID
  /// The way to the online service; nil until the peer uses it.
  private var door: MemoryDirectory?
  private let log: LogRecord
  private var peer: ScriptPeer?
  /// The Lua function that does what the simulator asks; kept in the registry.
  private var agent: Int32 = 0
  private let dataFolders: [String]

  init(
    _ place: Place, _ online: SimulatedOnline, _ options: Simulation.Options
  ) throws(ScriptError) {
    number = place.number
    let network = place.network
    let identity = online.identities[number - 1]
    player = identity.id
    let transport = network.addHost()
    host = transport.host
    dataFolders = options.dataFolders
    let log = LogRecord(prefix: "peer \(number)", shown: options.shownLog, isKept: true) { network.now }
    self.log = log
    var settings = ScriptPeer.Options(dataFolders: options.dataFolders, log: log)
    settings.consoleOutput = { log.add(.messages, LogLine($0)) }
    settings.configs = SimulatedPeer.configs(options.config)
    let secret = options.secrets.indices.contains(number - 1) ? options.secrets[number - 1] : []
    var environment = NetworkRuntime.Environment(
      transport: transport,
      // Near seeds give unlike sequences, and the network itself has the bare one.
      random: SeededRandomSource(seed: options.seed &* 0x1_0000_0001 &+ UInt64(number)),
      now: { network.now }, log: { level, text in log.add(level, text()) },
      sharedSecret: secret.isEmpty ? nil : secret)
    environment.shownLog = { log.shown }
    if let file = online.settings[number - 1] {
      settings.settings.root = file
      environment.platformSettings = try SimulatedPeer.platformSettings(file)
    }
    if !online.isOff {
      environment.online = { [unowned self] () throws(OnlineError) in open(place.online, identity) }
    }
    if options.dumps.indices.contains(number - 1), !options.dumps[number - 1].isEmpty {
      do throws(DumpError) {
        environment.recorder = try DumpRecorder(
          path: options.dumps[number - 1], startTime: 0, log: { level, text in log.add(level, text()) })
      } catch {
        throw ScriptError("simulate.peers: \(error)")
      }
    }
    let peer = try ScriptPeer(environment, settings)
    self.peer = peer
    agent = try SimulatedPeer.makeAgent(peer.lua)
  }

  private static func platformSettings(_ file: SJSON.Node) throws(ScriptError) -> PlatformSettings {
    do throws(ConfigError) {
      return try PlatformSettings(file, file: "settings.ini")
    } catch {
      throw ScriptError("simulate.peers: \(error)")
    }
  }

  private func open(_ service: MemoryDirectoryService, _ identity: DirectoryIdentity) -> OnlineService.Setup {
    let door = service.makeDoor()
    self.door = door
    reachOnline()
    return OnlineService.Setup(directory: door, user: identity)
  }

  /// Whether the peer's cable is pulled.
  var isCutOff = false { didSet { reachOnline() } }
  /// Whether the peer alone has lost the online service.
  var hasLostOnline = false { didSet { reachOnline() } }

  private func reachOnline() { door?.isCutOff = isCutOff || hasLostOnline }

  /// A text is a config of its own; a name is one of the data folders' files.
  private static func configs(_ config: String) -> [String: String] {
    config.contains("=") || config.contains("\n") ? ["simulated": config] : [:]
  }

  private static func makeAgent(_ lua: LuaState) throws(ScriptError) -> Int32 {
    let make = try lua.load(Array(LuaSources.peer.utf8), name: "=simulate")
    let copying = try lua.load(Array(LuaSources.copying.utf8), name: "=simulate")
    defer {
      lua.release(make)
      lua.release(copying)
    }
    return try lua.keep { program in
      program.push(reference: make)
      program.push(reference: copying)
      program.call(arguments: 0, results: 2)
      program.call(arguments: 2, results: 1)
    }
  }

  /// The peer's own frame; a dead one does nothing.
  func frame(_ dt: Double) throws(ScriptError) {
    guard peer != nil else { return }
    try ask("frame", 1) { $0.push(dt) }
  }

  /// Runs a dumped function; arguments and results are encoded.
  func run(code: [UInt8], arguments: [UInt8]) throws(ScriptError) -> [UInt8] {
    try ask("call", 2) { program in
      program.push(bytes: code)
      program.push(bytes: arguments)
    }
  }

  /// The encoded list of what the recorder has heard; "" for every name.
  func events(named name: String) throws(ScriptError) -> [UInt8] {
    try ask("events", 1) { $0.push(name) }
  }

  /// Runs a file in the peer's state: as the path says, or in a data folder.
  func run(file path: String) throws(ScriptError) {
    let peer = try living()
    let places = path.hasPrefix("/") ? [path] : dataFolders.map { Files.join($0, path) } + [path]
    let place = places.first(where: Files.isFile) ?? path
    try named { () throws(ScriptError) in
      try Watchdog.watch(peer.lua.state) { () throws(ScriptError) in try peer.run(file: place) }
    }
  }

  /// What the peer's log says, a line each.
  func lines(upTo level: LogLevel) -> String { log.lines(upTo: level) }

  /// Ends the peer without a word.
  func end() {
    door?.abandon()
    peer?.lua.close()
    peer = nil
  }

  @discardableResult
  private func ask(_ what: String, _ count: Int, _ staging: (Program) -> Void) throws(ScriptError) -> [UInt8] {
    let peer = try living()
    return try named { () throws(ScriptError) in
      try Watchdog.watch(peer.lua.state) { () throws(ScriptError) in
        try peer.lua.call(agent, arguments: count + 1) { program in
          program.push(what)
          staging(program)
        } ?? []
      }
    }
  }

  private func living() throws(ScriptError) -> ScriptPeer {
    guard let peer else { throw ScriptError("peer \(number) was killed") }
    return peer
  }

  private func named<Result>(_ body: () throws(ScriptError) -> Result) throws(ScriptError) -> Result {
    do throws(ScriptError) {
      return try body()
    } catch {
      throw ScriptError("peer \(number): \(error.description)")
    }
  }
}
