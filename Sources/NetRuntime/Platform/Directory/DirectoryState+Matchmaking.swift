extension DirectoryState {
  /// Brings tickets together that came or changed since the last call.
  mutating func matchTickets() {
    guard !unmatched.isEmpty else { return }
    let ids = unmatched
    unmatched = []
    for record in ids.compactMap({ tickets[$0] }).sorted(by: { $0.isOlder(than: $1) }) {
      // Those that were there before have not fitted each other, so a match has this one in it.
      guard tickets[record.ticket.id]?.ticket.state == .searching, let match = match(with: record) else { continue }
      perform(match)
    }
    // A match changes what it matched; that alone lets nobody else fit.
    unmatched = []
  }

  private func match(with record: TicketRecord) -> Match? {
    let alone = Match(record, room: room(in: record.ticket.entry))
    let others = candidates(for: alone, of: record)
    // Who finds no room beside the ticket alone may find it once others have joined, and does not come first.
    for first in others.indices where others[first].isFirst {
      var match = alone
      for other in others[first...] where match.players < record.ticket.hopper.maximumPlayers {
        match.add(other.record, room: other.room)
      }
      if match.tickets.count > 1, match.players >= record.ticket.hopper.minimumPlayers { return match }
    }
    return nil
  }

  private struct Candidate {
    var record: TicketRecord
    var room: Int
    /// Whether it and the ticket have room for each other.
    var isFirst: Bool
  }

  /// The oldest tickets that fit one, of those which have room for it or it for them, and of the others; none where
  /// nobody has room.
  private func candidates(for alone: Match, of record: TicketRecord) -> [Candidate] {
    var candidates: [Candidate] = []
    var counts = (first: 0, other: 0)
    for id in tickets.searching(in: record.ticket.hopper) where id != record.ticket.id {
      guard let other = tickets[id], record.ticket.fits(other.ticket) else { continue }
      let room = room(in: other.ticket.entry)
      let isFirst = alone.with(other, room: room) != nil
      guard (isFirst ? counts.first : counts.other) < Limits.matchCandidates else { continue }
      candidates.append(Candidate(record: other, room: room, isFirst: isFirst))
      if isFirst { counts.first += 1 } else { counts.other += 1 }
      if counts.first == Limits.matchCandidates { break }
    }
    return counts.first > 0 ? candidates : []
  }

  /// Players that an entry could take in.
  private func room(in id: EntryID) -> Int {
    shelves.withEntry(id) { $0.room } ?? 0
  }

  /// All meet in one session: it keeps places for the others, and all hear of it.
  private mutating func perform(_ match: Match) {
    guard let target = match.target, var entry = shelves[target.ticket.entry] else { return }
    let others = match.tickets.flatMap(\.ticket.players).filter { entry.member($0) == nil }
    let reserved = Set(entry.reservations)
    let places = others.filter { !reserved.contains($0) }.unique
    entry.reservations += places
    entry.invited.appendGuests(others)
    if !others.isEmpty { replace(entry) }
    for var record in match.tickets {
      record.ticket.state = .found(entry.id)
      record.deadline += Limits.matchPlaceTime
      if record.ticket.id == target.ticket.id { record.places = places }
      put(record)
      tellTicket(record.ticket)
    }
  }

  /// Gives the places back that a match has kept for players and that they have not taken.
  /// - Parameters:
  ///   - record: A ticket that ended.
  ///   - isGivenUp: Whether its own players have given up their places; those who only left the session that they
  ///     looked from are on their way.
  mutating func returnPlaces(of record: TicketRecord, isGivenUp: Bool) {
    guard case .found(let target) = record.ticket.state else { return }
    var places = record.places
    if isGivenUp {
      for id in tickets.of(entry: target) {
        guard var other = tickets[id], other.places.contains(where: record.ticket.players.contains) else { continue }
        places += other.places.filter(record.ticket.players.contains)
        other.places.removeAll(where: record.ticket.players.contains)
        put(other)
      }
    }
    guard var entry = shelves[target], entry.reservations.contains(where: places.contains) else { return }
    entry.reservations.removeAll(where: places.contains)
    replace(entry)
  }
}

/// Tickets that fit each other.
private struct Match {
  private(set) var tickets: [TicketRecord]
  /// How many players the entry of each could take in.
  private var rooms: [Int]

  init(_ record: TicketRecord, room: Int) {
    tickets = [record]
    rooms = [room]
  }

  var players: Int { tickets.reduce(0) { $0 + $1.ticket.players.count } }

  /// Where all can meet: the one session that is kept, else that of the oldest ticket which has the room.
  var target: TicketRecord? {
    let players = self.players
    let hasKept = tickets.contains(where: \.ticket.keepsSession)
    let able = tickets.indices.filter {
      (tickets[$0].ticket.keepsSession || !hasKept) && rooms[$0] >= players - tickets[$0].ticket.players.count
    }
    return able.map { tickets[$0] }.min { $0.isOlder(than: $1) }
  }

  /// Adds a ticket, if it fits all that are in it.
  mutating func add(_ record: TicketRecord, room: Int) {
    guard tickets.allSatisfy({ $0.ticket.fits(record.ticket) }), let grown = with(record, room: room) else { return }
    self = grown
  }

  /// With one more ticket; nil where not all of them can meet then.
  func with(_ record: TicketRecord, room: Int) -> Match? {
    guard players + record.ticket.players.count <= record.ticket.hopper.maximumPlayers else { return nil }
    var grown = self
    grown.tickets.append(record)
    grown.rooms.append(room)
    return grown.target == nil ? nil : grown
  }
}

extension MatchTicket {
  /// Whether the rules let both meet; their hoppers are the same.
  fileprivate func fits(_ other: MatchTicket) -> Bool {
    entry != other.entry && !(keepsSession && other.keepsSession)
      && !players.contains(where: other.players.contains)
      && hopper.rules.allSatisfy { rule in
        guard let mine = attributes[rule.attribute], let others = other.attributes[rule.attribute] else { return false }
        switch rule {
        case .same: return mine == others
        case .within(_, let difference):
          guard case .number(let mine) = mine, case .number(let others) = others else { return false }
          return abs(mine - others) <= difference
        }
      }
  }
}

extension DirectoryEntry {
  /// How many players may still come in.
  var room: Int { isClosed ? 0 : freePlaces }
}
