/// Where the play of one sender's values stands, in that sender's time.
///
/// It follows the sender at the session's lag behind the fastest way that a packet took lately: the least difference of
/// arrival and sending in two windows of a few seconds, so that jitter does not move it and clocks that run apart do,
/// slowly.
struct InterpolationClock {
  /// Ticks of `SessionTime`, in the sender's time; nil before its first packet and play.
  private(set) var position: Double?
  /// Least ticks from sending to arrival, clocks' difference included, in this window and in the one before.
  private var least = Double.infinity
  private var leastBefore = Double.infinity
  private var windowEnd = -Double.infinity

  /// Ticks of a window: long enough to hold a packet that came through fast, short enough for a way that became slower.
  private static let window = 5.0 * SessionTime.ticksPerSecond
  /// Ticks by which the play may be off before it jumps instead of running faster or slower.
  private static let jump = 1.0 * SessionTime.ticksPerSecond
  /// Ticks over which a difference is caught up.
  private static let pace = 0.25 * SessionTime.ticksPerSecond

  /// A packet of the sender's time came now, in this peer's ticks.
  mutating func arrived(_ time: UInt64, at now: Double) {
    let delay = now - Double(time)
    if now >= windowEnd {
      leastBefore = least
      least = delay
      windowEnd = now + InterpolationClock.window
    } else if delay < least {
      least = delay
    }
  }

  /// Lets `step` ticks pass; none leave the play where it is.
  /// - Parameter lag: Ticks behind the fastest packet.
  mutating func advance(by step: Double, at now: Double, lag: Double) {
    guard least.isFinite else { return }
    let target = now - min(least, leastBefore) - lag
    guard let position else {
      self.position = target
      return
    }
    guard step > 0 else { return }
    let rest = target - (position + step)
    if abs(rest) > InterpolationClock.jump {
      self.position = target
    } else {
      // Never backwards, and at most at twice the speed.
      self.position = position + step * (1 + max(-1, min(1, rest / InterpolationClock.pace)))
    }
  }
}
