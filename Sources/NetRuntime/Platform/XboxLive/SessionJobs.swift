/// How far an asynchronous function of Xbox Live has come; the raw values are the numbers of the Lua constants.
public enum SessionJobStatus: Int, CaseIterable, Sendable {
  case complete
  case failed
  case notRunning
  case working
}

/// What one asynchronous function gives in the end.
public enum LookupResult: Equatable, Sendable {
  /// A session that a handle names.
  case description(name: String, template: String)
  case activities([ActivityDetails])
  /// A custom property as JSON text; "null" where there is none.
  case property(String)
}

/// Asynchronous functions whose result waits until the script frees it.
struct SessionLookups {
  /// Which function a lookup belongs to: its results are asked for and freed by functions of their own.
  enum Kind: String, Sendable {
    case description = "Network.handle_to_description"
    case activities = "Network.get_activity_details"
    case property = "MultiplayerSession.custom_property_json"
  }

  private enum State {
    case working(deadline: Double)
    case complete(LookupResult)
    /// With what is known of why.
    case failed(String?)
  }

  private let numbers: ConsoleNumbers
  private var jobs: [Int: (kind: Kind, state: State)] = [:]

  init(_ numbers: ConsoleNumbers = ConsoleNumbers()) { self.numbers = numbers }

  /// - Returns: The lookup's id.
  mutating func begin(_ kind: Kind, at now: Double) throws(XboxLiveError) -> Int {
    guard jobs.count < Limits.unfreedLookups else { throw .tooManyLookups }
    let id = numbers.nextLookup()
    jobs[id] = (kind, .working(deadline: now + Limits.sessionJobTime))
    return id
  }

  /// Ends a lookup with its result; nil for a failure. Nothing happens to one that ended or was freed.
  /// - Parameter why: What the script can do about a failure, if anything.
  mutating func end(_ id: Int, _ result: LookupResult?, why: String? = nil) {
    guard let job = jobs[id], case .working = job.state else { return }
    jobs[id] = (job.kind, result.map { .complete($0) } ?? .failed(why))
  }

  /// Not running for one that was freed, or never begun.
  mutating func status(_ id: Int, _ kind: Kind, at now: Double) throws(XboxLiveError) -> SessionJobStatus {
    guard let job = jobs[id] else { return .notRunning }
    guard job.kind == kind else { throw .otherLookup(id, begun: job.kind.rawValue, expected: kind.rawValue) }
    switch job.state {
    case .complete: return .complete
    case .failed: return .failed
    case .working(let deadline):
      guard now >= deadline else { return .working }
      end(id, nil)
      return .failed
    }
  }

  mutating func result(_ id: Int, _ kind: Kind, at now: Double) throws(XboxLiveError) -> LookupResult {
    let status = try status(id, kind, at: now)
    switch jobs[id]?.state {
    case .complete(let result): return result
    case .failed(let why?): throw .lookupFailed(id, why: why)
    case .failed, .working: throw .lookupState(id, status)
    case nil: throw .unknownLookup(id)
    }
  }

  mutating func free(_ id: Int, _ kind: Kind, at now: Double) throws(XboxLiveError) {
    let status = try status(id, kind, at: now)
    guard jobs[id] != nil else { throw .unknownLookup(id) }
    guard status == .complete || status == .failed else { throw .lookupState(id, status) }
    jobs[id] = nil
  }
}

/// A job of which only the last one counts, and which needs no freeing.
struct SingleJob {
  private var state = SessionJobStatus.notRunning
  private var number = 0
  private var deadline = 0.0

  /// Begins it, anew where it is under way.
  /// - Returns: What `end` is told.
  mutating func begin(at now: Double) -> Int {
    number += 1
    deadline = now + Limits.sessionJobTime
    state = .working
    return number
  }

  mutating func end(_ number: Int, _ outcome: SessionJobStatus) {
    guard number == self.number, state == .working else { return }
    state = outcome
  }

  mutating func status(at now: Double) -> SessionJobStatus {
    if state == .working, now >= deadline { state = .failed }
    return state
  }
}
