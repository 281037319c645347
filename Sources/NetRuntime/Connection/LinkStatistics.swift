/// How one connection fares: what a performance display shows of it.
///
/// Bytes are those of the IP packets: every datagram counts with its UDP and IPv4 headers, 28 bytes.
public struct LinkStatistics: Equatable, Sendable {
  /// Bytes a second that this end may send now; infinity where nothing limits it.
  public var sendLimit = 0.0
  /// Whether quality of service adapts `sendLimit` to the link.
  public var isAdaptive = false
  /// Bytes a second sent and received, over the last second.
  public var sentPerSecond = 0.0
  public var receivedPerSecond = 0.0
  /// Bytes and datagrams since the connection began, those of the handshake left out.
  public var sentBytes: UInt64 = 0
  public var receivedBytes: UInt64 = 0
  public var sentPackets: UInt64 = 0
  public var receivedPackets: UInt64 = 0
  /// Smoothed round trip in seconds, waiting for the frames at both ends included; 0 before the first answer.
  public var roundTrip = 0.0
  /// Mean deviation in seconds of the times that acknowledgements take.
  public var jitter = 0.0
  /// Part of the latest packets that were lost on the way to the other end, 0...1.
  public var loss = 0.0
  /// Seconds that packets to the other end wait on the way more than the quickest of late did; nil before it was
  /// measured, which quality of service does.
  public var queueingDelay: Double?
  /// Bytes of reliable data that the other end has not acknowledged, the script's and the engine's.
  public var reliableBytesWaiting = 0
  /// Of these, bytes that were not sent for the first time yet.
  public var reliableBytesUnsent = 0
  /// Unreliable messages that wait, and those that gave way to more urgent ones since the connection began.
  public var unreliableMessagesWaiting = 0
  public var unreliableMessagesDropped: UInt64 = 0

  public init() {}
}

extension Connections {
  /// How a link fares; nil when it no longer exists.
  public func statistics(of link: LinkID) -> LinkStatistics? {
    guard let place = table.pointee[link] else { return nil }
    var statistics = LinkStatistics()
    statistics.sendLimit = place.pointee.control?.rate ?? place.pointee.limiter.rate
    statistics.isAdaptive = place.pointee.control != nil
    statistics.queueingDelay = place.pointee.control?.path.queueing
    statistics.sentPerSecond = place.pointee.traffic.sent.perSecond(at: now)
    statistics.receivedPerSecond = place.pointee.traffic.received.perSecond(at: now)
    statistics.sentBytes = place.pointee.traffic.sent.total
    statistics.receivedBytes = place.pointee.traffic.received.total
    statistics.sentPackets = place.pointee.traffic.sent.count
    statistics.receivedPackets = place.pointee.traffic.received.count
    statistics.roundTrip = place.pointee.ping.roundTrip
    statistics.jitter = place.pointee.roundTrip.deviation
    statistics.loss = place.pointee.traffic.loss
    statistics.reliableBytesWaiting = place.pointee.outgoing.unacknowledged
    statistics.reliableBytesUnsent = place.pointee.outgoing.unsent
    statistics.unreliableMessagesWaiting = place.pointee.unreliable.count
    statistics.unreliableMessagesDropped = place.pointee.unreliable.dropped
    return statistics
  }
}
