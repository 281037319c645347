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

  @Test func changesDoWhatTheySay() {
    var entry = Self.entry(revision: 1, data: ["gone": "x"])
    entry.apply(.setData(key: "gone", value: nil), by: Self.host)
    entry.apply(.setMemberData(key: "ready", value: "1"), by: Self.guest)
    entry.apply(.setSessionHost(Self.host), by: Self.host)
    entry.apply(.setClosed(true), by: Self.host)
    entry.apply(.reserve([PeerID(rawValue: 9), Self.guest]), by: Self.host)
    #expect(entry.data.isEmpty && entry.isClosed && entry.sessionHost == Self.host)
    #expect(entry.member(Self.guest)?.data == ["ready": "1"])
    #expect(entry.freePlaces == 1, "two members, and one place is kept for a player who is not here")
    entry.apply(.kick(Self.guest), by: Self.host)
    #expect(entry.members.map(\.player) == [Self.host] && entry.kicked == [Self.guest])
  }
}
