/// What only the host does.
extension GameSession {
  /// Opens a session with this peer as its host and only member.
  public func makeHost() throws(SessionError) {
    if isIgnored("make_game_session_host") { return }
    if membership.isInSession { throw .alreadyInSession }
    if membership.isOver { throw .sessionOver }
    openSession(drawSessionID())
  }

  func openSession(_ session: UInt64) {
    membership.becomeHost(links.localPeer, session: session)
    journal?.called(.makeHost(session: session))
    ids = ObjectIDs(slot: 0)
    log(.messages, "hosting a game session")
  }

  /// Takes a peer into the session. It may not have created its session object yet: what it is sent waits for it there.
  public func addPeer(_ peer: PeerID) throws(SessionError) {
    if isIgnored("add_peer") { return }
    try requireHost()
    if peer == links.localPeer || membership.member(peer) != nil { throw .alreadyMember(peer) }
    guard let link = links.link(to: peer), [.connecting, .connected].contains(links.state(of: link)) else {
      throw .notConnected(peer)
    }
    journal?.called(.addPeer(peer))
    let before = membership.members
    // Objects may outlive the member that made them, and nobody else may use their ids. A former host's slot stays
    // empty until everyone knows whose its objects are.
    let held = migration.heldSlots
    let idCount = { held & 1 << UInt64($0) == 0 ? self.table.usedIDCount(of: $0) : .max }
    guard let info = membership.add(peer, ids: idCount) else { throw .sessionFull }
    var welcome = SessionWelcome(
      slot: info.slot, join: info.join, hostSlot: membership.ownSlot, hostJoin: membership.ownJoin,
      reign: membership.reign,
      members: before.map { member in
        MemberInfo(peer: member.peer, slot: member.slot, join: member.info.join, isSynced: member.isSynced)
      })
    let own = MemberInfo(peer: links.localPeer, slot: membership.ownSlot, join: membership.ownJoin, isSynced: true)
    welcome.members.insert(own, at: 0)
    welcome.usedIDs = table.usedIDs(of: info.slot)
    attach(info.slot, to: link)
    send(to: info.slot, bytes: SessionWelcome.maximumBytes) { welcome.write(to: &$0) }
    for member in before {
      send(to: member.slot) { SessionMessage.write(.memberAdded, info, to: &$0) }
    }
    log(.messages, "peer \(peer) joins the game session")
  }

  /// Puts a member out of the session and destroys its objects; `nextRemovalEvent` tells of each.
  public func removePeer(_ peer: PeerID) throws(SessionError) {
    if isIgnored("remove_peer") { return }
    try requireHost()
    if peer == links.localPeer { throw .isSelf(peer) }
    guard let member = membership.member(peer) else { throw .notMember(peer) }
    journal?.called(.removePeer(peer))
    send(to: member.slot) { SessionMessage.write(.removed, to: &$0) }
    tellEndsOfUntoldGifts(to: member)
    forget(member.slot)
    for other in membership.members {
      send(to: other.slot) { SessionMessage.write(.memberRemoved, number: member.info.join, to: &$0) }
    }
    doomObjects(of: member, into: &removals)
    log(.messages, "peer \(peer) leaves the game session")
  }

  /// Ends the session for everybody.
  public func shutdownHost() throws(SessionError) {
    if isIgnored("shutdown_game_session_host") { return }
    try requireHost()
    journal?.called(.shutdownHost)
    endSession()
  }

  func requireHost() throws(SessionError) {
    guard membership.isHost else {
      throw .notHost(host: membership.isInSession ? membership.host : nil)
    }
  }

  /// Forgets a member that is gone, and what it knew.
  func forget(_ slot: UInt8) {
    clientHasTold(slot)
    if let link = traffic[Int(slot)].link, linkSlots[Int(link.index)]?.generation == link.generation {
      linkSlots[Int(link.index)] = nil
    }
    traffic[Int(slot)].reset(link: nil)
    migration.markOffsets[slot] = nil
    migration.commitOffsets[slot] = nil
    quarantine.forget(slot: slot)
    for index in traffic.indices { traffic[index].relays.forget(source: slot) }
    if let member = membership[slot] {
      relays.forget(member.info.join)
      noteFormerMember(member.peer)
    }
    membership.remove(slot: slot)
    tellLeftovers(of: slot)
    table.clear(slot: slot)
    senderClocks[Int(slot)] = SenderClock()
  }
}
