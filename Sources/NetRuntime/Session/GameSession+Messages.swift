/// Session-bound messages: straight to their receiver, or over the host where clients do not talk to each other.
extension GameSession {
  /// Whether messages to a member go over the host; if not, they go over the link to it, which from this call on speaks
  /// of this session.
  public func relaysMessages(to peer: PeerID) -> Bool {
    guard let member = membership.member(peer) else { return false }
    guard isDirect(member.slot) else { return true }
    attachIfNew(member.slot)
    return false
  }

  /// Sends a session-bound message's body to another client over the host.
  /// - Parameter priority: For an unreliable message; lower is more urgent.
  public func relay(
    _ body: UnsafeRawBufferPointer, isReliable: Bool, priority: Float, to peer: PeerID
  ) throws(SendError) {
    guard let member = membership.member(peer) else { throw .notConnected }
    if isReliable { return try relayKept(body, to: member) }
    guard !membership.isHostLost, let link = traffic[Int(membership.hostSlot)].link else { throw .notConnected }
    try wrap(body, { SessionMessage.write(.relay, number: member.info.join, to: &$0) }) { wrapped throws(SendError) in
      try links.sendUnreliable(.session, wrapped, priority: priority, to: link)
    }
  }

  /// Passes a client's unreliable message on to another client.
  func relay(_ body: UnsafeRawBufferPointer, from sender: SessionMember, to join: UInt32) {
    // The receiver may have left while the message was on its way.
    guard let target = membership.member(join: join), target.slot != sender.slot,
      let link = traffic[Int(target.slot)].link
    else { return }
    do throws(SendError) {
      // By its join number: an unreliable message may arrive when the sender's slot is another's.
      try wrap(body, { SessionMessage.write(.relayed, number: sender.info.join, to: &$0) }) {
        wrapped throws(SendError) in
        try links.sendUnreliable(.session, wrapped, priority: schemaPriority(of: body), to: link)
      }
    } catch {
      if error != .notConnected {
        log(.warnings, "a message to peer \(target.peer) was not relayed: \(SessionError.send(error))")
      }
    }
  }

  /// The priority that the schema gives to a message that another peer sent.
  private func schemaPriority(of body: UnsafeRawBufferPointer) -> Float {
    var reader = BitReader(body)
    let index = Int(truncatingIfNeeded: reader.read(bits: config.messageIndexBits))
    guard !reader.hasFailed, config.messages.indices.contains(index) else { return 1 }
    return Float(config.messages[index].priority)
  }

  func deliverRelayed(_ body: UnsafeRawBufferPointer, source: UInt32) {
    guard let peer = membership.member(join: source)?.peer else { return }
    deliverMessage(from: peer, body)
  }

  func deliverMessage(from peer: PeerID, _ body: UnsafeRawBufferPointer) {
    guard membership.isInSession else { return }
    if let event = decodeMessage?(peer, body) { events.append(event) }
  }

  /// Puts a head in front of a message.
  func wrap(
    _ body: UnsafeRawBufferPointer, _ head: (inout BitWriter) -> Void,
    _ use: (UnsafeRawBufferPointer) throws(SendError) -> Void
  ) throws(SendError) {
    if scratch.count < body.count + 16 {
      scratch.deallocate()
      scratch = .allocate(byteCount: body.count + 64, alignment: 8)
    }
    var writer = BitWriter(scratch)
    head(&writer)
    writer.write(bytes: body)
    try use(UnsafeRawBufferPointer(rebasing: scratch[..<writer.flush()]))
  }
}
