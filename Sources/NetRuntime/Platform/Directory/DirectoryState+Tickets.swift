extension DirectoryState {
  mutating func startTicket(
    _ asked: MatchTicket, by player: PeerID, at now: Double
  ) throws(DirectoryError) -> MatchTicket {
    if let same = tickets[asked.id] {
      guard same.owner == player, same.ticket.entry == asked.entry else {
        throw .malformed("there is a ticket with this id already")
      }
      return same.ticket
    }
    guard let entry = shelves[asked.entry] else { throw .unknownEntry(asked.entry) }
    guard entry.member(player) != nil else { throw .notMember }
    try Self.check(asked)
    guard tickets.owned(by: player).count < Limits.ticketsPerPlayer else {
      throw .malformed("the player has \(Limits.ticketsPerPlayer) tickets already; more are not possible")
    }
    guard entry.members.count <= asked.hopper.maximumPlayers else {
      throw .malformed(
        "the session has \(entry.members.count) members, and hopper \"\(asked.hopper.name)\" takes at most "
          + "\(asked.hopper.maximumPlayers) players")
    }
    var ticket = asked
    ticket.players = entry.members.map(\.player)
    ticket.state = .searching
    put(TicketRecord(ticket: ticket, owner: player, deadline: now + ticket.timeout))
    tellTicket(ticket)
    return ticket
  }

  static func check(_ ticket: MatchTicket) throws(DirectoryError) {
    let hopper = ticket.hopper
    guard ticket.id != 0 else { throw .malformed("the id of a ticket cannot be 0") }
    guard ticket.timeout > 0, ticket.timeout <= Limits.ticketTimeout else {
      throw .malformed(
        "a search takes over 0 and up to \(Int(Limits.ticketTimeout)) seconds, not \(ticket.timeout)")
    }
    try Limits.check(hopper.title.utf8.count, 1...Limits.entryTextSize, "the title has", "bytes")
    try Limits.check(hopper.name.utf8.count, 1...Limits.entryTextSize, "the name of the hopper has", "bytes")
    try Limits.check(hopper.maximumPlayers, 1...Limits.lobbyMembers, "the hopper takes", "players")
    try Limits.check(hopper.minimumPlayers, 1...hopper.maximumPlayers, "the hopper asks for", "players")
    try Limits.check(hopper.rules.count, 0...Limits.ticketAttributes, "the hopper has", "rules")
    try Limits.check(ticket.attributes.count, 0...Limits.ticketAttributes, "the ticket has", "attributes")
    for (name, value) in ticket.attributes {
      try Limits.check(name.utf8.count, 0...Limits.entryTextSize, "the name of an attribute has", "bytes")
      switch value {
      case .text(let text): try Limits.check(text.utf8.count, 0...Limits.entryTextSize, "an attribute has", "bytes")
      case .number(let number): guard number.isFinite else { throw .malformed("attribute \"\(name)\" is no number") }
      }
    }
    for rule in hopper.rules { try check(ticket, rule) }
  }

  private static func check(_ ticket: MatchTicket, _ rule: Hopper.Rule) throws(DirectoryError) {
    let name = rule.attribute
    try Limits.check(name.utf8.count, 0...Limits.entryTextSize, "the name of an attribute has", "bytes")
    guard let value = ticket.attributes[name] else {
      throw .malformed("hopper \"\(ticket.hopper.name)\" compares \"\(name)\", which the ticket lacks")
    }
    guard case .within(_, let difference) = rule else { return }
    guard difference >= 0, difference.isFinite else {
      throw .malformed("hopper \"\(ticket.hopper.name)\": the difference of \"\(name)\" has to be 0 or more")
    }
    guard case .number = value else {
      throw .malformed("hopper \"\(ticket.hopper.name)\" compares \"\(name)\" as a number, and the ticket has a text")
    }
  }

  mutating func deleteTicket(_ id: UInt64, by player: PeerID) {
    if tickets[id]?.owner == player { endTicket(id, isGivenUp: true) }
  }

  /// Ends a search; those that were waiting with it hear that it came to nothing. Places that were kept for who was
  /// found are given back.
  /// - Parameter isGivenUp: Whether its players have given up their own places, too.
  mutating func endTicket(_ id: UInt64, isGivenUp: Bool) {
    guard var record = tickets.remove(id) else { return }
    changed.mark(.ticket(id))
    returnPlaces(of: record, isGivenUp: isGivenUp)
    guard record.ticket.state == .searching else { return }
    record.ticket.state = .expired
    tellTicket(record.ticket)
  }

  mutating func expireTicket(_ id: UInt64, at now: Double) {
    guard let deadline = tickets[id]?.deadline else { return }
    if deadline > now {
      deadlines.add(.ticket(id), at: deadline)
    } else {
      endTicket(id, isGivenUp: true)
    }
  }

  /// The members of an entry changed: its tickets are for those that are there, and end with their owners' stay.
  mutating func updateTickets(of entry: DirectoryEntry) {
    for id in tickets.of(entry: entry.id) {
      guard var record = tickets[id] else { continue }
      guard entry.member(record.owner) != nil else {
        endTicket(id, isGivenUp: false)
        continue
      }
      guard record.ticket.state == .searching else { continue }
      record.ticket.players = entry.members.map(\.player)
      put(record)
      tellTicket(record.ticket)
    }
  }

  /// Puts a ticket in place of the one that has its id.
  mutating func put(_ record: TicketRecord) {
    tickets.put(record)
    changed.mark(.ticket(record.ticket.id))
    deadlines.add(.ticket(record.ticket.id), at: record.deadline)
    if record.ticket.state == .searching { unmatched.append(record.ticket.id) }
  }

  mutating func tellTicket(_ ticket: MatchTicket) {
    for player in ticket.players { tell(player, .ticket(ticket)) }
  }
}

extension Hopper.Rule {
  var attribute: String {
    switch self {
    case .same(let attribute), .within(let attribute, _): attribute
    }
  }
}
