extension NetworkRuntime {
  /// Reads what has arrived; `nextEvent()` then gives what the script has to see of it.
  /// - Parameter dt: Seconds since the last call, as the script has them.
  public func receive(dt: Double = 0) {
    let now = environment.now()
    faults.advance { endpoint(of: $0) }
    adoptShownLog()
    onlineService?.pump()
    tellFailure()
    if subsystem != nil || lingering != nil { environment.recorder?.beginReceive(dt: dt, at: now) }
    if let lingering, !lingering.linger(at: now) { stopLingering() }
    if let replay { replay.advance(by: dt) }
    guard let subsystem else { return }
    selfMessages.beginReceive()
    subsystem.connections.receive(at: now)
    subsystem.layer.receive(at: now)
    session?.advanceInterpolation(by: dt, at: now)
    isReceiving = true
    if replay != nil { lookAway() }
  }

  /// During a replay the client goes on, but its events are nobody's.
  private func lookAway() {
    while let event = takeNextEvent() {
      environment.log(.spew, "replay: an event of the client was dropped: \(event)")
    }
  }

  /// The next event, in order; nil when this frame has no more. Each call brings the session and the lobby one step
  /// further.
  public func nextEvent() -> NetworkEvent? {
    if let replay { return replay.nextEvent() }
    let event = takeNextEvent()
    if let recorder = environment.recorder { recorder.handedEvent(event != nil) }
    if case .message(let index, let sender, _)? = event { logReceived(index, from: sender) }
    return event
  }

  @inline(__always)
  private func takeNextEvent() -> NetworkEvent? {
    guard let subsystem else { return nil }
    let now = environment.now()
    if let event = session?.nextEvent() { return event }
    if let event = nextSelfMessage(subsystem) { return event }
    while true {
      if let delivery = subsystem.connections.nextDelivery() {
        if let event = take(delivery, subsystem, at: now) { return event }
      } else if let (link, peer, event) = subsystem.connections.nextLinkEvent() {
        take(event, link, peer, subsystem, at: now)
      } else if isReceiving {
        isReceiving = false
        subsystem.layer.advance(to: now)
        session?.advance(at: now)
      } else {
        return session?.nextEvent()
      }
      if let event = session?.nextEvent() { return event }
    }
  }

  /// Sends what is due.
  public func transmit() {
    faults.advance { endpoint(of: $0) }
    guard let subsystem else { return }
    adoptShownLog()
    let now = environment.now()
    environment.recorder?.beginTransmit()
    subsystem.layer.transmit(at: now)
    session?.flush(at: now)
    if let session { releaseFormerMembers(of: session) }
    subsystem.connections.transmit(at: now, state: session)
    environment.recorder?.endFrame()
    onFrame?()
  }

  /// Where a peer's datagrams go to and come from; nil without a connection.
  private func endpoint(of peer: PeerID) -> Endpoint? {
    guard let connections = (subsystem ?? lingering)?.connections else { return nil }
    return connections.link(to: peer).flatMap { connections.endpoint(of: $0) }
  }

  private func nextSelfMessage(_ subsystem: Subsystem) -> NetworkEvent? {
    while let count = selfMessages.take(into: incoming) {
      let body = UnsafeRawBufferPointer(rebasing: incoming[..<count])
      guard let (index, arguments) = openMessage(body, subsystem.config) else { continue }
      // The session may have ended since it was sent.
      if subsystem.config.messages[index].isSessionBound, session?.isInSession != true { continue }
      return .message(index: index, sender: subsystem.connections.localPeer, arguments: arguments)
    }
    return nil
  }

  private func take(_ delivery: Delivery, _ subsystem: Subsystem, at now: Double) -> NetworkEvent? {
    switch delivery.channel {
    case .lobby: subsystem.layer.handle(delivery, at: now)
    case .session: takeSessionMessage(delivery, at: now)
    case .rpc: return takeMessage(delivery, subsystem, at: now)
    case .connection: break
    }
    return nil
  }

  private func takeSessionMessage(_ delivery: Delivery, at now: Double) {
    if let session {
      session.handle(delivery, at: now)
    } else if let answer = gate.answerToElection(delivery) {
      // A peer that left a session is not to be waited for.
      answer.withUnsafeBytes {
        try? subsystem?.connections.sendUnreliable(.session, $0, priority: 0.1, to: delivery.link)
      }
    } else if delivery.isReliable {
      // Unreliable traffic is outdated by the time there is a session, and would fill the room of what is not.
      gate.hold(delivery)
    }
  }

  private func takeMessage(_ delivery: Delivery, _ subsystem: Subsystem, at now: Double) -> NetworkEvent? {
    guard let (index, arguments) = openMessage(delivery.body, subsystem.config) else {
      environment.log(.warnings, "peer \(delivery.peer) sent a message that its network config does not allow")
      return nil
    }
    if subsystem.config.messages[index].isSessionBound {
      takeSessionMessage(delivery, at: now)
      return nil
    }
    guard subsystem.layer.mayBeMember(delivery.peer) || session?.isMember(delivery.peer) == true else {
      environment.log(.messages, "dropped a message of peer \(delivery.peer), which is in no lobby or session of ours")
      return nil
    }
    return .message(index: index, sender: delivery.peer, arguments: arguments)
  }

  private func take(_ event: LinkEvent, _ link: LinkID, _ peer: PeerID, _ subsystem: Subsystem, at now: Double) {
    switch event {
    case .connected:
      if let endpoint = subsystem.connections.endpoint(of: link) { remember(peer, at: endpoint) }
      abandoned.removeAll { $0.peer == peer }
      environment.log(.messages, "connected to peer \(peer)")
      subsystem.layer.linkConnected(link, peer: peer, at: now)
      session?.linkConnected(link, peer: peer, at: now)
    case .broken(let reason):
      environment.log(.warnings, "connection to peer \(peer) broke: \(reason)")
      subsystem.layer.linkBroken(link, peer: peer, at: now)
      session?.linkBroken(link, peer: peer, at: now)
    case .closed(let reason):
      environment.log(.messages, "connection to peer \(peer) ended: \(reason)")
      if subsystem.hasExplicitConnections, reason == .remoteClose || reason == .remoteShutdown { abandon(link, peer) }
      subsystem.layer.linkClosed(link, peer: peer, at: now)
      session?.linkClosed(link, peer: peer, at: now)
      gate.forget(link)
    case .refused(let reason):
      environment.log(.warnings, "no connection to peer \(peer): \(reason)")
      subsystem.layer.linkRefused(link, peer: peer, reason: reason, at: now)
      // The session may have taken the peer in while the connection was under way.
      session?.linkClosed(link, peer: peer, at: now)
    }
  }
}
