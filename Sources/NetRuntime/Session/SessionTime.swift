/// The clock that orders the values of fields: what a peer writes on its state, in tenths of a millisecond.
///
/// It follows the session's clock and grows with each transmit, so that of two values of one owner the later has the
/// higher time, whichever link they came over. What is sent between two transmits lies between their times.
struct SessionTime {
  static let ticksPerSecond = 10_000.0
  private var start: Double?
  /// The time of the last transmit.
  private(set) var transmit: UInt64 = 0

  /// What reliable messages carry now.
  var reliable: UInt64 { transmit &+ 1 }

  mutating func beginTransmit(at now: Double) {
    // From the first transmit on, so that what is sent before it has a near time too.
    let start = start ?? now
    self.start = start
    transmit = max(transmit &+ 2, SessionTime.ticks(now - start))
  }

  static func ticks(_ seconds: Double) -> UInt64 {
    // No real clock leaves these bounds; a wrong one must not stop the program.
    seconds > 0 ? UInt64(min(seconds, 1e12) * ticksPerSecond) : 0
  }
}

/// Completes the times of one sender, of which the wire has the low 32 bits: they wrap after five days.
struct SenderClock {
  /// What the sender's time is ahead of this peer's; nil before the first.
  private var ahead: UInt64?
  /// How far this peer plays the sender's values.
  var play = InterpolationClock()

  /// The sender's time in full, which is never 0. Of two senders the times do not compare.
  mutating func complete(_ low: UInt32, at now: Double) -> UInt64 {
    let time = extend(low, at: now)
    play.arrived(time, at: now * SessionTime.ticksPerSecond)
    return time
  }

  private mutating func extend(_ low: UInt32, at now: Double) -> UInt64 {
    let ticks = SessionTime.ticks(now)
    guard let ahead else {
      // Far enough from 0 for times from before the first.
      let first = UInt64(1) << 33 | UInt64(low)
      self.ahead = first &- ticks
      return first
    }
    let expected = ticks &+ ahead
    let offset = Int32(truncatingIfNeeded: low &- UInt32(truncatingIfNeeded: expected))
    return expected &+ UInt64(bitPattern: Int64(offset))
  }
}
