/// Losing the host, and agreeing on another.
extension GameSession {
  /// Offers to take over a session whose host is gone: the survivors agree on the lowest peer id among those that call
  /// this. Losing is no error; `host` names the winner.
  public func migrateHost() throws(SessionError) {
    if isIgnored("migrate_game_session_host") { return }
    if membership.isHost { throw .hostsAlready }
    guard membership.isInSession else { throw membership.isOver ? .sessionOver : .notInSession }
    guard membership.isHostLost else {
      // Another survivor was faster.
      guard membership.reign > 0, let host = membership.host else { throw .hostLives(membership.host ?? .nobody) }
      return warnOfWinner(host)
    }
    journal?.called(.migrateHost)
    perform(migration.election.want(own: candidate))
    advanceElection(at: clock)
  }

  var candidate: HostElection.Candidate {
    HostElection.Candidate(join: membership.ownJoin, peer: links.localPeer)
  }

  private func warnOfWinner(_ peer: PeerID) {
    log(.warnings, "peer \(peer) takes over the game session, not this peer")
  }

  /// The connection to the host is gone, or as good as gone.
  func hostLost() {
    guard membership.isInSession, !membership.isHost, !membership.isHostLost else { return }
    membership.loseHost()
    migration.formerHosts.insert(membership.hostJoin)
    migration.nextBeat = clock
    log(.warnings, "the game session's host, peer \(membership.host ?? .nobody), is gone")
    tellLeftovers(of: membership.hostSlot)
    perform(migration.election.hostLost(own: candidate, at: clock))
  }

  // MARK: Time

  func advanceElection(at now: Double) {
    guard membership.isInSession else { return }
    if membership.isHost { return hurryCommits(at: now) }
    if !membership.isHostLost {
      // Somebody claims, and the host is silent here, too.
      if !migration.election.standing.isEmpty, hostSilence > links.pongTimeout / 2 {
        hostLost()
      }
    }
    if !migration.election.isIdle { perform(migration.election.advance(at: now, own: candidate, survivors)) }
    guard membership.isHostLost, now >= migration.nextBeat else { return }
    migration.nextBeat = now + SessionTimes.electionBeat
    for survivor in survivorInfos {
      sendBeat(to: survivor.peer, wantsAnswer: true)
      // Everyone waits for the slowest, so a claim or a vote does not wait until it counts as lost.
      if let link = links.link(to: survivor.peer) { links.repeatUnacknowledged(on: link) }
    }
  }

  /// So it is with the words of who has won.
  private func hurryCommits(at now: Double) {
    guard migration.isSettling, now >= migration.nextBeat else { return }
    migration.nextBeat = now + SessionTimes.electionBeat
    if now - migration.settlingSince > SessionTimes.settlingPatience {
      for slot in SlotMask(migration.awaitedMarks) {
        membership.markBroken(slot: slot)
        clientHasTold(slot)
      }
    }
    for (slot, offset) in migration.commitOffsets where acknowledged[Int(slot)] < offset {
      if let link = traffic[Int(slot)].link { links.repeatUnacknowledged(on: link) }
    }
  }

  private var hostSilence: Double {
    guard let host = membership.host, let link = links.link(to: host) else { return .infinity }
    return links.state(of: link) == .connected ? links.silence(of: link) : .infinity
  }

  /// All that may be members beside this peer and hosts that are gone.
  var survivorInfos: [MemberInfo] {
    var list: [MemberInfo] = []
    for member in membership.members where mayBeSurvivor(member.info.join) {
      var info = member.info
      info.isSynced = member.isSynced
      list.append(info)
    }
    for stranger in migration.strangers where mayBeSurvivor(stranger.join) { list.append(stranger) }
    return list
  }

  func mayBeSurvivor(_ join: UInt32) -> Bool {
    join != membership.ownJoin && join != membership.hostJoin && !migration.formerHosts.contains(join)
      && !migration.gone.contains(join)
  }

  var survivors: [HostElection.Survivor] {
    survivorInfos.map { info in
      guard let link = links.link(to: info.peer) else { return .init(join: info.join, silence: .infinity) }
      switch links.state(of: link) {
      case .connected: return .init(join: info.join, silence: links.silence(of: link))
      case .connecting: return .init(join: info.join, silence: .infinity)
      case .broken, .closed: return .init(join: info.join, silence: .infinity, isGone: true)
      }
    }
  }

  // MARK: Actions

  func perform(_ actions: [HostElection.Action]) {
    for action in actions {
      // An action may have ended the election.
      guard membership.isHostLost else { return }
      switch action {
      case .ask(let join): sendClaim(to: join)
      case .withdraw(let joins):
        migration.inventory = nil
        migration.ballots = [:]
        for join in joins { sendElection(.withdraw, to: join) }
      case .vote(let join): sendVote(for: join)
      case .revoke(let join): sendElection(.revoke, to: join)
      case .yield(let peer): warnOfWinner(peer)
      case .win(let voters, let newcomers, let absent): takeOver(voters, newcomers, absent)
      case .giveUp:
        log(.warnings, "nobody took over the game session")
        sayGone()
        sessionEnded()
      }
    }
  }
}
