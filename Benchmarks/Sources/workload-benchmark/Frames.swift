import CCounters
import Glibc

/// Sixty frames a second by the clock; after a stall of a quarter second what was missed is given up.
struct Frames {
  static let period = 1.0 / 60
  private var deadline = wallSeconds()
  private var last = wallSeconds()

  /// Waits for the next frame.
  /// - Returns: Seconds since the last one began, and the time.
  mutating func next() -> (dt: Double, now: Double) {
    deadline += Frames.period
    var now = wallSeconds()
    if now - deadline > 0.25 { deadline = now }
    while now < deadline {
      usleep(UInt32((deadline - now) * 1e6) + 1)
      now = wallSeconds()
    }
    defer { last = now }
    return (now - last, now)
  }
}

/// Times of many frames, in milliseconds.
struct FrameTimes {
  private var times: [Double] = []

  mutating func add(_ seconds: Double) { times.append(seconds * 1000) }

  var mean: Double { times.reduce(0, +) / Double(max(1, times.count)) }

  /// Medians and the like: the time that this part of the frames do not exceed.
  func part(_ part: Double) -> Double {
    let sorted = times.sorted()
    return sorted.isEmpty ? 0 : sorted[min(sorted.count - 1, Int(Double(sorted.count) * part))]
  }
}
