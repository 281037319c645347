import NetRuntime

@testable import OnlineHomes

/// A program with a replica, whose turns and clock the test gives.
struct TestProgram {
  var replica: DirectoryReplica
  private var number: UInt64 = 0

  init(_ store: any DirectoryStore) { replica = DirectoryReplica(store: store, random: SystemRandomSource()) }

  init(path: String) throws { self.init(try SQLiteStore(path: path)) }

  /// Signs in; returns the turn's news.
  mutating func signIn(_ name: String, at now: Double) -> [DirectoryNews] {
    replica.add(.signIn(DirectoryIdentity(id: PeerID(playerName: name), name: name)))
    return replica.turn(at: now)
  }

  mutating func ask(_ request: DirectoryRequest, as name: String, at now: Double) -> [DirectoryNews] {
    number += 1
    replica.add(.ask(request, as: PeerID(playerName: name), number: number))
    return replica.turn(at: now)
  }

  mutating func create(_ id: UInt64, as name: String, at now: Double) -> [DirectoryNews] {
    let player = PeerID(playerName: name)
    let entry = DirectoryEntry(
      id: EntryID(rawValue: id), kind: .steamLobby, title: "test", host: player, maximum: 8)
    return ask(.create(entry: entry, peer: player, memberData: [:]), as: name, at: now)
  }

  mutating func join(_ id: UInt64, as name: String, at now: Double) -> [DirectoryNews] {
    let player = PeerID(playerName: name)
    return ask(.join(EntryID(rawValue: id), password: nil, peer: player, memberData: [:]), as: name, at: now)
  }

  mutating func turn(at now: Double) -> [DirectoryNews] { replica.turn(at: now) }
}

extension [DirectoryNews] {
  /// The names of an entry's members in the last news of it.
  func members(of id: UInt64) -> [String]? {
    for case .change(.entry(let entry), _) in reversed() where entry.id.rawValue == id {
      return entry.members.map(\.name)
    }
    return nil
  }

  var isAnswered: Bool { contains { if case .answer(_, .success) = $0 { true } else { false } } }

  var isSignedIn: Bool { contains { if case .signedIn = $0 { true } else { false } } }

  var signedOut: DirectoryError? {
    for case .signedOut(_, let error) in self { return error }
    return nil
  }

  var lost: [String] { compactMap { if case .lost(let why) = $0 { why } else { nil } } }
}

/// A store that fails when it is told to.
final class FaultyStore: DirectoryStore {
  enum Fault {
    case none
    /// Nothing happens.
    case before
    /// It happens, but the caller hears that it did not.
    case after
  }

  struct Trouble: Error, CustomStringConvertible {
    let description = "the disk is on fire"
  }

  var fault = Fault.none
  /// Bytes of a note's value; larger ones are too large for it.
  var largestNote = Int.max
  private let store: any DirectoryStore

  init(_ store: any DirectoryStore) { self.store = store }

  func exchange(
    since revision: UInt64, _ body: (_ changed: [DirectoryRecord], _ isWhole: Bool) throws -> [DirectoryRecord]
  ) throws -> UInt64 {
    if fault == .before { throw Trouble() }
    let next = try store.exchange(since: revision) { changed, isWhole in
      let written = try body(changed, isWhole)
      for case .notes(let notes)? in written.map(\.content)
      where notes.values.contains(where: { $0.count > largestNote }) {
        throw StoreError.tooLarge(path: "here", record: "the notes")
      }
      return written
    }
    if fault == .after { throw Trouble() }
    return next
  }

  func hasChanged(since revision: UInt64) -> Bool { store.hasChanged(since: revision) }
}
