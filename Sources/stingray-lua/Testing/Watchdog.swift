import CLua
import Glibc

/// Bounds what a test may take. When its time is over, the running state gets an error; when that does not help
/// (compiled loops notice nothing), the process ends with the test's name.
enum Watchdog {
  /// Seconds from the error to the end of the process.
  static let grace = 5.0

  /// Starts the time of one test.
  static func arm(seconds: Double, test: String) {
    install
    var text = "\nThe test did not stop after \(seconds) s: \(test)\n"
    lastWords?.deallocate()
    text.withUTF8 { bytes in
      let copy = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: bytes.count)
      _ = copy.initialize(from: bytes)
      lastWords = copy
    }
    expired = false
    set(seconds, again: grace)
  }

  static func disarm() {
    set(0, again: 0)
  }

  /// Runs something in a state, which is the one that gets the error meanwhile.
  static func watch<Result, Failure: Error>(_ state: OpaquePointer, _ body: () throws(Failure) -> Result)
    throws(Failure) -> Result
  {
    let outer = running
    running = state
    defer { running = outer }
    return try body()
  }

  private static func set(_ seconds: Double, again: Double) {
    func time(_ seconds: Double) -> timeval {
      timeval(tv_sec: Int(seconds), tv_usec: Int((seconds - seconds.rounded(.down)) * 1e6))
    }
    var timer = itimerval(it_interval: time(again), it_value: time(seconds))
    setitimer(__itimer_which_t(ITIMER_REAL.rawValue), &timer, nil)
  }

  private static let install: Void = {
    var action = sigaction()
    action.__sigaction_handler.sa_handler = { _ in
      if expired, let lastWords {
        _ = write(2, lastWords.baseAddress, lastWords.count)
        _exit(1)
      }
      expired = true
      if let running { clua_interrupt(running, CLUA_OUT_OF_TIME) }
    }
    action.sa_flags = Int32(SA_RESTART)
    sigaction(SIGALRM, &action, nil)
  }()
}

// Read by the signal handler of the only thread.
nonisolated(unsafe) private var running: OpaquePointer?
nonisolated(unsafe) private var expired = false
nonisolated(unsafe) private var lastWords: UnsafeMutableBufferPointer<UInt8>?
