/// The new host's objects: its own, what others know better, and those of hosts that are gone.
extension GameSession {
  /// Takes over what others know better: objects in other hands, and newer values of those without an owner.
  /// - Returns: The objects that are in other hands than this peer claimed, or destroyed.
  func merge(_ ballots: [UInt32: ElectionBallot]) -> Set<UInt32> {
    var moved: Set<UInt32> = []
    for join in ballots.keys.sorted() {
      guard let ballot = ballots[join] else { continue }
      for object in ballot.objects { merge(object, from: join, &moved) }
      for (id, version) in ballot.destroyed {
        guard let known = table.version(of: id), known < version, let row = table.row(of: id),
          table.rows[row].state == .live
        else { continue }
        moved.insert(id)
        let record = table.rows[row]
        end(row, at: version, destroyer: record.owner, record.ownerPeer, into: &events)
      }
    }
    return moved
  }

  private func merge(_ object: ElectionBallot.Object, from voter: UInt32, _ moved: inout Set<UInt32>) {
    let known = table.version(of: object.id)
    if let known, known == object.version, let row = table.row(of: object.id), table.rows[row].state == .live {
      mergeValues(object, into: row)
      return
    }
    if let known, known >= object.version { return }
    // A member that is gone, and was no host, takes its objects along.
    guard let owner = owner(ofJoin: object.ownerJoin) else { return endWithOwner(object, &moved) }
    moved.insert(object.id)
    finishDoomed(object.id)
    if let row = table.row(of: object.id) {
      if table.rows[row].version.birth == object.version.birth, Int(table.rows[row].type) == object.type {
        let old = table.rows[row]
        table.transfer(row, to: owner, object.version)
        for field in 0..<table.fieldCount(row) { table.cell(row, field).time = 0 }
        mergeValues(object, into: row)
        if owner.slot == membership.ownSlot, old.owner != owner.slot {
          events.append(.objectMigratedToMe(object.id, oldOwner: old.ownerPeer))
        } else if old.owner == membership.ownSlot, owner.slot != old.owner {
          events.append(.objectMigratedAway(object.id, newOwner: owner.peer))
        }
        return
      }
      events.append(.objectDestroyed(object.id, destroyer: table.rows[row].ownerPeer))
      table.remove(row)
    }
    guard let row = table.insert(id: object.id, type: object.type, owner: owner, version: object.version) else {
      return
    }
    mergeValues(object, into: row)
    // What was given to this peer, and only its giver knows.
    let giver = owner.slot == membership.ownSlot ? membership.member(join: voter)?.peer : nil
    events.append(.objectCreated(object.id, creator: giver ?? owner.peer))
    if let giver { events.append(.objectMigratedToMe(object.id, oldOwner: giver)) }
  }

  private func endWithOwner(_ object: ElectionBallot.Object, _ moved: inout Set<UInt32>) {
    guard let row = table.row(of: object.id), table.rows[row].state == .live else {
      return table.bury(object.id, object.version)
    }
    moved.insert(object.id)
    end(row, at: object.version, destroyer: table.rows[row].owner, table.rows[row].ownerPeer, into: &events)
  }

  /// The owner that a join means: a survivor, or a host that is gone.
  private func owner(ofJoin join: UInt32) -> ObjectOwner? {
    if join == membership.ownJoin { return ownOwner }
    if let member = membership.member(join: join) {
      return ObjectOwner(slot: member.slot, peer: member.peer, join: join)
    }
    guard migration.formerHosts.contains(join) else { return nil }
    return ObjectOwner(slot: ObjectOwner.nobody, peer: migration.lostHost, join: join)
  }

  func noteLargeFields(_ row: Int) {
    for field in 0..<table.fieldCount(row) where table.cell(row, field).bitCount > Limits.stateValueBytes * 8 {
      table.cell(row, field).isLarge = true
    }
  }

  /// Takes the newer values of a voter's copy.
  private func mergeValues(_ object: ElectionBallot.Object, into row: Int) {
    object.fields.withUnsafeBytes { bytes in
      var reader = BitReader(bytes)
      for field in 0..<table.fieldCount(row) {
        let cell = table.cell(row, field)
        let value = reader.sliceValue(cell.slot.pointee.codec)
        let time = object.times[field]
        guard !value.failed, time != 0 || cell.time == 0 else { continue }
        let age = Int32(truncatingIfNeeded: time &- UInt32(truncatingIfNeeded: cell.time))
        guard cell.time == 0 || age > 0 else { continue }
        cell.time = UInt64(time)
        _ = cell.store(value)
        if cell.slot.pointee.history > 0 { InterpolationHistory(cell).began(cell) }
      }
    }
    noteLargeFields(row)
  }

  /// The objects of hosts that are gone are this peer's.
  func takeOrphans() {
    for row in table.liveRows(where: { _ in true }) where isOrphan(row) { take(row) }
  }

  /// Tells of objects that others knew better whose they are: by its word as the host, so that nobody doubts it.
  func tellOfMoved(_ moved: Set<UInt32>) {
    for id in moved.sorted() {
      guard let row = table.row(of: id), table.rows[row].state == .live, table.rows[row].owner != membership.ownSlot
      else { continue }
      let record = table.rows[row]
      let owner = ObjectOwner(slot: record.owner, peer: record.ownerPeer, join: record.ownerJoin)
      table.transfer(row, to: owner, record.version.changedByHost)
      table.rows[row].awaitsOwner = true
      table.rows[row].givenAt = clock
      spreadGift(row)
    }
  }

  /// What came over the old host comes straight from its owner now, with the owner's own times.
  func forgetRelayedTimes() {
    guard isClientServer else { return }
    for row in 0..<table.rowCount where table.rows[row].exists && table.rows[row].owner != membership.ownSlot {
      for field in 0..<table.fieldCount(row) { table.cell(row, field).time = 0 }
    }
  }

  private func take(_ row: Int) {
    let old = table.rows[row].ownerPeer
    table.transfer(row, to: ownOwner, table.rows[row].version.changedByHost)
    events.append(.objectMigratedToMe(table.rows[row].id, oldOwner: old))
    log(.messages, "\(object: table.rows[row].id) of peer \(old) is this peer's now")
  }
}
