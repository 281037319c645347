/// The newest packet that came with the wish to be measured, until the other end was told of it.
struct MeasuredArrival {
  /// Whether a report is due.
  private(set) var isOwed = false
  private(set) var sequence: UInt64 = 0
  /// When it came, in ticks of this end's clock.
  private(set) var ticks: UInt32 = 0
  /// Low half of the bytes that had come by then.
  private(set) var bytes: UInt32 = 0

  mutating func came(_ sequence: UInt64, bytes: UInt64, at now: Double) {
    guard sequence > self.sequence else { return }
    self.sequence = sequence
    ticks = PathMeter.ticks(now)
    self.bytes = UInt32(truncatingIfNeeded: bytes)
    isOwed = true
  }

  mutating func reported() { isOwed = false }
}
