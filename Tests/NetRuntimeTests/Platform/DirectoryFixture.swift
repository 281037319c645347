import Testing

@testable import NetRuntime

/// A directory, and players that sign in to it by name.
struct DirectoryFixture {
  static let title = "steam:480"

  var state = DirectoryState()
  var now = 100.0
  /// Every record that was taken, and the news with them.
  var replica = DirectoryState()

  static func id(_ name: String) -> PeerID {
    PeerID(rawValue: name.utf8.reduce(0x100) { $0 &* 31 &+ UInt64($1) })
  }

  static func identity(
    _ name: String, kind: DirectoryIdentity.Kind = .player, region: String = "local", friends: [String] = [],
    blocked: [String] = []
  ) -> DirectoryIdentity {
    var relations: [PeerID: PlayerRelation] = [:]
    for friend in friends { relations[id(friend)] = .friend }
    for other in blocked { relations[id(other)] = .blocked }
    return DirectoryIdentity(
      id: id(name), kind: kind, name: name, region: Region(region) ?? .local, relations: relations)
  }

  init(_ names: String...) throws {
    for name in names { try signIn(name) }
  }

  mutating func signIn(
    _ name: String, kind: DirectoryIdentity.Kind = .player, run: UInt64 = 1, region: String = "local",
    friends: [String] = [], blocked: [String] = []
  ) throws {
    try state.signIn(
      Self.identity(name, kind: kind, region: region, friends: friends, blocked: blocked), run: run, at: now)
  }

  @discardableResult
  mutating func ask(_ name: String, _ request: DirectoryRequest) throws -> DirectoryAnswer {
    let id = Self.id(name)
    return try state.apply(request, as: id, run: state.run(of: id) ?? 0, at: now)
  }

  /// An entry as a request has it.
  static func entry(
    _ id: UInt64, kind: DirectoryEntry.Kind = .steamLobby, by host: String, maximum: Int = 4,
    visibility: DirectoryEntry.Visibility = .everyone, data: [Bytes: Bytes] = [:], password: Bytes? = nil,
    reservations: [String] = []
  ) -> DirectoryEntry {
    DirectoryEntry(
      id: EntryID(rawValue: id), kind: kind, title: title, host: Self.id(host), maximum: maximum,
      visibility: visibility, data: data, reservations: reservations.map(Self.id), password: password)
  }

  @discardableResult
  mutating func create(
    _ id: UInt64, kind: DirectoryEntry.Kind = .steamLobby, by host: String, maximum: Int = 4,
    visibility: DirectoryEntry.Visibility = .everyone, data: [Bytes: Bytes] = [:], password: Bytes? = nil,
    reservations: [String] = []
  ) throws -> DirectoryEntry {
    let entry = Self.entry(
      id, kind: kind, by: host, maximum: maximum, visibility: visibility, data: data, password: password,
      reservations: reservations)
    return try answered(with: ask(host, .create(entry: entry, peer: Self.id(host), memberData: [:])))
  }

  @discardableResult
  mutating func join(_ name: String, _ id: UInt64, password: Bytes? = nil) throws -> DirectoryEntry {
    try answered(
      with: ask(name, .join(EntryID(rawValue: id), password: password, peer: Self.id(name), memberData: [:])))
  }

  @discardableResult
  mutating func change(_ name: String, _ id: UInt64, _ changes: EntryChange...) throws -> DirectoryEntry {
    try answered(with: ask(name, .change(EntryID(rawValue: id), changes)))
  }

  mutating func leave(_ name: String, _ id: UInt64) throws { try ask(name, .leave(EntryID(rawValue: id))) }

  mutating func list(
    _ name: String, kind: DirectoryEntry.Kind = .steamLobby, near: [EntryQuery.Near] = [],
    limit: Int = Limits.listedEntries, _ filters: EntryQuery.Filter...
  ) throws -> [UInt64] {
    let query = EntryQuery(kind: kind, title: Self.title, filters: filters, near: near, limit: limit)
    let answer = try ask(name, .list(query))
    guard case .entries(let entries) = answer else {
      Issue.record("expected entries, got \(answer)")
      return []
    }
    return entries.map(\.id.rawValue)
  }

  private func answered(with answer: DirectoryAnswer) throws -> DirectoryEntry {
    guard case .entry(let entry) = answer else {
      Issue.record("expected an entry, got \(answer)")
      throw DirectoryError.malformed("no entry")
    }
    return entry
  }

  func entry(_ id: UInt64) -> DirectoryEntry? { state.shelves[EntryID(rawValue: id)] }

  func members(_ id: UInt64) -> [String] { entry(id)?.members.map(\.name) ?? [] }

  /// What a player has been told since the last call of this for anybody.
  mutating func news() -> News { News(all: state.takeNews()) }

  struct News {
    var all: [(player: PeerID, news: StateNews)]

    func of(_ name: String) -> [StateNews] {
      all.filter { $0.player == DirectoryFixture.id(name) }.map(\.news)
    }

    func changes(of name: String) -> [DirectoryChange] {
      of(name).compactMap { if case .change(let change) = $0 { change } else { nil } }
    }
  }
}
