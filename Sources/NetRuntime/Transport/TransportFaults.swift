/// What goes wrong with the datagrams that a peer sends and receives, each way alike. Nil where nothing was said: then
/// what holds for all other ends counts.
public struct TransportFaults: Equatable, Sendable {
  /// Part of the datagrams that are lost, 0...1.
  public var loss: Double?
  /// Times in which all are lost.
  public var outages: Outages?
  /// Part of the datagrams that arrive a second time, 0...1.
  public var duplication: Double?
  /// Seconds that a datagram takes longer, any time of the range as likely; those that are sent within it overtake each
  /// other.
  public var latency: ClosedRange<Double>?

  /// Everything is lost for a while, then everything passes for a while, again and again.
  public struct Outages: Equatable, Sendable {
    /// Seconds in which all datagrams are lost; 0 for no outages.
    public var loss: Double
    /// Seconds in which they pass.
    public var pass: Double
    /// When the first outage begins.
    public var start: Double

    public init(loss: Double, pass: Double, start: Double) {
      self.loss = loss
      self.pass = pass
      self.start = start
    }

    func isOut(at now: Double) -> Bool {
      guard loss > 0, now >= start else { return false }
      return (now - start).truncatingRemainder(dividingBy: loss + pass) < loss
    }
  }

  public init(
    loss: Double? = nil, outages: Outages? = nil, duplication: Double? = nil, latency: ClosedRange<Double>? = nil
  ) {
    self.loss = loss
    self.outages = outages
    self.duplication = duplication
    self.latency = latency
  }

  /// What these leave open as others say.
  func completed(by others: TransportFaults) -> TransportFaults {
    TransportFaults(
      loss: loss ?? others.loss, outages: outages ?? others.outages, duplication: duplication ?? others.duplication,
      latency: latency ?? others.latency)
  }

  /// Without those of which nothing goes wrong.
  var effective: TransportFaults {
    TransportFaults(
      loss: loss == 0 ? nil : loss, outages: outages?.loss == 0 ? nil : outages,
      duplication: duplication == 0 ? nil : duplication, latency: latency?.upperBound == 0 ? nil : latency)
  }

  /// Whether they let every datagram pass at once.
  var isNothing: Bool {
    effective == TransportFaults()
  }
}

/// Bytes a second that one way takes, IP and UDP headers included, and what waits for it.
struct FaultyWay {
  /// 0 for no limit.
  var rate = 0.0
  private var busyUntil = -Double.infinity

  /// Bytes of the headers of IPv4 and UDP, which a real line carries too.
  private static let headers = 28.0

  /// When a datagram that comes now is through; nil when too much waits already.
  mutating func departure(of count: Int, at now: Double) -> Double? {
    guard rate > 0 else { return now }
    let start = max(now, busyUntil)
    guard start - now <= Limits.faultyQueueTime else { return nil }
    busyUntil = start + (Double(count) + Self.headers) / rate
    return busyUntil
  }

  mutating func set(rate: Double) {
    self = FaultyWay()
    self.rate = rate
  }
}
