import NetRuntime

/// How long to wait before each repetition in an outage.
struct Retry {
  private var seconds = Limits.firstRetry

  /// Seconds until the next repetition: doubled with each, and a little apart from what other clients wait, so that not
  /// all come at one moment to a server that is back.
  mutating func next() -> Double {
    defer { seconds = min(seconds * 2, Limits.lastRetry) }
    return seconds * Double.random(in: 0.75...1.25)
  }
}
