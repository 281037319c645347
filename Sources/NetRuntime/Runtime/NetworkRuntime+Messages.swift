extension NetworkRuntime {
  /// Starts a message in the scratch buffer: the caller writes the arguments behind it, packed by the message's
  /// codecs, and gives it to `send`.
  public func beginMessage(_ index: Int) throws(NetworkError) -> BitWriter {
    let config = if let replay { replay.config } else { try running().config }
    var writer = BitWriter(scratch)
    writer.write(UInt64(index), bits: config.messageIndexBits)
    return writer
  }

  /// Sends the message that was begun last. To this peer itself it is queued for the next receive; to a peer whose
  /// connection is gone it is dropped with a warning.
  public func send(_ message: consuming BitWriter, index: Int, to peer: PeerID) throws(NetworkError) {
    if let replay {
      return environment.log(.spew, "replay: message `\(replay.config.messages[index].name)` to \(peer) was not sent")
    }
    let subsystem = try running()
    let type = subsystem.config.messages[index]
    let byteCount = message.flush()
    guard !message.overflowed else { throw .messageTooLong(message: type.name, bytes: Limits.messageSize + 1) }
    let body = UnsafeRawBufferPointer(rebasing: scratch[..<byteCount])

    if type.isSessionBound, session?.isInSession != true { throw .notInSession(message: type.name) }
    if try deliver(body, type, to: peer, subsystem) { logSent(index, to: peer) }
  }

  /// False where it was dropped.
  private func deliver(
    _ body: UnsafeRawBufferPointer, _ type: MessageType, to peer: PeerID, _ subsystem: Subsystem
  ) throws(NetworkError) -> Bool {
    if peer == subsystem.connections.localPeer {
      try queueForSelf(body, type)
      return true
    }
    if type.isSessionBound, let session {
      guard session.isMember(peer) else {
        guard isKnown(peer, subsystem) else { throw .unknownPeer(peer) }
        warnOfDrop(type, peer, "peer \(peer) is not in the game session")
        return false
      }
      if session.relaysMessages(to: peer) { return try relay(body, type, to: peer, session) }
    }
    return try sendStraight(body, type, to: peer, subsystem)
  }

  /// Whether a peer was ever connected, or is listed as a member: that one cannot be reached is no mistake of the
  /// script's.
  private func isKnown(_ peer: PeerID, _ subsystem: Subsystem) -> Bool {
    knownPeers[peer] != nil || subsystem.layer.uses(peer) || session?.isMember(peer) == true
  }

  private func sendStraight(
    _ body: UnsafeRawBufferPointer, _ type: MessageType, to peer: PeerID, _ subsystem: Subsystem
  ) throws(NetworkError) -> Bool {
    guard let link = subsystem.connections.link(to: peer) else {
      guard isKnown(peer, subsystem) else { throw .unknownPeer(peer) }
      warnOfDrop(type, peer, "there is no connection to peer \(peer) any more")
      return false
    }
    do throws(SendError) {
      if type.isReliable {
        try subsystem.connections.sendReliable(.rpc, body, to: link, share: .script)
      } else {
        try subsystem.connections.sendUnreliable(.rpc, body, priority: Float(type.priority), to: link)
      }
      return true
    } catch {
      try explain(error, type, peer)
      return false
    }
  }

  private func relay(
    _ body: UnsafeRawBufferPointer, _ type: MessageType, to peer: PeerID, _ session: GameSession
  ) throws(NetworkError) -> Bool {
    do throws(SendError) {
      try session.relay(body, isReliable: type.isReliable, priority: Float(type.priority), to: peer)
      return true
    } catch {
      try explain(error, type, peer)
      return false
    }
  }

  private func explain(_ error: SendError, _ type: MessageType, _ peer: PeerID) throws(NetworkError) {
    switch error {
    case .bufferFull(let needed, let left): throw .bufferFull(message: type.name, needed: needed, left: left)
    case .tooLong(let bytes): throw .messageTooLong(message: type.name, bytes: bytes)
    case .notConnected: warnOfDrop(type, peer, "the connection to peer \(peer) is broken")
    }
  }

  /// Once a second and peer: a game may go on sending every frame until it has noticed.
  private func warnOfDrop(_ type: MessageType, _ peer: PeerID, _ reason: LogLine) {
    let now = environment.now()
    guard now - (dropWarnings[peer] ?? -.infinity) >= 1 else { return }
    dropWarnings[peer] = now
    environment.log(.warnings, "message `\(type.name)` dropped: \(reason)")
  }

  private func queueForSelf(_ body: UnsafeRawBufferPointer, _ type: MessageType) throws(NetworkError) {
    let left = (environment.reliableSendBufferSize ?? config?.reliableSendBufferSize ?? 0) - selfMessages.byteCount
    guard body.count <= left else { throw .bufferFull(message: type.name, needed: body.count, left: left) }
    selfMessages.append(body)
    environment.recorder?.ownMessage(body)
  }

  /// Checks a message's body, which may come from anybody.
  /// - Returns: Its index and a reader that stands at its arguments; nil when the body is not one that the schema
  ///   allows.
  func openMessage(_ body: UnsafeRawBufferPointer, _ config: NetworkConfig) -> (index: Int, arguments: BitReader)? {
    var reader = BitReader(body)
    let index = Int(truncatingIfNeeded: reader.read(bits: config.messageIndexBits))
    guard !reader.hasFailed, config.messages.indices.contains(index) else { return nil }
    let arguments = reader
    for codec in config.codecs(ofMessage: index) {
      guard reader.skip(codec) else { return nil }
    }
    guard reader.remainingBits < 8 else { return nil }
    return (index, arguments)
  }
}
