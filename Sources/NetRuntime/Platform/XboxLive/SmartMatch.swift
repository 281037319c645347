/// What came of a search for others; the raw values are the numbers of the Lua constants.
public enum SmartMatchStatus: Int, CaseIterable, Sendable {
  case expired
  case found
  case searching
  /// None was begun, or it was ended.
  case unknown
}

/// Whether others may only come to the session that looks for them; the raw values are the numbers of the Lua constants.
public enum PreserveSessionMode: Int, CaseIterable, Sendable {
  case always
  case never
}

/// One session's search for others.
struct SmartMatch {
  private enum State {
    case none
    /// The service has not confirmed the ticket yet.
    case starting(UInt64)
    case searching(UInt64)
    /// The name of the session where all meet is being asked.
    case resolving(UInt64)
    case found(UInt64, SessionReference)
    case expired(UInt64)
  }

  private var state = State.none
  private(set) var hopper = ""
  /// Whether the ticket is this user's; else another member of the session has begun it, for all of them.
  private var isOwn = false
  private var deadline = 0.0
  /// The last tickets that were deleted or replaced, whose news may still be on their way.
  private var forgotten: [UInt64] = []

  mutating func begin(_ ticket: UInt64, hopper: String, timeout: Double, at now: Double) {
    forget()
    self.hopper = hopper
    isOwn = true
    deadline = now + timeout
    state = .starting(ticket)
  }

  /// The ticket that has begun and was not deleted, if this user has begun it.
  var ownTicket: UInt64? { isOwn ? ticket : nil }

  /// The ticket that has begun and was not deleted.
  var ticket: UInt64? {
    switch state {
    case .none: nil
    case .starting(let id), .searching(let id), .resolving(let id), .found(let id, _), .expired(let id): id
    }
  }

  /// Whether a search goes on.
  var isSearching: Bool {
    switch state {
    case .starting, .searching, .resolving: true
    case .none, .found, .expired: false
    }
  }

  /// What scripts name the ticket by; nil while the service has not confirmed it.
  var confirmedTicket: String? {
    if case .starting = state { return nil }
    return ticket.map { String($0, radix: 16) }
  }

  /// Seconds that the search may still take.
  func remaining(at now: Double) -> Double { isSearching ? max(0, deadline - now) : 0 }

  /// Where all meet.
  var session: SessionReference? {
    if case .found(_, let session) = state { session } else { nil }
  }

  /// - Parameter isMember: Whether the user is still in the session; a search ends with that.
  mutating func status(isMember: Bool, at now: Double) -> SmartMatchStatus {
    // The service tells when a search has ended; this is for one that does not answer, or not any more.
    if isSearching, let ticket, !isMember || now >= deadline + Limits.sessionJobTime { state = .expired(ticket) }
    switch state {
    case .none: return .unknown
    case .starting, .searching, .resolving: return .searching
    case .found: return .found
    case .expired: return .expired
    }
  }

  /// Takes the service's word of a ticket of the session.
  /// - Returns: The entry whose name has to be asked now.
  mutating func adopt(_ word: MatchTicket, at now: Double) -> EntryID? {
    follow(word, at: now)
    guard word.id == ticket else { return nil }
    switch (state, word.state) {
    case (.starting, .searching): state = .searching(word.id)
    case (.starting, .found(let entry)), (.searching, .found(let entry)):
      state = .resolving(word.id)
      return entry
    case (.starting, .expired), (.searching, .expired): state = .expired(word.id)
    default: break
    }
    return nil
  }

  /// Takes another member's search for this user's, unless there is one of its own.
  private mutating func follow(_ word: MatchTicket, at now: Double) {
    guard ownTicket == nil, !isSearching, word.id != ticket, word.state != .expired, !forgotten.contains(word.id)
    else { return }
    hopper = word.hopper.name
    isOwn = false
    deadline = now + word.timeout
    state = .searching(word.id)
  }

  /// The name was told; nil where the session is gone.
  mutating func resolve(_ ticket: UInt64, _ session: SessionReference?) {
    guard case .resolving(ticket) = state else { return }
    state = session.map { .found(ticket, $0) } ?? .expired(ticket)
  }

  /// The service refused the ticket.
  mutating func refuse(_ ticket: UInt64) {
    if isSearching, ticket == ownTicket { forget() }
  }

  mutating func forget() {
    if let ticket { forgotten.append(ticket) }
    forgotten.removeFirst(max(0, forgotten.count - Limits.ticketsPerPlayer))
    state = .none
    isOwn = false
  }
}
