/// The connection layer's times that scripts may set, in seconds, and the rate of sending.
public struct TimingSettings: Equatable, Sendable {
  /// Least time between two transmits; 0 sends at every call.
  public var maxTransmitRate: Double
  /// Least time until a packet without an acknowledgement is taken for lost.
  public var resend: Double
  /// Time from a ping's answer to the next ping.
  public var pingSend: Double
  /// Time between pings while none is answered.
  public var pingResend: Double
  /// Silence after which a peer counts as gone.
  public var pongTimeout: Double
  /// Time from an answer to the next ping where the pong timeout is short, so that a link does not end because a few
  /// packets in a row were lost: four fit into the timeout.
  var shortenedPingSend: Double { min(pingSend, pongTimeout / 4) }
  /// Time between pings without an answer: eight fit into the timeout.
  var shortenedPingResend: Double { min(pingResend, pongTimeout / 8) }
  /// Bytes a second that a link which begins later may send; infinity for no limit. No script sets it.
  public var sendRate = RateLimiter.defaultRate

  public init(
    maxTransmitRate: Double = 0.03, resend: Double = 0.2, pingSend: Double = 1, pingResend: Double = 0.5,
    pongTimeout: Double = 60
  ) {
    self.maxTransmitRate = maxTransmitRate
    self.resend = resend
    self.pingSend = pingSend
    self.pingResend = pingResend
    self.pongTimeout = pongTimeout
  }
}
