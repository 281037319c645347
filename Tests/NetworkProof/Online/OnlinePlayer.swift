import NetRuntime

/// One player of a platform: a program that looks for an entry with room, enters or makes one, plays the session of its
/// lobby, and goes on when it loses one of these.
final class OnlinePlayer {
  enum Phase {
    case off(until: Double)
    case searching(since: Double)
    /// The list is asked for.
    case waiting(since: Double)
    case entering(since: Double)
    case inside
  }

  unowned let world: OnlineWorld
  let index: Int
  let peer: PeerID
  private let name: String
  private(set) var lobby: PlatformLobby?
  var session: GameSession?
  var isHosting = false
  var wasInSession = false
  var sessionSince = 0.0
  var nextSession = 0.0
  var expectsSignOut = false
  private(set) var phase: Phase
  private(set) var runtime: NetworkRuntime?
  private var client: PlatformClient?
  private var door: MemoryDirectory?
  private var transport: VirtualTransport?
  /// Counts runs of the program: answers to an earlier one are nobody's.
  private var run = 0
  private var wasHost = false
  private var setData: [Bytes: Bytes] = [:]
  private(set) var dice: Dice

  init(_ world: OnlineWorld, index: Int, start: Double) {
    self.world = world
    self.index = index
    name = "player\(index)"
    peer = PeerID(playerName: name)
    dice = Dice(world.seed &* 6151 &+ UInt64(index) &* 17)
    phase = .off(until: start)
  }

  private var now: Double { world.network.now }

  var isRunning: Bool { runtime != nil }

  /// In a lobby whose session it plays.
  var isPlaying: Bool {
    guard case .inside = phase, let lobby, lobby.state == .joined, let session, session.isInSession else {
      return false
    }
    return lobby.gameSessionHost == session.host
      && Set(session.synchronizedPeers + session.otherPeers + [peer]) == Set(lobby.members)
  }

  var description: String {
    "\(phase), lobby \(lobby.map { "\($0.state)" } ?? "none") \(lobby?.failure?.description ?? "")"
  }

  var isCutOff = false {
    didSet { door?.isCutOff = isCutOff }
  }

  func fail(_ text: @autoclosure () -> String) { world.fail("player \(index) (\(peer)): \(text())") }

  func chance(_ rate: Double) -> Bool { dice.chance(rate * world.step) }

  // MARK: - The program

  func frame() {
    if case .off(let until) = phase {
      if now >= until { start() }
      return
    }
    guard let runtime else { return }
    runtime.receive(dt: world.step)
    while runtime.nextEvent() != nil {}
    if runtime.hasFailed { return signedOut() }
    decide()
    self.runtime?.transmit()
  }

  private func start() {
    run += 1
    expectsSignOut = false
    let transport = world.network.addHost()
    self.transport = transport
    let (network, world) = (world.network, world)
    let shown = [LogLevel.silent, .warnings, .messages][min(world.verbosity, 2)]
    var environment = NetworkRuntime.Environment(
      transport: transport, random: SeededRandomSource(seed: dice.next()), now: { network.now },
      log: { [index] level, text in if level <= shown { world.note("  player \(index): \(text())") } })
    let door = world.service.makeDoor()
    door.isCutOff = isCutOff
    self.door = door
    let identity = DirectoryIdentity(id: peer, name: name)
    environment.online = { OnlineService.Setup(directory: door, user: identity) }
    let runtime = NetworkRuntime(environment)
    self.runtime = runtime
    runtime.timing.pongTimeout = 6
    do {
      client = try runtime.startPlatform(world.platform, config: world.config, peer: nil)
    } catch {
      fail("could not start: \(error)")
    }
    phase = .searching(since: now)
  }

  private func signedOut() {
    if !expectsSignOut { fail("was signed out for no reason") }
    world.note("player \(index) ends: it was signed out")
    forgetSession()
    lobby = nil
    do { try runtime?.stopClient() } catch { fail("could not end: \(error)") }
    runtime?.closeOnline()
    end(pause: dice.between(0, 4))
  }

  func die() {
    door?.abandon()
    end(pause: dice.between(0, 8))
  }

  private func end(pause: Double) {
    if let transport { world.network.kill(transport.host) }
    isCutOff = false
    (runtime, client, door, transport, lobby, session) = (nil, nil, nil, nil, nil, nil)
    (isHosting, wasInSession, wasHost) = (false, false, false)
    run += 1
    phase = .off(until: now + pause)
  }

  // MARK: - Finding the others

  private func decide() {
    switch phase {
    case .off: break
    case .searching(let since): search(since: since)
    case .waiting(let since): watch(since, "a list", 45)
    case .entering(let since): enter(since: since)
    case .inside: stay()
    }
  }

  private func watch(_ since: Double, _ what: String, _ limit: Double) {
    guard now - since > limit else { return }
    fail("has waited \(limit) s for \(what)")
    phase = .searching(since: now)
  }

  private var kind: DirectoryEntry.Kind {
    switch world.platform {
    case .psn: .psnRoom
    case .xboxLive: .xboxSession
    default: .steamLobby
    }
  }

  private func search(since: Double) {
    guard let online = try? runtime?.online(), now >= nextSession else { return }
    let query = EntryQuery(
      kind: kind, title: "proof",
      filters: [
        .text(key: "game", .equal, "proof"), .number(key: "level", .greaterOrEqual, 0), .places(1), .distance(.default),
      ], near: [EntryQuery.Near(key: "level", value: 5)])
    phase = .waiting(since: since)
    let asked = run
    online.ask(.list(query)) { [weak self] result in
      guard let self, run == asked, case .waiting = phase else { return }
      switch result {
      case .success(.entries(let entries)): choose(from: entries, since: since)
      default:
        nextSession = now + 1
        phase = .searching(since: since)
      }
    }
  }

  private func choose(from entries: [DirectoryEntry], since: Double) {
    guard let client else { return }
    if let entry = dice.pick(entries) {
      lobby = client.joinLobby(entry.id, kind: kind, memberData: ["name": Bytes(name)])
    } else {
      world.counts.created += 1
      var entry = DirectoryEntry(
        id: client.newEntryID(), kind: kind, title: "proof", host: peer, maximum: world.players.count)
      entry.data = ["game": "proof", "level": Bytes("\(dice.below(10))")]
      lobby = client.createLobby(entry, memberData: ["name": Bytes(name)])
    }
    phase = .entering(since: now)
  }

  private func enter(since: Double) {
    guard let lobby else { return }
    switch lobby.state {
    case .joined:
      world.counts.joined += 1
      phase = .inside
    case .failed:
      world.note("player \(index) could not enter: \(lobby.failure?.description ?? "")")
      leave(pause: dice.between(0, 1))
    case .creating, .joining: watch(since, "an entry", 45)
    }
  }

  private func leave(pause: Double) {
    forgetSession()
    if let lobby, isRunning {
      do { try runtime?.leave(lobby) } catch { fail("could not leave: \(error)") }
    }
    lobby = nil
    wasHost = false
    nextSession = now + pause
    phase = .searching(since: now + pause)
  }

  // MARK: - Inside

  private func stay() {
    guard let lobby else { return }
    guard lobby.state == .joined else {
      world.note("player \(index) lost its lobby: \(lobby.failure?.description ?? "")")
      return leave(pause: dice.between(0, 1))
    }
    stepSession(lobby)
    guard !world.isSettling else { return }
    if chance(0.2) { try? lobby.setMemberData("ready", to: Bytes("\(dice.below(3))")) }
    if lobby.isHost, chance(0.3) {
      try? lobby.setData("level", to: Bytes("\(dice.below(10))"))
      if chance(2) { lobby.change([.setClosed(false)]) }
    }
    if chance(0.03) {
      world.counts.left += 1
      world.note("player \(index) leaves")
      leave(pause: dice.between(0, 3))
    }
  }

  func forgetSession() {
    if session != nil { runtime?.endSession() }
    session = nil
    isHosting = false
    wasInSession = false
  }

  // MARK: - The end

  /// Whether this player sees an entry as the directory has it, and is connected to everybody in it.
  func check(_ entry: DirectoryEntry, _ members: [OnlinePlayer]) {
    guard let lobby, lobby.id == entry.id, lobby.state == .joined else {
      return fail("is a member of \(entry.id) and does not know: \(description)")
    }
    let peers = Set(entry.members.map(\.peer))
    if lobby.entry.members != entry.members { fail("has other members than the directory") }
    if Set(lobby.members) != peers || lobby.members.first != lobby.lobbyHost { fail("members \(lobby.members)") }
    if lobby.lobbyHost != entry.host { fail("lobby host \(lobby.lobbyHost), not \(entry.host)") }
    if lobby.entry.data != entry.data { fail("has other data than the directory") }
    if lobby.gameSessionHost != entry.sessionHost { fail("has another game session host than the directory") }
    for other in peers where other != peer {
      if (try? runtime?.connection(to: other)) == nil || (try? runtime?.isBroken(other)) != false {
        fail("has no connection to \(other)")
      }
    }
    guard let session, session.isInSession else { return fail("is in no session") }
    if session.host != entry.sessionHost { fail("is in another session than its lobby's") }
    if Set(session.otherPeers) != peers.subtracting([peer]) { fail("session with \(session.otherPeers)") }
  }
}
