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
