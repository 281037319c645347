/// Says when frames start: at whole multiples of a period from the first one, so that waiting a little too long each
/// time adds up to nothing.
struct FramePacer {
  /// Seconds from one frame to the next.
  let period: Double
  private(set) var deadline: Double
  private var origin: Double
  private var frame = 0

  /// - Parameters:
  ///   - rate: Frames a second, over 0.
  ///   - now: When the first frame starts.
  init(rate: Double, now: Double) {
    period = 1 / rate
    origin = now
    deadline = now
  }

  /// The start of the next frame.
  ///
  /// A frame that took a little too long is made up for by shorter waits. After a stall of over `longestDebt`
  /// periods, the frames that were missed are given up: running them all at once would only be the next stall.
  mutating func next(now: Double) -> Double {
    frame += 1
    deadline = origin + Double(frame) * period
    if now - deadline > FramePacer.longestDebt * period {
      origin = now
      frame = 0
      deadline = now
    }
    return deadline
  }

  /// Periods that a frame may be late before the missed ones are given up: as much as a garbage collection or a slow
  /// disk takes.
  static let longestDebt = 3.0
}
