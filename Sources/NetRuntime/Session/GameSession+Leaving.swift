/// The ways out of a session.
extension GameSession {
  /// Asks the host to be let out; the session goes on until the host removes this peer. Does nothing for a peer that is
  /// in no session.
  public func leave() throws(SessionError) {
    if isIgnored("leave") { return }
    if membership.isHost { throw .isHost(instead: "shutdown_game_session_host") }
    guard membership.isInSession else { return }
    journal?.called(.leave)
    wantsOut = true
    send(to: membership.hostSlot) { SessionMessage.write(.wantLeave, to: &$0) }
  }

  /// Drops out of the session at once, whether the host answers or not.
  public func disconnectFromHost() throws(SessionError) {
    if isIgnored("disconnect_from_host") { return }
    if membership.isHost { throw .isHost(instead: "shutdown_game_session_host") }
    journal?.called(.disconnectFromHost)
    endSession()
  }

  /// Ends this peer's part in the session before the session object goes; the others are told.
  public func close() {
    endSession()
    synchronizer?.close()
  }

  /// Tells the others that this peer is gone; the objects stay readable.
  func endSession() {
    guard membership.isInSession else { return }
    if membership.isHost {
      for member in membership.members {
        send(to: member.slot) { SessionMessage.write(.sessionEnd, to: &$0) }
      }
      finish(receiver: .max)
    } else {
      if membership.isHostLost { sayGone() }
      send(to: membership.hostSlot) { SessionMessage.write(.left, to: &$0) }
      finish(receiver: membership.ownJoin)
    }
  }

  /// The host let this peer go, or is gone itself.
  func sessionEnded() {
    guard membership.isInSession, let host = membership.host else { return }
    finish(receiver: membership.ownJoin)
    events.append(.sessionDisconnect(host: host))
  }

  private func finish(receiver: UInt32) {
    for member in membership.members { noteFormerMember(member.peer) }
    membership.end()
    gate.end(session: membership.session, receiver: receiver)
    migration = HostMigration()
    relays.removeAll()
    for slot in traffic.indices { traffic[slot].reset(link: nil) }
    linkSlots.removeAll()
    log(.messages, "the game session is over")
  }

  /// Lets timers run out.
  public func advance(at now: Double) {
    clock = now
    synchronizer?.followOthers()
    advanceElection(at: now)
  }
}
