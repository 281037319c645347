/// What happens to connections.
extension GameSession {
  /// A connection to a peer is there.
  public func linkConnected(_ link: LinkID, peer: PeerID, at now: Double) {
    clock = now
    guard membership.isInSession, let member = membership.member(peer), isDirect(member.slot) else { return }
    attachIfNew(member.slot)
  }

  /// The other end of a connection fell silent.
  public func linkBroken(_ link: LinkID, peer: PeerID, at now: Double) {
    linkLost(link, at: now)
  }

  /// A connection was ended by either side.
  public func linkClosed(_ link: LinkID, peer: PeerID, at now: Double) {
    linkLost(link, at: now)
    gate.forget(link)
  }

  private func linkLost(_ link: LinkID, at now: Double) {
    clock = now
    migration.unfinished[link] = nil
    guard membership.isInSession, let slot = slot(of: link) else { return }
    if membership.isHost {
      membership.markBroken(slot: slot)
    } else if slot == membership.hostSlot {
      hostLost()
    } else {
      // Its objects will not come over this connection any more; joining must not wait for them for ever.
      objectsArrived(from: slot)
    }
  }

  /// The member at the other end of a link.
  @inline(__always)
  func slot(of link: LinkID) -> UInt8? {
    let index = Int(link.index)
    guard index < linkSlots.count, let entry = linkSlots[index], entry.generation == link.generation else { return nil }
    return entry.slot
  }

  /// Makes a link the way to a member, and tells the other end which session this peer speaks of.
  func attach(_ slot: UInt8, to link: LinkID, isOpening: Bool = true) {
    guard isDirect(slot), let member = membership[slot] else { return }
    let isRemade = traffic[Int(slot)].link != nil
    if isRemade {
      table.clear(slot: slot)
      quarantine.forget(slot: slot)
      markStale(ownedBy: slot)
    }
    traffic[Int(slot)].reset(link: link)
    traffic[Int(slot)].isRemade = isRemade
    while linkSlots.count <= Int(link.index) { linkSlots.append(nil) }
    linkSlots[Int(link.index)] = (link.generation, slot)
    let context = SessionContext(session: membership.session, sender: membership.ownJoin, receiver: member.info.join)
    send(to: slot) { SessionMessage.write(context, to: &$0) }
    if isOpening { openIfKnown(slot) }
  }

  /// Looks for links to members that had none.
  func attachMissingLinks() {
    for slot in SlotMask(membership.others) where traffic[Int(slot)].link == nil { attachIfNew(slot) }
  }

  /// Begins on the link that there is to a member, unless that was done.
  func attachIfNew(_ slot: UInt8) {
    guard isDirect(slot), let peer = membership[slot]?.peer, let link = links.link(to: peer) else { return }
    let old = traffic[Int(slot)].link
    // The host decides about members that it lost; among clients a new connection starts from the beginning.
    guard old == nil || (old != link && !membership.isHost && slot != membership.hostSlot) else { return }
    if links.state(of: link) == .connecting || links.state(of: link) == .connected { attach(slot, to: link) }
  }

  /// Once a member has shown that it knows this peer, it is sent all that it should have.
  func openIfKnown(_ slot: UInt8) {
    guard !traffic[Int(slot)].isOpen, let link = traffic[Int(slot)].link, let member = membership[slot],
      let context = gate.context(of: link)?.context
    else { return }
    guard context == SessionContext(session: membership.session, sender: member.info.join, receiver: membership.ownJoin)
    else { return }
    traffic[Int(slot)].isOpen = true
    beginLateJoin(slot)
    repeatDestructions(to: slot)
  }

  // MARK: Sending

  /// Queues a message of the engine's; a connection that is gone swallows it, since its end is told by itself.
  @discardableResult
  func send(
    to slot: UInt8, bytes: Int = 64, share: BufferShare = .engine, _ write: (inout BitWriter) -> Void
  ) -> Bool {
    guard let link = traffic[Int(slot)].link else { return false }
    if scratch.count < bytes {
      scratch.deallocate()
      scratch = .allocate(byteCount: bytes, alignment: 8)
    }
    var writer = BitWriter(scratch)
    write(&writer)
    let count = writer.flush()
    guard !writer.overflowed else { return false }
    do throws(SendError) {
      let body = UnsafeRawBufferPointer(rebasing: scratch[..<count])
      traffic[Int(slot)].lastOffset = try links.sendReliable(.session, body, to: link, share: share)
      return true
    } catch {
      if error != .notConnected {
        log(.warnings, "session traffic to peer \(links.peer(of: link)) was refused: \(SessionError.send(error))")
      }
      return false
    }
  }
}
