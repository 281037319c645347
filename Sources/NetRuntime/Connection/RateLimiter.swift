/// A token bucket of bytes: how much may be sent now.
public struct RateLimiter {
  /// Default rate in bytes a second: 10 Mbit/s, what a home's upstream carries; a game needs a hundredth.
  public static let defaultRate = 1_250_000.0
  /// Default bucket in bytes: a full reliable window and some state at once.
  public static let defaultBurst = 65_536.0

  /// Bytes a second.
  private(set) var rate: Double
  /// Bytes that may be saved up.
  private(set) var burst: Double
  private var tokens: Double
  private var filledAt: Double

  init(rate: Double = defaultRate, burst: Double = defaultBurst, at now: Double) {
    self.rate = rate
    self.burst = burst
    tokens = burst
    filledAt = now
  }

  var allows: Bool { tokens > 0 || rate == .infinity }

  mutating func refill(at now: Double) {
    tokens = rate == .infinity ? burst : min(burst, tokens + max(0, now - filledAt) * rate)
    filledAt = now
  }

  /// Takes the bytes of one datagram; the bucket may go below zero by that, and has to recover first.
  mutating func take(_ bytes: Int) {
    tokens -= Double(bytes)
  }

  mutating func set(rate: Double, burst: Double) {
    self.rate = rate
    self.burst = burst
    tokens = min(tokens, burst)
  }
}
