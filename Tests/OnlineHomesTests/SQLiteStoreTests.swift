import Foundation
import GRDB
import NetRuntime
import Testing

@testable import OnlineHomes

@Suite("A directory's store in a file")
struct SQLiteStoreTests {
  private let folder: TemporaryFolder
  private var path: String { folder.file("online.sqlite") }

  init() throws { folder = try TemporaryFolder() }

  private func note(_ key: String, _ text: String?) -> DirectoryRecord {
    DirectoryRecord(.notes, key, text.map { .notes(["text": Bytes($0)]) })
  }

  @Test func whatOneProgramWritesAnotherReads() throws {
    let one = try SQLiteStore(path: path)
    let other = try SQLiteStore(path: path)
    #expect(other.hasChanged(since: 0))
    var seen = try other.exchange(since: 0) { changed, isWhole in
      #expect(changed.isEmpty && isWhole)
      return []
    }
    #expect(!other.hasChanged(since: seen))

    let written = try one.exchange(since: 0) { _, _ in [note("1", "a"), note("2", "b")] }
    #expect(!one.hasChanged(since: written))
    #expect(other.hasChanged(since: seen))
    #expect(other.hasChanged(since: seen), "asking changes nothing")
    seen = try other.exchange(since: seen) { changed, _ in
      #expect(changed == [note("1", "a"), note("2", "b")])
      return [note("1", "c"), note("2", nil)]
    }
    #expect(!other.hasChanged(since: seen))
    #expect(one.hasChanged(since: written))
    _ = try one.exchange(since: written) { changed, isWhole in
      #expect(!isWhole)
      #expect(changed == [note("1", "c"), note("2", nil)])
      return []
    }
  }

  /// Bytes of a file; 0 where there is none.
  private func size(_ path: String) -> Int {
    (try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int) ?? 0
  }

  /// Writes notes of a page each.
  private func write(_ count: Int, to store: SQLiteStore) throws -> UInt64 {
    var seen: UInt64 = 0
    for number in 0..<count {
      let text = String(repeating: "x", count: 4000)
      seen = try store.exchange(since: seen) { _, _ in [note("\(number)", text)] }
    }
    return seen
  }

  @Test func aServersCommitsAreTakenOutOfTheLogBesideThem() async throws {
    let store = try SQLiteStore(path: path, checkpoints: .beside(interval: 0.05))
    // Too little for a commit to do it itself.
    let seen = try write(100, to: store)
    for _ in 0..<1000 where size(path) < 400_000 { try await Task.sleep(for: .milliseconds(10)) }
    #expect(size(path) >= 400_000)
    #expect(!store.hasChanged(since: seen), "a checkpoint is no change")

    var hasBegunAnew = false
    for _ in 0..<20 where !hasBegunAnew {
      try await Task.sleep(for: .milliseconds(300))
      let log = size(path + "-wal")
      _ = try write(1, to: store)
      hasBegunAnew = size(path + "-wal") == log
    }
    #expect(hasBegunAnew, "the log does not grow for ever")
    store.close()
    #expect(size(path + "-wal") == 0)
    try SQLiteStore(path: path).close()
  }

  @Test func aLogThatGrowsTooLongIsTakenInByACommit() throws {
    let store = try SQLiteStore(path: path, checkpoints: .beside(interval: 1000, pages: 1500))
    // A page in the log has a head of 24 bytes.
    var pages: Int { size(path + "-wal") / 4120 }
    for _ in 0..<20 where pages <= 1000 { _ = try write(100, to: store) }
    #expect(pages > 1000)
    #expect(size(path) < 100_000, "SQLite's own 1,000 pages do not count")
    for _ in 0..<20 where size(path) < 100_000 { _ = try write(100, to: store) }
    #expect(size(path) > 400_000)
    #expect(pages < 1600)
  }

  @Test func theFileIsItsOwnersAlone() throws {
    let store = try SQLiteStore(path: path)
    _ = try store.exchange(since: 0) { _, _ in [note("1", "a")] }
    for suffix in ["", "-wal", "-shm"] {
      let mode = try FileManager.default.attributesOfItem(atPath: path + suffix)[.posixPermissions] as? Int
      #expect(mode == 0o600, "\(suffix)")
    }
    #expect(!SQLiteStore.isReadableByOthers(path))
    chmod(path, 0o640)
    #expect(SQLiteStore.isReadableByOthers(path))
    store.close()
    try SQLiteStore(path: path).close()
    #expect(SQLiteStore.isReadableByOthers(path), "a mode that somebody gave it stays")
  }

  @Test func everyKindOfRecordIsReadBack() throws {
    let identity = DirectoryIdentity(
      id: PeerID(rawValue: 7), name: "anna", region: Region("eu-west") ?? .local,
      relations: [PeerID(rawValue: 8): .blocked])
    var entry = DirectoryEntry(
      id: EntryID(rawValue: 9), kind: .steamLobby, title: "steam:480", host: identity.id, maximum: 4,
      visibility: .unseen, name: "\u{1}", data: ["": Bytes([0, 255, 1]), "key": "värde"], keywords: ["a"],
      password: "hush")
    entry.members = [
      .init(
        player: identity.id, peer: identity.id, name: "anna", run: .max, data: ["k": "v"],
        endpoints: [Endpoint("127.0.0.1:10000")].compactMap(\.self))
    ]
    let hopper = Hopper(
      title: "t", name: "h", minimumPlayers: 2, maximumPlayers: 4,
      rules: [.same(attribute: "mode"), .within(attribute: "rank", difference: 0.1)])
    let ticket = MatchTicket(
      id: 3, entry: entry.id, hopper: hopper, attributes: ["rank": .number(0.1), "mode": .text("x")], timeout: 60,
      keepsSession: true)
    let records = [
      DirectoryRecord(
        .player, "7",
        .player(
          PlayerRecord(
            identity: identity, shown: DirectoryPlayer(id: identity.id, name: "anna", presence: ["a": "b"]), run: 5))),
      DirectoryRecord(.heartbeat, "7", .heartbeat(12345.678901)),
      DirectoryRecord(.entry, "9", .entry(entry)),
      DirectoryRecord(
        .invitations, "7", .invitations([Invitation(id: 1, from: identity.id, title: "t", entry: entry.id)])),
      DirectoryRecord(.ticket, "3", .ticket(TicketRecord(ticket: ticket, owner: identity.id, deadline: 0.3))),
      DirectoryRecord(.notes, "7", .notes(["a": ""])),
    ]
    let store = try SQLiteStore(path: path)
    let revision = try store.exchange(since: 0) { _, _ in records }
    store.close()
    let again = try SQLiteStore(path: path)
    let same = try again.exchange(since: 0) { changed, isWhole in
      #expect(isWhole)
      #expect(changed == records)
      return []
    }
    #expect(same == revision)
  }

  @Test func whatFailsChangesNothing() throws {
    struct Trouble: Error {}
    let store = try SQLiteStore(path: path)
    let revision = try store.exchange(since: 0) { _, _ in [note("1", "a")] }
    #expect(throws: Trouble.self) { _ = try store.exchange(since: revision) { _, _ in throw Trouble() } }
    let large = String(repeating: "x", count: Limits.storeRecordSize)
    #expect(throws: StoreError.tooLarge(path: path, record: "the notes 2")) {
      _ = try store.exchange(since: revision) { _, _ in [note("1", "b"), note("2", large)] }
    }
    for since in [revision, 0] {
      _ = try store.exchange(since: since) { changed, isWhole in
        #expect(isWhole == (since == 0))
        #expect(changed == (since == 0 ? [note("1", "a")] : []))
        return []
      }
    }
  }

  /// The most that the rules allow, all of it control characters, for which JSON takes six bytes each.
  @Test func theLargestEntryCanBeKept() throws {
    func filled(_ size: Int) -> [Bytes: Bytes] {
      ["k": Bytes([UInt8](repeating: 2, count: size - 4))]
    }
    let store = try SQLiteStore(path: path)
    let text = Bytes([UInt8](repeating: 2, count: Limits.entryTextSize))
    var state = DirectoryState()
    let id = EntryID(rawValue: .max)
    let players = (1...UInt64(Limits.lobbyMembers)).map { PeerID(rawValue: .max - $0) }
    let guests = (1...UInt64(Limits.entryGuests)).map { PeerID(rawValue: .max / 2 - $0) }
    for player in players {
      let name = String(repeating: "\u{2}", count: Limits.playerNameSize)
      try state.signIn(DirectoryIdentity(id: player, name: name), run: .max, at: 0)
      let endpoints = (0..<Limits.playerEndpoints).map { Endpoint(address: .max, port: .max - UInt16($0)) }
      _ = try state.apply(.publish(endpoints: endpoints), as: player, run: .max, at: 0)
      if player == players[0] {
        var entry = DirectoryEntry(
          id: id, kind: .xboxSession, title: text.text, host: player, maximum: Limits.lobbyMembers, name: text,
          data: filled(Limits.lobbyDataSize),
          keywords: (0..<Limits.entryKeywords).map { number in
            Bytes([UInt8](repeating: 2, count: Limits.keywordSize - 1) + [UInt8(number)])
          }, password: text)
        entry.invited = guests
        _ = try state.apply(
          .create(entry: entry, peer: player, memberData: filled(Limits.memberDataSize)), as: player, run: .max, at: 0)
      } else {
        _ = try state.apply(
          .join(id, password: text, peer: player, memberData: filled(Limits.memberDataSize)), as: player, run: .max,
          at: 0)
      }
    }
    var records = state.takeRecords()
    guard let index = records.firstIndex(where: { $0.kind == .entry }), case .entry(var entry)? = records[index].content
    else {
      Issue.record("no entry")
      return
    }
    #expect(entry.members.count == Limits.lobbyMembers)
    entry.kicked = guests
    records[index].content = .entry(entry)
    _ = try store.exchange(since: 0) { _, _ in records }
    _ = try SQLiteStore(path: path).exchange(since: 0) { changed, _ in
      #expect(changed.contains(records[index]))
      return []
    }
    let size = try DatabaseQueue(path: path).read {
      try Int.fetchOne($0, sql: "SELECT max(length(content)) FROM record")
    }
    #expect(size ?? 0 > 1 << 20 && size ?? .max < Limits.storeRecordSize / 2, "\(size ?? 0)")
  }

  @Test func whoIsFarBehindGetsEverythingAnew() throws {
    let store = try SQLiteStore(path: path, keptRemovals: 64)
    var revision = try store.exchange(since: 0) { _, _ in [note("kept", "a"), note("removed", "b")] }
    let early = revision
    revision = try store.exchange(since: revision) { _, _ in [note("removed", nil)] }
    for number in 0..<200 {
      revision = try store.exchange(since: revision) { _, _ in [note("other", "\(number)")] }
    }
    let current = try store.exchange(since: revision) { changed, isWhole in
      #expect(changed.isEmpty && !isWhole)
      return []
    }
    _ = try store.exchange(since: current - 3) { changed, isWhole in
      #expect(!isWhole)
      #expect(changed == [note("other", "199")])
      return []
    }
    for since in [early, current + 1] {
      _ = try store.exchange(since: since) { changed, isWhole in
        #expect(isWhole)
        #expect(changed == [note("kept", "a"), note("other", "199")])
        return []
      }
    }
    let rows = try DatabaseQueue(path: path).read { try Int.fetchOne($0, sql: "SELECT count(*) FROM record") }
    #expect(rows == 2, "what was removed long ago is forgotten")
  }

  @Test(arguments: [SQLiteStore.Checkpoints.byCommits, .beside(interval: 0.001)])
  func aFileThatIsTakenAwayIsBegunAnew(checkpoints: SQLiteStore.Checkpoints) throws {
    let store = try SQLiteStore(path: path, checkpoints: checkpoints)
    let revision = try store.exchange(since: 0) { _, _ in [note("1", "a")] }
    for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + suffix) }
    #expect(store.hasChanged(since: revision))
    let next = try store.exchange(since: revision) { changed, isWhole in
      #expect(changed.isEmpty && isWhole)
      return [note("2", "b")]
    }
    #expect(!store.hasChanged(since: next))
    let other = try SQLiteStore(path: path)
    _ = try other.exchange(since: 0) { changed, _ in
      #expect(changed == [note("2", "b")])
      return []
    }
  }

  @Test func manyProgramsMayOpenANewFileAtOnce() async throws {
    let path = path
    let revisions = try await withThrowingTaskGroup(of: UInt64.self) { group in
      for number in 0..<8 {
        group.addTask {
          let store = try SQLiteStore(path: path, busyTime: 20)
          return try store.exchange(since: 0) { _, _ in
            [DirectoryRecord(.notes, "\(number)", .notes([:]))]
          }
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(revisions.sorted() == Array(1...8))
  }
}
