extension Connections {
  /// Datagrams taken in one call at most, so that a flood of rubbish cannot hold the program.
  private static let datagramsPerReceive = 16_384
  /// Packets that may arrive until they are acknowledged without waiting for the next transmit: half of what an
  /// acknowledgement can tell.
  private static let unacknowledgedPackets = 32

  /// Reads everything that has arrived on the socket into the inbox.
  public func receive(at now: Double) {
    self.now = max(self.now, now)
    inbox.pointee.tidy()
    let buffer = UnsafeMutableRawBufferPointer(start: arriving, count: Self.arrivingSize)
    for _ in 0..<Self.datagramsPerReceive {
      guard inbox.pointee.count < Limits.inboxBytes, let datagram = transport.receive(into: buffer, from: socket) else {
        return
      }
      handle(UnsafeMutableRawBufferPointer(start: arriving, count: datagram.count), from: datagram.source)
    }
  }

  /// Takes one datagram, whoever wrote it.
  func handle(_ datagram: UnsafeMutableRawBufferPointer, from source: Endpoint) {
    let kind = datagram.first.flatMap(DatagramKind.init)
    if kind == .data {
      if !takePacket(datagram, from: source) { tellTap(datagram, source) }
    } else {
      tellTap(datagram, source)
      if let kind { handleHandshake(kind, UnsafeRawBufferPointer(datagram), from: source) }
    }
  }

  private func tellTap(_ datagram: UnsafeMutableRawBufferPointer, _ source: Endpoint) {
    tap?.datagram(.received, .game, bytes: UnsafeRawBufferPointer(datagram), endpoint: source, copies: 1)
  }

  /// - Returns: True when the packet was opened.
  @inline(__always)
  private func takePacket(_ datagram: UnsafeMutableRawBufferPointer, from source: Endpoint) -> Bool {
    guard datagram.count <= Limits.packetSize, let header = PacketHeader(UnsafeRawBufferPointer(datagram)),
      let packet = datagram.baseAddress
    else { return false }
    let index = UInt16(truncatingIfNeeded: header.connectionID)
    let sealed = datagram.count - PacketHeader.size
    if let link = table.pointee[Int(index)], link.pointee.localConnectionID == header.connectionID,
      let cipher = link.pointee.opening
    {
      guard link.pointee.endpoint == source, link.pointee.isLive else { return false }
      let sequence = expand(header.sequenceLow, near: link.pointee.replay.highest)
      guard link.pointee.replay.isFresh(sequence),
        cipher.open(packet, header: PacketHeader.size, count: sealed, sequence: sequence)
      else { return false }
      takeOpened(link, packet + PacketHeader.size, count: sealed - PacketCipher.tagSize, sequence: sequence)
      return true
    }
    if let handshake = pending[index], handshake.connectionID == header.connectionID,
      handshake.source == source
    {
      return takeFirstPacket(handshake, packet, sealed: sealed, sequence: expand(header.sequenceLow, near: 0), index)
    }
    return false
  }

  private func takeFirstPacket(
    _ handshake: PendingHandshake, _ packet: UnsafeMutableRawPointer, sealed: Int, sequence: UInt64, _ index: UInt16
  ) -> Bool {
    let cipher = PacketCipher(handshake.cipher, key: handshake.result.initiatorKey)
    defer { cipher.destroy() }
    guard cipher.open(packet, header: PacketHeader.size, count: sealed, sequence: sequence),
      let link = confirm(handshake, at: index)
    else { return false }
    takeOpened(link, packet + PacketHeader.size, count: sealed - PacketCipher.tagSize, sequence: sequence)
    return true
  }

  @inline(__always)
  private func takeOpened(_ link: LinkPointer, _ payload: UnsafeMutableRawPointer, count: Int, sequence: UInt64) {
    if let tap {
      tap.packet(
        .received, link.pointee.id, link.pointee.peer, sequence: sequence,
        body: UnsafeRawBufferPointer(start: payload, count: count))
    }
    link.pointee.replay.insert(sequence)
    link.pointee.isConfirmed = true
    let size = PacketHeader.size + count + PacketCipher.tagSize
    link.pointee.traffic.received.add(size + PacketHeader.outerSize, at: now)
    detailLog?(.spew, "received packet \(sequence) from peer \(link.pointee.peer), \(size) bytes")
    link.pointee.ping.heard(at: now)
    link.pointee.roundTrip.somethingCameBack()
    if let fault = takePayload(link, UnsafeRawPointer(payload), count: count, sequence: sequence) {
      connectionMessages.removeAll()
      breakLink(link, .malformed(fault))
      return
    }
    if !connectionMessages.isEmpty { handleConnectionMessages(link) }
    settleClose(link)
    if link.pointee.owed >= Self.unacknowledgedPackets && link.pointee.isLive {
      sendPacket(link)
    }
  }

  /// Reads an opened packet: acknowledgement, then frames.
  @inline(__always)
  func takePayload(_ link: LinkPointer, _ payload: UnsafeRawPointer, count: Int, sequence: UInt64) -> PacketFault? {
    guard count >= Acknowledgement.size else { return .truncated }
    if let fault = takeAcknowledgement(link, Acknowledgement(payload)) { return fault }
    var reader = ByteReader(base: payload + Acknowledgement.size, count: count - Acknowledgement.size)
    var isOwed = false
    while reader.remaining > 0 {
      let fault: PacketFault?
      let kind = reader.read(UInt8.self)
      if kind != FrameKind.report { isOwed = true }
      switch kind {
      case FrameKind.stream: fault = takeStream(link, &reader, sequence: sequence)
      case FrameKind.unreliable: fault = takeUnreliable(link, &reader, sequence: sequence)
      case FrameKind.state: fault = takeState(link, &reader, sequence: sequence)
      case FrameKind.ping:
        link.pointee.pongOwed = reader.read(UInt16.self)
        fault = nil
      case FrameKind.pong:
        let id = reader.read(UInt16.self)
        if !reader.failed { link.pointee.ping.answered(id, at: now, pause: settings.shortenedPingSend) }
        fault = nil
      case FrameKind.close: fault = takeClose(link, &reader)
      case FrameKind.measure:
        link.pointee.arrival.came(sequence, bytes: link.pointee.traffic.received.total, at: now)
        fault = nil
      case FrameKind.report: fault = takeReport(link, &reader)
      default: fault = .unknownFrame
      }
      if let fault { return fault }
      if reader.failed { return .truncated }
    }
    if isOwed { link.pointee.owed &+= 1 }
    return nil
  }

  private func takeReport(_ link: LinkPointer, _ reader: inout ByteReader) -> PacketFault? {
    let low = reader.read(UInt16.self)
    let ticks = reader.read(UInt32.self)
    let bytes = reader.read(UInt32.self)
    if reader.failed { return .truncated }
    let newest = link.pointee.sent.next &- 1
    let sequence = newest &- UInt64(UInt16(truncatingIfNeeded: newest) &- low)
    guard sequence > 0, sequence <= newest else { return .reportOfUnsent }
    let packet = link.pointee.sent.packet(sequence)
    guard packet.pointee.sequence == sequence, let quality, link.pointee.control != nil else { return nil }
    let usual = link.pointee.limiter.rate * transmitInterval
    link.pointee.control?.report(
      sentAt: packet.pointee.time, arrival: ticks, received: bytes,
      datagram: RateLimiter.datagram(of: usual), range: quality.floor(links: 1)...quality.maximumTotal, at: now)
    return nil
  }

  @inline(__always)
  private func takeStream(_ link: LinkPointer, _ reader: inout ByteReader, sequence: UInt64) -> PacketFault? {
    let offset = reader.read(UInt32.self)
    let length = Int(reader.read(UInt16.self))
    guard let bytes = reader.bytes(length) else { return .truncated }
    guard length > 0 else { return .emptyFrame }
    let id = link.pointee.id
    let peer = link.pointee.peer
    let phase = link.pointee.phase
    let inbox = inbox
    let fault = link.pointee.incoming.receive(offsetLow: offset, bytes, count: length) { channel, body in
      if phase == .connected && channel != .connection {
        inbox.pointee.append(channel, body, isReliable: true, link: id, peer: peer, packet: sequence)
      } else if channel == .connection {
        self.connectionMessages.append(Array(body))
      }
    }
    if fault == nil, let end = link.pointee.close.streamEnd, link.pointee.incoming.received > end {
      return .streamBeyondEnd
    }
    return fault
  }

  @inline(__always)
  private func takeUnreliable(_ link: LinkPointer, _ reader: inout ByteReader, sequence: UInt64) -> PacketFault? {
    guard let start = reader.bytes(0) else { return .truncated }
    let head = MessageHead.read(start, count: reader.remaining)
    guard head.size > 0 else { return head.size < 0 ? .lengthTooLong : .truncated }
    reader.skip(head.size)
    let length = Int(head.value >> 2)
    guard let body = reader.bytes(length) else { return .truncated }
    deliver(link, MessageChannel(twoBits: head.value), UnsafeRawBufferPointer(start: body, count: length), sequence)
    return nil
  }

  @inline(__always)
  private func takeState(_ link: LinkPointer, _ reader: inout ByteReader, sequence: UInt64) -> PacketFault? {
    let length = Int(reader.read(UInt16.self))
    guard let body = reader.bytes(length) else { return .truncated }
    guard length > 0 else { return .emptyFrame }
    deliver(link, .session, UnsafeRawBufferPointer(start: body, count: length), sequence)
    return nil
  }

  @inline(__always)
  private func deliver(
    _ link: LinkPointer, _ channel: MessageChannel, _ body: UnsafeRawBufferPointer, _ sequence: UInt64
  ) {
    guard link.pointee.phase == .connected, channel != .connection else { return }
    inbox.pointee.append(
      channel, body, isReliable: false, link: link.pointee.id, peer: link.pointee.peer, packet: sequence)
  }

  private func takeClose(_ link: LinkPointer, _ reader: inout ByteReader) -> PacketFault? {
    let code = reader.read(UInt8.self)
    let end = reader.read(UInt32.self)
    if reader.failed { return .truncated }
    guard let code = CloseCode(rawValue: code) else { return .unknownCloseReason }
    link.pointee.close.received(code, end: expand(end, near: link.pointee.incoming.received))
    return nil
  }
}
