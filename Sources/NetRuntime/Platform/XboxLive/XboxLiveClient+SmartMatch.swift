extension XboxLiveClient {
  /// Looks for others to play with, for all members of a session together.
  /// - Parameters:
  ///   - timeout: Seconds, 1 to `Limits.ticketTimeout`.
  ///   - attributes: A JSON object of numbers and strings, which the hopper's rules compare; nil for none.
  public func startMatch(
    _ number: Int, hopper name: String, timeout: Double, _ mode: PreserveSessionMode, attributes json: [UInt8]?
  ) throws(XboxLiveError) {
    let session = try readySession(number)
    guard let hopper = settings.hoppers[name] else {
      guard !settings.hoppers.isEmpty else { throw .noHoppers }
      throw .unknownHopper(name, suggestion: Self.suggestion(name, settings.hoppers.keys.sorted()))
    }
    guard 1...Limits.ticketTimeout ~= timeout else { throw .badTimeout(timeout) }
    _ = matchStatus(of: session)
    let former = session.match.ownTicket
    if session.match.isSearching, let former { throw .searching(number, ticket: String(former, radix: 16)) }
    let attributes = try json.map(Self.attributes) ?? [:]
    try Self.check(attributes, hopper)
    // A ticket that has found somebody counts until its time is over.
    if let former { online.ask(.deleteTicket(former), as: session.user.player) }
    let id = online.drawID()
    session.match.begin(id, hopper: name, timeout: timeout, at: now)
    let ticket = MatchTicket(
      id: id, entry: session.lobby.id, hopper: hopper, attributes: attributes, timeout: timeout,
      keepsSession: mode == .always)
    session.lobby.sendChanges()
    online.ask(.startTicket(ticket), as: session.user.player) { [weak self, weak session] result in
      switch result {
      case .success(.ticket(let ticket)): if let session { self?.adopt(ticket, of: session.user.player) }
      case .success: break
      case .failure(let error):
        session?.match.refuse(id)
        self?.log(.warnings, "session \(number) does not look for others: \(error)")
      }
    }
  }

  /// Ends a search, or forgets what came of it.
  public func deleteTicket(_ number: Int, hopper: String, ticket: String) throws(XboxLiveError) {
    let session = try session(number)
    guard let known = session.match.ticket else { throw .noTicket(number) }
    guard UInt64(hexadecimalDigits: ticket.utf8) == known, hopper == session.match.hopper else {
      throw .otherTicket(
        number, ticket: String(known, radix: 16), hopper: session.match.hopper, gotTicket: String(ticket.prefix(64)),
        gotHopper: String(hopper.prefix(64)))
    }
    // Of another member's the service keeps what it has.
    online.ask(.deleteTicket(known), as: session.user.player)
    session.match.forget()
  }

  public func matchStatus(of number: Int) throws(XboxLiveError) -> SmartMatchStatus {
    matchStatus(of: try session(number))
  }

  private func matchStatus(of session: MultiplayerSession) -> SmartMatchStatus {
    session.match.status(isMember: session.lobby.isActive, at: now)
  }

  /// The ticket, "" while the service has not confirmed it, and seconds that the search may still take.
  public func ticket(of number: Int) throws(XboxLiveError) -> (id: String, remaining: Double) {
    let session = try session(number)
    _ = matchStatus(of: session)
    let match = session.match
    return (match.confirmedTicket ?? "", match.remaining(at: now))
  }

  /// Where all that were found meet.
  public func match(of number: Int) throws(XboxLiveError) -> SessionReference {
    let session = try session(number)
    guard let found = session.match.session else { throw .noMatch(number, matchStatus(of: session)) }
    return found
  }

  /// Takes what the service says of a ticket to one of its players.
  func adopt(_ ticket: MatchTicket, of player: PeerID) {
    // Who has joined since a match was made is not in it.
    guard ticket.players.contains(player) else { return }
    let session = sessions.values.first {
      $0.lobby.id == ticket.entry && $0.user.player == player && $0.lobby.isActive
    }
    guard let session, let entry = session.match.adopt(ticket, at: now) else { return }
    if entry == session.lobby.id { return session.match.resolve(ticket.id, session.reference) }
    online.ask(.find(entry), as: player) { [weak self, weak session] result in
      guard let self, let session else { return }
      let found: SessionReference? = if case .success(.entry(let entry)) = result { reference(of: entry) } else { nil }
      session.match.resolve(ticket.id, found)
    }
  }

  private static func attributes(_ json: [UInt8]) throws(XboxLiveError) -> [String: MatchTicket.Attribute] {
    guard json.count <= Limits.customPropertySize else { throw .textTooLong("ticket_attributes_json", json.count) }
    let value = try parse(json, of: "ticket_attributes_json")
    guard case .object(let members) = value else { throw .attributesNoObject(value.typeName) }
    guard members.count <= Limits.ticketAttributes else { throw .tooManyAttributes(members.count) }
    var attributes: [String: MatchTicket.Attribute] = [:]
    for member in members {
      switch member.value {
      case .number(let number): attributes[member.key] = .number(number)
      case .string(let text): attributes[member.key] = .text(text)
      default: throw .attributeType(String(member.key.prefix(64)), member.value.typeName)
      }
    }
    return attributes
  }

  /// A ticket that lacks what its hopper compares would never be matched.
  private static func check(
    _ attributes: [String: MatchTicket.Attribute], _ hopper: Hopper
  ) throws(XboxLiveError) {
    for rule in hopper.rules {
      switch (rule, attributes[rule.attribute]) {
      case (.same, .some), (.within, .number): break
      case (.same(let key), nil):
        throw .ruleAttribute(key, hopper: hopper.name, expected: "a number or a string", got: "nothing")
      case (.within(let key, _), let value):
        throw .ruleAttribute(
          key, hopper: hopper.name, expected: "a number", got: value == nil ? "nothing" : "a string")
      }
    }
  }
}
