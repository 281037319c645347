/// A survivor follows the winner of an election.
extension GameSession {
  func follow(_ commit: ElectionCommit, _ offer: HostMigration.Offer, _ delivery: Delivery) {
    let oldHost = membership.host
    let formerHosts = migration.formerHosts.union(commit.formerHosts)
    let claims = migration.election.standing.filter { $0.peer != delivery.peer }
    for member in membership.members where !commit.members.contains(where: { $0.join == member.info.join }) {
      forget(member.slot)
      if formerHosts.contains(member.info.join) {
        tellAwaited()
        continue
      }
      log(.messages, "peer \(member.peer) leaves the game session")
      // The new host does not know of what this peer gave it meanwhile.
      for row in table.liveRows(ownedBy: member.slot) where table.rows[row].givenAt > -.infinity {
        noteEnd(of: table.rows[row].id)
      }
      doomObjects(of: member, into: &events)
    }
    for info in commit.members where info.join != membership.ownJoin {
      if let known = membership.member(join: info.join) {
        if info.isSynced { membership.markSynced(slot: known.slot) }
      } else {
        adopt(info)
      }
    }
    guard let host = membership.member(delivery.peer) else { return sessionEnded() }
    let isSynced = commit.members.first { $0.join == membership.ownJoin }?.isSynced ?? false
    membership.follow(host, reign: commit.reign, lastJoin: commit.lastJoin, isSynced: isSynced)
    log(.messages, "peer \(host.peer) hosts the game session now")
    migration.formerHosts = formerHosts
    keepObjects(commit, offer, host)
    migration.settle()
    migration.isSweeping = true
    meet(host, offer, commit)
    for claim in claims { sendWinner(to: claim.peer, claim.join, isReliable: true) }
    if let oldHost, oldHost != host.peer { sendWinner(to: oldHost, .max, isReliable: true) }
  }

  /// The old host may have given an object to a member that did not hear of it any more.
  func tellAwaited() {
    for row in table.liveRows(where: { $0.awaitsOwner }) { tellOwner(row) }
  }

  /// Of the objects that the new host told of, those of hosts that are gone are its own now; what it did not tell of
  /// waits for its word.
  private func keepObjects(_ commit: ElectionCommit, _ offer: HostMigration.Offer, _ host: SessionMember) {
    var kept: [UInt32: ObjectVersion] = [:]
    for (entry, isKept) in zip(offer.inventory, commit.kept) where isKept { kept[entry.id] = entry.version }
    migration.unconfirmed = []
    for row in 0..<table.rowCount where table.rows[row].state == .live {
      let isOrphan = isOrphan(row)
      let isRelayed = isClientServer && table.rows[row].owner != membership.ownSlot
      guard isOrphan || isRelayed else { continue }
      // The values of the new host come with its own times.
      for field in 0..<table.fieldCount(row) { table.cell(row, field).time = 0 }
      // It may have changed hands since this peer voted.
      guard kept[table.rows[row].id] == table.rows[row].version else {
        migration.unconfirmed.insert(table.rows[row].id)
        continue
      }
      table.rows[row].awaitsOwner = false
      guard isOrphan else { continue }
      let owner = ObjectOwner(slot: host.slot, peer: host.peer, join: host.info.join)
      table.transfer(row, to: owner, table.rows[row].version.changedByHost)
    }
  }

  /// Tells the new host what it has to know of this peer.
  private func meet(_ host: SessionMember, _ offer: HostMigration.Offer, _ commit: ElectionCommit) {
    strandIDs()
    if isClientServer, let link = links.link(to: host.peer) {
      attach(host.slot, to: link, isOpening: false)
      // Its commit shows that it knows this peer.
      traffic[Int(host.slot)].isOpen = true
      tellOfObjects(to: host.slot, offer, commit)
      traffic[Int(host.slot)].owesMark = true
    } else {
      attachMissingLinks()
    }
    if wantsOut { send(to: host.slot) { SessionMessage.write(.wantLeave, to: &$0) } }
    resendRelays()
  }

  /// A client's own objects: the host has some of them already.
  private func tellOfObjects(to slot: UInt8, _ offer: HostMigration.Offer, _ commit: ElectionCommit) {
    let bit = UInt64(1) << UInt64(slot)
    for (entry, isKept) in zip(offer.inventory, commit.kept) {
      guard isKept, let row = table.row(of: entry.id), table.rows[row].state == .live,
        table.rows[row].owner == membership.ownSlot, table.rows[row].version == entry.version
      else { continue }
      table.rows[row].known |= bit
      let isStale = valueHash(row) != entry.hash
      for field in 0..<table.fieldCount(row) where isStale { table.cell(row, field).dirty |= bit }
      // Updates are heeded once it has heard which session they are of.
      traffic[Int(slot)].inFlight.append(table.ref(row), offset: traffic[Int(slot)].lastOffset)
    }
    // What was given away while there was no host, the members have not heard of.
    for row in table.liveRows(where: { $0.awaitsOwner && $0.givenAt > -.infinity }) { _ = sendObject(row, to: slot) }
    tellOfDestructions(to: slot)
    catchUp(slot, isAtOnce: true)
  }

  /// What this peer destroyed under the old host, others may still know.
  func tellOfDestructions(to slot: UInt8) {
    for id in migration.strandedIDs.union(migration.ends.map(\.id)).sorted() {
      let isGone = table.row(of: id).map { table.rows[$0].state == .doomed } ?? true
      guard isGone, let version = table.version(of: id) else { continue }
      sendDestruction(id, destroyer: membership.ownSlot, version, to: 1 << UInt64(slot))
    }
  }

  /// The new host has told of everything: what it did not speak of is gone.
  func sweep() {
    guard migration.isSweeping else { return }
    migration.isSweeping = false
    migration.formerHosts = []
    for row in table.liveRows(where: { migration.unconfirmed.contains($0.id) }) {
      let record = table.rows[row]
      end(row, at: record.version, destroyer: membership.hostSlot, record.ownerPeer, into: &events)
    }
    migration.unconfirmed = []
  }

  /// Whether a new host tells of an object that this peer knows to be destroyed; the host is told.
  func isKnownDestroyed(_ id: UInt32, _ version: ObjectVersion, from member: SessionMember) -> Bool {
    guard migration.isSweeping, member.slot == membership.hostSlot, table.row(of: id) == nil,
      let known = table.version(of: id), known < version, known.birth == version.birth, known.stamp & 0xFFFF_FFFF != 0
    else { return false }
    send(to: member.slot) { SessionMessage.write(.knownDestroyed, number: id, to: &$0) }
    return true
  }

  /// Passes on a destruction of which others may not know, though this host does not know the object, or not any more.
  func passOn(destructionOf id: UInt32, _ version: ObjectVersion, from member: SessionMember) {
    sendDestruction(id, destroyer: member.slot, version, to: membership.others & ~(1 << UInt64(member.slot)))
  }

  /// Sends an object to those who should know it and do not.
  func spreadMissing(_ row: Int) {
    announce(row, to: audience(owner: table.rows[row].owner) & ~table.rows[row].known)
  }

  // MARK: Messages

  /// Sends what was kept for other clients over the new host, in the old order; on the host itself straight.
  func resendRelays() {
    guard isClientServer else { return }
    var lost: [UInt32] = []
    relays.forEachKept { target, number, body in
      guard let member = membership.member(join: target) else { return lost.append(target) }
      if membership.isHost {
        passOn(body, number, source: membership.ownJoin, sourceSlot: membership.ownSlot, to: member)
      } else {
        let bytes = body.count + Limits.messageHeaderSize
        send(to: membership.hostSlot, bytes: bytes) {
          SessionMessage.write(.keptRelay, number: target, to: &$0)
          $0.write(UInt64(number), bits: 32)
          $0.write(bytes: body)
        }
      }
    }
    for join in lost { relays.forget(join) }
  }
}
