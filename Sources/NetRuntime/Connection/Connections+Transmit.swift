extension Connections {
  /// Seconds between transmits that are believed: longer ones are stalls of the program.
  private static let longestInterval = 0.25

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
      if lastTransmit > -.infinity && !isForced {
        transmitInterval += (min(self.now - lastTransmit, Self.longestInterval) - transmitInterval) / 8
      }
      lastTransmit = self.now
      adopt(state)
      shareRates()
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
    defer { outbox.pointee.flush(by: transport, from: socket) }
    for number in 0..<Limits.datagramsPerTransmit {
      let isAllowed = link.pointee.limiter.allows
      let withData = isAllowed && link.pointee.sent.hasRoom
      guard queuePacket(link, withData: withData, state: state, isMeasured: number == 0) else {
        if withData {
          link.pointee.limiter.leaveToBulk()
        } else if !isAllowed && link.pointee.control != nil && hasData(link, state: state) {
          link.pointee.control?.wasLimited(at: now)
        }
        return
      }
    }
  }

  /// Writes, seals and sends one packet without data, if there is anything to say.
  func sendPacket(_ link: LinkPointer) {
    _ = queuePacket(link, withData: false, state: nil, isMeasured: false)
    outbox.pointee.flush(by: transport, from: socket)
  }

  /// Writes and seals one packet, if there is anything to say; it leaves with the next flush at the latest.
  /// - Returns: True when it carried data, so that there may be more.
  private func queuePacket(
    _ link: LinkPointer, withData: Bool, state: (any StateSource)?, isMeasured: Bool
  ) -> Bool {
    guard let cipher = link.pointee.sealing else { return false }
    let sequence = link.pointee.sent.next
    var record = SentPacket()
    record.sequence = sequence
    record.time = now
    record.stateStart = link.pointee.states.next
    let leaving = outbox.pointee.place
    let body = leaving + PacketHeader.size + Acknowledgement.size
    var used = writeControl(link, &record, to: body, withData: withData)
    let asksBefore = used > 0
    writeReport(link, to: body, &used)
    let control = used
    if withData {
      let measures = isMeasured && link.pointee.control != nil
      if measures {
        body.storeBytes(of: FrameKind.measure, toByteOffset: used, as: UInt8.self)
        used += FrameKind.measureSize
      }
      let start = used
      writeData(link, state: state, &record, to: body, &used, limit: link.pointee.limiter.datagramSpace)
      if used == start { used = control } else { link.pointee.turn &+= 1 }
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
    outbox.pointee.add(leaving, size: size, to: link.pointee.endpoint, by: transport, from: socket)
    link.pointee.limiter.take(size + PacketHeader.outerSize)
    link.pointee.traffic.sent.add(size + PacketHeader.outerSize, at: now)
    detailLog?(.spew, "sent packet \(sequence) to peer \(link.pointee.peer), \(size) bytes")
    link.pointee.owed = 0
    // A packet that brings nothing is not acknowledged, or two ends would thank each other for ever.
    record.fate = asksBefore || used > control ? .inFlight : .indifferent
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
      link.pointee.ping.sent(at: now, resend: settings.shortenedPingResend)
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
  private func writeReport(_ link: LinkPointer, to body: UnsafeMutableRawPointer, _ used: inout Int) {
    guard link.pointee.arrival.isOwed else { return }
    let arrival = link.pointee.arrival
    let frame = body + used
    frame.storeBytes(of: FrameKind.report, as: UInt8.self)
    frame.storeBytes(of: UInt16(truncatingIfNeeded: arrival.sequence).littleEndian, toByteOffset: 1, as: UInt16.self)
    frame.storeBytes(of: arrival.ticks.littleEndian, toByteOffset: 3, as: UInt32.self)
    frame.storeBytes(of: arrival.bytes.littleEndian, toByteOffset: 7, as: UInt32.self)
    used += FrameKind.reportSize
    link.pointee.arrival.reported()
  }
}

extension Link {
  /// The packets in flight carry nothing of another state source.
  fileprivate mutating func forgetStates() {
    var sequence = sent.oldest
    while sequence < sent.next {
      sent.packet(sequence).pointee.stateCount = 0
      sequence += 1
    }
  }
}
