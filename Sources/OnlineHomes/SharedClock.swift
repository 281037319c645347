import Glibc

/// The clock that all programs of one machine share: seconds since it started, sleeping included in none.
public enum SharedClock {
  /// Seconds.
  public static var now: Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
