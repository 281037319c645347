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
    startClient(runtime)
  }

  private func startClient(_ runtime: NetworkRuntime) {
    do {
      client = try runtime.startPlatform(world.platform, config: world.config, peer: nil)
    } catch {
      fail("could not start: \(error)")
    }
    phase = .searching(since: now)
  }

  /// The client is of no more use: the program starts another one, or ends.
  private func signedOut() {
    if !expectsSignOut, !world.mayLoseContexts { fail("was signed out for no reason") }
    expectsSignOut = false
    forgetSession()
    lobby = nil
    do { try runtime?.stopClient() } catch { fail("could not end: \(error)") }
    if let runtime, dice.chance(0.5) {
      world.note("player \(index) was signed out, and starts another client")
      world.counts.restarts += 1
      run += 1
      startClient(runtime)
    } else {
      world.note("player \(index) ends: it was signed out")
      runtime?.closeOnline()
      end(pause: dice.between(0, 4))
    }
  }

  func die() {
    door?.abandon()
    end(pause: dice.between(0, 8))
  }

  private func end(pause: Double) {
    if let transport { world.network.kill(transport.host) }
    isCutOff = false
    (runtime, client, door, transport, lobby, session) = (nil, nil, nil, nil, nil, nil)
    (isHosting, wasInSession) = (false, false)
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

  private func search(since: Double) {
    guard let online = try? runtime?.online(), now >= nextSession else { return }
    if let invitation = online.takeInvitation(), let entry = invitation.entry { return join(entry) }
    let query = EntryQuery(
      kind: world.platform.entryKind, title: "proof",
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
      join(entry.id)
    } else {
      world.counts.created += 1
      var entry = DirectoryEntry(
        id: client.newEntryID(), kind: world.platform.entryKind, title: "proof", host: peer,
        maximum: world.players.count)
      entry.data = ["game": "proof", "level": Bytes("\(dice.below(10))")]
      if dice.chance(0.2) { entry.visibility = .byInvitation }
      lobby = client.createLobby(entry, memberData: ["name": Bytes(name)])
      phase = .entering(since: now)
    }
  }

  private func join(_ id: EntryID) {
    lobby = client?.joinLobby(id, kind: world.platform.entryKind, memberData: ["name": Bytes(name)])
    phase = .entering(since: now)
  }

  private func invite(to lobby: PlatformLobby) {
    guard let online = try? runtime?.online(), let guest = dice.pick(world.players.filter { $0 !== self }) else {
      return
    }
    world.counts.invitations += 1
    online.ask(.invite(Invitation(id: online.drawID(), title: "proof", entry: lobby.id), to: [guest.peer]))
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
    }
    if chance(lobby.entry.visibility == .byInvitation ? 0.5 : 0.05) { invite(to: lobby) }
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
}
