import Testing

@testable import NetRuntime

@Suite struct DirectoryRecordsTests {
  private static let anna = DirectoryFixture.id("anna")
  private static let bob = DirectoryFixture.id("bob")

  @Test func aReplicaTellsWhatHappensElsewhere() throws {
    var fixture = try DirectoryFixture("anna", "bob")
    var replica = DirectoryState()
    func sync() -> DirectoryFixture.News {
      replica.absorb(fixture.state.takeRecords(), isWhole: false, at: fixture.now)
      return DirectoryFixture.News(all: replica.takeNews())
    }
    _ = sync()
    try fixture.create(7, by: "anna")
    try fixture.join("bob", 7)
    let joined = try #require(fixture.entry(7)).hidden
    #expect(sync().changes(of: "bob") == [.entry(joined)])
    try fixture.change("anna", 7, .kick(Self.bob))
    #expect(sync().changes(of: "bob") == [.left(EntryID(rawValue: 7), .kicked)])
    try fixture.leave("anna", 7)
    #expect(sync().changes(of: "anna") == [.left(EntryID(rawValue: 7), .ended)])
    try fixture.signIn("anna", run: 2)
    #expect(sync().of("anna") == [.signedOut(.signedOut, run: 1)])
    try fixture.ask("bob", .invite(Invitation(id: 3, title: "t", address: "a"), to: [Self.anna]))
    #expect(sync().of("anna").count == 1)
    #expect(replica.records == fixture.state.records)
    #expect(sync().all.isEmpty)
  }

  @Test func onlyWhatChangedIsWritten() throws {
    var fixture = try DirectoryFixture("anna", "bob")
    _ = fixture.state.takeRecords()
    try fixture.create(7, by: "anna")
    #expect(fixture.state.takeRecords().map(\.kind) == [.entry])
    try fixture.change("anna", 7, .setName("a"))
    try fixture.change("anna", 7, .setName("b"))
    let records = fixture.state.takeRecords()
    let changed = try #require(fixture.entry(7))
    #expect(records.map(\.content) == [.entry(changed)])
    #expect(throws: DirectoryError.notMember) { try fixture.change("bob", 7, .setName("c")) }
    _ = try fixture.list("anna")
    #expect(fixture.state.takeRecords().isEmpty)
    try fixture.state.heartbeat(Self.anna, run: 1, at: 101)
    #expect(fixture.state.takeRecords() == [DirectoryRecord(.heartbeat, Self.anna.description, .heartbeat(101))])
    try fixture.leave("anna", 7)
    #expect(fixture.state.takeRecords() == [DirectoryRecord(.entry, "7", nil)])
  }

  @Test func playersWithoutHeartbeatsCountAsHeardOfNow() throws {
    var fixture = try DirectoryFixture("anna")
    let records = fixture.state.takeRecords().filter { $0.kind != .heartbeat }
    var replica = DirectoryState()
    replica.absorb(records, isWhole: true, at: 5)
    #expect(replica.nextDeadline == 17)
    replica.advance(to: 16.9)
    #expect(replica.run(of: Self.anna) == 1)
    replica.advance(to: 17)
    #expect(replica.run(of: Self.anna) == nil)
    #expect(replica.takeRecords().map(\.kind) == [.heartbeat, .player])
  }

  @Test func aHeartbeatFromTheFutureIsFromBeforeAReboot() throws {
    var fixture = try DirectoryFixture("anna")
    let records = fixture.state.takeRecords()
    var replica = DirectoryState()
    replica.absorb(records, isWhole: true, at: 5)
    replica.advance(to: 5)
    #expect(replica.run(of: Self.anna) == nil)
    // Another program read the clock a moment later.
    var other = DirectoryState()
    other.absorb(records, isWhole: true, at: 99.5)
    other.advance(to: 111)
    #expect(other.run(of: Self.anna) == 1)
  }

  @Test func aWholeStoreReplacesEverything() throws {
    var fixture = try DirectoryFixture("anna", "bob")
    try fixture.create(7, by: "anna")
    try fixture.join("bob", 7)
    let before = fixture.state.records
    var replica = DirectoryState()
    replica.absorb(before, isWhole: true, at: fixture.now)
    _ = replica.takeNews()
    // Something that the store never took.
    _ = try replica.apply(.leave(EntryID(rawValue: 7)), as: Self.anna, run: 1, at: fixture.now)
    try replica.signIn(DirectoryFixture.identity("cleo"), run: 1, at: fixture.now)
    _ = try replica.apply(.keep(key: "a", value: "b"), as: Self.bob, run: 1, at: fixture.now)
    _ = replica.takeNews()
    replica.absorb(before, isWhole: true, at: fixture.now)
    #expect(replica.records == before)
    #expect(replica.takeRecords().isEmpty)
    let news = DirectoryFixture.News(all: replica.takeNews())
    #expect(news.changes(of: "anna").count == 1 && news.of("cleo") == [.signedOut(.expired, run: 1)])
  }

  @Test func damagedRecordsAreNothing() throws {
    var state = DirectoryState()
    let player = PlayerRecord(
      identity: DirectoryFixture.identity("anna"), shown: DirectoryPlayer(id: Self.anna, name: "anna"), run: 1)
    state.absorb(
      [
        DirectoryRecord(.player, "1", .player(player)), DirectoryRecord(.player, "x", nil),
        DirectoryRecord(.entry, "zz", .entry(DirectoryFixture.entry(1, by: "anna"))),
        DirectoryRecord(.heartbeat, "", .heartbeat(.nan)), DirectoryRecord(.ticket, "5", .heartbeat(1)),
        DirectoryRecord(.heartbeat, "77", .heartbeat(1e300)), DirectoryRecord(.notes, "5", nil),
      ], isWhole: false, at: 1)
    #expect(state.records.isEmpty)
    state.advance(to: 1e9)
  }

  @Test func aReplicaTellsSilenceFromASignInElsewhere() throws {
    var fixture = try DirectoryFixture("anna")
    try fixture.signIn("server", kind: .server)
    var replica = DirectoryState()
    func sync() -> DirectoryFixture.News {
      replica.absorb(fixture.state.takeRecords(), isWhole: false, at: fixture.now)
      return DirectoryFixture.News(all: replica.takeNews())
    }
    _ = sync()
    try fixture.signIn("anna", run: 2)
    #expect(sync().of("anna") == [.signedOut(.signedOut, run: 1)])
    fixture.state.advance(to: fixture.now + 12)
    let news = sync()
    #expect(news.of("anna") == [.signedOut(.expired, run: 2)])
    #expect(news.of("server") == [.signedOut(.expired, run: 1)], "a server is forgotten with it")
  }

  @Test func recordsBeyondTheLimitsAreNothing() {
    var entry = DirectoryFixture.entry(7, by: "anna")
    entry.maximum = .min
    entry.members = [.init(player: Self.anna, peer: Self.anna, name: "anna", run: 1)]
    #expect(entry.freePlaces == 0)
    func absorbed(_ change: (inout DirectoryEntry) -> Void) -> [DirectoryRecord] {
      var entry = DirectoryFixture.entry(7, by: "anna")
      entry.members = [.init(player: Self.anna, peer: Self.anna, name: "anna", run: 1)]
      change(&entry)
      var state = DirectoryState()
      state.absorb([DirectoryRecord(.entry, "7", .entry(entry))], isWhole: true, at: 1)
      return state.records
    }
    #expect(absorbed { _ in }.count == 1)
    #expect(absorbed { $0.maximum = .min }.isEmpty)
    #expect(absorbed { $0.maximum = Limits.lobbyMembers + 1 }.isEmpty)
    #expect(absorbed { $0.members.append(contentsOf: Array(repeating: $0.members[0], count: 4)) }.isEmpty)
    #expect(absorbed { $0.members[0].data = ["a": Bytes([UInt8](repeating: 1, count: 4093))] }.isEmpty)
    #expect(absorbed { $0.kicked = Array(repeating: Self.bob, count: Limits.entryGuests + 1) }.isEmpty)
    #expect(absorbed { $0.keywords = [""] }.isEmpty)
  }

  /// A copy of a state in which Anna's search was begun at 100 and takes 60 seconds.
  private static func copyOfASearch(
    at now: Double, _ change: (inout TicketRecord) -> Void = { _ in }
  ) throws -> DirectoryState {
    var fixture = try DirectoryFixture("anna")
    try fixture.create(7, kind: .xboxSession, by: "anna")
    let ticket = MatchTicket(
      id: 5, entry: EntryID(rawValue: 7),
      hopper: Hopper(title: "t", name: "h", minimumPlayers: 2, maximumPlayers: 4), timeout: 60, keepsSession: false)
    try fixture.ask("anna", .startTicket(ticket))
    var state = DirectoryState()
    let records = fixture.state.records.map { record in
      guard case .ticket(var known)? = record.content else { return record }
      change(&known)
      return DirectoryRecord(.ticket, record.key, .ticket(known))
    }
    // A server's store has no heartbeats.
    state.absorb(records.filter { $0.kind != .heartbeat }, isWhole: true, at: now)
    return state
  }

  @Test func aSearchFromBeforeARebootTakesNoLongerThanItMay() throws {
    #expect(try Self.copyOfASearch(at: 100).tickets[5]?.deadline == 160)
    #expect(try Self.copyOfASearch(at: 159).tickets[5]?.deadline == 160)
    // Others may have read the clock a little later.
    #expect(try Self.copyOfASearch(at: 100 - Limits.ticketGrace).tickets[5]?.deadline == 160)
    #expect(try Self.copyOfASearch(at: 5).tickets[5]?.deadline == 65)
    #expect(try Self.copyOfASearch(at: 5) { $0.deadline = .nan }.tickets[5]?.deadline == 65)
    #expect(try Self.copyOfASearch(at: 5) { $0.ticket.timeout = .nan }.tickets[5] == nil)
    var state = try Self.copyOfASearch(at: 5)
    try state.heartbeat(Self.anna, run: 1, at: 60)
    state.advance(to: 65)
    #expect(state.tickets.ids.isEmpty && state.run(of: Self.anna) == 1)
  }

  @Test func thePresentIsAllThatAPlayerHasToKnow() throws {
    var fixture = try DirectoryFixture("cleo")
    try fixture.signIn("anna", friends: ["cleo"])
    try fixture.create(7, by: "cleo")
    try fixture.join("anna", 7)
    try fixture.ask("cleo", .invite(Invitation(id: 3, title: "t", address: "a"), to: [Self.anna]))
    let present = fixture.state.present(for: Self.anna)
    #expect(present.count == 3)
    let entry = try #require(fixture.entry(7))
    #expect(present.first == .entry(entry))
  }
}

extension DirectoryEntry {
  /// As a member that is not the host sees it.
  fileprivate var hidden: DirectoryEntry {
    var entry = self
    entry.password = nil
    return entry
  }
}
