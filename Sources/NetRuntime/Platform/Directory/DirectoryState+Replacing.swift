extension DirectoryState {
  /// Puts an entry's new state in place of the old one, with all that follows from it.
  /// - Parameter why: Why those left who are in it no more.
  mutating func replace(_ entry: DirectoryEntry, why: DepartureReason = .left) {
    var entry = entry
    entry.revision = (shelves.withEntry(entry.id) { $0.revision } ?? 0) &+ 1
    entry.hasPassword = entry.password != nil
    let before = install(entry.id, entry, why: why)
    changed.mark(.entry(entry.id))
    for member in before?.members ?? [] where entry.member(member.player) == nil {
      clearActivity(of: member.player, naming: entry.id)
    }
    if before?.members.map(\.player) != entry.members.map(\.player) { updateTickets(of: entry) }
    // Those who look for others may fit now.
    if let before, entry.room > before.room { unmatched += tickets.of(entry: entry.id) }
  }

  /// Ends an entry.
  /// - Parameter why: What its members are told.
  mutating func end(_ entry: DirectoryEntry, why: DepartureReason) {
    install(entry.id, nil, why: why)
    changed.mark(.entry(entry.id))
    for member in entry.members { clearActivity(of: member.player, naming: entry.id) }
    for ticket in tickets.of(entry: entry.id) { endTicket(ticket, isGivenUp: false) }
  }

  /// Changes what is known of an entry, and tells its members; the same for what happened here and for what another
  /// program wrote.
  /// - Returns: What was known before.
  @discardableResult
  mutating func install(_ id: EntryID, _ entry: DirectoryEntry?, why: DepartureReason) -> DirectoryEntry? {
    let before = shelves[id]
    index(before, entry, id)
    if let entry { shelves.put(entry) } else { shelves.remove(id) }
    if let before { tellDepartures(from: before, to: entry, why: why) }
    if let entry {
      for member in entry.members { tell(member.player, .entry(shown(entry, to: member.player))) }
      if entry.member(entry.host) == nil { tell(entry.host, .entry(entry)) }
    }
    // Who shows it as its activity seems to be somewhere else now, or here.
    if let entry, ((before?.visibility ?? .unseen) == .unseen) != (entry.visibility == .unseen) {
      for member in entry.members where players[member.player]?.shown.activity?.entry == id {
        tellAcquaintances(of: member.player)
      }
    }
    return before
  }

  private mutating func tellDepartures(from before: DirectoryEntry, to entry: DirectoryEntry?, why: DepartureReason) {
    for member in before.members where players[member.player]?.run == member.run {
      guard entry?.member(member.player)?.run != member.run else { continue }
      let isKicked = entry?.kicked.contains(member.player) == true
      tell(member.player, .left(before.id, isKicked ? .kicked : why))
    }
    let isServersEnd = before.member(before.host) == nil && entry?.host != before.host
    if isServersEnd, entry?.member(before.host) == nil { tell(before.host, .left(before.id, why)) }
  }

  /// Tells a player something, if it is signed in.
  mutating func tell(_ player: PeerID, _ change: DirectoryChange) {
    guard players[player]?.run != nil else { return }
    news.append((player, .change(change)))
  }

  private mutating func index(_ before: DirectoryEntry?, _ entry: DirectoryEntry?, _ id: EntryID) {
    let old = before?.seated ?? []
    let new = entry?.seated ?? []
    if old != new {
      for player in old where !new.contains(player) { take(id, from: \.seats, of: player) }
      for player in new where !old.contains(player) { seats[player, default: []].insert(id) }
    }
    let oldReservations = before?.reservations ?? []
    let newReservations = entry?.reservations ?? []
    if oldReservations != newReservations {
      for player in oldReservations where !newReservations.contains(player) { take(id, from: \.reservedIn, of: player) }
      for player in newReservations { reservedIn[player, default: []].insert(id) }
    }
  }

  private mutating func take(
    _ id: EntryID, from index: WritableKeyPath<DirectoryState, [PeerID: Set<EntryID>]>, of player: PeerID
  ) {
    self[keyPath: index][player]?.remove(id)
    if self[keyPath: index][player]?.isEmpty == true { self[keyPath: index][player] = nil }
  }
}

extension DirectoryEntry {
  /// Who has a seat in it: members, their peers, the host; a player may be named twice.
  fileprivate var seated: [PeerID] {
    var seated = [host]
    for member in members {
      seated.append(member.player)
      if member.peer != member.player { seated.append(member.peer) }
    }
    return seated
  }
}
