import NetRuntime

/// Tells a server that it was held up itself: while it stood still, by a disk or because its process was stopped, it
/// could hear nobody, and what it missed is no silence of the players.
struct Pulse: Sendable {
  private let clock: @Sendable () -> Double
  private var last: Double

  /// - Parameter clock: Seconds.
  init(_ clock: @escaping @Sendable () -> Double) {
    self.clock = clock
    last = clock()
  }

  /// To be called several times a second.
  /// - Returns: Whether it stood still since the last call.
  mutating func beat() -> Bool {
    let now = clock()
    defer { last = now }
    return now - last > Limits.serverStall
  }
}
