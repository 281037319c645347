extension XboxLiveClient {
  /// Looks for others to play with, for all members of a session together.
  /// - Parameters:
  ///   - timeout: Seconds, 1 to `Limits.smartMatchTimeout`.
  ///   - attributes: A JSON object of numbers and strings, which the hopper's rules compare; nil for none.
  public func startMatch(
    _ number: Int, hopper name: String, timeout: Double, _ mode: PreserveSessionMode, attributes json: [UInt8]?
  ) throws(XboxLiveError) {
    let session = try readySession(number)
    guard let hopper = settings.hoppers[name] else {
      guard !settings.hoppers.isEmpty else { throw .noHoppers }
      throw .unknownHopper(name, suggestion: Self.suggestion(name, settings.hoppers.keys.sorted()))
    }
    guard 1...Limits.smartMatchTimeout ~= timeout else { throw .badTimeout }
    _ = session.match.status(at: now)
    if session.match.isSearching, let ticket = session.match.ticket {
      throw .searching(number, ticket: String(ticket, radix: 16))
    }
    let attributes = try json.map(Self.attributes) ?? [:]
    try Self.check(attributes, hopper)
    let id = online.drawID()
    session.match.begin(id, hopper: name, timeout: timeout, at: now)
    let ticket = MatchTicket(
      id: id, entry: session.lobby.id, hopper: hopper, attributes: attributes, timeout: timeout,
      keepsSession: mode == .always)
    session.lobby.sendChanges()
    online.ask(.startTicket(ticket), as: session.user.player) { [weak self] result in
      switch result {
      case .success(.ticket(let ticket)): self?.adopt(ticket)
      case .success: break
      case .failure(let error):
        session.match.refuse(id)
        self?.log(.warnings, "session \(number) does not look for others: \(error)")
      }
    }
  }

  /// Ends a search, or forgets what came of it.
  public func deleteTicket(_ number: Int, hopper: String, ticket: String) throws(XboxLiveError) {
    let session = try session(number)
    guard let known = session.match.ticket else { throw .noTicket(number) }
    guard UInt64(hexadecimalDigits: ticket.utf8) == known, hopper == session.match.hopper else {
      throw .otherTicket(number, ticket: String(known, radix: 16), hopper: session.match.hopper)
    }
    online.ask(.deleteTicket(known), as: session.user.player)
    session.match.forget()
  }

  public func matchStatus(of number: Int) throws(XboxLiveError) -> SmartMatchStatus {
    try session(number).match.status(at: now)
  }

  /// The ticket, "" while the service has not confirmed it, and seconds that the search may still take.
  public func ticket(of number: Int) throws(XboxLiveError) -> (id: String, remaining: Double) {
    let match = try session(number).match
    return (match.confirmedTicket ?? "", match.remaining(at: now))
  }

  /// Where all that were found meet.
  public func match(of number: Int) throws(XboxLiveError) -> SessionReference {
    let session = try session(number)
    guard let found = session.match.session else { throw .noMatch(number, session.match.status(at: now)) }
    return found
  }

  /// Takes what the service says of a ticket.
  func adopt(_ ticket: MatchTicket) {
    for session in sessions.values {
      guard let entry = session.match.adopt(ticket) else { continue }
      if entry == session.lobby.id {
        session.match.resolve(ticket.id, session.reference)
        continue
      }
      online.ask(.find(entry), as: session.user.player) { [weak self, weak session] result in
        guard let self, let session else { return }
        let found: SessionReference? =
          if case .success(.entry(let entry)) = result {
            SessionReference(entry, serviceConfigID: settings.serviceConfigID)
          } else {
            nil
          }
        session.match.resolve(ticket.id, found)
      }
    }
  }

  private static func attributes(_ json: [UInt8]) throws(XboxLiveError) -> [String: MatchTicket.Attribute] {
    guard json.count <= Limits.customPropertySize else { throw .propertyTooLong(json.count) }
    let value = try parse(json)
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
      switch rule {
      case .same(let key):
        if attributes[key] == nil { throw .ruleAttribute(key, hopper: hopper.name) }
      case .within(let key, _):
        guard case .number? = attributes[key] else { throw .ruleAttribute(key, hopper: hopper.name) }
      }
    }
  }
}
