import Testing

@testable import NetRuntime

@Suite struct DirectoryEntriesTests {
  @Test func whoCreatesIsHostAndFirstMember() throws {
    var fixture = try DirectoryFixture("anna")
    let entry = try fixture.create(7, by: "anna", data: ["map": "arena"], password: "secret")
    #expect(entry.host == DirectoryFixture.id("anna"))
    #expect(entry.members.map(\.name) == ["anna"])
    #expect(entry.data == ["map": "arena"])
    #expect(entry.password == "secret" && entry.hasPassword)
    #expect(entry.revision == 1)
    #expect(fixture.news().of("anna") == [.change(.entry(entry))])
    let again = try fixture.create(7, by: "anna")
    #expect(again == entry)
    #expect(fixture.news().all.isEmpty)
  }

  @Test func whoJoinsIsToldAndTellsTheOthers() throws {
    var fixture = try DirectoryFixture("anna", "bob")
    try fixture.create(7, by: "anna", password: "secret")
    _ = fixture.news()
    let entry = try fixture.join("bob", 7, password: "secret")
    #expect(entry.password == nil && entry.hasPassword)
    let news = fixture.news()
    #expect(news.of("bob") == [.change(.entry(entry))])
    guard case .entry(let seen)? = news.changes(of: "anna").first else {
      Issue.record("anna heard nothing")
      return
    }
    #expect(seen.password == "secret" && seen.members.map(\.name) == ["anna", "bob"])
    #expect(try fixture.join("bob", 7) == entry)
    #expect(fixture.news().all.isEmpty)
  }

  @Test func theLongestStandingMemberFollowsTheHost() throws {
    var fixture = try DirectoryFixture("anna", "bob", "cleo")
    try fixture.create(7, by: "anna")
    try fixture.join("bob", 7)
    try fixture.join("cleo", 7)
    try fixture.change("anna", 7, .setSessionHost(DirectoryFixture.id("anna")))
    _ = fixture.news()
    try fixture.leave("anna", 7)
    #expect(fixture.entry(7)?.host == DirectoryFixture.id("bob"))
    #expect(fixture.entry(7)?.sessionHost == nil)
    #expect(fixture.members(7) == ["bob", "cleo"])
    #expect(fixture.news().of("anna") == [.change(.left(EntryID(rawValue: 7), .left))])
    try fixture.leave("anna", 7)
    try fixture.leave("bob", 7)
    try fixture.leave("cleo", 7)
    #expect(fixture.entry(7) == nil)
    #expect(fixture.state.seats.isEmpty)
  }

  @Test func aSilentPlayerIsTakenOut() throws {
    var fixture = try DirectoryFixture("anna", "bob")
    try fixture.create(7, by: "anna")
    try fixture.join("bob", 7)
    fixture.now += 6
    try fixture.state.heartbeat(DirectoryFixture.id("bob"), run: 1, at: fixture.now)
    fixture.state.advance(to: fixture.now + 5.9)
    #expect(fixture.members(7) == ["anna", "bob"])
    _ = fixture.news()
    fixture.state.advance(to: fixture.now + 6)
    #expect(fixture.members(7) == ["bob"])
    #expect(fixture.news().of("anna") == [.signedOut(.expired, run: 1)])
    #expect(throws: DirectoryError.signedOut) {
      try fixture.state.heartbeat(DirectoryFixture.id("anna"), run: 1, at: fixture.now)
    }
    fixture.state.advance(to: fixture.now + 12)
    #expect(fixture.state.entryCount == 0)
    #expect(fixture.state.nextDeadline == nil)
  }
}
