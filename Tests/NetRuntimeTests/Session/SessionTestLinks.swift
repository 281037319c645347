@testable import NetRuntime

/// One packet of the double: what is unacknowledged of the reliable stream, unreliable messages, one state block,
/// acknowledgements.
struct SessionTestPacket {
  var number: UInt64
  var generation: UInt16
  var reliable: [(index: Int, channel: MessageChannel, bytes: [UInt8])] = []
  var unreliable: [(channel: MessageChannel, bytes: [UInt8])] = []
  var received: [UInt64] = []
  var receivedReliable = 0
}

/// A delivery of the double, with bytes of its own.
struct SessionTestDelivery {
  var link: LinkID
  var peer: PeerID
  var channel: MessageChannel
  var isReliable: Bool
  var packet: UInt64
  var bytes: [UInt8]
}

/// A deterministic double of `PeerLinks`: reliable messages arrive once and in order, late; state gets lost and
/// overtakes, and its fate is reported.
final class SessionTestLinks: PeerLinks {
  struct Lane {
    var peer: PeerID
    var link: LinkID
    var state = LinkState.connected
    var nextNumber: UInt64 = 1
    var stream: [(channel: MessageChannel, bytes: [UInt8], end: UInt64, sentAt: Double)] = []
    var acknowledgedMessages = 0
    var unreliable: [(channel: MessageChannel, bytes: [UInt8])] = []
    var states: [UInt64: (records: [UInt64], time: Double)] = [:]
    var seen: Set<UInt64> = []
    var recent: [UInt64] = []
    var nextReliable = 0
    var lastHeard = 0.0
    var early: [Int: (channel: MessageChannel, bytes: [UInt8])] = [:]
  }

  let localPeer: PeerID
  var lanes: [PeerID: Lane] = [:]
  /// Bytes that a state block may have.
  var stateCapacity = 700
  var clock = 0.0
  /// Called for every reliable message that is queued.
  var onSend: ((PeerID, MessageChannel, [UInt8]) -> Void)?
  /// Called for every unreliable message that is queued, with its priority.
  var onUnreliable: ((PeerID, MessageChannel, [UInt8], Float) -> Void)?

  init(_ peer: PeerID) { localPeer = peer }

  func lane(_ link: LinkID) -> PeerID? { lanes.values.first { $0.link == link }?.peer }

  func link(to peer: PeerID) -> LinkID? { lanes[peer]?.link }
  func peer(of link: LinkID) -> PeerID { lane(link) ?? .nobody }
  func state(of link: LinkID) -> LinkState { lane(link).flatMap { lanes[$0]?.state } ?? .closed }
  var pongTimeout: Double { 3 }
  var reliableBufferSize: Int { 32768 }
  func silence(of link: LinkID) -> Double { lane(link).flatMap { lanes[$0] }.map { clock - $0.lastHeard } ?? .infinity }
  func reliableBytesLeft(on link: LinkID) -> Int { 32768 }

  func bulkBytesLeft(on link: LinkID) -> Int {
    guard let peer = lane(link), let last = lanes[peer]?.stream.last?.end else { return Limits.bulkBytesInFlight }
    return Limits.bulkBytesInFlight - Int(last - acknowledgedOffset(of: link))
  }

  func repeatUnacknowledged(on link: LinkID) {}

  func sendReliable(
    _ channel: MessageChannel, _ body: UnsafeRawBufferPointer, to link: LinkID, share: BufferShare
  ) throws(SendError) -> UInt64 {
    guard let peer = lane(link), let state = lanes[peer]?.state, state == .connected || state == .connecting else {
      throw .notConnected
    }
    guard body.count <= Limits.messageSize else { throw .tooLong(body.count) }
    let end = (lanes[peer]?.stream.last?.end ?? 0) + UInt64(body.count) + 3
    lanes[peer]?.stream.append((channel, Array(body), end, -1))
    onSend?(peer, channel, Array(body))
    return end
  }

  func acknowledgedOffset(of link: LinkID) -> UInt64 {
    guard let peer = lane(link), let lane = lanes[peer], lane.acknowledgedMessages > 0 else { return 0 }
    return lane.stream[lane.acknowledgedMessages - 1].end
  }

  func sendUnreliable(
    _ channel: MessageChannel, _ body: UnsafeRawBufferPointer, priority: Float, to link: LinkID
  ) throws(SendError) {
    guard let peer = lane(link), lanes[peer]?.state == .connected else { throw .notConnected }
    lanes[peer]?.unreliable.append((channel, Array(body)))
    onUnreliable?(peer, channel, Array(body), priority)
  }

  /// The next packet to a peer, if there is anything to say.
  func packet(to peer: PeerID, _ source: (any StateSource)?, at now: Double) -> SessionTestPacket? {
    clock = now
    guard var lane = lanes[peer], lane.state == .connected else { return nil }
    var packet = SessionTestPacket(number: lane.nextNumber, generation: lane.link.generation)
    for index in lane.acknowledgedMessages..<lane.stream.count where now - lane.stream[index].sentAt >= 0.2 {
      lane.stream[index].sentAt = now
      packet.reliable.append((index, lane.stream[index].channel, lane.stream[index].bytes))
      if packet.reliable.count == 40 { break }
    }
    packet.unreliable = lane.unreliable
    lane.unreliable = []
    packet.received = lane.recent
    packet.receivedReliable = lane.nextReliable
    lane.nextNumber += 1
    lanes[peer] = lane
    var records: [UInt64] = []
    var buffer = [UInt8](repeating: 0, count: stateCapacity)
    let count = buffer.withUnsafeMutableBytes {
      source?.writeState(for: lane.link, into: $0, records: &records, at: now) ?? 0
    }
    if count > 0 {
      packet.unreliable.append((.session, Array(buffer[..<count])))
      lanes[peer]?.states[packet.number] = (records, now)
    }
    return packet
  }

  /// Takes a packet apart.
  func receive(_ packet: SessionTestPacket, from peer: PeerID, _ source: (any StateSource)?, at now: Double)
    -> [SessionTestDelivery]
  {
    guard var lane = lanes[peer], lane.state == .connected, packet.generation == lane.link.generation,
      lane.seen.insert(packet.number).inserted
    else { return [] }
    lane.recent.append(packet.number)
    lane.lastHeard = now
    clock = max(clock, now)
    if lane.recent.count > 40 { lane.recent.removeFirst() }
    var list: [SessionTestDelivery] = []
    func deliver(_ channel: MessageChannel, _ bytes: [UInt8], _ isReliable: Bool) {
      list.append(
        SessionTestDelivery(
          link: lane.link, peer: peer, channel: channel, isReliable: isReliable, packet: packet.number, bytes: bytes))
    }
    for message in packet.reliable where message.index >= lane.nextReliable {
      lane.early[message.index] = (message.channel, message.bytes)
    }
    while let next = lane.early.removeValue(forKey: lane.nextReliable) {
      deliver(next.channel, next.bytes, true)
      lane.nextReliable += 1
    }
    for message in packet.unreliable { deliver(message.channel, message.bytes, false) }
    lane.acknowledgedMessages = max(lane.acknowledgedMessages, packet.receivedReliable)
    var told: [[UInt64]] = []
    for number in packet.received {
      if let state = lane.states.removeValue(forKey: number) { told.append(state.records) }
    }
    lanes[peer] = lane
    for records in told { records.withUnsafeBufferPointer { source?.stateAcknowledged($0, on: lane.link) } }
    return list
  }

  /// Reports packets without an answer as lost.
  func expire(_ source: (any StateSource)?, at now: Double) {
    for peer in lanes.keys.sorted() {
      guard let lane = lanes[peer] else { continue }
      for number in lane.states.keys.sorted() where now - (lane.states[number]?.time ?? now) > 0.6 {
        guard let state = lanes[peer]?.states.removeValue(forKey: number) else { continue }
        state.records.withUnsafeBufferPointer { source?.stateLost($0, on: lane.link) }
      }
    }
  }
}
