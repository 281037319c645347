@testable import stingray_lua

/// A clock that only moves when it is told to, or when somebody sleeps on it.
final class ManualClock: Clock {
  var now = 100.0
  /// What each sleep takes longer than it was asked for, as an operating system does.
  var oversleep = 0.0
  private(set) var sleeps: [Double] = []

  func sleep(until time: Double) {
    sleeps.append(time)
    now = max(now, time) + oversleep
  }
}
