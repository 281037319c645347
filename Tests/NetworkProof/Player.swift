import NetRuntime

/// One player: a program like a game's, that looks for a lobby, enters it, joins the session and plays at random.
final class Player {
  enum Phase {
    case off(until: Double)
    case searching(since: Double)
    case entering(since: Double)
    case inside
  }

  unowned let world: World
  let index: Int
  var dice: Dice
  var transport: VirtualTransport
  var runtime: NetworkRuntime
  var peer: PeerID
  var phase: Phase
  var lobby: LANLobby?
  /// The number of the stay in the lobby.
  var stay: Int?
  /// Whether the browser has searched since this player began to look; what it found before may be gone.
  var hasRefreshed = false
  var session: GameSession?
  var instance: Ledger.Instance?
  var instanceSince = 0.0
  var nextSession = 0.0
  var askedAt: Double?
  var leavingSince: Double?
  var hostErrorSince: Double?
  var asleepUntil = 0.0
  var isDead = false
  /// Peers to take into the session: what they asked with, and when.
  var asks: [(peer: PeerID, instance: Int)] = []
  var askedWith: [PeerID: Int] = [:]
  var nextAdd: [PeerID: Double] = [:]

  var now: Double { world.network.now }
  var ledger: Ledger { world.ledger }
  var config: NetworkConfig { world.config }

  init(_ world: World, index: Int, start: Double) {
    self.world = world
    self.index = index
    dice = Dice(world.seed &* 1009 &+ UInt64(index) &* 31 &+ 7)
    peer = PeerID(rawValue: dice.next() >> 11 | 1)
    transport = world.network.addHost()
    phase = .off(until: start)
    runtime = world.makeRuntime(transport, dice.next())
  }

  func frame() {
    guard !isDead, now >= asleepUntil else { return }
    runtime.receive()
    while let event = runtime.nextEvent() { handle(event) }
    decide()
    runtime.transmit()
  }

  func fail(_ text: @autoclosure () -> String) { ledger.fail(now, "player \(index) (peer \(peer)): \(text())") }

  // MARK: Finding the others

  private func decide() {
    switch phase {
    case .off(let until):
      if now >= until { startClient() }
    case .searching(let since): search(since: since)
    case .entering(let since):
      guard let lobby else { return }
      if lobby.state == .joined {
        phase = .inside
      } else if lobby.state == .failed {
        world.note(self, "lobby failed: \(lobby.failureReason ?? "")")
        leaveLobby()
        phase = .searching(since: since)
      } else if now - since > 40 {
        fail("has waited 40 s to enter the lobby")
        phase = .entering(since: now)
      }
    case .inside:
      guard let lobby else { return }
      if lobby.state == .failed {
        world.note(self, "lobby failed: \(lobby.failureReason ?? "")")
        dropSession(expectsDisconnect: false)
        leaveLobby()
        phase = .searching(since: now)
      } else {
        stepSession(lobby)
      }
    }
  }

  private func startClient() {
    do {
      try runtime.startLAN(config: config, gamePort: 4000, peer: peer)
      runtime.timing = world.timing
      phase = .searching(since: now)
      if index == 0, world.hasNoLobby { openLobby() }
    } catch {
      fail("could not start: \(error)")
    }
  }

  private func openLobby() {
    do {
      lobby = try runtime.createLobby(port: World.lobbyPort, maxMembers: 64)
      try lobby?.setData(Array("name".utf8), to: Array("proof".utf8))
      stay = ledger.beginLife(player: index, peer: peer, isBound: false, at: now)
      phase = .inside
      world.note(self, "opens a lobby")
    } catch {
      fail("create_lan_lobby: \(error)")
    }
  }

  private func search(since: Double) {
    guard let browser = try? runtime.lobbyBrowser() else { return }
    guard !browser.isRefreshing else { return }
    guard hasRefreshed else {
      hasRefreshed = true
      return browser.refresh(port: World.lobbyPort)
    }
    hasRefreshed = false
    let found = (0..<browser.count).compactMap { browser.lobby(at: $0) }
    if let listing = dice.pick(found) {
      do {
        lobby = try runtime.joinLobby(address: listing.address.description, ownPort: World.lobbyPort)
        stay = ledger.beginLife(player: index, peer: peer, isBound: false, at: now)
        phase = .entering(since: since)
      } catch {
        fail("join_lan_lobby: \(error)")
      }
      return
    }
    if world.hasNoLobby { return openLobby() }
    if now - since > 40 {
      fail("has looked for the lobby for 40 s")
      phase = .searching(since: now)
    }
  }

  func leaveLobby() {
    if let lobby {
      do { try runtime.leaveLobby(lobby) } catch { fail("leave_lan_lobby: \(error)") }
    }
    lobby = nil
    if let stay { ledger.endLife(stay, at: now) }
    stay = nil
  }

  // MARK: Ways out

  /// Ends the session object.
  func dropSession(expectsDisconnect: Bool?) {
    guard let instance else { return }
    if let expectsDisconnect, instance.expectsDisconnect == nil { instance.expectsDisconnect = expectsDisconnect }
    if instance.expectsDisconnect == true, instance.wasMember, instance.disconnects != 1 {
      fail("heard game_session_disconnect \(instance.disconnects) times, not once")
    }
    runtime.endSession()
    instance.end = now
    ledger.endLife(instance.number, at: now)
    self.instance = nil
    session = nil
    leavingSince = nil
    hostErrorSince = nil
    asks.removeAll()
    askedWith.removeAll()
    nextAdd.removeAll()
    nextSession = now + dice.between(0.2, 3)
  }

  /// Ends the client; a new one starts after some time, with the same id or another.
  func restart(after pause: Double) {
    ledger.counts.restarts += 1
    dropSession(expectsDisconnect: false)
    if let stay { ledger.endLife(stay, at: now) }
    stay = nil
    lobby = nil
    do { try runtime.stopClient() } catch { fail("shutdown_lan_client: \(error)") }
    if dice.chance(0.5) { peer = PeerID(rawValue: dice.next() >> 11 | 1) }
    world.note(self, "client shut down")
    phase = .off(until: now + pause)
  }

  /// The process dies; another starts on another machine.
  func die(restartAfter pause: Double) {
    ledger.counts.kills += 1
    world.note(self, "killed")
    world.network.kill(transport.host)
    if let instance {
      instance.end = now
      ledger.endLife(instance.number, at: now)
    }
    if let stay { ledger.endLife(stay, at: now) }
    (stay, lobby, instance, session) = (nil, nil, nil, nil)
    asks.removeAll()
    askedWith.removeAll()
    nextAdd.removeAll()
    leavingSince = nil
    hostErrorSince = nil
    transport = world.network.addHost()
    runtime = world.makeRuntime(transport, dice.next())
    if dice.chance(0.5) { peer = PeerID(rawValue: dice.next() >> 11 | 1) }
    phase = .off(until: now + pause)
  }
}
