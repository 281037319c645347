import Testing

@testable import NetRuntime

/// The players of one seed, what they ask, and all that is known of it.
struct DirectoryPlay {
  var state = DirectoryState()
  var accepted = 0
  private let random: SeededRandomSource
  private(set) var now = 50.0
  let players: [PeerID]
  private let servers: Set<PeerID>
  private(set) var runs: [PeerID: UInt64] = [:]
  private(set) var lastHeard: [PeerID: Double] = [:]
  private(set) var mirrors = Mirrors()
  private(set) var replica = DirectoryState()
  private(set) var replicaMirrors = Mirrors()
  /// A program that slept for a while, and then reads everything.
  private(set) var sleeper = DirectoryState()
  private(set) var sleepersMirrors = Mirrors()
  private var lastRun: UInt64 = 0
  private(set) var steps = 0

  init(seed: UInt64) {
    random = SeededRandomSource(seed: seed)
    players = (1...10).map { PeerID(rawValue: $0) }
    servers = [PeerID(rawValue: 9), PeerID(rawValue: 10)]
  }

  private func draw(_ bound: Int) -> Int { Int(random.next(below: UInt64(bound))) }
  private func pick<Element>(_ elements: [Element]) -> Element { elements[draw(elements.count)] }
  private func chance(_ part: Double) -> Bool { random.nextUnit() < part }

  // MARK: - What happens

  mutating func step() {
    steps += 1
    now += Double(draw(100)) / 100
    state.advance(to: now)
    hear()
    let player = pick(players)
    if let run = runs[player] {
      switch draw(40) {
      case 0:
        state.signOut(player, run: run)
        runs[player] = nil
      case 1: signIn(player)
      case 2:
        // It dies: nobody hears of it any more.
        runs[player] = nil
      default: request(player, run)
      }
    } else if chance(0.5) {
      signIn(player)
    }
    hear()
    for (player, run) in runs where now - (lastHeard[player] ?? 0) > 3 {
      try? state.heartbeat(player, run: run, at: now)
      lastHeard[player] = now
    }
    sync()
  }

  mutating func endAll() {
    runs = [:]
    state.advance(to: now + 13)
    now += 13
    hear()
    sync()
  }

  private mutating func signIn(_ player: PeerID) {
    lastRun += 1
    runs[player] = lastRun
    lastHeard[player] = now
    var relations: [PeerID: PlayerRelation] = [:]
    for other in players where other != player && !servers.contains(other) && chance(0.4) {
      relations[other] = pick([.friend, .friend, .friend, .blocked, .ignored])
    }
    let identity = DirectoryIdentity(
      id: player, kind: servers.contains(player) ? .server : .player, name: "p\(player)",
      region: Region(pick(["local", "eu-west", "us-west"])) ?? .local, relations: relations)
    try? state.signIn(identity, run: lastRun, at: now)
    hear()
    mirrors.mirrors[player] = Mirror()
    replicaMirrors.mirrors[player] = nil
    sleepersMirrors.mirrors[player] = nil
    if case .friends(let all)? = try? state.apply(.friends, as: player, run: lastRun, at: now) {
      for one in all { mirrors.mirrors[player]?.take(.acquaintance(one)) }
    }
  }

  private mutating func request(_ player: PeerID, _ run: UInt64) {
    let request = drawRequest(player)
    let before = steps % 10 == 0 ? state.records : nil
    do {
      let answer = try state.apply(request, as: player, run: run, at: now)
      accepted += 1
      if chance(0.2) { repeatRequest(request, player, run, answer) }
    } catch {
      if let before { #expect(state.records == before, "a refused request changed something: \(request)") }
    }
    hear()
  }

  private mutating func repeatRequest(
    _ request: DirectoryRequest, _ player: PeerID, _ run: UInt64, _ answer: DirectoryAnswer
  ) {
    hear()
    let before = state.records
    let again = try? state.apply(request, as: player, run: run, at: now)
    switch (answer, again) {
    // What was found at once shows only in the second answer.
    case (.ticket, _): break
    case (.entry(let entry), .entry(let newer)?) where newer.revision > entry.revision: break
    // Changes that began with who was put out by them cannot begin so again.
    case (.entry, nil) where request.putsOut: break
    default: #expect(again == answer, "another answer to \(request)")
    }
    #expect(state.records == before, "a repeated request changed something: \(request)")
  }

  private func drawRequest(_ player: PeerID) -> DirectoryRequest {
    let id = EntryID(rawValue: UInt64(1 + draw(9)))
    let other = pick(players)
    switch draw(17) {
    case 0, 1: return .create(entry: drawEntry(id, player), peer: player, memberData: chance(0.5) ? ["a": "1"] : [:])
    case 2, 3, 4: return .join(id, password: chance(0.3) ? "x" : nil, peer: player, memberData: [:])
    case 5: return .leave(id)
    case 6, 7, 8: return .change(id, (0...draw(3)).map { _ in drawChange(other) })
    case 9: return .find(id)
    case 10: return .setPresence(["status": Bytes("\(draw(3))")])
    case 11: return .setActivity(chance(0.3) ? nil : PlayerActivity(title: "t", entry: id))
    case 12:
      return .invite(Invitation(id: UInt64(1 + draw(50)), title: "t", entry: chance(0.7) ? id : nil), to: [other])
    case 13: return .startTicket(drawTicket(id))
    case 14: return .publish(endpoints: [Endpoint(address: 1, port: UInt16(draw(5)))])
    case 15: return .deleteTicket(UInt64(1 + draw(20)))
    default: return chance(0.5) ? .dismissInvitation(UInt64(1 + draw(50))) : .keep(key: "k", value: Bytes("\(draw(3))"))
    }
  }

  private func drawEntry(_ id: EntryID, _ player: PeerID) -> DirectoryEntry {
    DirectoryEntry(
      id: id, kind: servers.contains(player) ? .steamServer : .steamLobby, title: "t", host: player,
      maximum: 1 + draw(4), visibility: pick([.byInvitation, .friends, .everyone, .everyone, .unseen]),
      reservations: chance(0.2) ? [pick(players)] : [], password: chance(0.2) ? "x" : nil)
  }

  private func drawChange(_ other: PeerID) -> EntryChange {
    switch draw(12) {
    case 0: .setData(key: "k", value: chance(0.3) ? nil : Bytes("\(draw(9))"))
    case 1: .setName(Bytes("n\(draw(4))"))
    case 2: .setSessionHost(chance(0.3) ? nil : other)
    case 3: .setVisibility(pick([.byInvitation, .friends, .everyone, .unseen]))
    case 4: .setClosed(chance(0.2))
    case 5: .setMaximum(1 + draw(5))
    case 6: .setPassword(chance(0.5) ? nil : "x")
    case 7: .setHost(other)
    case 8: .reserve([other])
    case 9: chance(0.3) ? .kick(other) : .drop(other)
    case 10: .setDataOfMember(other, key: "d", value: Bytes("\(draw(3))"))
    default: .setMemberData(key: "m", value: Bytes("\(draw(3))"))
    }
  }

  private func drawTicket(_ id: EntryID) -> MatchTicket {
    MatchTicket(
      id: UInt64(1 + draw(20)), entry: id,
      hopper: Hopper(
        title: "t", name: "h", minimumPlayers: 3, maximumPlayers: 4,
        rules: [.within(attribute: "s", difference: 2)]), attributes: ["s": .number(Double(draw(5)))],
      timeout: Double(1 + draw(20)), keepsSession: chance(0.2))
  }

  // MARK: - What is known of it

  private mutating func hear() { mirrors.take(state.takeNews(), runs: runs) }

  private mutating func sync() {
    let records = state.takeRecords()
    replica.absorb(records, isWhole: false, at: now)
    replicaMirrors.take(replica.takeNews(), runs: runs)
    if steps % 50 == 0 {
      sleeper.absorb(state.records, isWhole: true, at: now)
      sleepersMirrors.take(sleeper.takeNews(), runs: runs)
    }
  }
}

extension DirectoryRequest {
  fileprivate var putsOut: Bool {
    guard case .change(_, let changes) = self else { return false }
    return changes.contains { change in
      switch change {
      case .drop, .kick: true
      default: false
      }
    }
  }
}
