import Testing

@testable import NetRuntime

/// What a peer sees of an entry while its own changes are on their way.
@Suite struct EntryMirrorTests {
  private static let host = PeerID(rawValue: 1)
  private static let guest = PeerID(rawValue: 2)

  private static func entry(revision: UInt64, data: [Bytes: Bytes] = [:]) -> DirectoryEntry {
    var entry = DirectoryEntry(
      id: EntryID(rawValue: 7), kind: .steamLobby, title: "steam:480", host: host, maximum: 4, data: data)
    entry.members = [host, guest].map { .init(player: $0, peer: $0, name: "\($0)", run: 1) }
    entry.revision = revision
    return entry
  }

  @Test func ownChangesShowAtOnceAndSurviveTheWordOfOthers() {
    var mirror = EntryMirror(Self.entry(revision: 1))
    let number = mirror.change([.setData(key: "map", value: "moon")], by: Self.host)
    #expect(mirror.shown.data == ["map": "moon"])
    #expect(mirror.confirmed.data.isEmpty)
    // Somebody else's change comes first.
    let isNews = mirror.adopt(Self.entry(revision: 2, data: ["mode": "duel"]))
    #expect(isNews)
    #expect(mirror.shown.data == ["mode": "duel", "map": "moon"])
    mirror.settle(number)
    #expect(mirror.shown.data == ["mode": "duel"])
    _ = mirror.adopt(Self.entry(revision: 3, data: ["mode": "duel", "map": "moon"]))
    #expect(mirror.shown.data == ["mode": "duel", "map": "moon"])
  }

  @Test func anOlderWordIsIgnored() {
    var mirror = EntryMirror(Self.entry(revision: 5, data: ["a": "new"]))
    let isOldNews = mirror.adopt(Self.entry(revision: 4, data: ["a": "old"]))
    #expect(!isOldNews)
    #expect(mirror.shown.data["a"] == "new")
    let isKnownNews = mirror.adopt(Self.entry(revision: 5, data: ["a": "new"]))
    #expect(!isKnownNews)
  }

  @Test func changesDoWhatTheySay() throws {
    var entry = Self.entry(revision: 1, data: ["gone": "x"])
    try entry.apply(.setData(key: "gone", value: nil), by: Self.host)
    try entry.apply(.setMemberData(key: "ready", value: "1"), by: Self.guest)
    try entry.apply(.setSessionHost(Self.host), by: Self.host)
    try entry.apply(.setClosed(true), by: Self.host)
    try entry.apply(.reserve([PeerID(rawValue: 9), Self.guest]), by: Self.host)
    #expect(entry.data.isEmpty && entry.isClosed && entry.sessionHost == Self.host)
    #expect(entry.member(Self.guest)?.data == ["ready": "1"])
    #expect(entry.freePlaces == 1, "two members, and one place is kept for a player who is not here")
    try entry.apply(.kick(Self.guest), by: Self.host)
    #expect(entry.members.map(\.player) == [Self.host] && entry.kicked == [Self.guest])
  }

  /// What the directory makes of changes by an entry's host, and what a peer shows of them until then.
  private func both(_ changes: [EntryChange]) throws -> (there: DirectoryEntry, here: DirectoryEntry) {
    var fixture = try DirectoryFixture("anna", "bob")
    try fixture.create(7, by: "anna", reservations: ["bob", "cleo"])
    try fixture.join("bob", 7)
    try fixture.change("anna", 7, .setSessionHost(DirectoryFixture.id("bob")), .setPassword("hush"))
    var mirror = EntryMirror(try #require(fixture.entry(7)))
    let anna = DirectoryFixture.id("anna")
    _ = mirror.change(changes, by: anna)
    _ = try? fixture.ask("anna", .change(EntryID(rawValue: 7), changes))
    var there = try #require(fixture.entry(7))
    there.revision = mirror.shown.revision
    return (there, mirror.shown)
  }

  @Test func whatIsShownIsWhatTheDirectoryWillSay() throws {
    let bob = DirectoryFixture.id("bob")
    let all: [[EntryChange]] = [
      [.setPassword("")], [.setPassword(nil)], [.setPassword("x")], [.setKeywords(["a", "b", "a"])],
      [.drop(bob)], [.kick(bob)], [.kick(DirectoryFixture.id("cleo"))], [.kick(DirectoryFixture.id("anna"))],
      [.reserve([bob, DirectoryFixture.id("dora"), DirectoryFixture.id("dora")])],
      [.reserve((1...9).map { PeerID(rawValue: $0) })], [.setSessionHost(PeerID(rawValue: 9))],
      [.setSessionHost(.nobody)], [.setHost(bob)], [.setHost(PeerID(rawValue: 9))],
      [.setName("a"), .setHost(PeerID(rawValue: 9))],
      [.setDataOfMember(bob, key: "a", value: "b"), .setMemberData(key: "c", value: "d")],
    ]
    for changes in all {
      let (there, here) = try both(changes)
      #expect(here == there, "\(changes)")
    }
    let dropped = try both([.drop(bob)]).here
    #expect(dropped.sessionHost == nil && dropped.members.count == 1)
    #expect(try !both([.setPassword("")]).here.hasPassword)
  }
}
