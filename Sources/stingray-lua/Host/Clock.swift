import Glibc

/// Time for the program: seconds that never go back, and a way to wait for one of them.
protocol Clock: AnyObject {
  /// Seconds; where they start does not matter.
  var now: Double { get }

  /// Waits until `now` has reached `time`; a signal ends the wait early.
  func sleep(until time: Double)
}

/// The machine's monotonic clock.
final class SystemClock: Clock {
  var now: Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  func sleep(until time: Double) {
    guard time > now else { return }
    var deadline = timespec()
    deadline.tv_sec = Int(time)
    deadline.tv_nsec = Int((time - time.rounded(.down)) * 1e9)
    // Not tried again after a signal: the caller looks what the signal wants first.
    _ = clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &deadline, nil)
  }
}
