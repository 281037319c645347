/// Creating, destroying and changing this peer's own objects.
extension GameSession {
  /// Creates an object that this peer owns; every member is sent it. An error of `fill` leaves no object behind.
  /// - Returns: The object's id.
  public func createObject(type: Int, _ fill: (inout ObjectDraft) throws -> Void) throws -> UInt32 {
    guard membership.isInSession else { throw membership.isOver ? SessionError.sessionOver : .notInSession }
    guard type >= 0, type < layouts.count else { throw SessionError.noSuchType(type) }
    guard table.count < Limits.objects else { throw SessionError.tooManyObjects(Limits.objects) }
    guard let id = ids.take() else {
      throw SessionError.tooManyObjects(Limits.objectIDsPerPeer + Limits.spilledObjectIDsPerPeer)
    }
    births &+= 1
    let version = ObjectVersion(creator: membership.ownJoin, count: births)
    let owner = membership.ownSlot
    guard let row = table.insert(id: id, type: type, owner: owner, ownerPeer: links.localPeer, version: version) else {
      ids.free(id)
      throw SessionError.tooManyObjects(Limits.objects)
    }
    do {
      var draft = ObjectDraft(table: table, row: row)
      try fill(&draft)
      let bytes = (table.packedBits(row) + 7) / 8
      if bytes > Limits.messageSize - Limits.messageHeaderSize { throw SessionError.objectTooLarge(bytes: bytes) }
    } catch {
      table.remove(row)
      ids.free(id)
      throw error
    }
    spreadCreation(row)
    log(.messages, "created \(object: id), \(config.objects[type].name)")
    return id
  }

  /// Destroys an object that this peer owns, everywhere.
  public func destroyObject(_ id: UInt32) throws(SessionError) {
    let row = try ownedRow(id)
    let version = table.rows[row].version.changedByOwner
    spreadDestruction(row, destroyer: membership.ownSlot, version)
    table.bury(id, version)
    table.remove(row)
    log(.messages, "destroyed \(object: id)")
  }

  /// Sets how urgent an object's updates are for one member; lower is more urgent.
  public func setPriority(_ id: UInt32, for peer: PeerID, _ priority: Float) throws(SessionError) {
    guard let row = table.row(of: id) else { throw .noObject(id) }
    guard priority > 0, priority.isFinite else { throw .badPriority(priority) }
    guard let member = membership.member(peer) else { throw .notMember(peer) }
    traffic[Int(member.slot)].updates.setPriority(priority, of: table.ref(row))
  }

  /// Giving objects to other peers comes with a later version.
  public func migrateObject(_ id: UInt32, to peer: PeerID) throws(SessionError) {
    throw .missing("object migration")
  }

  /// Taking over a session whose host is gone comes with a later version.
  public func migrateHost() throws(SessionError) {
    throw .missing("host migration")
  }

  private func ownedRow(_ id: UInt32) throws(SessionError) -> Int {
    let row = try findPlace(id).row
    try requireOwnership(row)
    return row
  }
}

/// What becomes of an object at the members that this peer sends it to.
extension GameSession {
  func spreadCreation(_ row: Int) {
    for slot in SlotMask(audience(owner: table.rows[row].owner)) where traffic[Int(slot)].isOpen {
      // Behind a member's late join, so that it sees objects in the order of their creation.
      if !traffic[Int(slot)].creations.isEmpty || !sendCreation(row, to: slot) {
        traffic[Int(slot)].creations.append(table.ref(row))
      }
    }
  }

  /// Sends an object with its fields as they are; false when the link does not take it now.
  func sendCreation(_ row: Int, to slot: UInt8, share: BufferShare = .engine) -> Bool {
    let bytes = (table.packedBits(row) + 7) / 8 + Limits.messageHeaderSize
    let sent = send(to: slot, bytes: bytes, share: share) { writer in
      SessionMessage.write(.create, number: table.rows[row].id, to: &writer)
      writer.write(UInt64(table.rows[row].type), bits: 16)
      writer.write(UInt64(table.rows[row].owner), bits: 8)
      table.rows[row].version.write(to: &writer)
      writer.write(time.reliable & 0xFFFF_FFFF, bits: 32)
      for field in 0..<table.fieldCount(row) {
        var value = table.cell(row, field).reader
        writer.copyBits(from: &value, count: value.remainingBits)
      }
    }
    guard sent else { return false }
    let bit = UInt64(1) << UInt64(slot)
    table.rows[row].known |= bit
    for field in 0..<table.fieldCount(row) { table.cell(row, field).dirty &= ~bit }
    traffic[Int(slot)].inFlight.append(table.ref(row), offset: traffic[Int(slot)].lastOffset)
    return true
  }

  /// Marks an object as destroyed by someone else: it stays readable until its event was taken.
  func doom(_ row: Int, _ version: ObjectVersion) {
    table.rows[row].state = .doomed
    table.bury(table.rows[row].id, version)
  }

  /// Tells all who know an object that it is destroyed, and sees to it that its id is not used while anyone may know
  /// it.
  func spreadDestruction(_ row: Int, destroyer: UInt8, _ version: ObjectVersion) {
    let id = table.rows[row].id
    let isOwnID = ObjectIDs.slot(of: id) == membership.ownSlot
    guard membership.isInSession else { return }
    for slot in SlotMask(table.rows[row].known & membership.others) {
      send(to: slot) { writer in
        SessionMessage.write(.destroy, number: id, to: &writer)
        writer.write(UInt64(destroyer), bits: 8)
        version.write(to: &writer)
      }
    }
    if isOwnID, isClientServer, !membership.isHost {
      // The host passes the destruction on, and says when everyone has it; an object that never left comes back at
      // once.
      if table.rows[row].known & 1 << UInt64(membership.hostSlot) != 0 { lentIDs.insert(id) } else { ids.free(id) }
    } else if isOwnID || isClientServer && membership.isHost {
      // Only who passed it on knows when everyone has it.
      quarantine.add(id)
    }
  }

  /// Gives ids back that everyone has forgotten.
  func releaseIDs() {
    guard !quarantine.isEmpty else { return }
    quarantine.close(offsets: traffic.map { $0.link == nil ? 0 : $0.lastOffset })
    while let id = quarantine.next(acknowledged: acknowledged) {
      guard let slot = ObjectIDs.slot(of: id) else { continue }
      if slot == membership.ownSlot {
        ids.free(id)
      } else {
        send(to: slot) { SessionMessage.write(.idFree, number: id, to: &$0) }
      }
    }
  }
}
