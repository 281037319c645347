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
    let others = tickets.searching(in: record.ticket.hopper).filter {
      $0.ticket.id != record.ticket.id && record.ticket.fits($0.ticket)
    }
    for first in others.indices {
      var match = Match(record, room: room(in: record.ticket.entry))
      for other in others[first...] where match.players < record.ticket.hopper.maximumPlayers {
        match.add(other, room: room(in: other.ticket.entry))
      }
      if match.tickets.count > 1, match.players >= record.ticket.hopper.minimumPlayers { return match }
    }
    return nil
  }

  /// Players that an entry could take in.
  private func room(in id: EntryID) -> Int {
    shelves.withEntry(id) { $0.isClosed ? 0 : $0.freePlaces } ?? 0
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
  /// - Parameter record: A ticket that ended.
  /// - Parameter isGivenUp: Whether its own players have given up their places; those who only left the session that
  ///   they looked from are on their way.
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
    guard players + record.ticket.players.count <= record.ticket.hopper.maximumPlayers,
      tickets.allSatisfy({ $0.ticket.fits(record.ticket) })
    else { return }
    var grown = self
    grown.tickets.append(record)
    grown.rooms.append(room)
    if grown.target != nil { self = grown }
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
