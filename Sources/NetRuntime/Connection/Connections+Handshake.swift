extension Connections {
  func handleHandshake(_ kind: DatagramKind, _ datagram: UnsafeRawBufferPointer, from source: Endpoint) {
    var reader = ByteReader(datagram)
    reader.skip(1)
    guard let version = HandshakeWire.version(&reader) else { return }
    switch kind {
    case .hello where datagram.count >= HandshakeWire.requestSize:
      takeHello(&reader, version: version, from: source)
    case .connect where datagram.count == HandshakeWire.requestSize && version == HandshakeWire.version:
      takeConnect(&reader, from: source)
    case .cookie where datagram.count == HandshakeWire.cookieSize && version == HandshakeWire.version:
      answer(reader.read(UInt64.self), from: source) { $0.takeCookie(reader.array(CookieJar.size), at: now) }
    case .accept where datagram.count == HandshakeWire.acceptSize && version == HandshakeWire.version:
      let nonce = reader.read(UInt64.self)
      let message = reader.array(reader.remaining)
      answer(nonce, from: source) { goesFirst($0) ? $0.takeAccept(message) : .nothing }
    case .refuse where datagram.count == HandshakeWire.refuseSize:
      let nonce = reader.read(UInt64.self)
      guard let code = RefuseCode(rawValue: reader.read(UInt8.self)) else { return }
      answer(nonce, from: source) { $0.takeRefusal(code, version: version, at: now) }
    default: return
    }
  }

  // MARK: Initiator

  /// Gives an answer to the attempt that it belongs to.
  private func answer(
    _ nonce: UInt64, from source: Endpoint, _ take: (inout InitiatorHandshake) -> InitiatorHandshake.Action
  ) {
    for (index, attempt) in initiators where attempt.hello.nonce == nonce {
      guard let link = table.pointee[Int(index)], link.pointee.endpoint == source else { return }
      var attempt = attempt
      let action = take(&attempt)
      initiators[index] = attempt
      perform(action, link)
      return
    }
  }

  /// Both ends may have answered each other's attempt; were both attempts to end well, each end would have another
  /// connection. So the lower peer id's ends, and the other's waits.
  private func goesFirst(_ attempt: InitiatorHandshake) -> Bool {
    let peer = attempt.hello.responder
    return localPeer < peer || !pending.isAsking(peer, since: now - LinkTimes.cookiePatience)
  }

  func perform(_ action: InitiatorHandshake.Action, _ link: LinkPointer) {
    switch action {
    case .nothing: return
    case .send(let datagram): send(datagram, to: link.pointee.endpoint)
    case .giveUp(let reason): refuse(link, reason, lingering: false)
    case .establish(let result, let answer):
      pending.remove(from: link.pointee.peer)
      establish(
        link, result, isInitiator: true, cipher: answer.cipher, remoteConnectionID: answer.connectionID,
        remoteWindow: answer.receiveWindow, sameSchema: answer.schemaHash == schema.hash)
      // The first sealed packet is what the other end waits for.
      sendPackets(link, state: nil)
    }
  }

  // MARK: Responder

  private func takeHello(_ reader: inout ByteReader, version: UInt16, from source: Endpoint) {
    guard !isShutDown else { return }
    guard version == HandshakeWire.version else {
      return refuse(reader.read(UInt64.self), .version, to: source)
    }
    guard let hello = Hello(&reader) else { return }
    guard hello.responder == localPeer else { return refuse(hello.nonce, .wrongPeer, to: source) }
    let cookie = cookies.bake(for: hello.prologue, from: source)
    send(
      HandshakeWire.encoded(capacity: HandshakeWire.cookieSize) { writer in
        writer.write(HandshakeWire.preamble(.cookie))
        writer.write(hello.nonce)
        writer.write(cookie)
      }, to: source)
  }

  private func takeConnect(_ reader: inout ByteReader, from source: Endpoint) {
    guard !isShutDown, let hello = Hello(&reader), hello.responder == localPeer else { return }
    let cookie = reader.array(CookieJar.size)
    guard cookies.accepts(cookie, for: hello.prologue, from: source) else { return }
    let existing = table.pointee.link(to: hello.initiator)
    // The other end has answered this end's attempt and is about to learn that it ended well: its own is outdated.
    let isUnconfirmed =
      existing.map {
        $0.pointee.phase == .connected && !$0.pointee.isConfirmed
          && now - $0.pointee.phaseSince < LinkTimes.handshakeTimeout
      } ?? false
    if let known = pending.repeated(nonce: hello.nonce, source: source, at: now) {
      return isUnconfirmed ? () : send(known.accept, to: source)
    }
    var responder = NoiseResponder(statics: statics, preSharedKey: preSharedKey, prologue: hello.prologue)
    let noise = reader.array(NoiseIX.firstOverhead + HandshakeWire.connectPayloadSize)
    guard let offer = (try? responder.read(noise)).flatMap({ ConnectPayload($0) }) else { return }
    guard hello.initiator != localPeer else { return refuse(hello.nonce, .idTaken, to: source) }

    var reserved: UInt16?
    if let existing {
      guard existing.pointee.helloNonce != hello.nonce else { return }
      if isUnconfirmed && existing.pointee.remoteStatic == SIMD32(responder.remoteStatic) { return }
      switch existing.pointee.phase {
      case .connecting:
        guard yield(existing, to: hello) else { return }
        reserved = existing.pointee.id.index
      case .connected where existing.pointee.remoteStatic != SIMD32(responder.remoteStatic):
        guard isLetGo(existing) else { return refuse(hello.nonce, .idTaken, to: source) }
      default: break
      }
    }
    accept(hello, offer, &responder, from: source, at: reserved)
  }

  /// Both ends try at once: the lower peer id's attempt goes first, the other's is held.
  /// - Returns: False when this end's attempt goes on.
  private func yield(_ link: LinkPointer, to hello: Hello) -> Bool {
    let index = link.pointee.id.index
    guard var attempt = initiators[index] else { return false }
    if localPeer < hello.initiator && attempt.hasPrecedence(at: now) { return false }
    attempt.yield(until: now + LinkTimes.cookiePatience)
    initiators[index] = attempt
    return true
  }

  /// True when a link's peer has been silent long enough, though it was asked, to lose its id to a newcomer.
  private func isLetGo(_ link: LinkPointer) -> Bool {
    link.pointee.ping.hurry(at: now)
    return link.pointee.ping.isSilent(for: LinkTimes.idSilence, at: now) && now - link.pointee.ping.waitingSince >= 1
  }

  private func accept(
    _ hello: Hello, _ offer: ConnectPayload, _ responder: inout NoiseResponder, from source: Endpoint,
    at reserved: UInt16?
  ) {
    if pending.isFull { pending.removeOldest() }
    guard let index = reserved ?? table.pointee.freeIndex(isReserved: { pending.contains($0) }) else {
      return refuse(hello.nonce, .full, to: source)
    }
    let cipher = offeredCiphers.best(with: hello.ciphers)
    let payload = AcceptPayload(
      connectionID: makeConnectionID(index), receiveWindow: UInt32(clamping: schema.reliableReceiveBufferSize),
      schemaHash: schema.hash, cipher: cipher)
    guard
      let (message, result) = try? responder.answer(
        ephemeral: KeyPair(secret: random.bytes(32)), payload: payload.bytes)
    else { return }
    let datagram = HandshakeWire.encoded(capacity: HandshakeWire.acceptSize) { writer in
      writer.write(HandshakeWire.preamble(.accept))
      writer.write(hello.nonce)
      writer.write(message)
    }
    pending.insert(
      PendingHandshake(
        hello: hello, source: source, accept: datagram, result: result, offer: offer, cipher: cipher,
        connectionID: payload.connectionID, began: now, asked: now, sameSchema: hello.schemaHash == schema.hash),
      at: index)
    send(datagram, to: source)
  }

  /// Makes a link of a pending handshake whose initiator has shown that it has the keys.
  /// - Returns: The link; nil when its peer's id has been taken meanwhile.
  func confirm(_ handshake: PendingHandshake, at index: UInt16) -> LinkPointer? {
    pending.remove(index)
    let peer = handshake.hello.initiator
    var link: LinkPointer?
    if let existing = table.pointee.link(to: peer) {
      if existing.pointee.id.index == index && existing.pointee.phase == .connecting {
        link = existing
      } else if existing.pointee.phase == .connected
        && existing.pointee.remoteStatic != SIMD32(handshake.result.remoteStatic) && !isLetGo(existing)
      {
        return nil
      } else if handshake.sameSchema {
        replace(existing)
      }
    }
    if !handshake.sameSchema && link == nil && comparisons >= Limits.schemaChecks { return nil }
    // A dead link may still hold the index.
    if link == nil, let old = table.pointee[Int(index)] {
      guard old.pointee.phase == .dead else { return nil }
      table.pointee.remove(old)
    }
    let established =
      link ?? makeLink(at: index, peer: peer, endpoint: handshake.source, isWanted: false, phase: .connecting)
    if link == nil {
      if handshake.sameSchema { table.pointee.expose(established) }
      tap?.opened(established.pointee.id, peer, isKnown: handshake.sameSchema)
    }
    established.pointee.endpoint = handshake.source
    established.pointee.localConnectionID = handshake.connectionID
    established.pointee.helloNonce = handshake.hello.nonce
    establish(
      established, handshake.result, isInitiator: false, cipher: handshake.cipher,
      remoteConnectionID: handshake.offer.connectionID, remoteWindow: handshake.offer.receiveWindow,
      sameSchema: handshake.sameSchema)
    return established
  }

  /// Links that exist only to show a stranger how the schemas differ.
  private var comparisons: Int {
    (0..<table.pointee.end).count { index in
      table.pointee[index].map { $0.pointee.phase == .comparing && !$0.pointee.isWanted } ?? false
    }
  }

  private func refuse(_ nonce: UInt64, _ code: RefuseCode, to source: Endpoint) {
    send(
      HandshakeWire.encoded(capacity: HandshakeWire.refuseSize) { writer in
        writer.write(HandshakeWire.preamble(.refuse))
        writer.write(nonce)
        writer.write(code.rawValue)
      }, to: source)
  }

  func send(_ datagram: [UInt8], to endpoint: Endpoint) {
    datagram.withUnsafeBytes {
      tap?.datagram(.sent, .game, bytes: $0, endpoint: endpoint, copies: 1)
      transport.send($0, to: endpoint, from: socket)
    }
  }
}
