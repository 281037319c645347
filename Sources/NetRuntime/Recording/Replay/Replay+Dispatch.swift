/// What a recorded frame brought, in the order in which the recorded peer saw it: the same steps as the front door's.
extension Replay {
  /// The next event of the recorded frame; nil when it has no more.
  func dispatch() -> NetworkEvent? {
    if let event = session.nextEvent() { return event }
    if let event = nextOwnMessage() { return event }
    while true {
      if let delivery = inbox.popDelivery() {
        if !links.isLetGo(delivery.link), let event = take(delivery) { return event }
      } else if let (link, peer, event) = inbox.popEvent() {
        take(event, link, peer)
      } else if isReceiving {
        isReceiving = false
        if hasSession { session.advance(at: links.now) }
      } else {
        return session.nextEvent()
      }
      if let event = session.nextEvent() { return event }
    }
  }

  private func nextOwnMessage() -> NetworkEvent? {
    while let count = ownMessages.take(into: incoming) {
      guard let (index, arguments) = openMessage(UnsafeRawBufferPointer(rebasing: incoming[..<count])) else { continue }
      if config.messages[index].isSessionBound, !session.isInSession { continue }
      return .message(index: index, sender: peer, arguments: arguments)
    }
    return nil
  }

  private func take(_ delivery: Delivery) -> NetworkEvent? {
    switch delivery.channel {
    case .lobby, .connection: return nil
    case .session: takeSessionMessage(delivery)
    case .rpc:
      guard let (index, arguments) = openMessage(delivery.body) else { return nil }
      if config.messages[index].isSessionBound {
        takeSessionMessage(delivery)
        return nil
      }
      return .message(index: index, sender: delivery.peer, arguments: arguments)
    }
    return nil
  }

  private func takeSessionMessage(_ delivery: Delivery) {
    if hasSession {
      session.handle(delivery, at: links.now)
    } else if delivery.isReliable {
      gate.hold(delivery)
    }
  }

  private func take(_ event: LinkEvent, _ link: LinkID, _ peer: PeerID) {
    if hasSession {
      switch event {
      case .connected: session.linkConnected(link, peer: peer, at: links.now)
      case .broken: session.linkBroken(link, peer: peer, at: links.now)
      case .closed, .refused: session.linkClosed(link, peer: peer, at: links.now)
      }
    }
    if case .closed = event { gate.forget(link) }
  }

  /// Takes a recorded packet: what came in waits for its turn, what went out shows what the recorded peer had done.
  func take(_ packet: DumpPacket) {
    links.take(packet) { delivery in
      if packet.direction == .received {
        inbox.append(
          delivery.channel, delivery.body, isReliable: delivery.isReliable, link: delivery.link, peer: delivery.peer,
          packet: delivery.packet)
      } else if delivery.channel == .session, delivery.body.count > 0 {
        observe(delivery)
      }
    }
    // No recorder leaves so much behind.
    if inbox.count > 2 * Limits.inboxBytes { goal = .everything }
  }

  private func observe(_ delivery: Delivery) {
    if delivery.isReliable, case .begin(let context)? = SessionMessage(delivery.body) {
      links.speak(of: context, on: delivery.link)
    } else if hasSession, links.context(of: delivery.link)?.session == session.membership.session {
      // What is left of an earlier session in the stream is not this one's.
      session.observe(delivery.body, at: links.now)
    }
  }

  /// Does what the recorded script did to its session.
  func play(_ call: SessionCall) {
    switch call {
    case .create: renewSession()
    case .makeHost(let number): if !session.isInSession { act { $0.openSession(number) } }
    case .addPeer(let peer): act { try $0.addPeer(peer) }
    case .removePeer(let peer): act { try $0.removePeer(peer) }
    case .leave: act { try $0.leave() }
    case .disconnectFromHost: act { try $0.disconnectFromHost() }
    case .shutdownHost: act { try $0.shutdownHost() }
    case .migrateHost: act { try $0.migrateHost() }
    case .migrateObject(let id, let peer):
      // Where its creation is still to come in the packets, so is this.
      if session.exists(id) { act { try $0.migrateObject(id, to: peer) } }
    case .close:
      act { $0.endSession() }
      hasSession = false
    }
  }
}
