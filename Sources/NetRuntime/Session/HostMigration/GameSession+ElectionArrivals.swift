/// What a survivor hears from the others.
extension GameSession {
  /// Takes in a message between survivors, which is told by its kind.
  func handleElection(_ delivery: Delivery) {
    guard let (session, sender, message) = ElectionMessage.read(delivery.body) else {
      return ignore(delivery, "a malformed message about the session's host")
    }
    if !membership.isInSession, let answer = gate.answerToElection(delivery) {
      post(answer, to: delivery.peer, isReliable: false)
      return
    }
    guard membership.isInSession, session == membership.session, sender != membership.ownJoin,
      membership.member(delivery.peer).map({ $0.info.join == sender }) ?? true,
      membership.member(join: sender).map({ $0.peer == delivery.peer }) ?? true
    else { return }
    switch message {
    case .beat(let beat): heard(beat, from: sender, delivery)
    case .part(let part): take(part, from: sender, delivery)
    case .withdraw: perform(migration.election.withdrawn(sender, own: candidate))
    case .revoke: migration.election.revoked(sender)
    case .won(let winner): heard(winner, from: sender)
    case .gone:
      if membership.isHost, let member = membership.member(join: sender) {
        membership.markBroken(slot: member.slot)
      } else {
        if membership.isHostLost { migration.gone.insert(sender) }
        migration.offers[sender] = nil
        perform(migration.election.withdrawn(sender, own: candidate))
      }
    }
  }

  private func heard(_ beat: ElectionBeat, from sender: UInt32, _ delivery: Delivery) {
    if !membership.isHostLost, beat.reign < membership.reign, beat.hasLostHost {
      return sendWinner(to: delivery.peer, sender, isReliable: false)
    }
    // Who has followed another host meanwhile and has not lost it tells of it.
    if membership.isHostLost, beat.reign <= membership.reign || beat.hasLostHost {
      noteSurvivor(MemberInfo(peer: delivery.peer, slot: beat.slot, join: sender))
      migration.election.noteSign(of: sender)
    }
    if beat.wantsAnswer { sendBeat(to: delivery.peer, wantsAnswer: false) }
  }

  /// Takes in that a peer is a member, unless it is known not to be.
  func noteSurvivor(_ info: MemberInfo) {
    guard membership.member(join: info.join) == nil, mayBeSurvivor(info.join),
      !membership.removed.contains(info.join), info.peer != links.localPeer, info.slot != membership.ownSlot,
      !migration.strangers.contains(where: { $0.join == info.join || $0.peer == info.peer }),
      migration.strangers.count < Limits.peers, membership.member(info.peer) == nil
    else { return }
    migration.strangers.append(info)
  }

  /// Somebody is in the session of another host.
  private func heard(_ winner: ElectionWinner, from sender: UInt32) {
    if membership.isHost {
      // The sender has followed another, or this peer was given up for dead.
      if let member = membership.member(join: sender), winner.join != membership.ownJoin {
        membership.markBroken(slot: member.slot)
      }
      return
    }
    guard membership.isHostLost, winner.reign > membership.reign else { return }
    if winner.isMember {
      // A winner that has died since sends no commit.
      guard survivors.contains(where: { $0.join == winner.join && !$0.isSilent }) else { return }
      perform(migration.election.claimed(by: .init(join: winner.join, peer: winner.peer), own: candidate, hasWon: true))
      return
    }
    migration.gone.insert(sender)
    migration.gone.insert(winner.join)
    let favourite = migration.election.favourite?.join ?? winner.join
    perform(migration.election.withdrawn(winner.join, own: candidate))
    guard favourite == winner.join, membership.isHostLost else { return }
    log(.warnings, "peer \(winner.peer) took over the game session without this peer")
    sessionEnded()
  }

  private func take(_ part: ElectionPart, from sender: UInt32, _ delivery: Delivery) {
    let link = delivery.link
    if part.isFirst { migration.unfinished[link] = .init(kind: part.kind, bytes: []) }
    guard var paper = migration.unfinished.removeValue(forKey: link), paper.kind == part.kind,
      paper.bytes.count + part.bytes.count <= Limits.electionBytes
    else { return ignore(delivery, "a piece of a message about the session's host") }
    paper.bytes.append(contentsOf: part.bytes)
    guard part.isLast else {
      migration.unfinished[link] = paper
      return
    }
    let isSound = paper.bytes.withUnsafeBytes { bytes in
      var reader = ByteReader(bytes)
      switch part.kind {
      case .claim: return take(reader.claim(), from: sender, delivery)
      case .vote: return take(reader.ballot(layouts), from: sender, delivery)
      default: return take(reader.commit(), from: sender, delivery)
      }
    }
    if !isSound { ignore(delivery, "a malformed message about the session's host") }
  }

  private func take(_ claim: ElectionClaim?, from sender: UInt32, _ delivery: Delivery) -> Bool {
    guard let claim, claim.view.own.join == sender, claim.view.own.peer == delivery.peer else { return false }
    if membership.removed.contains(sender) {
      sendWinner(to: delivery.peer, sender, isReliable: true)
      return true
    }
    if claim.view.reign < membership.reign, !membership.isHostLost {
      // Its claim stands all the same: the winner whose commit did not reach it may be lost, too.
      sendWinner(to: delivery.peer, sender, isReliable: true)
    }
    guard !membership.isHost, mayBeSurvivor(sender) else { return true }
    noteSurvivor(claim.view.own)
    guard isSurvivor(sender, delivery.peer) else { return true }
    migration.offers[sender] = .init(claimant: claim.view.own, number: claim.number, inventory: claim.inventory)
    learn(claim.view)
    let claimant = HostElection.Candidate(join: sender, peer: delivery.peer)
    perform(migration.election.claimed(by: claimant, own: candidate))
    advanceElection(at: clock)
    return true
  }

  private func take(_ ballot: ElectionBallot?, from sender: UInt32, _ delivery: Delivery) -> Bool {
    guard let ballot, ballot.view.own.join == sender, ballot.view.own.peer == delivery.peer else { return false }
    guard migration.election.isClaiming, let inventory = migration.inventory, mayBeSurvivor(sender) else { return true }
    guard ballot.number == migration.claims else { return true }
    guard ballot.codes.count == inventory.count else { return false }
    guard isSurvivor(sender, delivery.peer) else { return true }
    learn(ballot.view)
    migration.ballots[sender] = ballot
    migration.election.voted(sender)
    advanceElection(at: clock)
    return true
  }

  /// Whether a join is that of a member or of a survivor that others know. Each peer has one at most.
  private func isSurvivor(_ join: UInt32, _ peer: PeerID) -> Bool {
    membership.member(join: join)?.peer == peer || migration.strangers.contains { $0.join == join && $0.peer == peer }
  }

  /// Takes over what another survivor knows of the members.
  private func learn(_ view: SurvivorView) {
    guard membership.isHostLost else { return }
    for join in view.formerHosts where join != membership.ownJoin {
      if migration.formerHosts.count < Limits.rememberedRemovals { migration.formerHosts.insert(join) }
    }
    for join in view.removed {
      membership.noteRemoval(of: join)
      migration.gone.insert(join)
    }
    for member in view.members { noteSurvivor(member) }
    for member in view.members where member.isSynced {
      if let known = membership.member(join: member.join) { membership.markSynced(slot: known.slot) }
    }
  }

  private func take(_ commit: ElectionCommit?, from sender: UInt32, _ delivery: Delivery) -> Bool {
    guard let commit, commit.members.contains(where: { $0.join == sender && $0.peer == delivery.peer }),
      let own = commit.members.first(where: { $0.join == membership.ownJoin }), own.peer == links.localPeer
    else { return false }
    guard membership.isHostLost, commit.reign > membership.reign, let offer = migration.offers[sender],
      offer.number == commit.number, offer.inventory.count == commit.kept.count
    else {
      sendWinner(to: delivery.peer, sender, isReliable: true)
      return true
    }
    follow(commit, offer, delivery)
    return true
  }
}
