/// Objects that change hands.
///
/// A change carries the whole object, and a version above that of the change before. Who makes it tells every member,
/// in the order of its other messages; the new owner announces the object again itself. Each peer goes by the highest
/// version that it has heard of, so all agree in the end.
extension GameSession {
  /// Gives an object to a member, which may be this peer itself. Does nothing when that owns it already.
  ///
  /// Only the object's owner and the session's host may do this. `nextMigrationEvent` tells what it means for this
  /// peer.
  public func migrateObject(_ id: UInt32, to peer: PeerID) throws(SessionError) {
    if isIgnored("the migration of \(object: id)") { return }
    guard membership.isInSession else { throw membership.isOver ? .sessionOver : .notInSession }
    guard let row = table.row(of: id), table.rows[row].state == .live else { throw .noObject(id) }
    let old = table.rows[row]
    let wasOwn = old.owner == membership.ownSlot
    guard wasOwn || membership.isHost else {
      throw .mayNotMigrate(object: id, owner: old.ownerPeer, host: membership.host)
    }
    guard let owner = owner(of: peer) else { throw .notMember(peer) }
    if owner.slot == old.owner { return }
    if membership.isHostLost, owner.slot == membership.hostSlot {
      return log(.warnings, "\(object: id) stays here: the session's host, peer \(peer), is gone")
    }
    if wasOwn {
      synchronizer?.writeOwn(id)
      tellLastValues(row)
    }
    journal?.called(.migrateObject(id, to: peer))
    let version = wasOwn ? old.version.changedByOwner : old.version.changedByHost
    table.transfer(row, to: owner, version)
    log(.messages, "gave \(object: id) of peer \(old.ownerPeer) to peer \(peer)")
    if owner.slot == membership.ownSlot {
      spreadCreation(row)
      migrations.append(.objectMigratedToMe(id, oldOwner: old.ownerPeer))
      return
    }
    awaitOwner(row)
    table.rows[row].givenAt = clock
    spreadGift(row)
    if wasOwn { migrations.append(.objectMigratedAway(id, newOwner: peer)) }
  }

  private func owner(of peer: PeerID) -> ObjectOwner? {
    peer == links.localPeer ? ownOwner : membership.member(peer).flatMap { owner(inSlot: $0.slot) }
  }

  /// From now on nothing of an object counts until its owner has announced it.
  func awaitOwner(_ row: Int) {
    table.rows[row].awaitsOwner = true
    if !isClientServer { awaited.append((table.ref(row), clock + SessionTimes.ownerPatience)) }
  }

  /// Tells owners that have not announced their objects: one that has destroyed or given away an object answers so.
  func remindOwners() {
    guard let first = awaited.first, first.due <= clock else { return }
    let due = awaited.prefix { $0.due <= clock }
    awaited.removeFirst(due.count)
    for (ref, _) in due {
      guard let row = table.live(ref), table.rows[row].awaitsOwner else { continue }
      tellOwner(row)
      awaited.append((ref, clock + SessionTimes.ownerPatience))
    }
  }

  /// Tells all members to whom an object went. This does not wait behind a member's late join, so that no message of
  /// this peer's overtakes it; who is not open yet is told when it opens.
  func spreadGift(_ row: Int) {
    if speaks(for: row) {
      tellOwner(row)
      spreadCreation(row)
    } else {
      for slot in SlotMask(membership.others) where isDirect(slot) && traffic[Int(slot)].isOpen {
        _ = sendObject(row, to: slot)
      }
    }
  }
}
