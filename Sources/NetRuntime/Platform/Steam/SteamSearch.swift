/// A search that is asked of the directory: at most one at a time, with a time limit. An answer that comes after its
/// search was given up is nobody's.
struct SteamSearch {
  private enum State {
    case idle
    /// The deadline is set by the first frame of the search.
    case underWay(number: UInt64, deadline: Double?)
  }

  private var state = State.idle
  private var last: UInt64 = 0

  var isUnderWay: Bool {
    if case .underWay = state { true } else { false }
  }

  /// - Returns: The search's number, for its answer.
  mutating func begin() -> UInt64 {
    last &+= 1
    state = .underWay(number: last, deadline: nil)
    return last
  }

  func isUnderWay(_ number: UInt64) -> Bool {
    if case .underWay(number, _) = state { true } else { false }
  }

  /// Ends a search.
  /// - Returns: Whether it was the one under way.
  mutating func end(_ number: UInt64) -> Bool {
    guard case .underWay(number, _) = state else { return false }
    state = .idle
    return true
  }

  mutating func abort() { state = .idle }

  /// - Returns: True once, when the search has taken too long; it is given up then.
  mutating func hasExpired(at now: Double) -> Bool {
    guard case .underWay(let number, let deadline) = state else { return false }
    guard let deadline else {
      state = .underWay(number: number, deadline: now + Limits.steamAnswerTime)
      return false
    }
    guard now >= deadline else { return false }
    state = .idle
    return true
  }
}
