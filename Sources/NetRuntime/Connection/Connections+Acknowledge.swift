extension Connections {
  /// Packets that have to be acknowledged after one that is not, until it counts as lost: fewer may just be out of
  /// order.
  private static let reordering: UInt64 = 3

  @inline(__always)
  func takeAcknowledgement(_ link: LinkPointer, _ acknowledgement: Acknowledgement) -> PacketFault? {
    guard let (newest, told) = link.pointee.sent.acknowledge(acknowledgement) else { return .acknowledgementOfUnsent }
    guard newest > 0 else { return nil }
    let packet = link.pointee.sent.packet(newest)
    if packet.pointee.sequence == newest && packet.pointee.fate == .inFlight {
      link.pointee.roundTrip.add(now - packet.pointee.time)
    }
    acknowledged(link, newest)
    var news = told
    while news != 0 {
      acknowledged(link, newest &- 1 &- UInt64(news.trailingZeroBitCount))
      news &= news &- 1
    }
    // What was sent well before the newest packet that arrived will not arrive any more.
    let limit = link.pointee.sent.newestAcknowledged
    while link.pointee.sent.oldest &+ Self.reordering <= limit { lose(link, link.pointee.sent.oldest) }
    return nil
  }

  @inline(__always)
  private func acknowledged(_ link: LinkPointer, _ sequence: UInt64) {
    let packet = link.pointee.sent.packet(sequence)
    guard packet.pointee.sequence == sequence else { return }
    let fate = packet.pointee.fate
    guard fate == .inFlight || fate == .lost else { return }
    for index in 0..<packet.pointee.runCount { link.pointee.outgoing.acknowledge(packet.pointee.run(index)) }
    if packet.pointee.carriesClose { link.pointee.close.acknowledged() }
    guard fate == .inFlight else {
      packet.pointee.fate = .acknowledged
      link.pointee.traffic.packetFound()
      return
    }
    link.pointee.traffic.packetArrived()
    link.pointee.control?.packetArrived()
    link.pointee.sent.settle(packet, as: .acknowledged)
    if packet.pointee.stateCount > 0 && link.pointee.stateEpoch == stateEpoch {
      stateSource?.stateAcknowledged(
        link.pointee.states.records(from: packet.pointee.stateStart, count: packet.pointee.stateCount),
        on: link.pointee.id)
    }
  }

  /// Takes the oldest packet in flight for lost.
  func lose(_ link: LinkPointer, _ sequence: UInt64) {
    let packet = link.pointee.sent.packet(sequence)
    guard packet.pointee.sequence == sequence, packet.pointee.fate == .inFlight else { return }
    for index in 0..<packet.pointee.runCount {
      link.pointee.outgoing.lose(packet.pointee.run(index), packet: sequence)
    }
    if packet.pointee.carriesClose { link.pointee.close.lost() }
    link.pointee.sent.settle(packet, as: .lost)
    link.pointee.traffic.packetLost()
    detailLog?(.spew, "packet \(sequence) to peer \(link.pointee.peer) counts as lost")
    link.pointee.control?.packetLost()
    if packet.pointee.stateCount > 0 && link.pointee.stateEpoch == stateEpoch {
      stateSource?.stateLost(
        link.pointee.states.records(from: packet.pointee.stateStart, count: packet.pointee.stateCount),
        on: link.pointee.id)
    }
  }
}
