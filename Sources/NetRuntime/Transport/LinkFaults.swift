/// What the virtual network does to datagrams on the way from one host to another.
public struct LinkFaults: Equatable, Sendable {
  /// Seconds from sending to arrival.
  public var latency: Double
  /// Seconds by which each datagram's latency varies, up and down, each on its own: datagrams sent within it overtake
  /// each other.
  public var jitter: Double
  /// Part of the datagrams that are lost, 0...1.
  public var loss: Double
  /// Part of the datagrams that arrive a second time, 0...1.
  public var duplication: Double
  /// Part of the datagrams that are held back by up to `latency + jitter + 0.01` seconds more, so that later ones
  /// overtake them, 0...1.
  public var reordering: Double
  /// Bytes a second in one direction; 0 for no limit.
  public var bandwidth: Double
  /// Bytes that wait for their turn where `bandwidth` is limited; a datagram that finds no room is lost.
  public var queueLimit: Int

  public init(
    latency: Double = 0, jitter: Double = 0, loss: Double = 0, duplication: Double = 0, reordering: Double = 0,
    bandwidth: Double = 0, queueLimit: Int = 65_536
  ) {
    self.latency = latency
    self.jitter = jitter
    self.loss = loss
    self.duplication = duplication
    self.reordering = reordering
    self.bandwidth = bandwidth
    self.queueLimit = queueLimit
  }

  /// Nothing goes wrong and nothing takes time.
  public static let none = LinkFaults()
}
