extension Connections {
  /// Space below which the state source is not asked: no change with its head fits.
  private static let leastState = 24
  /// Space below which the stream is not cut into: the head would cost more than it carries.
  private static let leastSegment = 24

  /// Sends what is due on every link, unless the last transmit was less than `settings.maxTransmitRate` ago. Handshakes
  /// go on in any case.
  /// - Parameters:
  ///   - state: Fills what is left of the datagrams; told later what became of it. Kept until another takes its place,
  /// or until `forgetState`.
  ///   - isForced: Sends whenever the last transmit was.
  public func transmit(at now: Double, state: (any StateSource)?, isForced: Bool = false) {
    self.now = max(self.now, now)
    cookies.rotate(at: self.now) { random.fill($0) }
    pending.expire(at: self.now)
    for index in initiators.keys.sorted() {
      guard var attempt = initiators[index], let link = table.pointee[Int(index)] else { continue }
      let action = attempt.advance(at: self.now)
      initiators[index] = attempt
      perform(action, link)
    }
    // The bit of slack lets frames of 1/60 s meet a rate of 2/60 s in spite of rounding.
    if isForced || self.now - lastTransmit >= settings.maxTransmitRate - 1e-6 {
      lastTransmit = self.now
      adopt(state)
      for index in 0..<table.pointee.end {
        if let link = table.pointee[index] { advance(link, state: state) }
      }
    }
    sweep()
  }

  /// Another source knows nothing of the records in flight.
  private func adopt(_ state: (any StateSource)?) {
    guard let state, state !== stateSource else { return }
    stateSource = state
    stateEpoch &+= 1
    for index in 0..<table.pointee.end {
      guard let link = table.pointee[index] else { continue }
      link.pointee.forgetStates()
      link.pointee.stateEpoch = stateEpoch
    }
  }

  /// Lets go of the state source: it is told nothing more.
  public func forgetState() {
    stateSource = nil
    stateEpoch &+= 1
  }

  private func advance(_ link: LinkPointer, state: (any StateSource)?) {
    switch link.pointee.phase {
    case .connecting, .broken, .dead: return
    case .drained where now - link.pointee.phaseSince >= LinkTimes.drain: return bury(link)
    case .comparing where now - link.pointee.phaseSince >= LinkTimes.schemaCheck: return breakLink(link, .timeout)
    case .connected:
      let patience =
        link.pointee.isConfirmed ? settings.pongTimeout : min(settings.pongTimeout, LinkTimes.handshakeTimeout)
      if link.pointee.ping.isSilent(for: patience, at: now) { return breakLink(link, .timeout) }
    default: break
    }
    settleClose(link)
    guard link.pointee.isLive else { return }
    loseOverdue(link)
    sendPackets(link, state: link.pointee.phase == .connected ? state : nil)
  }

  private func loseOverdue(_ link: LinkPointer) {
    let patience = link.pointee.roundTrip.patience(least: settings.resend)
    var any = false
    while link.pointee.sent.inFlight > 0 {
      let oldest = link.pointee.sent.oldest
      guard now - link.pointee.sent.packet(oldest).pointee.time >= patience else { break }
      lose(link, oldest)
      any = true
    }
    if any { link.pointee.roundTrip.nothingCameBack() }
  }

  /// Sends packets to one peer until nothing is left to say or the rate is used up.
  func sendPackets(_ link: LinkPointer, state: (any StateSource)?) {
    link.pointee.limiter.refill(at: now)
    for _ in 0..<Limits.datagramsPerTransmit {
      let withData = link.pointee.limiter.allows && link.pointee.sent.hasRoom
      guard sendPacket(link, withData: withData, state: state) else { return }
    }
  }

  /// Writes, seals and sends one packet, if there is anything to say.
  /// - Returns: True when it carried data, so that there may be more.
  func sendPacket(_ link: LinkPointer, withData: Bool, state: (any StateSource)?) -> Bool {
    guard let cipher = link.pointee.sealing else { return false }
    let sequence = link.pointee.sent.next
    var record = SentPacket()
    record.sequence = sequence
    record.time = now
    record.stateStart = link.pointee.states.next
    let body = leaving + PacketHeader.size + Acknowledgement.size
    var used = writeControl(link, &record, to: body, withData: withData)
    let control = used
    if withData {
      writeStream(link, &record, to: body, &used)
      writeUnreliable(link, to: body, &used)
      if let state { writeState(link, state, &record, to: body, &used) }
    }
    if used == 0 && link.pointee.owed == 0 { return false }

    PacketHeader.write(to: leaving, connectionID: link.pointee.remoteConnectionID, sequence: sequence)
    Acknowledgement.write(
      to: leaving + PacketHeader.size, newest: link.pointee.replay.highest, mask: link.pointee.replay.mask)
    let count = Acknowledgement.size + used
    if let tap {
      tap.packet(
        .sent, link.pointee.id, link.pointee.peer, sequence: sequence,
        body: UnsafeRawBufferPointer(start: leaving + PacketHeader.size, count: count))
    }
    cipher.seal(leaving, header: PacketHeader.size, count: count, sequence: sequence)
    let size = PacketHeader.size + count + PacketCipher.tagSize
    transport.send(UnsafeRawBufferPointer(start: leaving, count: size), to: link.pointee.endpoint, from: socket)
    link.pointee.limiter.take(size + PacketHeader.outerSize)
    link.pointee.traffic.sent.add(size + PacketHeader.outerSize, at: now)
    detailLog?(.spew, "sent packet \(sequence) to peer \(link.pointee.peer), \(size) bytes")
    link.pointee.owed = 0
    // A packet without frames is not acknowledged, or two ends would thank each other for ever.
    record.fate = used > 0 ? .inFlight : .indifferent
    // Its place would go to this packet.
    if !link.pointee.sent.hasRoom { lose(link, link.pointee.sent.oldest) }
    link.pointee.sent.append(record)
    return used > control
  }

  @inline(__always)
  private func writeControl(
    _ link: LinkPointer, _ record: inout SentPacket, to body: UnsafeMutableRawPointer, withData: Bool
  ) -> Int {
    var used = 0
    if let id = link.pointee.pongOwed {
      body.storeBytes(of: FrameKind.pong, as: UInt8.self)
      body.storeBytes(of: id.littleEndian, toByteOffset: 1, as: UInt16.self)
      used = FrameKind.pingSize
      link.pointee.pongOwed = nil
    }
    if let id = link.pointee.ping.due(at: now) {
      body.storeBytes(of: FrameKind.ping, toByteOffset: used, as: UInt8.self)
      body.storeBytes(of: id.littleEndian, toByteOffset: used + 1, as: UInt16.self)
      used += FrameKind.pingSize
      link.pointee.ping.sent(at: now, resend: settings.pingResend)
    }
    if let code = link.pointee.close.frame(withData: withData) {
      body.storeBytes(of: FrameKind.close, toByteOffset: used, as: UInt8.self)
      body.storeBytes(of: code.rawValue, toByteOffset: used + 1, as: UInt8.self)
      let end = UInt32(truncatingIfNeeded: link.pointee.outgoing.end)
      body.storeBytes(of: end.littleEndian, toByteOffset: used + 2, as: UInt32.self)
      used += FrameKind.closeSize
      record.carriesClose = true
      link.pointee.close.sent()
    }
    return used
  }

  @inline(__always)
  private func writeStream(
    _ link: LinkPointer, _ record: inout SentPacket, to body: UnsafeMutableRawPointer, _ used: inout Int
  ) {
    while link.pointee.outgoing.lostSegments > 0 && record.runCount < SentPacket.runs - 1 {
      let space = FrameKind.capacity - used - FrameKind.streamHead
      guard let lost = link.pointee.outgoing.takeLost(space: space, packet: record.sequence) else { break }
      record.append(lost.run)
      writeStreamFrame(link, offset: lost.offset, length: lost.length, to: body, &used)
    }
    let available = link.pointee.outgoing.sendable(window: link.pointee.remoteWindow)
    guard available > 0 else { return }
    var space = min(FrameKind.capacity - used - FrameKind.streamHead, FrameKind.segmentSize)
    // A long backlog of reliable data leaves a quarter of each datagram to messages that cannot wait.
    if link.pointee.unreliable.count > 0 { space -= FrameKind.capacity / 4 }
    guard space >= min(available, Self.leastSegment) else { return }
    let length = min(available, space)
    let fresh = link.pointee.outgoing.takeFresh(length: length, packet: record.sequence)
    record.append(fresh.run)
    writeStreamFrame(link, offset: fresh.offset, length: length, to: body, &used)
  }

  @inline(__always)
  private func writeStreamFrame(
    _ link: LinkPointer, offset: UInt64, length: Int, to body: UnsafeMutableRawPointer, _ used: inout Int
  ) {
    let frame = body + used
    frame.storeBytes(of: FrameKind.stream, as: UInt8.self)
    frame.storeBytes(of: UInt32(truncatingIfNeeded: offset).littleEndian, toByteOffset: 1, as: UInt32.self)
    frame.storeBytes(of: UInt16(truncatingIfNeeded: length).littleEndian, toByteOffset: 5, as: UInt16.self)
    link.pointee.outgoing.copy(from: offset, count: length, into: frame + FrameKind.streamHead)
    used += FrameKind.streamHead + length
  }

  @inline(__always)
  private func writeUnreliable(_ link: LinkPointer, to body: UnsafeMutableRawPointer, _ used: inout Int) {
    while let size = link.pointee.unreliable.nextSize, used + 1 + size <= FrameKind.capacity {
      body.storeBytes(of: FrameKind.unreliable, toByteOffset: used, as: UInt8.self)
      link.pointee.unreliable.pop(into: body + used + 1)
      used += 1 + size
    }
  }

  @inline(__always)
  private func writeState(
    _ link: LinkPointer, _ state: any StateSource, _ record: inout SentPacket, to body: UnsafeMutableRawPointer,
    _ used: inout Int
  ) {
    let space = FrameKind.capacity - used - FrameKind.stateHead
    guard space >= Self.leastState else { return }
    stateRecords.removeAll(keepingCapacity: true)
    let buffer = UnsafeMutableRawBufferPointer(start: body + used + FrameKind.stateHead, count: space)
    let written = state.writeState(for: link.pointee.id, into: buffer, records: &stateRecords, at: now)
    guard written > 0, written <= space else { return }
    body.storeBytes(of: FrameKind.state, toByteOffset: used, as: UInt8.self)
    body.storeBytes(of: UInt16(truncatingIfNeeded: written).littleEndian, toByteOffset: used + 1, as: UInt16.self)
    used += FrameKind.stateHead + written
    let start = stateRecords.withUnsafeBufferPointer { link.pointee.keepStates($0) }
    record.stateStart = start
    record.stateCount = UInt32(stateRecords.count)
  }
}

extension Link {
  /// Keeps a packet's state records until its fate is known.
  fileprivate mutating func keepStates(_ records: UnsafeBufferPointer<UInt64>) -> UInt64 {
    let oldest = sent.inFlight > 0 ? sent.packet(sent.oldest).pointee.stateStart : states.next
    return states.append(records, oldest: oldest)
  }

  fileprivate mutating func forgetStates() {
    var sequence = sent.oldest
    while sequence < sent.next {
      sent.packet(sequence).pointee.stateCount = 0
      sequence += 1
    }
  }
}
