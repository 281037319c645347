extension Connections {
  /// Starts to connect to a peer, or returns the link there is already. The first datagram goes with the next transmit.
  ///
  /// A broken link to the peer is closed first. The event `connected` or `refused` tells how it went.
  /// - Returns: nil when there are `Limits.links` links already.
  @discardableResult
  public func connect(to peer: PeerID, at endpoint: Endpoint) -> LinkID? {
    if let existing = table.pointee.link(to: peer) {
      guard existing.pointee.phase == .broken else { return existing.pointee.id }
      close(existing.pointee.id)
    }
    // The peer may have begun to connect already; then the link comes about by its handshake.
    let begun = pending.index(from: peer).flatMap { table.pointee[Int($0)] == nil ? $0 : nil }
    guard !isShutDown, let index = begun ?? table.pointee.freeIndex(isReserved: { pending.contains($0) }) else {
      return nil
    }
    let link = makeLink(at: index, peer: peer, endpoint: endpoint, isWanted: true, phase: .connecting)
    table.pointee.expose(link)
    tap?.opened(link.pointee.id, peer, isKnown: true)
    link.pointee.localConnectionID = makeConnectionID(index)
    detailLog?(.spew, "connecting to peer \(peer) at \(endpoint)")
    let hello = Hello(
      nonce: random.next(), initiator: localPeer, responder: peer, schemaHash: schema.hash, ciphers: offeredCiphers)
    link.pointee.helloNonce = hello.nonce
    var attempt = InitiatorHandshake(
      hello: hello, statics: statics, ephemeral: KeyPair(secret: random.bytes(32)), preSharedKey: preSharedKey,
      payload: ConnectPayload(
        connectionID: link.pointee.localConnectionID,
        receiveWindow: UInt32(clamping: schema.reliableReceiveBufferSize)),
      at: now)
    if begun != nil { attempt.yield(until: now + LinkTimes.cookiePatience) }
    initiators[index] = attempt
    return link.pointee.id
  }

  func makeLink(at index: UInt16, peer: PeerID, endpoint: Endpoint, isWanted: Bool, phase: LinkPhase) -> LinkPointer {
    let link = table.pointee.insert(
      Link(
        id: table.pointee.nextID(at: index), peer: peer, endpoint: endpoint, isWanted: isWanted, phase: phase,
        sendBuffer: schema.reliableSendBufferSize, receiveWindow: schema.reliableReceiveBufferSize,
        sendRate: settings.sendRate, at: now))
    link.pointee.stateEpoch = stateEpoch
    applyQuality(link)
    return link
  }

  /// A number that leads to the link's index, and that nobody else can guess.
  func makeConnectionID(_ index: UInt16) -> UInt32 {
    UInt32(truncatingIfNeeded: random.next()) << 16 | UInt32(index)
  }

  /// Takes the handshake's result: from here on packets are sealed.
  func establish(
    _ link: LinkPointer, _ result: NoiseResult, isInitiator: Bool, cipher: CipherKind, remoteConnectionID: UInt32,
    remoteWindow: UInt32, sameSchema: Bool
  ) {
    link.pointee.sealing = PacketCipher(cipher, key: isInitiator ? result.initiatorKey : result.responderKey)
    link.pointee.opening = PacketCipher(cipher, key: isInitiator ? result.responderKey : result.initiatorKey)
    link.pointee.remoteConnectionID = remoteConnectionID
    link.pointee.remoteStatic = SIMD32(result.remoteStatic)
    link.pointee.remoteWindow = min(Int(remoteWindow), Limits.receiveWindow)
    link.pointee.ping = PingClock(at: now)
    initiators[link.pointee.id.index] = nil
    if sameSchema {
      link.pointee.enter(.connected, at: now)
      report(.connected, link)
    } else {
      link.pointee.enter(.comparing, at: now)
      link.pointee.outgoing.clear()
      link.pointee.unreliable.clear()
      if link.pointee.isWanted {
        fetches[link.pointee.id.index] = SchemaFetch()
        queueConnectionMessage([SchemaMessage.request], on: link)
      }
    }
  }

  // MARK: Schema comparison

  func queueConnectionMessage(_ message: [UInt8], on link: LinkPointer) {
    let head = MessageHead.value(.connection, length: message.count)
    message.withUnsafeBytes { body in
      link.pointee.outgoing.append(head: head, headSize: MessageHead.size(head), body: body, isScript: false)
    }
  }

  /// Takes the messages of the other end's connection layer that the last packet brought.
  func handleConnectionMessages(_ link: LinkPointer) {
    let messages = connectionMessages
    connectionMessages.removeAll()
    for message in messages {
      // One answer an end: whoever asks again and again is not one of us.
      guard link.pointee.phase == .comparing else {
        if link.pointee.phase == .connected { breakLink(link, .malformed(.unknownConnectionMessage)) }
        return
      }
      switch message.first {
      case SchemaMessage.request where !link.pointee.hasSentSchema:
        link.pointee.hasSentSchema = true
        for piece in SchemaFetch.messages(for: schema.canonicalText) { queueConnectionMessage(piece, on: link) }
      case SchemaMessage.text:
        guard var fetch = fetches[link.pointee.id.index] else {
          return breakLink(link, .malformed(.unknownConnectionMessage))
        }
        switch fetch.take(Array(message.dropFirst())) {
        case .incomplete: fetches[link.pointee.id.index] = fetch
        case .malformed: breakLink(link, .malformed(.unknownConnectionMessage))
        case .complete(let text):
          fetches[link.pointee.id.index] = nil
          refuse(link, .schemaMismatch(differences: schema.differences(text)), lingering: true)
        }
      default: breakLink(link, .malformed(.unknownConnectionMessage))
      }
    }
  }
}

extension SIMD32<UInt8> {
  init(_ bytes: [UInt8]) {
    self.init()
    for (index, byte) in bytes.prefix(32).enumerated() { self[index] = byte }
  }
}
