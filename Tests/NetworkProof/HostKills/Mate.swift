import NetRuntime

/// A peer of the host kills: plays by what its world tells it, and keeps what it saw.
final class Mate {
  /// What became of an object here.
  struct Seen {
    var isAlive = true
    /// The highest value of each counting field that was seen.
    var values: [Int] = []
  }

  unowned let world: HostKillWorld
  let index: Int
  let card: KillSwitch
  let runtime: NetworkRuntime
  let peer: PeerID
  var lobby: LANLobby?
  var session: GameSession?
  var dice: Dice
  /// By uid.
  var seen: [UInt64: Seen] = [:]
  /// What was known of the lost host's objects when the loss was noticed.
  var known: [UInt64: Seen] = [:]
  /// Own objects that live: uid by id.
  var own: [UInt32: UInt64] = [:]
  /// The next message to each peer, and the last from each.
  var sent: [PeerID: Int] = [:]
  var received: [PeerID: Int] = [:]
  var synced: [PeerID: Int] = [:]
  var migrated: [UInt64: Int] = [:]
  var disconnects = 0
  var lostAt: Double?
  var hasLostHost = false
  var noticedAt = 0.0
  var calledAt: Double?
  /// When it called for the host that it has.
  var winningCall: Double?
  /// When a host was there again.
  var resumedAt: Double?
  var hasLeft = false
  var isStarted = false

  var isAlive: Bool { !card.isDead }
  var now: Double { world.network.now }
  var isMember: Bool { session?.isInSession == true }

  init(_ world: HostKillWorld, index: Int) {
    self.world = world
    self.index = index
    dice = Dice(world.plan.seed &* 4099 &+ UInt64(index) &* 77 &+ 3)
    peer = PeerID(rawValue: dice.next() >> 11 | 1)
    card = KillSwitch(world.network.addHost(), world.network)
    runtime = world.makeRuntime(card, dice.next())
  }

  func fail(_ text: @autoclosure () -> String) { world.fail("peer \(index) (\(peer)): \(text())") }

  func start() {
    isStarted = true
    do {
      try runtime.startLAN(config: world.config, gamePort: 4000, peer: peer)
      runtime.timing = world.timing
    } catch { fail("start: \(error)") }
  }

  func frame() {
    guard isAlive, isStarted else { return }
    runtime.receive()
    while isAlive, let event = runtime.nextEvent() { handle(event) }
    guard isAlive else { return }
    watchHost()
    world.act(self)
    guard isAlive else { return }
    runtime.transmit()
  }

  private func watchHost() {
    guard let session, session.isInSession else { return }
    if session.hostError {
      if lostAt == nil {
        lostAt = now
        hasLostHost = true
        noticedAt = now
        resumedAt = nil
        known = seen
        refresh(session)
        world.note(self, "has lost its host")
      }
      if let delay = world.plan.calls[index], let lostAt, calledAt == nil, now >= lostAt + delay {
        calledAt = now
        world.note(self, "calls migrate_game_session_host")
        do throws(SessionError) { try session.migrateHost() } catch { fail("migrate_game_session_host: \(error)") }
      }
    } else if lostAt != nil {
      lostAt = nil
      winningCall = calledAt
      calledAt = nil
      resumedAt = now
      world.note(self, "has the host \(session.host?.description ?? "nobody")")
    }
  }

  /// Takes in the values that all objects have now.
  func refresh(_ session: GameSession) {
    for owner in Set(session.peers + world.mates.map(\.peer)).sorted() {
      for id in session.objects(ownedBy: owner) { look(at: id, session) }
    }
    known = seen
  }

  func uid(of id: UInt32, _ session: GameSession) -> UInt64? {
    guard var reader = try? session.field(id, field: 0) else { return nil }
    return reader.readUInt64()
  }

  func counts(of id: UInt32, _ session: GameSession) -> [Int] {
    guard let type = try? session.objectType(of: id) else { return [] }
    let codec = world.countCodec
    return (1..<(type == world.thing ? 4 : 2)).map { field in
      guard var reader = try? session.field(id, field: field) else { return -1 }
      return Int(reader.readInt(codec))
    }
  }

  private func look(at id: UInt32, _ session: GameSession) {
    guard let uid = uid(of: id, session), var seen = seen[uid], seen.isAlive else { return }
    let values = counts(of: id, session)
    for (field, value) in values.enumerated() where field < seen.values.count {
      seen.values[field] = max(seen.values[field], value)
    }
    if seen.values.isEmpty { seen.values = values }
    self.seen[uid] = seen
  }

  private func handle(_ event: NetworkEvent) {
    switch event {
    case .objectCreated(let id, _):
      guard let session, let uid = uid(of: id, session) else { return fail("created object \(id) cannot be read") }
      if seen[uid]?.isAlive == true { fail("object \(id) (\(uid)) was created twice") }
      seen[uid] = Seen()
      look(at: id, session)
    case .objectDestroyed(let id, _):
      guard let session, let uid = uid(of: id, session) else { return fail("destroyed object \(id) cannot be read") }
      if seen[uid]?.isAlive != true { fail("object \(id) (\(uid)) was destroyed, and was not there") }
      seen[uid]?.isAlive = false
      own[id] = nil
    case .objectMigratedToMe(let id, _):
      guard let session, let uid = uid(of: id, session) else { return fail("migrated object \(id) cannot be read") }
      if own[id] != nil { fail("object \(id) migrated here twice") }
      own[id] = uid
      migrated[uid, default: 0] += 1
    case .objectMigratedAway(let id, _): own[id] = nil
    case .objectSyncDone(let member): synced[member, default: 0] += 1
    case .sessionDisconnect:
      disconnects += 1
      world.note(self, "is disconnected")
    case .message(let index, let sender, let arguments): hear(index, sender, arguments)
    }
  }

  private func hear(_ index: Int, _ sender: PeerID, _ arguments: BitReader) {
    var reader = arguments
    let number = Int(reader.readInt(world.countCodec))
    let expected = received[sender, default: 0] + 1
    // Who had not come in when the host died begins anew with the next one.
    let isFirst = self === world.joiner && !hasLostHost && received[sender] == nil
    if number != expected, !isFirst { fail("message \(number) from \(world.index(of: sender)), expected \(expected)") }
    received[sender] = number
    guard index == world.say else { return }
    let uid = reader.readUInt64()
    let isAlive = reader.read(bits: 1) == 1
    world.check(mention: uid, isAlive: isAlive, from: sender, at: self)
  }
}
