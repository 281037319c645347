extension DirectoryState {
  /// Signs a player in, or changes what it says of itself. Another run of its program that is signed in takes leave of
  /// everything first.
  public mutating func signIn(_ identity: DirectoryIdentity, run: UInt64, at now: Double) throws(DirectoryError) {
    try Self.check(identity)
    let id = identity.id
    if let other = players[id]?.run, other != run { end(id, run: other, because: .signedOut) }
    let before = players[id]
    var record = before ?? PlayerRecord(identity: identity, shown: DirectoryPlayer(id: id, name: ""), run: nil)
    record.identity = identity
    record.run = run
    record.shown.kind = identity.kind
    record.shown.name = identity.name
    record.shown.region = identity.region
    record.shown.isOnline = true
    hear(id, at: now)
    changed.mark(.heartbeat(id))
    guard record != before else { return }
    put(record)
    changed.mark(.player(id))
    if before?.shown.name != identity.name || before?.shown.region != identity.region { renameSeats(of: record) }
    if before?.run != run { deliverInvitations(of: id) }
  }

  /// Signs a run out: the player leaves everything. Nothing happens where another run is signed in.
  public mutating func signOut(_ player: PeerID, run: UInt64) {
    guard players[player]?.run == run else { return }
    leaveEverything(player)
    matchTickets()
  }

  /// Hears of a player's program.
  public mutating func heartbeat(_ player: PeerID, run: UInt64, at now: Double) throws(DirectoryError) {
    guard players[player]?.run == run else { throw .signedOut }
    heard[player] = now
    changed.mark(.heartbeat(player))
  }

  private static func check(_ identity: DirectoryIdentity) throws(DirectoryError) {
    guard identity.id != .nobody else { throw .malformed("a player's id cannot be 0") }
    try Limits.check(identity.name.utf8.count, 1...Limits.playerNameSize, "the player's name has", "bytes")
    try Limits.check(identity.relations.count, 0...Limits.relations, "the player has", "friends, blocked and ignored")
    guard identity.relations[identity.id] == nil else {
      throw .malformed("a player cannot be its own friend, nor block or ignore itself")
    }
  }

  /// Ends a run that did not sign out by itself.
  mutating func end(_ player: PeerID, run: UInt64, because error: DirectoryError) {
    news.append((player, .signedOut(error, run: run)))
    leaveEverything(player)
  }

  private mutating func leaveEverything(_ player: PeerID) {
    guard var record = players[player] else { return }
    record.run = nil
    record.shown = DirectoryPlayer(
      id: player, kind: record.shown.kind, name: record.shown.name, region: record.shown.region)
    // First, so that it is told nothing of what follows.
    put(record)
    changed.mark(.heartbeat(player))
    changed.mark(.player(player))
    for id in entries(of: player) { leave(id, player, why: .left) }
    for id in tickets.owned(by: player) { endTicket(id, isGivenUp: true) }
    for id in (reservedIn[player] ?? []).sorted() {
      guard var entry = shelves[id] else { continue }
      entry.reservations.removeAll { $0 == player }
      replace(entry)
    }
    if record.identity.kind == .server { forget(player) } else { forgetLongestAbsent() }
  }

  /// A player's name and region also stand in its entries.
  private mutating func renameSeats(of record: PlayerRecord) {
    for id in (seats[record.identity.id] ?? []).sorted() {
      guard var entry = shelves[id] else { continue }
      if entry.host == record.identity.id { entry.region = record.identity.region }
      for index in entry.members.indices where entry.members[index].player == record.identity.id {
        entry.members[index].name = record.identity.name
      }
      if entry != shelves[id] { replace(entry) }
    }
  }

  /// The entries that a player is a member or the host of.
  func entries(of player: PeerID) -> [EntryID] {
    (seats[player] ?? []).filter { id in
      shelves.withEntry(id) { $0.host == player || $0.members.contains { $0.player == player } } ?? false
    }.sorted()
  }

  // MARK: - Records of players

  /// Puts a player's new record in place of the old one, and tells those who know it.
  mutating func put(_ record: PlayerRecord) {
    let id = record.identity.id
    let before = players.updateValue(record, forKey: id)
    let old = before?.identity.relations ?? [:]
    let new = record.identity.relations
    if old != new {
      for other in old.keys where new[other] == nil { unfollow(other, by: id) }
      for other in new.keys { followers[other, default: []].insert(id) }
    }
    if record.run == nil {
      heard[id] = nil
      if before?.run != nil || before == nil { absent.append(id) }
    }
    if before == nil || before?.shown != record.shown { tellAcquaintances(of: id) }
    for other in Set(old.keys).union(new.keys).sorted() where old[other] != new[other] {
      tell(other, of: id)
      // A run that is new asks for all of them.
      if before?.run == record.run { tell(id, of: other) }
    }
  }

  /// Forgets a player that is signed out, with all that is kept for it.
  mutating func forget(_ player: PeerID) {
    guard let record = players[player] else { return }
    for other in record.identity.relations.keys { unfollow(other, by: player) }
    players[player] = nil
    heard[player] = nil
    changed.mark(.player(player))
    if invitations.removeValue(forKey: player) != nil { changed.mark(.invitations(player)) }
    if notes.removeValue(forKey: player) != nil { changed.mark(.notes(player)) }
    for other in record.identity.relations.keys.sorted() { tell(other, of: player) }
  }

  private mutating func unfollow(_ other: PeerID, by player: PeerID) {
    followers[other]?.remove(player)
    if followers[other]?.isEmpty == true { followers[other] = nil }
  }

  private mutating func forgetLongestAbsent() {
    while absent.count > Limits.rememberedPlayers, let player = absent.removeFirst() {
      if players[player]?.run == nil { forget(player) }
    }
  }
}
