import Testing

@testable import NetRuntime

/// Thousands of random requests, deaths and returns, with what must always be so.
@Suite struct DirectoryPlayTests {
  @Test(arguments: 0..<8) func whateverIsAskedTheRulesHold(_ seed: UInt64) {
    var play = DirectoryPlay(seed: seed)
    for step in 0..<700 {
      play.step()
      if let problem = play.problem() {
        Issue.record("seed \(seed), step \(step): \(problem)")
        return
      }
    }
    play.endAll()
    if let problem = play.problem() { Issue.record("seed \(seed), at the end: \(problem)") }
    #expect(play.state.entryCount == 0)
    #expect(play.accepted > 150)
  }
}

/// What one player's program knows by news alone.
private struct Mirror: Equatable {
  var entries: [EntryID: DirectoryEntry] = [:]
  var acquaintances: [PeerID: Acquaintance] = [:]
  var tickets: [UInt64: MatchTicket] = [:]

  mutating func take(_ change: DirectoryChange) {
    switch change {
    case .entry(let entry): entries[entry.id] = entry
    case .left(let id, _): entries[id] = nil
    case .acquaintance(let one): acquaintances[one.player.id] = one.relation == nil && !one.isAsking ? nil : one
    case .invitation: break
    case .ticket(let ticket): tickets[ticket.id] = ticket.state == .searching ? ticket : nil
    }
  }
}

/// The mirrors of all runs that are signed in, fed by the news of one state.
private struct Mirrors {
  var mirrors: [PeerID: Mirror] = [:]

  mutating func take(_ news: [(player: PeerID, news: StateNews)], runs: [PeerID: UInt64]) {
    for (player, news) in news {
      switch news {
      case .change(let change): mirrors[player, default: Mirror()].take(change)
      case .signedOut(_, let run): if run != runs[player] || runs[player] == nil { mirrors[player] = nil }
      }
    }
  }
}

private struct DirectoryPlay {
  var state = DirectoryState()
  var accepted = 0
  private let random: SeededRandomSource
  private var now = 50.0
  private let players: [PeerID]
  private let servers: Set<PeerID>
  private var runs: [PeerID: UInt64] = [:]
  private var lastHeard: [PeerID: Double] = [:]
  private var mirrors = Mirrors()
  private var replica = DirectoryState()
  private var replicaMirrors = Mirrors()
  /// A program that slept for a while, and then reads everything.
  private var sleeper = DirectoryState()
  private var sleepersMirrors = Mirrors()
  private var lastRun: UInt64 = 0
  private var steps = 0

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
    // A ticket that was found at once answers so now.
    if case .ticket = answer {} else { #expect(again == answer, "another answer to \(request)") }
    #expect(state.records == before, "a repeated request changed something: \(request)")
  }

  private func drawRequest(_ player: PeerID) -> DirectoryRequest {
    let id = EntryID(rawValue: UInt64(1 + draw(9)))
    let other = pick(players)
    switch draw(16) {
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

  // MARK: - What must be so

  func problem() -> String? {
    problemOfEntries() ?? problemOfMirrors(mirrors, "a player's")
      ?? problemOfMirrors(replicaMirrors, "another program's", onlyEntries: true) ?? problemOfCopies()
  }

  private func problemOfEntries() -> String? {
    var counts: [PeerID: Int] = [:]
    for id in state.shelves.ids {
      guard let entry = state.shelves[id] else { return "\(id) is listed and is not there" }
      let members = entry.members.map(\.player)
      if entry.kind == .steamServer {
        if state.run(of: entry.host) == nil { return "the server of \(id) is not signed in" }
      } else if !members.contains(entry.host) {
        return "the host of \(id) is no member"
      }
      if members.count > entry.maximum { return "\(id) has \(members.count) of \(entry.maximum) members" }
      if Set(members).count != members.count { return "\(id) has a member twice" }
      if members.contains(where: entry.kicked.contains) { return "\(id) has a member that was put out" }
      if let host = entry.sessionHost, host != entry.host, !entry.members.contains(where: { $0.peer == host }) {
        return "the session host of \(id) is not in it"
      }
      if entry.hasPassword != (entry.password != nil) { return "\(id) is wrong about its password" }
      for member in entry.members where state.run(of: member.player) != member.run {
        return "\(member.player) is in \(id) with run \(member.run), and signed in with another"
      }
      for player in Set(members).union([entry.host]) { counts[player, default: 0] += 1 }
    }
    if let busy = counts.first(where: { $0.value > Limits.entriesPerPlayer }) { return "\(busy) entries" }
    for player in players where runs[player] == nil && now - (lastHeard[player] ?? 0) > Limits.heartbeatTimeout {
      if state.run(of: player) != nil { return "\(player) is dead and signed in" }
      if state.seats[player] != nil { return "\(player) is dead and seated" }
    }
    for id in state.tickets.ids {
      guard let record = state.tickets[id], let entry = state.shelves[record.ticket.entry] else {
        return "a ticket without an entry"
      }
      if entry.member(record.owner) == nil { return "a ticket whose owner is gone" }
      if record.deadline < now { return "a ticket is too old" }
      if record.ticket.state == .searching, record.ticket.players != entry.members.map(\.player) {
        return "a ticket of others than the entry's members"
      }
    }
    return nil
  }

  private func problemOfMirrors(_ mirrors: Mirrors, _ whose: String, onlyEntries: Bool = false) -> String? {
    for (player, run) in runs where state.run(of: player) == run {
      let mirror = mirrors.mirrors[player] ?? Mirror()
      var entries: [EntryID: DirectoryEntry] = [:]
      var tickets: [UInt64: MatchTicket] = [:]
      for id in state.shelves.ids {
        guard var entry = state.shelves[id] else { continue }
        guard entry.host == player || entry.members.contains(where: { $0.player == player }) else { continue }
        if entry.host != player { entry.password = nil }
        entries[id] = entry
      }
      if mirror.entries != entries {
        return "\(whose) view of \(player)'s entries: \(mirror.entries.values) instead of \(entries.values)"
      }
      if onlyEntries { continue }
      for id in state.tickets.ids {
        guard let ticket = state.tickets[id]?.ticket, ticket.state == .searching, ticket.players.contains(player)
        else { continue }
        tickets[id] = ticket
      }
      // Who leaves an entry is told so, and not of its tickets.
      let known = mirror.tickets.filter { entries[$0.value.entry] != nil }
      if known != tickets { return "\(whose) view of \(player)'s tickets: \(known) instead of \(tickets)" }
      let all = Dictionary(uniqueKeysWithValues: state.acquaintances(of: player).map { ($0.player.id, $0) })
      if mirror.acquaintances != all {
        let wrong = Set(all.keys).union(mirror.acquaintances.keys).filter { mirror.acquaintances[$0] != all[$0] }
        return "\(whose) view of what \(player) sees of "
          + "\(wrong.map { ($0, mirror.acquaintances[$0].debugDescription, all[$0].debugDescription) })"
      }
    }
    return nil
  }

  private func problemOfCopies() -> String? {
    guard steps % 25 == 0 else { return nil }
    if replica.records != state.records { return "the replica is another" }
    var fresh = DirectoryState()
    fresh.absorb(state.records, isWhole: true, at: now)
    if fresh.records != state.records { return "a copy that absorbs everything is another" }
    guard steps % 50 == 0 else { return nil }
    if sleeper.records != state.records { return "a copy that slept is another" }
    return problemOfMirrors(sleepersMirrors, "a sleeper's", onlyEntries: true)
  }
}
