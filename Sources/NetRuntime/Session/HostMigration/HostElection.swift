/// Who takes over a session whose host is gone.
///
/// Peers that want to host claim it from every survivor; each survivor votes for the lowest peer id that claims, and
/// may change to a lower one until it has a commit. A claimant wins once everybody that it can reach has voted for it.
/// So two claimants that can reach each other never both win: the higher one always misses the vote of the lower.
///
/// Survivors are named by their join numbers, of which no two are alike.
struct HostElection {
  struct Candidate: Equatable {
    var join: UInt32
    var peer: PeerID
  }

  /// What is known of the connection to another survivor.
  struct Survivor {
    var join: UInt32
    /// Seconds since it was last heard; infinity without a connection.
    var silence: Double
    /// Its connection has ended, and none is under way.
    var isGone = false

    /// Whether its claim is not waited for any more.
    var isSilent: Bool { isGone || silence > SessionTimes.electionPatience }
  }

  enum Action: Equatable {
    /// Ask a survivor for its vote.
    case ask(UInt32)
    /// Tell everyone who was asked that this peer does not claim any more.
    case withdraw([UInt32])
    case vote(for: UInt32)
    /// Tell a claimant that it does not have this peer's vote any more.
    case revoke(UInt32)
    /// This peer wanted to host, and another does.
    case yield(to: PeerID)
    /// This peer hosts the session with those who voted. Those who can be reached but have not joined the session yet
    /// are told of it anew; the absent are not members any more.
    case win(voters: [UInt32], newcomers: [UInt32], absent: [UInt32])
    /// Nobody took over in time.
    case giveUp
  }

  private struct Claim {
    var asked: [UInt32: Double] = [:]
    var votes: Set<UInt32> = []
  }

  private enum State {
    /// The host lives, as far as this peer knows.
    case calm
    /// It does not, and nobody whom this peer knows of claims.
    case orphaned
    case claiming(Claim)
    case following(Candidate)
  }

  private var state = State.calm
  private var lostAt = 0.0
  private var claims: [Candidate] = []
  private var wantsToHost = false
  /// Survivors that have shown that they are in the session.
  private var heard: Set<UInt32> = []

  /// The claims that this peer has heard and that still stand.
  var standing: [Candidate] { claims }

  var isClaiming: Bool { if case .claiming = state { true } else { false } }

  /// The claimant that has this peer's vote.
  var favourite: Candidate? { if case .following(let candidate) = state { candidate } else { nil } }

  // MARK: What happens

  mutating func hostLost(own: Candidate, at now: Double) -> [Action] {
    guard case .calm = state else { return [] }
    state = .orphaned
    lostAt = now
    return decide(own)
  }

  /// This peer's script calls for its taking over. Who has voted already has lost.
  mutating func want(own: Candidate) -> [Action] {
    switch state {
    case .calm: return []
    case .claiming: return []
    case .following(let other):
      defer { wantsToHost = true }
      return wantsToHost ? [] : [.yield(to: other.peer)]
    case .orphaned:
      wantsToHost = true
      return decide(own)
    }
  }

  /// - Parameter hasWon: Whether it hosts the session already: its commit is on its way.
  mutating func claimed(by candidate: Candidate, own: Candidate, hasWon: Bool = false) -> [Action] {
    heard.insert(candidate.join)
    if let place = claims.firstIndex(where: { $0.join == candidate.join }) {
      claims[place] = candidate
      // It asks anew: it has made a new claim, to which the old vote means nothing.
      if case .following(candidate) = state { return [.vote(for: candidate.join)] }
    } else {
      claims.append(candidate)
    }
    if hasWon { return giveWay(to: candidate) }
    return decide(own)
  }

  /// A claimant has given up.
  mutating func withdrawn(_ join: UInt32, own: Candidate) -> [Action] {
    claims.removeAll { $0.join == join }
    if case .following(let candidate) = state, candidate.join == join { state = .orphaned }
    return decide(own)
  }

  mutating func voted(_ join: UInt32) {
    heard.insert(join)
    guard case .claiming(var claim) = state else { return }
    claim.votes.insert(join)
    state = .claiming(claim)
  }

  mutating func revoked(_ join: UInt32) {
    guard case .claiming(var claim) = state else { return }
    claim.votes.remove(join)
    state = .claiming(claim)
  }

  /// A survivor has shown that it is in the session.
  mutating func noteSign(of join: UInt32) { heard.insert(join) }

  /// The election is decided, for this peer.
  mutating func settle() { self = HostElection() }

  // MARK: Time

  /// Whether time changes nothing: so in every frame of a game whose host is well, which must not allocate.
  var isIdle: Bool {
    if case .calm = state { claims.isEmpty } else { false }
  }

  mutating func advance(at now: Double, own: Candidate, _ survivors: [Survivor]) -> [Action] {
    if case .calm = state {
      dropTheDead(survivors)
      return []
    }
    var actions: [Action] = []
    dropTheDead(survivors)
    if case .following(let candidate) = state, !claims.contains(candidate) {
      actions.append(.revoke(candidate.join))
      state = .orphaned
    }
    actions += decide(own)
    if case .claiming(var claim) = state {
      for survivor in survivors where claim.asked[survivor.join] == nil {
        claim.asked[survivor.join] = now
        actions.append(.ask(survivor.join))
      }
      state = .claiming(claim)
      if let win = outcome(of: claim, survivors, at: now) { return actions + [win] }
    }
    let isHopeful = if case .orphaned = state { false } else { true }
    if now - lostAt >= (isHopeful ? SessionTimes.electionGrace : SessionTimes.hostGrace) { actions.append(.giveUp) }
    return actions
  }

  private func outcome(of claim: Claim, _ survivors: [Survivor], at now: Double) -> Action? {
    var voters: [UInt32] = []
    var newcomers: [UInt32] = []
    var absent: [UInt32] = []
    for survivor in survivors {
      let join = survivor.join
      let waited = now - (claim.asked[join] ?? now)
      if survivor.isGone {
        absent.append(join)
      } else if claim.votes.contains(join) {
        voters.append(join)
      } else if survivor.silence > SessionTimes.electionSilence {
        // Everyone has called everyone since the host's end, so silence tells something before the claim does.
        guard now - lostAt >= SessionTimes.electionPatience, waited > 0 else { return nil }
        absent.append(join)
      } else {
        // Its link must be seen to live, or it may just be falling silent.
        let isThere = survivor.silence < SessionTimes.electionSilence / 2
        guard isThere, !heard.contains(join), waited >= SessionTimes.electionSilence else { return nil }
        newcomers.append(join)
      }
    }
    return .win(voters: voters, newcomers: newcomers, absent: absent)
  }

  /// Waits for the commit of a claimant that has won already.
  private mutating func giveWay(to winner: Candidate) -> [Action] {
    switch state {
    case .calm, .following: return []
    case .orphaned:
      state = .following(winner)
      return wantsToHost ? [.yield(to: winner.peer)] : []
    case .claiming(let claim):
      state = .following(winner)
      return [.withdraw(claim.asked.keys.sorted()), .yield(to: winner.peer)]
    }
  }

  private mutating func dropTheDead(_ survivors: [Survivor]) {
    claims.removeAll { claim in
      survivors.first { $0.join == claim.join }?.isSilent ?? true
    }
  }

  /// Follows the lowest claimant there is, or claims.
  private mutating func decide(_ own: Candidate) -> [Action] {
    let best = claims.min { $0.peer < $1.peer }
    switch state {
    case .calm: return []
    case .orphaned:
      if wantsToHost, best.map({ own.peer < $0.peer }) ?? true {
        state = .claiming(Claim())
        return []
      }
      guard let best else { return [] }
      state = .following(best)
      return (wantsToHost ? [.yield(to: best.peer)] : []) + [.vote(for: best.join)]
    case .claiming(let claim):
      guard let best, best.peer < own.peer else { return [] }
      state = .following(best)
      return [.withdraw(claim.asked.keys.sorted()), .yield(to: best.peer), .vote(for: best.join)]
    case .following(let candidate):
      guard let best, best.peer < candidate.peer else { return [] }
      state = .following(best)
      return [.revoke(candidate.join), .vote(for: best.join)]
    }
  }
}
