import Testing

@testable import NetRuntime

@Suite struct DirectoryJoiningTests {
  private static func full(_ maximum: Int) -> DirectoryError { .full(maximum: maximum) }

  @Test func fullEntriesAndWrongPasswords() throws {
    var fixture = try DirectoryFixture("anna", "bob", "cleo")
    try fixture.create(7, by: "anna", maximum: 2, password: "x")
    #expect(throws: DirectoryError.wrongPassword) { try fixture.join("bob", 7) }
    #expect(throws: DirectoryError.wrongPassword) { try fixture.join("bob", 7, password: "y") }
    try fixture.join("bob", 7, password: "x")
    #expect(throws: Self.full(2)) { try fixture.join("cleo", 7, password: "x") }
    #expect(throws: DirectoryError.unknownEntry(EntryID(rawValue: 8))) { try fixture.join("cleo", 8) }
  }

  @Test func closedEntriesTakeNobodyIn() throws {
    var fixture = try DirectoryFixture("anna", "bob")
    try fixture.create(7, by: "anna")
    try fixture.change("anna", 7, .setClosed(true))
    try fixture.ask("anna", .invite(Self.invitation(to: 7), to: [DirectoryFixture.id("bob")]))
    #expect(throws: DirectoryError.closed) { try fixture.join("bob", 7) }
    #expect(try fixture.list("bob").isEmpty)
  }

  private static func invitation(to id: UInt64) -> Invitation {
    Invitation(id: 1, title: DirectoryFixture.title, entry: EntryID(rawValue: id))
  }

  @Test func whoMayFindAndJoinWhat() throws {
    for visibility in [DirectoryEntry.Visibility.byInvitation, .friends, .everyone, .unseen] {
      var fixture = try DirectoryFixture("dora")
      try fixture.signIn("anna", friends: ["bob"])
      try fixture.signIn("bob", friends: ["anna"])
      try fixture.signIn("cleo", friends: ["anna"])
      try fixture.create(7, by: "anna", visibility: visibility)
      let find = DirectoryRequest.find(EntryID(rawValue: 7))
      let unknown = DirectoryError.unknownEntry(EntryID(rawValue: 7))
      let isListed = visibility == .everyone || visibility == .unseen
      #expect(try fixture.list("bob") == (isListed ? [7] : []))
      if !isListed {
        #expect(throws: unknown) { try fixture.ask("cleo", find) }
        #expect(throws: DirectoryError.notInvited) { try fixture.join("cleo", 7) }
      }
      if visibility == .byInvitation {
        #expect(throws: unknown) { try fixture.ask("bob", find) }
        #expect(throws: DirectoryError.notInvited) { try fixture.join("bob", 7) }
      } else {
        try fixture.ask("bob", find)
        try fixture.join("bob", 7)
      }
      try fixture.ask("anna", .invite(Self.invitation(to: 7), to: [DirectoryFixture.id("dora")]))
      try fixture.ask("dora", find)
      try fixture.join("dora", 7)
      if isListed { try fixture.join("cleo", 7) }
    }
  }

  @Test func strangersSeeNeitherPasswordsNorAddressesNorGuests() throws {
    var fixture = try DirectoryFixture("anna", "bob", "cleo")
    try fixture.ask("anna", .publish(endpoints: [Endpoint(address: 1, port: 2)]))
    try fixture.create(7, by: "anna", password: "x")
    try fixture.change("anna", 7, .kick(DirectoryFixture.id("cleo")))
    try fixture.ask("anna", .invite(Self.invitation(to: 7), to: [DirectoryFixture.id("bob")]))
    guard case .entry(let seen) = try fixture.ask("bob", .find(EntryID(rawValue: 7))) else {
      Issue.record("expected an entry")
      return
    }
    #expect(seen.password == nil && seen.hasPassword && seen.members.map(\.endpoints) == [[]])
    #expect(seen.kicked.isEmpty && seen.invited.isEmpty)
    let joined = try fixture.join("bob", 7, password: "x")
    #expect(joined.members.first?.endpoints == [Endpoint(address: 1, port: 2)] && joined.password == nil)
  }

  @Test func addressesFollowThePlayer() throws {
    var fixture = try DirectoryFixture("anna", "bob")
    try fixture.create(7, by: "anna")
    try fixture.join("bob", 7)
    _ = fixture.news()
    try fixture.ask("bob", .publish(endpoints: [Endpoint(address: 3, port: 4)]))
    guard case .entry(let seen)? = fixture.news().changes(of: "anna").first else {
      Issue.record("no news")
      return
    }
    #expect(seen.members.last?.endpoints == [Endpoint(address: 3, port: 4)])
  }

  @Test func keptPlacesAreForThoseTheyAreKeptFor() throws {
    var fixture = try DirectoryFixture("anna", "bob", "cleo")
    try fixture.create(7, by: "anna", maximum: 2, visibility: .byInvitation, reservations: ["bob"])
    #expect(throws: DirectoryError.notInvited) { try fixture.join("cleo", 7) }
    try fixture.change("anna", 7, .setVisibility(.everyone))
    #expect(throws: Self.full(2)) { try fixture.join("cleo", 7) }
    #expect(fixture.entry(7)?.freePlaces == 0)
    #expect(throws: Self.full(2)) { try fixture.change("anna", 7, .reserve([DirectoryFixture.id("cleo")])) }
    try fixture.join("bob", 7)
    try fixture.leave("bob", 7)
    try fixture.join("cleo", 7)
    #expect(throws: Self.full(2)) { try fixture.create(8, by: "anna", maximum: 2, reservations: ["bob", "cleo"]) }
  }

  @Test func aKeptPlaceIsFreeOnceItsPlayerIsGone() throws {
    var fixture = try DirectoryFixture("anna", "bob", "cleo")
    try fixture.create(7, by: "anna", maximum: 2, reservations: ["bob"])
    fixture.state.signOut(DirectoryFixture.id("bob"), run: 1)
    #expect(fixture.entry(7)?.reservations == [])
    #expect(fixture.state.reservedIn.isEmpty)
    try fixture.join("cleo", 7)
  }

  @Test func aServerIsNoMemberAndItsEntryEndsWithIt() throws {
    var fixture = try DirectoryFixture("anna")
    try fixture.signIn("server", kind: .server)
    let entry = try fixture.create(7, kind: .steamServer, by: "server", password: "x")
    #expect(entry.members.isEmpty && entry.password == "x")
    #expect(try fixture.list("anna", kind: .steamServer, .isEmpty(true)) == [7])
    try fixture.join("anna", 7, password: "x")
    #expect(throws: DirectoryError.malformed("a server cannot get another host")) {
      try fixture.change("server", 7, .setHost(DirectoryFixture.id("anna")))
    }
    #expect(throws: DirectoryError.notMember) {
      try fixture.change("server", 7, .setMemberData(key: "a", value: "b"))
    }
    try fixture.change("server", 7, .setSessionHost(DirectoryFixture.id("server")))
    try fixture.leave("anna", 7)
    #expect(fixture.entry(7)?.sessionHost == DirectoryFixture.id("server"))
    try fixture.join("anna", 7, password: "x")
    _ = fixture.news()
    fixture.state.signOut(DirectoryFixture.id("server"), run: 1)
    #expect(fixture.entry(7) == nil)
    #expect(fixture.news().of("anna") == [.change(.left(EntryID(rawValue: 7), .ended))])
    #expect(fixture.state.players[DirectoryFixture.id("server")] == nil)
  }

  @Test func anotherRunEndsTheOneBefore() throws {
    var fixture = try DirectoryFixture("anna", "bob")
    try fixture.create(7, by: "anna")
    try fixture.join("bob", 7)
    _ = fixture.news()
    try fixture.signIn("anna", run: 2)
    #expect(fixture.members(7) == ["bob"])
    #expect(fixture.news().of("anna") == [.signedOut(.signedOut, run: 1)])
    #expect(throws: DirectoryError.signedOut) {
      try fixture.state.apply(.friends, as: DirectoryFixture.id("anna"), run: 1, at: fixture.now)
    }
    fixture.state.signOut(DirectoryFixture.id("anna"), run: 1)
    #expect(fixture.state.run(of: DirectoryFixture.id("anna")) == 2)
    let rejoined = try fixture.join("anna", 7)
    #expect(rejoined.member(DirectoryFixture.id("anna"))?.run == 2)
  }

  @Test func severalPlayersAtOneMachine() throws {
    var fixture = try DirectoryFixture("anna", "guest", "bob")
    let (anna, guest) = (DirectoryFixture.id("anna"), DirectoryFixture.id("guest"))
    try fixture.create(7, by: "anna")
    try fixture.ask("guest", .join(EntryID(rawValue: 7), password: nil, peer: anna, memberData: [:]))
    try fixture.change("anna", 7, .setSessionHost(anna))
    try fixture.ask("anna", .publish(endpoints: [Endpoint(address: 1, port: 2)]))
    #expect(
      fixture.entry(7)?.members.map(\.endpoints) == [[Endpoint(address: 1, port: 2)], [Endpoint(address: 1, port: 2)]])
    try fixture.leave("anna", 7)
    #expect(fixture.entry(7)?.host == guest && fixture.entry(7)?.sessionHost == anna)
    try fixture.leave("guest", 7)
    #expect(fixture.state.entryCount == 0 && fixture.state.seats.isEmpty)
  }

  @Test func anotherEntryWithTheSameIDIsRefused() throws {
    var fixture = try DirectoryFixture("anna", "bob")
    try fixture.create(7, by: "anna")
    #expect(throws: DirectoryError.malformed("there is an entry with the id 7 already")) {
      try fixture.create(7, by: "bob")
    }
  }
}
