/// Bringing a member up to date with the objects that were there before it.
extension GameSession {
  /// Lines up every object that a member should have and was not sent yet.
  func beginLateJoin(_ slot: UInt8) {
    let bit = UInt64(1) << UInt64(slot)
    // Objects between two owners are in no owner's list for certain, so whoever knows of them tells.
    let rows = table.liveRows {
      audience(owner: $0.owner) & bit != 0 || $0.awaitsOwner || clock - $0.givenAt < SessionTimes.giftMemory
    }
    for row in rows { traffic[Int(slot)].creations.append(table.ref(row)) }
    // Who came before a member tells it when it has everything; who comes after it had nothing then. On a new
    // connection the mark tells that what was not announced again is gone.
    let join = membership[slot]?.info.join ?? 0
    traffic[Int(slot)].owesMark = join > membership.ownJoin || traffic[Int(slot)].isRemade
  }

  /// Sends members that are catching up another share, and what is too long for a datagram.
  func continueBulk(_ slot: UInt8) {
    let index = Int(slot)
    guard traffic[index].isOpen, let link = traffic[index].link else { return }
    let start = traffic[index].lastOffset
    var hasRoom: Bool {
      traffic[index].lastOffset &- start < UInt64(Limits.lateJoinBytesPerTransmit)
        && links.bulkBytesLeft(on: link) > 0
    }
    while let ref = traffic[index].creations.first {
      guard let row = table.live(ref) else {
        traffic[index].creations.removeFirst()
        continue
      }
      guard hasRoom, sendObject(row, to: slot, share: .bulk) else { return }
      traffic[index].creations.removeFirst()
    }
    if traffic[index].owesMark, send(to: slot, { SessionMessage.write(.syncMark, to: &$0) }) {
      traffic[index].owesMark = false
      if migration.isSettling { migration.markOffsets[slot] = traffic[index].lastOffset }
    }
    while let ref = traffic[index].largeValues.first {
      guard let row = table.live(ref) else {
        traffic[index].largeValues.removeFirst()
        continue
      }
      guard hasRoom, sendLargeValues(row, to: slot) else { return }
      table.rows[row].queuedLarge &= ~(1 << UInt64(slot))
      traffic[index].largeValues.removeFirst()
    }
  }

  /// A member has sent all objects that it had when this peer joined, or is gone.
  func objectsArrived(from slot: UInt8) {
    if membership.arrived(slot: slot) {
      send(to: membership.hostSlot) { SessionMessage.write(.syncDone, to: &$0) }
    }
  }

  /// A newcomer has the objects of everyone.
  func memberSynced(_ slot: UInt8) {
    guard let member = membership[slot], !member.isSynced else { return }
    membership.markSynced(slot: slot)
    for other in membership.members {
      send(to: other.slot) { SessionMessage.write(.memberSynced, number: member.info.join, to: &$0) }
    }
    events.append(.objectSyncDone(member.peer))
  }
}
