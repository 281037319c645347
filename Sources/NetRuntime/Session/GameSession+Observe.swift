/// A replay: what the recorded peer told others, or only the recording, is taken in like what others told it.
extension GameSession {
  /// The next event of what the recorded peer did itself.
  func nextObservedEvent() -> NetworkEvent? {
    takeEvent(from: &observed) ?? takeEvent(from: &migrations) ?? takeEvent(from: &removals)
  }

  /// Takes in a message that the recorded peer sent: a change to an object. A version says whether it is news, since
  /// every member was sent the same; what only passed on other members' changes came in from them.
  func observe(_ body: UnsafeRawBufferPointer, at now: Double) {
    clock = now
    guard membership.isInSession else { return }
    if body.first == SessionMessage.stateBlock { return observeState(body) }
    switch SessionMessage(body) {
    case .create(let id, let type, let owner, let version, let time, let fields):
      let time = senderClocks[Int(membership.ownSlot)].complete(time, at: clock)
      observeCreation(id, type: type, owner: owner, version, time, fields)
    case .own(let id, let type, let version, let time, let join, _, let fields):
      let time = senderClocks[Int(membership.ownSlot)].complete(time, at: clock)
      observeGift(id, type: type, version, time, join: join, fields)
    case .destroy(let id, _, let version):
      guard let row = table.row(of: id), table.rows[row].state == .live, table.rows[row].version < version else {
        return
      }
      observeEnd(row, version)
    case .set(let id, let field, let time, let value):
      let time = senderClocks[Int(membership.ownSlot)].complete(time, at: clock)
      guard let row = ownRow(id), field < table.fieldCount(row) else { return }
      var value = value
      observeValue(row, field, value.sliceValue(table.cell(row, field).slot.pointee.codec), time)
    default: break
    }
  }

  /// Takes in that the recorded peer destroyed an object of its own.
  func observeDestruction(_ id: UInt32, birth: UInt64, at now: Double) {
    clock = now
    guard membership.isInSession else { return }
    if let row = ownRow(id), table.rows[row].version.birth == birth {
      observeEnd(row, table.rows[row].version.changedByOwner)
    } else if earlyEnds.count < Limits.objects {
      earlyEnds[id] = birth
    }
  }

  private func ownRow(_ id: UInt32) -> Int? {
    guard let row = table.row(of: id), table.rows[row].state == .live, table.rows[row].owner == membership.ownSlot
    else { return nil }
    return row
  }

  private func observeCreation(
    _ id: UInt32, type: Int, owner: UInt8, _ version: ObjectVersion, _ time: UInt64, _ fields: BitReader
  ) {
    guard isObject(id, type, fields), let owner = self.owner(inSlot: owner) else { return }
    if let known = table.version(of: id), version <= known {
      guard owner.slot == membership.ownSlot, version == known, let row = ownRow(id),
        Int(table.rows[row].type) == type
      else { return }
      var values = fields
      for field in 0..<table.fieldCount(row) {
        observeValue(row, field, values.sliceValue(table.cell(row, field).slot.pointee.codec), time)
      }
      return
    }
    finishDoomed(id)
    if let row = table.row(of: id) {
      guard table.rows[row].version.birth != version.birth else {
        table.transfer(row, to: owner, version)
        return
      }
      table.remove(row)
    }
    guard let row = table.insert(id: id, type: type, owner: owner, version: version) else { return }
    var values = fields
    _ = table.readFields(row, from: &values, time: time)
    observed.append(.objectCreated(id, creator: owner.peer))
    if let birth = earlyEnds.removeValue(forKey: id), birth == version.birth {
      observeEnd(row, version.changedByOwner)
    }
  }

  /// An object was given away. That follows from the call too, where the recording had the object by then.
  private func observeGift(
    _ id: UInt32, type: Int, _ version: ObjectVersion, _ time: UInt64, join: UInt32, _ fields: BitReader
  ) {
    guard isObject(id, type, fields), case .member(let member) = membership.standing(ofJoin: join),
      table.version(of: id).map({ $0 < version }) ?? true
    else { return }
    // It may never have been told of as this peer's own.
    if table.row(of: id) == nil {
      observeCreation(id, type: type, owner: membership.ownSlot, version, time, fields)
    }
    guard let row = ownRow(id), table.rows[row].version.birth == version.birth else { return }
    table.transfer(row, to: ObjectOwner(slot: member.slot, peer: member.peer, join: join), version)
    table.rows[row].awaitsOwner = true
    observed.append(.objectMigratedAway(id, newOwner: member.peer))
  }

  private func isObject(_ id: UInt32, _ type: Int, _ fields: BitReader) -> Bool {
    guard type < layouts.count, ObjectIDs.slot(of: id) != nil else { return false }
    var check = fields
    return layouts.skipFields(of: type, &check)
  }

  private func observeEnd(_ row: Int, _ version: ObjectVersion) {
    table.rows[row].state = .doomed
    table.bury(table.rows[row].id, version)
    observed.append(.objectDestroyed(table.rows[row].id, destroyer: links.localPeer))
  }

  private func observeValue(_ row: Int, _ field: Int, _ value: BitReader, _ time: UInt64) {
    let cell = table.cell(row, field)
    guard !value.failed, time > cell.time else { return }
    cell.time = time
    _ = cell.store(value)
  }

  private func observeState(_ body: UnsafeRawBufferPointer) {
    _ = readState(body, from: membership.ownSlot) { id, type in
      ownRow(id).flatMap { Int(table.rows[$0].type) == type ? $0 : nil }
    } value: { row, field, value, time in
      observeValue(row, field, value, time)
    }
  }
}
