/// The winner of an election becomes the session's host.
extension GameSession {
  func takeOver(_ voters: [UInt32], _ newcomers: [UInt32], _ absent: [UInt32]) {
    let ballots = migration.ballots.filter { voters.contains($0.key) }
    let inventory = migration.inventory ?? []
    let formerHosts = migration.formerHosts
    let number = migration.claims
    var reign = membership.reign
    for ballot in ballots.values { reign = max(reign, ballot.view.reign) }
    let known = highestKnownJoin(ballots)

    let latecomers = survivorInfos.filter { newcomers.contains($0.join) }.map(\.peer)
    migration.lostHost = membership.host ?? .nobody
    settleMembers(voters, synced: ballots.values.flatMap(\.view.members).filter(\.isSynced).map(\.join))
    membership.takeOver(links.localPeer, reign: reign &+ 1, known: known)
    migration.settlingSince = clock
    log(.messages, "this peer hosts the game session now")
    let moved = merge(ballots)
    takeOrphans()
    forgetRelayedTimes()

    migration.settle()
    migration.isSettling = true
    migration.markOffsets = [:]
    migration.commitOffsets = [:]
    migration.awaitedMarks = 0
    for member in membership.members where voters.contains(member.info.join) {
      guard let ballot = ballots[member.info.join] else { continue }
      commit(to: member, inventory, ballot, moved, formerHosts.sorted().suffix(Limits.rememberedRemovals), number)
    }
    tellOfMoved(moved)
    if migration.awaitedMarks == 0 { awaitNobody() }
    strandIDs()
    for slot in SlotMask(membership.others) where traffic[Int(slot)].isOpen { tellOfDestructions(to: slot) }
    resendRelays()
    migration.formerHosts = []
    // Peers that were taken in and have not come so far begin anew, with this host.
    for peer in latecomers { try? addPeer(peer) }
  }

  private func highestKnownJoin(_ ballots: [UInt32: ElectionBallot]) -> UInt32 {
    var highest = membership.ownJoin
    for ballot in ballots.values {
      for member in ballot.view.members + [ballot.view.own] { highest = max(highest, member.join) }
      for join in ballot.view.removed { highest = max(highest, join) }
    }
    return highest
  }

  /// Brings the members to those of the election.
  private func settleMembers(_ voters: [UInt32], synced: [UInt32]) {
    let strangers = migration.strangers
    for member in membership.members {
      let join = member.info.join
      if voters.contains(join) { continue }
      forget(member.slot)
      if migration.formerHosts.contains(join) || join == membership.hostJoin {
        migration.heldSlots |= 1 << UInt64(member.slot)
        if !isClientServer { tellAwaited() }
      } else {
        log(.messages, "peer \(member.peer) leaves the game session")
        doomObjects(of: member, into: &events)
      }
    }
    for stranger in strangers where voters.contains(stranger.join) {
      adopt(stranger)
    }
    for join in synced {
      if let member = membership.member(join: join) { membership.markSynced(slot: member.slot) }
    }
  }

  /// Takes in a member that others knew before this peer.
  func adopt(_ info: MemberInfo) {
    guard membership.adopt(info) else { return }
    log(.messages, "peer \(info.peer) joins the game session")
    ownersArrived(info)
  }

  // MARK: Words to the members

  private func commit(
    to member: SessionMember, _ inventory: [ElectionClaim.Entry], _ ballot: ElectionBallot, _ moved: Set<UInt32>,
    _ formerHosts: [UInt32], _ number: UInt32
  ) {
    let slot = member.slot
    if traffic[Int(slot)].link == nil, let link = links.link(to: member.peer) {
      attach(slot, to: link, isOpening: false)
    }
    guard traffic[Int(slot)].link != nil else { return }
    // It has shown by its vote that it knows this peer.
    traffic[Int(slot)].isOpen = true
    var kept: [Bool] = []
    var refs: [(row: Int, isStale: Bool)] = []
    var strangers: [Int] = []
    for (index, entry) in inventory.enumerated() {
      let code = ballot.codes[index]
      guard code == .same || code == .differs, !moved.contains(entry.id), let row = table.row(of: entry.id),
        table.rows[row].state == .live, isCompared(row, entry.version)
      else {
        kept.append(false)
        // What it does not know to be its own, it is told; it may have been given that under the old host.
        if let row = table.row(of: entry.id), table.rows[row].state == .live, table.rows[row].owner == slot {
          strangers.append(row)
        }
        continue
      }
      kept.append(true)
      // Its vote has shown that it knows.
      if table.rows[row].owner == slot { table.rows[row].awaitsOwner = false }
      if audience(owner: table.rows[row].owner) & 1 << UInt64(slot) != 0 {
        // The script may have changed this peer's own since the claim.
        refs.append((row, code == .differs || valueHash(row) != entry.hash))
      }
    }
    var writer = ByteWriter()
    writer.write(
      ElectionCommit(
        reign: membership.reign, lastJoin: membership.lastJoin, formerHosts: formerHosts, number: number,
        members: membership.infos(own: links.localPeer), kept: kept))
    traffic[Int(slot)].lastOffset = send(writer, as: .commit, to: member.peer) ?? traffic[Int(slot)].lastOffset
    migration.commitOffsets[slot] = traffic[Int(slot)].lastOffset
    // What it keeps gets updates as soon as it has this.
    let bit = UInt64(1) << UInt64(slot)
    for (row, isStale) in refs {
      table.rows[row].known |= bit
      for field in 0..<table.fieldCount(row) {
        if isStale { table.cell(row, field).dirty |= bit } else { table.cell(row, field).dirty &= ~bit }
      }
      traffic[Int(slot)].inFlight.append(table.ref(row), offset: traffic[Int(slot)].lastOffset)
    }
    catchUp(slot, isAtOnce: member.isSynced)
    for row in strangers { tellOwner(row) }
    if isClientServer { migration.awaitedMarks |= bit }
  }

  /// Whether votes speak of an object as it is: this peer may have given it away since it claimed.
  private func isCompared(_ row: Int, _ version: ObjectVersion) -> Bool {
    let now = table.rows[row].version
    return now == version || table.rows[row].owner == membership.ownSlot && now == version.changedByHost
  }

  /// Sends a member all that it should have and does not know.
  /// - Parameter isAtOnce: Before anything else, so that no message overtakes an object.
  func catchUp(_ slot: UInt8, isAtOnce: Bool) {
    let bit = UInt64(1) << UInt64(slot)
    traffic[Int(slot)].creations.removeAll()
    for row in table.liveRows(where: { $0.known & bit == 0 && audience(owner: $0.owner) & bit != 0 }) {
      if !isAtOnce || !sendObject(row, to: slot) { traffic[Int(slot)].creations.append(table.ref(row)) }
    }
  }

  /// Everybody has said what it has: whatever a member knows beyond that is gone.
  func awaitNobody() {
    for slot in SlotMask(membership.others) where traffic[Int(slot)].isOpen { traffic[Int(slot)].owesMark = true }
  }

  /// A client has told of all its objects.
  func clientHasTold(_ slot: UInt8) {
    let bit = UInt64(1) << UInt64(slot)
    guard migration.awaitedMarks & bit != 0 else { return }
    migration.awaitedMarks &= ~bit
    if migration.awaitedMarks == 0 { awaitNobody() }
  }

  /// Own ids that the old host would have given back come free with those of everybody else.
  func strandIDs() {
    migration.strandedIDs.formUnion(lentIDs)
    lentIDs = []
  }

  /// On the new host: once everybody is where the others are, ids and places may be used again.
  func finishSettling() {
    guard migration.isSettling, membership.isHost, migration.awaitedMarks == 0 else { return }
    for slot in SlotMask(membership.others) where traffic[Int(slot)].isOpen {
      guard let offset = migration.markOffsets[slot], acknowledged[Int(slot)] >= offset else { return }
    }
    migration.isSettling = false
    migration.heldSlots = 0
    for slot in SlotMask(membership.others) { send(to: slot) { SessionMessage.write(.settled, to: &$0) } }
    freeStrandedIDs()
  }

  /// A member knows as destroyed what this host took over without its vote, or has destroyed its own since: then it is
  /// destroyed everywhere.
  func destroyAgain(_ id: UInt32, for member: SessionMember) {
    guard migration.isSettling, let row = table.row(of: id), table.rows[row].state == .live else { return }
    let owner = table.rows[row].owner
    guard owner == membership.ownSlot || owner == member.slot else { return }
    let version = table.rows[row].version.changedByOwner
    spreadDestruction(row, destroyer: owner, version)
    end(row, at: version, destroyer: owner, member.peer, into: &events)
  }

  /// Notes that a client destroyed an object: should the host die before it has passed that on, the next one is told.
  func noteEnd(of id: UInt32) {
    guard isClientServer, !membership.isHost else { return }
    let oldest = clock - links.pongTimeout - SessionTimes.electionGrace
    if let first = migration.ends.first, first.time < oldest { migration.ends.removeAll { $0.time < oldest } }
    migration.ends.append((id, clock))
  }

  func freeStrandedIDs() {
    for id in migration.strandedIDs where table.row(of: id) == nil { ids.free(id) }
    migration.strandedIDs = []
  }
}
