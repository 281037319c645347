/// Creating, destroying and changing this peer's own objects.
extension GameSession {
  /// Creates an object that this peer owns; every member is sent it. An error of `fill` leaves no object behind.
  /// - Returns: The object's id.
  public func createObject(type: Int, _ fill: (inout ObjectDraft) throws -> Void) throws -> UInt32 {
    if isIgnored("the creation of an object") { return 0 }
    guard membership.isInSession else { throw membership.isOver ? SessionError.sessionOver : .notInSession }
    guard type >= 0, type < layouts.count else { throw SessionError.noSuchType(type) }
    guard table.count < Limits.objects else { throw SessionError.tooManyObjects(Limits.objects) }
    guard let id = ids.take(isFree: { table.row(of: $0) == nil }) else {
      throw SessionError.tooManyObjects(Limits.objectIDsPerPeer + Limits.spilledObjectIDsPerPeer)
    }
    births &+= 1
    let version = ObjectVersion(creator: membership.ownJoin, count: births)
    guard let row = table.insert(id: id, type: type, owner: ownOwner, version: version) else {
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
    tellCreation(row)
    log(.messages, "created \(object: id), \(config.objects[type].name)")
    return id
  }

  /// Sets how urgent an object's updates are for one member; lower is more urgent. It holds while the object lives and
  /// the peer is a member.
  public func setPriority(_ id: UInt32, for peer: PeerID, _ priority: Float) throws(SessionError) {
    if isIgnored("a priority of object \(id)") { return }
    guard let row = table.row(of: id) else { throw .noObject(id) }
    guard priority > 0, priority.isFinite else { throw .badPriority(priority) }
    guard let member = membership.member(peer) else { throw .notMember(peer) }
    traffic[Int(member.slot)].updates.setPriority(
      priority, of: table.ref(row), birth: table.rows[row].version.birth)
  }

  func ownedRow(_ id: UInt32) throws(SessionError) -> Int {
    let row = try findPlace(id).row
    try requireOwnership(row)
    return row
  }
}

/// What becomes of an object at the members that this peer sends it to.
extension GameSession {
  func spreadCreation(_ row: Int) {
    announce(row, to: audience(owner: table.rows[row].owner))
  }

  /// Sends an object to members, at once or when there is room.
  func announce(_ row: Int, to members: UInt64) {
    for slot in SlotMask(members) where traffic[Int(slot)].isOpen {
      // Behind a member's late join, so that it sees objects in the order of their creation.
      if !traffic[Int(slot)].creations.isEmpty || !sendObject(row, to: slot) {
        traffic[Int(slot)].creations.append(table.ref(row))
      }
    }
  }

  /// Sends an object with its fields as they are: as its owner's word, or as that of a third peer that knows whom it
  /// was given to. False when the link does not take it now.
  func sendObject(_ row: Int, to slot: UInt8, share: BufferShare = .engine) -> Bool {
    let bytes = (table.packedBits(row) + 7) / 8 + Limits.messageHeaderSize
    let record = table.rows[row]
    let speaks = speaks(for: row)
    let sent = send(to: slot, bytes: bytes, share: share) { writer in
      writeWord(row, isOwners: speaks, to: &writer)
    }
    guard sent else { return false }
    guard speaks, slot != record.owner else { return true }
    let bit = UInt64(1) << UInt64(slot)
    table.rows[row].known |= bit
    for field in 0..<table.fieldCount(row) { table.cell(row, field).dirty &= ~bit }
    traffic[Int(slot)].inFlight.append(table.ref(row), offset: traffic[Int(slot)].lastOffset)
    return true
  }

  /// An object as it is: as its owner's word, or as that of someone who tells whom it was given to.
  func writeWord(_ row: Int, isOwners: Bool, to writer: inout BitWriter) {
    let record = table.rows[row]
    SessionMessage.write(isOwners ? .create : .own, number: record.id, to: &writer)
    writer.write(UInt64(record.type), bits: 16)
    if isOwners { writer.write(UInt64(record.owner), bits: 8) }
    record.version.write(to: &writer)
    writer.write(time.reliable & 0xFFFF_FFFF, bits: 32)
    if !isOwners {
      writer.write(UInt64(record.ownerJoin), bits: 32)
      writer.write(record.ownerPeer.rawValue, bits: 64)
    }
    for field in 0..<table.fieldCount(row) {
      var value = table.cell(row, field).reader
      writer.copyBits(from: &value, count: value.remainingBits)
    }
  }
}
