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
    guard case .friends(let ofBob) = try fixture.ask("bob", .friends) else { return }
    #expect(ofBob.map(\.player.name) == ["anna"] && ofBob.map(\.isAsking) == [true] && ofBob[0].relation == nil)
    try fixture.signIn("bob", friends: ["anna"])
    let news = fixture.news()
    #expect(Self.acquaintances(news.changes(of: "anna")).map(\.isFriend) == [true])
    #expect(Self.acquaintances(news.changes(of: "bob")).map(\.isFriend) == [true])
    guard case .friends(let ofAnna) = try fixture.ask("anna", .friends) else { return }
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
    guard case .players(let players) = try fixture.ask("cleo", .players([Self.anna, DirectoryFixture.id("ghost")]))
    else { return }
    #expect(players.map(\.presence) == [["status": "in a lobby"]])
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

  @Test func whoBlocksSeemsAwayAndHearsNoInvitation() throws {
    var fixture = try DirectoryFixture()
    try fixture.signIn("anna", blocked: ["bob"])
    try fixture.signIn("bob", friends: ["anna"])
    try fixture.ask("anna", .setPresence(["status": "here"]))
    guard case .friends(let ofBob) = try fixture.ask("bob", .friends) else { return }
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
