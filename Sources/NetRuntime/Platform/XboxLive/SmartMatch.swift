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
  private var deadline = 0.0

  mutating func begin(_ ticket: UInt64, hopper: String, timeout: Double, at now: Double) {
    self.hopper = hopper
    deadline = now + timeout
    state = .starting(ticket)
  }

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

  mutating func status(at now: Double) -> SmartMatchStatus {
    // The service tells when a search has ended; this is for one that does not answer.
    if isSearching, let ticket, now >= deadline + Limits.sessionJobTime { state = .expired(ticket) }
    switch state {
    case .none: return .unknown
    case .starting, .searching, .resolving: return .searching
    case .found: return .found
    case .expired: return .expired
    }
  }

  /// Takes the service's word.
  /// - Returns: The entry whose name has to be asked now.
  mutating func adopt(_ word: MatchTicket) -> EntryID? {
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

  /// The name was told; nil where the session is gone.
  mutating func resolve(_ ticket: UInt64, _ session: SessionReference?) {
    guard case .resolving(ticket) = state else { return }
    state = session.map { .found(ticket, $0) } ?? .expired(ticket)
  }

  /// The service refused the ticket.
  mutating func refuse(_ ticket: UInt64) {
    if isSearching, ticket == self.ticket { state = .none }
  }

  mutating func forget() { state = .none }
}
