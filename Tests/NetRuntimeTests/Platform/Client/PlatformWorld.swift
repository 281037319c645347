@testable import NetRuntime

/// A directory that a test watches: what was asked, and what is not answered.
final class WatchedDirectory: Directory {
  private let inner: MemoryDirectory
  private(set) var asked: [DirectoryRequest] = []
  private(set) var signIns = 0
  private var unanswered: [UInt64: DirectoryRequest] = [:]
  /// Answers in place of the directory; nil lets it answer itself.
  var answer: ((DirectoryRequest) -> Result<DirectoryAnswer, DirectoryError>?)?
  private var made: [DirectoryNews] = []

  init(_ inner: MemoryDirectory) { self.inner = inner }

  /// Changes of entries that are under way.
  var changesUnderWay: Int { unanswered.values.count { if case .change = $0 { true } else { false } } }

  /// The changes that were asked for, one request each.
  var changes: [[EntryChange]] { asked.compactMap { if case .change(_, let changes) = $0 { changes } else { nil } } }

  func signIn(_ identity: DirectoryIdentity) {
    signIns += 1
    inner.signIn(identity)
  }

  func signOut(_ player: PeerID) { inner.signOut(player) }

  func ask(_ request: DirectoryRequest, as player: PeerID, number: UInt64) {
    asked.append(request)
    if let result = answer?(request) { return made.append(.answer(number: number, result)) }
    unanswered[number] = request
    inner.ask(request, as: player, number: number)
  }

  func next() -> DirectoryNews? {
    if !made.isEmpty { return made.removeFirst() }
    let news = inner.next()
    if case .answer(let number, _)? = news { unanswered[number] = nil }
    return news
  }

  func close() { inner.close() }
}

/// A player's program.
final class PlatformPlayer {
  let name: String
  let runtime: NetworkRuntime
  let door: MemoryDirectory
  let directory: WatchedDirectory
  private(set) var warnings: [String] = []
  let config: NetworkConfig

  init(_ name: String, _ world: PlatformWorld) throws {
    self.name = name
    config = world.config
    let door = world.service.makeDoor()
    let directory = WatchedDirectory(door)
    self.door = door
    self.directory = directory
    let network = world.network
    let identity = DirectoryIdentity(id: PeerID(playerName: name), name: name, relations: world.relations[name] ?? [:])
    final class Lines {
      var add: (String) -> Void = { _ in }
    }
    let lines = Lines()
    var environment = NetworkRuntime.Environment(
      transport: network.addHost(), random: SeededRandomSource(seed: UInt64(name.utf8.first ?? 0)),
      now: { network.now }, log: { level, line in if level == .warnings { lines.add(line().text) } })
    environment.online = { OnlineService.Setup(directory: directory, user: identity) }
    runtime = NetworkRuntime(environment)
    lines.add = { [weak self] in self?.warnings.append($0) }
  }

  var peer: PeerID { PeerID(playerName: name) }

  var online: OnlineService {
    get throws { try runtime.online() }
  }

  func start(_ platform: Platform = .steam) throws -> PlatformClient {
    try runtime.startPlatform(platform, config: config)
  }

  func frame(_ step: Double) {
    runtime.receive(dt: step)
    while runtime.nextEvent() != nil {}
    runtime.transmit()
  }
}

/// Players on a virtual network with a directory in memory.
final class PlatformWorld: FrameWorld {
  let network = VirtualNetwork(seed: 5)
  let service: MemoryDirectoryService
  let config: NetworkConfig
  var relations: [String: [PeerID: PlayerRelation]] = [:]
  private(set) var players: [PlatformPlayer] = []
  private let stepTime = 1.0 / 30

  init(latency: ClosedRange<Double> = 0.05...0.05) throws {
    let network = network
    network.defaultFaults = LinkFaults(latency: 0.02)
    service = MemoryDirectoryService(
      clock: { network.now }, random: SeededRandomSource(seed: 3), latency: latency)
    config = try NetworkConfig.parse(Array("messages = { a = {} }".utf8), file: "test")
  }

  func add(_ name: String) throws -> PlatformPlayer {
    let player = try PlatformPlayer(name, self)
    players.append(player)
    return player
  }

  func remove(_ player: PlatformPlayer) { players.removeAll { $0 === player } }

  func step() {
    network.advance(to: network.now + stepTime)
    for player in players { player.frame(stepTime) }
  }

  /// The entry as the directory has it.
  func entry(_ id: EntryID) -> DirectoryEntry? { service.state.shelves[id] }
}

extension PlatformClient {
  /// A lobby that everybody may enter.
  func make(maximum: Int = 4, kind: DirectoryEntry.Kind = .steamLobby) -> PlatformLobby {
    createLobby(
      DirectoryEntry(id: newEntryID(), kind: kind, title: "test", host: localPeer, maximum: maximum))
  }

  func enter(_ lobby: PlatformLobby) -> PlatformLobby { joinLobby(lobby.id, kind: lobby.entry.kind) }
}

/// Players that are in the first one's lobby and connected.
struct PlatformMeeting {
  let world: PlatformWorld
  let players: [PlatformPlayer]
  let clients: [PlatformClient]
  let lobbies: [PlatformLobby]

  init(_ names: String..., platform: Platform = .steam, kind: DirectoryEntry.Kind = .steamLobby) throws {
    world = try PlatformWorld()
    let world = world
    players = try names.map { try world.add($0) }
    clients = try players.map { try $0.start(platform) }
    let hosted = clients[0].make(kind: kind)
    guard world.run(atMost: 5, until: { hosted.state == .joined }) else { throw NotMet() }
    let entered = clients.dropFirst().map { $0.enter(hosted) }
    lobbies = [hosted] + entered
    let (clients, lobbies) = (clients, lobbies)
    let isMet = world.run(atMost: 10) {
      lobbies.allSatisfy { $0.state == .joined && $0.members.count == names.count }
        && clients.allSatisfy { client in clients.allSatisfy { $0 === client || client.isConnected(to: $0.localPeer) } }
    }
    guard isMet else { throw NotMet() }
  }

  struct NotMet: Error {}
}
