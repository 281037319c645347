import Testing

@testable import NetRuntime

@Suite struct DirectoryChangesTests {
  private static let anna = DirectoryFixture.id("anna")
  private static let bob = DirectoryFixture.id("bob")

  private static func lobby() throws -> DirectoryFixture {
    var fixture = try DirectoryFixture("anna", "bob", "cleo")
    try fixture.create(7, by: "anna", data: ["map": "arena"])
    try fixture.join("bob", 7)
    _ = fixture.news()
    return fixture
  }

  @Test func theHostChangesAnything() throws {
    var fixture = try Self.lobby()
    let entry = try fixture.change(
      "anna", 7, .setData(key: "map", value: nil), .setData(key: "mode", value: "duel"), .setName("den"),
      .setSessionHost(Self.bob), .setVisibility(.friends), .setClosed(true), .setMaximum(2), .setKeywords(["a", "a"]),
      .setPassword("x"), .setDataOfMember(Self.bob, key: "team", value: "red"))
    #expect(entry.data == ["mode": "duel"])
    #expect(entry.name == "den" && entry.sessionHost == Self.bob && entry.visibility == .friends && entry.isClosed)
    #expect(entry.maximum == 2 && entry.keywords == ["a"] && entry.password == "x" && entry.hasPassword)
    #expect(entry.member(Self.bob)?.data == ["team": "red"])
    #expect(entry.revision == 3)
    #expect(fixture.news().of("anna") == [.change(.entry(entry))])
  }

  @Test(arguments: [
    EntryChange.setData(key: "map", value: "cave"), .setName("den"), .setSessionHost(bob), .setVisibility(.friends),
    .setClosed(true), .setMaximum(3), .setKeywords(["a"]), .setPassword("x"), .setHost(bob),
    .reserve([DirectoryFixture.id("cleo")]), .kick(anna), .drop(anna), .kick(DirectoryFixture.id("cleo")),
    .setDataOfMember(bob, key: "team", value: "red"),
  ]) func othersMayNot(_ change: EntryChange) throws {
    var fixture = try Self.lobby()
    let before = fixture.state.records
    #expect(throws: DirectoryError.notHost) { try fixture.change("bob", 7, change) }
    #expect(throws: DirectoryError.notMember) { try fixture.change("cleo", 7, change) }
    #expect(throws: DirectoryError.unknownEntry(EntryID(rawValue: 8))) { try fixture.change("bob", 8, change) }
    #expect(fixture.state.records == before)
    #expect(fixture.news().all.isEmpty)
  }

  @Test func membersSetTheirOwnData() throws {
    var fixture = try Self.lobby()
    #expect(try fixture.change("bob", 7, .setMemberData(key: "a", value: "1")).member(Self.bob)?.data == ["a": "1"])
    #expect(try fixture.change("bob", 7, .setMemberData(key: "a", value: nil)).member(Self.bob)?.data == [:])
  }

  @Test func oneWrongChangeUndoesAll() throws {
    var fixture = try Self.lobby()
    #expect(throws: DirectoryError.malformed("there are 2 members already; the maximum cannot be 1")) {
      try fixture.change("anna", 7, .setName("den"), .setMaximum(1))
    }
    #expect(fixture.entry(7)?.name == "")
  }

  @Test func whatIsAskedTwiceHappensOnce() throws {
    var fixture = try Self.lobby()
    let changes: [EntryChange] = [
      .setData(key: "map", value: "cave"), .kick(DirectoryFixture.id("cleo")), .setHost(Self.bob),
    ]
    let request = DirectoryRequest.change(EntryID(rawValue: 7), changes)
    try fixture.ask("anna", request)
    let entry = fixture.entry(7)
    #expect(entry?.host == Self.bob)
    _ = fixture.news()
    try fixture.ask("anna", request)
    #expect(fixture.entry(7) == entry)
    #expect(fixture.news().all.isEmpty)
  }

  @Test func aKickedPlayerStaysOut() throws {
    var fixture = try Self.lobby()
    try fixture.change("anna", 7, .kick(Self.bob))
    #expect(fixture.news().of("bob") == [.change(.left(EntryID(rawValue: 7), .kicked))])
    #expect(throws: DirectoryError.kicked) { try fixture.join("bob", 7) }
    #expect(throws: DirectoryError.malformed("the host cannot put itself out; it can leave")) {
      try fixture.change("anna", 7, .kick(Self.anna))
    }
  }

  @Test func aDroppedPlayerMayComeBack() throws {
    var fixture = try Self.lobby()
    try fixture.change("anna", 7, .setSessionHost(Self.bob))
    _ = fixture.news()
    let entry = try fixture.change("anna", 7, .drop(Self.bob))
    #expect(entry.sessionHost == nil)
    #expect(fixture.news().of("bob") == [.change(.left(EntryID(rawValue: 7), .dropped))])
    try fixture.join("bob", 7)
    #expect(fixture.members(7) == ["anna", "bob"])
  }

  @Test func onlyMembersBecomeHosts() throws {
    var fixture = try Self.lobby()
    let cleo = DirectoryFixture.id("cleo")
    #expect(throws: DirectoryError.malformed("\(cleo) is no member, so it cannot become the host")) {
      try fixture.change("anna", 7, .setHost(cleo))
    }
    #expect(throws: DirectoryError.malformed("peer \(cleo) is no member, so it cannot host the game session")) {
      try fixture.change("anna", 7, .setSessionHost(cleo))
    }
  }

  @Test func dataOfAMemberThatHasJustLeftKeepsNothingElseFromHappening() throws {
    var fixture = try Self.lobby()
    let cleo = DirectoryFixture.id("cleo")
    let entry = try fixture.change(
      "anna", 7, .setDataOfMember(cleo, key: "a", value: "1"), .setData(key: "map", value: "hall"))
    #expect(entry.data["map"] == "hall")
    #expect(entry.member(cleo) == nil)
  }

  @Test func aNewHostSeesThePassword() throws {
    var fixture = try Self.lobby()
    try fixture.change("anna", 7, .setPassword("x"), .setHost(Self.bob))
    let news = fixture.news()
    guard case .entry(let seen)? = news.changes(of: "bob").last,
      case .entry(let others)? = news.changes(of: "anna").last
    else {
      Issue.record("no news")
      return
    }
    #expect(seen.password == "x" && others.password == nil && others.hasPassword)
  }
}
