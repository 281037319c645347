/// A token bucket of bytes: how much may be sent now.
///
/// Bytes are those of IP packets, 28 more a datagram than its content.
public struct RateLimiter {
  /// Rate in bytes a second, and bucket in bytes, without quality of service; docs/scheduling.md has measurements.
  public static let defaultRate = Double(Limits.sendRate)
  public static let defaultBurst = Double(Limits.sendBurst)
  /// The least that a datagram is made when the rate is short: below, more than a fifth would be heads.
  private static let leastDatagram = 400.0

  /// Bytes a second.
  private(set) var rate: Double
  /// Bytes that may be saved up.
  private(set) var burst: Double
  private(set) var tokens: Double
  private var filledAt: Double
  /// Bytes of bulk data that may be queued: half of what the link may send, and what nothing else used.
  private(set) var bulk: Double

  init(rate: Double = defaultRate, burst: Double = defaultBurst, at now: Double) {
    self.rate = rate
    self.burst = burst
    tokens = burst
    bulk = burst
    filledAt = now
  }

  /// A bucket for a transmit every `interval` seconds: what one sends, half as much again for late frames, and at least
  /// a datagram.
  static func burst(rate: Double, interval: Double) -> Double {
    max(1.5 * rate * interval, Double(Limits.packetSize + PacketHeader.outerSize))
  }

  @inline(__always)
  var allows: Bool { tokens > 0 || rate == .infinity }

  /// Bytes of frames that the next datagram should have at most: it takes what there is, so that each transmit sends
  /// its part and no more.
  @inline(__always)
  var datagramSpace: Int {
    guard tokens < Double(Limits.packetSize + PacketHeader.outerSize), rate != .infinity else {
      return FrameKind.capacity
    }
    return Int(max(tokens, Self.leastDatagram)) - PacketHeader.outerSize - PacketHeader.overhead
  }

  /// Bytes of a datagram when a transmit has so many to send.
  static func datagram(of bytes: Double) -> Double {
    min(max(bytes, leastDatagram), Double(Limits.packetSize + PacketHeader.outerSize))
  }

  mutating func refill(at now: Double) {
    if rate == .infinity {
      tokens = burst
      bulk = burst
    } else {
      let added = max(0, now - filledAt) * rate
      tokens = min(burst, tokens + added)
      // As much as half a bucket may be saved up.
      bulk = min(max(bulk, burst / 2), bulk + added / 2)
    }
    filledAt = now
  }

  /// Takes the bytes of one datagram; the bucket may go below zero by that, and has to recover first.
  @inline(__always)
  mutating func take(_ bytes: Int) {
    tokens -= Double(bytes)
  }

  /// Bulk data was queued; a message larger than the share is paid for later.
  mutating func takeBulk(_ bytes: Int) {
    bulk -= Double(bytes)
  }

  /// A transmit had nothing more to say: bulk may have what is left.
  mutating func leaveToBulk() {
    bulk = max(bulk, tokens)
  }

  mutating func set(rate: Double, burst: Double) {
    self.rate = rate
    self.burst = burst
    tokens = min(tokens, burst)
    bulk = min(bulk, burst)
  }
}
