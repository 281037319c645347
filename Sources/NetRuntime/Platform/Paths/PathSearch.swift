/// Looks for the way to one peer: asks all its candidates, and takes the best of those that answer; where none does, the
/// relay. Time and answers come in, actions go out.
struct PathSearch {
  enum Action: Equatable {
    /// Ask the peer at this endpoint.
    case probe(Endpoint)
    case found(Endpoint)
    case failed
  }

  enum State: Equatable {
    case searching(since: Double)
    /// The way is known; it is measured now and then.
    case found(Endpoint, nextProbe: Double)
    /// Nobody answered. An answer that comes all the same finds the way.
    case failed
  }

  let peer: PeerID
  private(set) var state: State
  private(set) var candidates: [PathCandidate] = []
  /// When the peer last answered; before any answer, the search's beginning.
  private(set) var lastAnswer: Double
  /// Seconds, of the last answer by the way that was found, or by any before that; nil before any.
  private(set) var roundTrip: Double?

  /// - Parameter relay: The peer's endpoint on the relay; nil where there is no relay.
  init(_ peer: PeerID, _ endpoints: [Endpoint], relay: Endpoint?, at now: Double) {
    self.peer = peer
    state = .searching(since: now)
    lastAnswer = now
    add(endpoints, relay: relay, at: now)
  }

  /// The way that was found; nil while there is none.
  var path: Endpoint? {
    if case .found(let endpoint, _) = state { return endpoint }
    return nil
  }

  /// Whether a sender that claims to be the peer should be asked from where it sent.
  func wantsProof(of source: Endpoint) -> Bool {
    if case .found = state { return false }
    return !candidates.contains { $0.endpoint == source && $0.answeredAt != nil }
      && (candidates.contains { $0.endpoint == source }
        || candidates.count(where: \.isLearnt) < Limits.learntCandidates)
  }

  /// Takes more candidates, and looks again where the way is lost.
  mutating func refresh(_ endpoints: [Endpoint], relay: Endpoint?, at now: Double) {
    switch state {
    case .found:
      guard now - lastAnswer > PathTimes.silence else { return }
      restart(endpoints, relay: relay, at: now)
    case .failed: restart(endpoints, relay: relay, at: now)
    case .searching: add(endpoints, relay: relay, at: now)
    }
  }

  /// The peer answered from an endpoint; whether it was asked there is known already.
  mutating func answered(from source: Endpoint, roundTrip: Double, at now: Double) {
    lastAnswer = now
    if path == nil || path == source { self.roundTrip = roundTrip }
    if let index = candidates.firstIndex(where: { $0.endpoint == source }) {
      candidates[index].roundTrip = roundTrip
      if candidates[index].answeredAt == nil { candidates[index].answeredAt = now }
    } else if candidates.count(where: \.isLearnt) < Limits.learntCandidates {
      var learnt = PathCandidate(source, isLearnt: true, at: now)
      learnt.answeredAt = now
      learnt.roundTrip = roundTrip
      candidates.append(learnt)
    }
  }

  /// Does what the time has come for.
  mutating func advance(to now: Double, _ act: (Action) -> Void) {
    switch state {
    case .searching(let since):
      if let choice = choice(since: since, at: now) { return take(choice, at: now, act) }
      guard now - since < PathTimes.search else {
        state = .failed
        return act(.failed)
      }
      probe(at: now, act)
    case .found(let endpoint, let nextProbe):
      guard now >= nextProbe else { return }
      state = .found(endpoint, nextProbe: now + PathTimes.measuring)
      act(.probe(endpoint))
    case .failed:
      if let choice = choice(since: -.infinity, at: now) { take(choice, at: now, act) }
    }
  }

  private mutating func take(_ choice: PathCandidate, at now: Double, _ act: (Action) -> Void) {
    roundTrip = choice.roundTrip
    state = .found(choice.endpoint, nextProbe: now + PathTimes.measuring)
    act(.found(choice.endpoint))
  }

  private mutating func probe(at now: Double, _ act: (Action) -> Void) {
    for index in candidates.indices where now >= candidates[index].nextProbe && now < candidates[index].probesUntil {
      let interval =
        candidates[index].reach == .relay ? PathTimes.relayProbeInterval : PathTimes.probeInterval
      let next = candidates[index].nextProbe + interval
      candidates[index].nextProbe = next > now ? next : now + interval
      act(.probe(candidates[index].endpoint))
    }
  }

  /// The candidate to take now; nil while a better one may come.
  private func choice(since: Double, at now: Double) -> PathCandidate? {
    var best: PathCandidate?
    var first = Double.infinity
    for candidate in candidates {
      guard let answeredAt = candidate.answeredAt else { continue }
      if candidate.reach == .relay && now - since < PathTimes.relayPatience { continue }
      if candidate.reach != .relay { first = min(first, answeredAt) }
      if best.map({ candidate.isBetter(than: $0) }) ?? true { best = candidate }
    }
    guard let best, best.reach == .relay || now - first >= best.patience else { return nil }
    return best
  }

  private mutating func restart(_ endpoints: [Endpoint], relay: Endpoint?, at now: Double) {
    self = PathSearch(peer, endpoints, relay: relay, at: now)
  }

  private mutating func add(_ endpoints: [Endpoint], relay: Endpoint?, at now: Double) {
    for endpoint in endpoints.prefix(Limits.playerEndpoints) where PathCandidate.isPossible(endpoint) {
      // Places are for those that the directory names now; what it named before has been probed.
      insert(endpoint, at: now)
    }
    if let relay { insert(relay, at: now) }
  }

  private mutating func insert(_ endpoint: Endpoint, at now: Double) {
    guard !candidates.contains(where: { $0.endpoint == endpoint }) else { return }
    if candidates.count(where: { !$0.isLearnt }) > 2 * Limits.playerEndpoints {
      guard let old = candidates.firstIndex(where: { !$0.isLearnt && $0.reach != .relay && $0.answeredAt == nil })
      else { return }
      candidates.remove(at: old)
    }
    candidates.append(PathCandidate(endpoint, at: now))
  }
}
