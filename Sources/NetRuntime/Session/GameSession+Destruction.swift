/// The ends of objects, and when their ids come free.
extension GameSession {
  /// Destroys an object that this peer owns, everywhere.
  public func destroyObject(_ id: UInt32) throws(SessionError) {
    if isIgnored("the destruction of \(object: id)") { return }
    let row = try ownedRow(id)
    let version = table.rows[row].version.changedByOwner
    journal?.destroyed(id, version)
    if membership.isInSession {
      let knew = spreadDestruction(row, destroyer: membership.ownSlot, version)
      // An object that never left its creator in client-server topology is nobody's to wait for.
      if knew || !isClientServer || membership.isHost {
        awaitRelease(id, wasGiven: version.stamp > 1)
      } else {
        ids.free(id)
      }
    }
    noteEnd(of: id)
    table.bury(id, version)
    table.remove(row)
    log(.messages, "destroyed \(object: id)")
  }

  /// Tells all who may know an object that it is destroyed. Returns whether there is anyone.
  @discardableResult
  func spreadDestruction(_ row: Int, destroyer: UInt8, _ version: ObjectVersion) -> Bool {
    var knowing = table.rows[row].known & membership.others
    // Members know an object that changed hands from others, too.
    if table.rows[row].version.stamp > 0 { knowing = membership.others & ~(1 << UInt64(destroyer)) }
    sendDestruction(table.rows[row].id, destroyer: destroyer, version, to: knowing)
    return knowing != 0
  }

  /// An id is free once everyone has heard of its object's end: this peer waits for that where it was the one to say
  /// so, and a client of a client-server session is told by the host.
  /// - Parameter wasGiven: Whether the object had changed hands, so that others than this peer may have told of it.
  func awaitRelease(_ id: UInt32, wasGiven: Bool = true) {
    guard let slot = ObjectIDs.slot(of: id) else { return }
    if isClientServer && membership.isHost {
      if slot == membership.ownSlot || membership[slot] != nil { quarantine.add(id) }
    } else if slot == membership.ownSlot {
      if isClientServer {
        lentIDs.insert(id)
      } else if wasGiven {
        resting.append((id, clock + SessionTimes.idRest))
      } else {
        quarantine.add(id)
      }
    }
  }

  func sendDestruction(_ id: UInt32, destroyer: UInt8, _ version: ObjectVersion, to members: UInt64) {
    for slot in SlotMask(members) where isDirect(slot) && traffic[Int(slot)].isOpen {
      send(to: slot) { writer in
        SessionMessage.write(.destroy, number: id, to: &writer)
        writer.write(UInt64(destroyer), bits: 8)
        version.write(to: &writer)
      }
    }
  }

  /// An object ended by someone else's doing: it stays readable until its event was taken.
  func end(_ row: Int, at version: ObjectVersion, destroyer: UInt8, _ peer: PeerID, into events: inout SessionEvents) {
    let id = table.rows[row].id
    if table.rows[row].owner == membership.ownSlot, peer != localPeer {
      // It was taken away before, which had not come here.
      let taker = owner(inSlot: destroyer).flatMap { $0.peer == peer ? $0 : nil }
      table.transfer(row, to: taker ?? ObjectOwner(slot: ObjectOwner.nobody, peer: peer, join: 0), version)
      events.append(.objectMigratedAway(id, newOwner: peer))
    }
    table.rows[row].state = .doomed
    table.bury(id, version)
    events.append(.objectDestroyed(id, destroyer: peer))
    log(.messages, "peer \(peer) destroyed \(object: id)")
    guard membership.isInSession else { return }
    if !isClientServer, ObjectIDs.slot(of: id) == membership.ownSlot {
      // When everyone has heard it from this peer too, the id is free.
      sendDestruction(id, destroyer: destroyer, version, to: membership.others)
    }
    awaitRelease(id)
  }

  /// Destroys the objects of a member that is gone: each stays readable until its event was taken.
  func doomObjects(of member: SessionMember, into events: inout SessionEvents) {
    for row in table.liveRows(ownedBy: member.slot) {
      end(row, at: table.rows[row].version, destroyer: member.slot, member.peer, into: &events)
    }
    // It may have given an object to a member that did not hear of it any more.
    for row in table.liveRows(where: { $0.awaitsOwner }) { tellOwner(row) }
  }

  /// A member leaves with its objects. Who has not been told yet that one of them had come to it would keep that one as
  /// somebody else's.
  func tellEndsOfUntoldGifts(to member: SessionMember) {
    guard isClientServer else { return }
    let others = membership.others & ~(1 << UInt64(member.slot))
    for row in table.liveRows(ownedBy: member.slot) where table.rows[row].version.stamp > 0 {
      let record = table.rows[row]
      sendDestruction(record.id, destroyer: member.slot, record.version, to: others & ~record.known)
    }
  }

  /// Takes a destroyed object out for good.
  func finishDoomed(_ id: UInt32) {
    if let row = table.row(of: id), table.rows[row].state == .doomed { table.remove(row) }
  }

  // MARK: Members that remade their connection

  /// What a member does not announce again on a new connection, it has destroyed meanwhile.
  func markStale(ownedBy slot: UInt8) {
    for row in table.liveRows(where: { $0.owner == slot && !$0.awaitsOwner }) { table.rows[row].isStale = true }
  }

  func endStale(of member: SessionMember) {
    for row in table.liveRows(where: { $0.owner == member.slot && $0.isStale }) {
      end(row, at: table.rows[row].version, destroyer: member.slot, member.peer, into: &events)
    }
  }

  // MARK: Ids

  /// Gives ids back that everyone has forgotten.
  func releaseIDs() {
    if let first = resting.first, first.until <= clock {
      let rested = resting.prefix { $0.until <= clock }
      for entry in rested { quarantine.add(entry.id) }
      resting.removeFirst(rested.count)
    }
    guard !quarantine.isEmpty else { return }
    // In peer-to-peer topology a member that this peer does not speak to yet may know an object from its later owners.
    if isClientServer || SlotMask(membership.others).allSatisfy({ traffic[Int($0)].isOpen }) {
      quarantine.close(offsets: traffic.map { $0.link == nil ? 0 : $0.lastOffset })
    }
    var again: [UInt32] = []
    while let id = quarantine.next(acknowledged: acknowledged) {
      guard let slot = ObjectIDs.slot(of: id) else { continue }
      if let row = table.row(of: id) {
        // It came back, and ends another time; or the script has not been told of its end yet.
        if table.rows[row].state == .doomed { again.append(id) }
      } else if slot == membership.ownSlot {
        ids.free(id)
      } else {
        send(to: slot) { SessionMessage.write(.idFree, number: id, to: &$0) }
      }
    }
    for id in again { quarantine.add(id) }
  }

  /// Tells a member that this peer did not speak to before of objects whose ids it wants back.
  func repeatDestructions(to slot: UInt8) {
    guard !isClientServer else { return }
    for id in quarantine.open + resting.map(\.id) where table.row(of: id) == nil {
      guard let version = table.version(of: id) else { continue }
      sendDestruction(id, destroyer: membership.ownSlot, version, to: 1 << UInt64(slot))
    }
  }

  func takeBack(_ id: UInt32, _ delivery: Delivery) {
    guard lentIDs.contains(id) else {
      // A replay lends none.
      return isReplay ? () : ignore(delivery, "an id that was not lent")
    }
    // The host does not say so for an object that lives again; one whose end the script was not told of yet is free
    // as soon as it was.
    finishDoomed(id)
    guard table.row(of: id) == nil else { return }
    lentIDs.remove(id)
    ids.free(id)
  }
}
