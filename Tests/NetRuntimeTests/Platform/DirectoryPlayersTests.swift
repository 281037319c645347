import Testing

@testable import NetRuntime

@Suite struct DirectoryPlayersTests {
  private static let anna = DirectoryFixture.id("anna")
  private static let bob = DirectoryFixture.id("bob")

  private static func friends() throws -> DirectoryFixture {
    var fixture = try DirectoryFixture("cleo")
    try fixture.signIn("anna", friends: ["bob"])
    try fixture.signIn("bob", friends: ["anna"])
    _ = fixture.news()
    return fixture
  }

  private static func acquaintances(_ changes: [DirectoryChange]) -> [Acquaintance] {
    changes.compactMap { if case .acquaintance(let one) = $0 { one } else { nil } }
  }

  @Test func friendsNameEachOther() throws {
    var fixture = try DirectoryFixture()
    try fixture.signIn("anna", friends: ["bob", "ghost"])
    #expect(fixture.news().all.isEmpty)
    try fixture.signIn("bob")
    #expect(Self.acquaintances(fixture.news().changes(of: "anna")).map(\.isFriend) == [false])
    let ofBob = try fixture.acquaintances(of: "bob")
    #expect(ofBob.map(\.player.name) == ["anna"] && ofBob.map(\.isAsking) == [true] && ofBob.first?.relation == nil)
    try fixture.signIn("bob", friends: ["anna"])
    let news = fixture.news()
    #expect(Self.acquaintances(news.changes(of: "anna")).map(\.isFriend) == [true])
    #expect(Self.acquaintances(news.changes(of: "bob")).map(\.isFriend) == [true])
    let ofAnna = try fixture.acquaintances(of: "anna")
    #expect(Set(ofAnna.map(\.player.id)) == [Self.bob, DirectoryFixture.id("ghost")])
    #expect(ofAnna.first { $0.player.id == Self.bob }?.player.isOnline == true)
    fixture.state.signOut(Self.bob, run: 1)
    #expect(Self.acquaintances(fixture.news().changes(of: "anna")).map(\.player.isOnline) == [false])
    try fixture.signIn("anna", friends: ["ghost"])
    let last = Self.acquaintances(fixture.news().changes(of: "anna"))
    #expect(last.map(\.relation) == [nil] && last.map(\.isAsking) == [true])
  }

  @Test func serversAreNobodysFriends() throws {
    var fixture = try DirectoryFixture()
    try fixture.signIn("server", kind: .server, friends: ["anna"])
    try fixture.signIn("anna", friends: ["server"])
    #expect(try fixture.ask("anna", .friends) == .friends([]))
    #expect(fixture.news().all.isEmpty)
  }

  @Test func presenceIsShownAndGoesWithThePlayer() throws {
    var fixture = try Self.friends()
    try fixture.ask("anna", .setPresence(["status": "in a lobby", "map": "arena"]))
    try fixture.ask("anna", .setPresence(["map": ""]))
    let seen = Self.acquaintances(fixture.news().changes(of: "bob"))
    #expect(seen.map(\.player.presence) == [["status": "in a lobby", "map": "arena"], ["status": "in a lobby"]])
    try fixture.ask("anna", .setPresence(["map": ""]))
    #expect(fixture.news().all.isEmpty)
    let ofBob = try fixture.players("bob", "anna", "ghost")
    #expect(ofBob.map(\.presence) == [["status": "in a lobby"]])
    let ofCleo = try fixture.players("cleo", "anna", "ghost")
    #expect(ofCleo.map(\.presence) == [[:]] && ofCleo.map(\.isOnline) == [true])
    fixture.state.signOut(Self.anna, run: 1)
    #expect(Self.acquaintances(fixture.news().changes(of: "bob")).map(\.player.presence) == [[:]])
  }

  @Test func activitiesAreOfEntriesThatThePlayerIsIn() throws {
    var fixture = try Self.friends()
    let id = EntryID(rawValue: 7)
    let activity = PlayerActivity(title: DirectoryFixture.title, entry: id)
    #expect(throws: DirectoryError.unknownEntry(id)) { try fixture.ask("anna", .setActivity(activity)) }
    try fixture.create(7, by: "cleo")
    #expect(throws: DirectoryError.notMember) { try fixture.ask("anna", .setActivity(activity)) }
    try fixture.join("anna", 7)
    try fixture.ask("anna", .setActivity(activity))
    #expect(Self.acquaintances(fixture.news().changes(of: "bob")).map(\.player.activity) == [activity])
    try fixture.change("cleo", 7, .setVisibility(.unseen))
    #expect(Self.acquaintances(fixture.news().changes(of: "bob")).map(\.player.activity?.entry) == [nil])
    try fixture.change("cleo", 7, .setVisibility(.everyone))
    #expect(Self.acquaintances(fixture.news().changes(of: "bob")).map(\.player.activity?.entry) == [id])
    try fixture.leave("anna", 7)
    let last = Self.acquaintances(fixture.news().changes(of: "bob")).last?.player.activity
    #expect(last == PlayerActivity(title: DirectoryFixture.title))
    try fixture.ask("anna", .setActivity(nil))
    #expect(Self.acquaintances(fixture.news().changes(of: "bob")).last?.player.activity == nil)
  }

  @Test func strangersSeeNeitherWhereAPlayerIsNorWhatItShows() throws {
    var fixture = try Self.friends()
    try fixture.signIn("dora", friends: ["anna"])
    let endpoint = Endpoint(address: 0x0a00_0001, port: 4000)
    try fixture.ask("anna", .publish(endpoints: [endpoint]))
    try fixture.ask("anna", .setPresence(["status": "here"]))
    let activity = PlayerActivity(title: DirectoryFixture.title, address: "10.0.0.1:27016", password: "hush")
    _ = fixture.news()
    try fixture.ask("anna", .setActivity(activity))
    // Dora names Anna, who does not name her.
    let news = fixture.news()
    let told = Self.acquaintances(news.changes(of: "dora")).map(\.player)
    #expect(told.allSatisfy { $0.activity == nil && $0.presence.isEmpty })
    #expect(Self.acquaintances(news.changes(of: "bob")).map(\.player.activity) == [activity])
    #expect(try fixture.acquaintances(of: "dora").map(\.player.activity) == [nil])
    for (name, isFriend) in [("anna", true), ("bob", true), ("cleo", false), ("dora", false)] {
      let seen = try #require(fixture.players(name, "anna").first)
      #expect(seen.activity == (isFriend ? activity : nil) && seen.presence.isEmpty == !isFriend, "\(name)")
      #expect(seen.endpoints == (name == "anna" ? [endpoint] : []), "\(name)")
    }
    // Who plays with Anna sees it all, and where she is.
    try fixture.create(7, by: "anna")
    try fixture.join("cleo", 7)
    let mate = try #require(fixture.players("cleo", "anna").first)
    #expect(mate.activity == activity && mate.presence == ["status": "here"] && mate.endpoints == [endpoint])
    try fixture.leave("cleo", 7)
    let seen = try #require(fixture.players("cleo", "anna").first)
    #expect(seen.activity == nil && seen.endpoints.isEmpty)
  }

  @Test func whoBecomesAFriendSeesMoreAtOnce() throws {
    var fixture = try DirectoryFixture()
    try fixture.signIn("anna")
    try fixture.signIn("bob", friends: ["anna"])
    try fixture.ask("anna", .setPresence(["status": "here"]))
    _ = fixture.news()
    try fixture.signIn("anna", friends: ["bob"])
    #expect(Self.acquaintances(fixture.news().changes(of: "bob")).map(\.player.presence) == [["status": "here"]])
    try fixture.signIn("anna")
    #expect(Self.acquaintances(fixture.news().changes(of: "bob")).map(\.player.presence) == [[:]])
  }

  @Test func serversAreFoundByAll() throws {
    var fixture = try DirectoryFixture("cleo")
    try fixture.signIn("server", kind: .server)
    let endpoint = Endpoint(address: 0x0a00_0001, port: 4000)
    try fixture.ask("server", .publish(endpoints: [endpoint]))
    #expect(try fixture.players("cleo", "server").map(\.endpoints) == [[endpoint]])
  }

  @Test func strangersSeeNothingButTheSessionOnXboxLive() throws {
    var fixture = try Self.friends()
    try fixture.create(7, kind: .xboxSession, by: "anna")
    try fixture.create(8, kind: .psnRoom, by: "anna")
    let id = EntryID(rawValue: 7)
    let activity = PlayerActivity(title: DirectoryFixture.title, entry: id, parameters: "a", password: "b")
    try fixture.ask("anna", .setActivity(activity))
    let seen = try fixture.players("cleo", "anna").map(\.activity)
    #expect(seen == [PlayerActivity(title: DirectoryFixture.title, entry: id)])
    try fixture.ask("anna", .setActivity(PlayerActivity(title: DirectoryFixture.title, entry: EntryID(rawValue: 8))))
    #expect(try fixture.players("cleo", "anna").map(\.activity) == [nil])
  }

  @Test func whoBlocksSeemsAwayAndHearsNoInvitation() throws {
    var fixture = try DirectoryFixture()
    try fixture.signIn("anna", blocked: ["bob"])
    try fixture.signIn("bob", friends: ["anna"])
    try fixture.ask("anna", .setPresence(["status": "here"]))
    let ofBob = try fixture.acquaintances(of: "bob")
    #expect(ofBob.map(\.player.isOnline) == [false] && ofBob.map(\.player.presence) == [[:]])
    _ = fixture.news()
    let invitation = Invitation(id: 5, title: DirectoryFixture.title, address: "10.0.0.1")
    try fixture.ask("bob", .invite(invitation, to: [Self.anna]))
    #expect(fixture.news().all.isEmpty)
    #expect(fixture.state.invitations.isEmpty)
  }

  @Test func invitationsWaitUntilTheyAreDismissed() throws {
    var fixture = try Self.friends()
    fixture.state.signOut(Self.bob, run: 1)
    let asked = Invitation(id: 5, title: DirectoryFixture.title, address: "10.0.0.1")
    var sent = asked
    sent.from = Self.anna
    for _ in 0..<2 { try fixture.ask("anna", .invite(asked, to: [Self.bob, Self.bob])) }
    _ = fixture.news()
    try fixture.signIn("bob", run: 2, friends: ["anna"])
    #expect(fixture.news().of("bob") == [.change(.invitation(sent))])
    try fixture.signIn("bob", run: 2, friends: ["anna"])
    #expect(fixture.news().all.isEmpty)
    for _ in 0..<2 { try fixture.ask("bob", .dismissInvitation(5)) }
    try fixture.signIn("bob", run: 3, friends: ["anna"])
    #expect(!fixture.news().of("bob").contains(.change(.invitation(sent))))
  }

  @Test func invitationsToWhatHasEndedAreGone() throws {
    var fixture = try Self.friends()
    try fixture.create(7, by: "anna")
    fixture.state.signOut(Self.bob, run: 1)
    let invitation = Invitation(id: 5, title: DirectoryFixture.title, entry: EntryID(rawValue: 7))
    try fixture.ask("anna", .invite(invitation, to: [Self.bob]))
    try fixture.leave("anna", 7)
    try fixture.signIn("bob", run: 2, friends: ["anna"])
    #expect(fixture.news().changes(of: "bob").allSatisfy { if case .invitation = $0 { false } else { true } })
    #expect(fixture.state.invitations.isEmpty)
  }

  @Test func invitationsThatMakeNoSense() throws {
    var fixture = try Self.friends()
    try fixture.create(7, by: "anna")
    var invitation = Invitation(id: 5, title: DirectoryFixture.title, entry: EntryID(rawValue: 7))
    let before = fixture.state.records
    #expect(throws: DirectoryError.notMember) { try fixture.ask("cleo", .invite(invitation, to: [Self.bob])) }
    #expect(throws: DirectoryError.malformed("a player cannot invite itself")) {
      try fixture.ask("anna", .invite(invitation, to: [Self.bob, Self.anna]))
    }
    let ghost = DirectoryFixture.id("ghost")
    #expect(throws: DirectoryError.unknownPlayer(ghost)) {
      try fixture.ask("anna", .invite(invitation, to: [Self.bob, ghost]))
    }
    invitation.entry = EntryID(rawValue: 8)
    #expect(throws: DirectoryError.unknownEntry(EntryID(rawValue: 8))) {
      try fixture.ask("anna", .invite(invitation, to: [Self.bob]))
    }
    #expect(fixture.state.records == before)
  }

  @Test func notesAreKept() throws {
    var fixture = try Self.friends()
    try fixture.ask("anna", .keep(key: "fav:1", value: "a"))
    try fixture.ask("anna", .keep(key: "fav:2", value: "b"))
    try fixture.ask("anna", .keep(key: "other", value: "c"))
    try fixture.ask("anna", .keep(key: "fav:1", value: nil))
    fixture.state.signOut(Self.anna, run: 1)
    try fixture.signIn("anna", run: 2)
    #expect(try fixture.ask("anna", .kept(prefix: "fav:")) == .notes(["fav:2": "b"]))
    #expect(try fixture.ask("anna", .kept(prefix: "")) == .notes(["fav:2": "b", "other": "c"]))
    #expect(try fixture.ask("bob", .kept(prefix: "")) == .notes([:]))
  }

  @Test func whoIsSignedOutMayAskNothing() throws {
    var fixture = try Self.friends()
    fixture.state.signOut(Self.anna, run: 1)
    #expect(throws: DirectoryError.signedOut) { try fixture.ask("anna", .friends) }
    #expect(throws: DirectoryError.signedOut) { try fixture.ask("ghost", .friends) }
  }
}

extension DirectoryFixture {
  /// The players that one is shown of those asked for.
  fileprivate mutating func players(_ name: String, _ asked: String...) throws -> [DirectoryPlayer] {
    let answer = try ask(name, .players(asked.map(Self.id)))
    guard case .players(let players) = answer else {
      Issue.record("expected players, got \(answer)")
      return []
    }
    return players
  }

  fileprivate mutating func acquaintances(of name: String) throws -> [Acquaintance] {
    let answer = try ask(name, .friends)
    guard case .friends(let friends) = answer else {
      Issue.record("expected friends, got \(answer)")
      return []
    }
    return friends
  }
}
