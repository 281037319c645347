import CLua
import Glibc

/// SIGINT and SIGTERM ask for an orderly end. A script that does not let go within `grace` seconds is interrupted
/// with an error; when that does not help (compiled loops notice nothing), the process ends after as many seconds
/// again. A second signal of the same sort ends it at once.
enum Signals {
  /// Seconds from the signal to the interruption of the script: longer than any honest frame.
  static let grace = 3

  /// The signal that has come; 0 for none.
  static var received: Int32 { signalReceived }

  /// Catches the signals from now on; the state is the one that is interrupted.
  static func catchEnding(interrupting state: OpaquePointer) {
    interrupted = state
    var action = sigaction()
    action.__sigaction_handler.sa_handler = { number in
      signalReceived = number
      alarm(UInt32(Signals.grace))
    }
    // No SA_RESTART: the wait for the next frame is to end.
    action.sa_flags = Int32(bitPattern: UInt32(SA_RESETHAND))
    sigaction(SIGINT, &action, nil)
    sigaction(SIGTERM, &action, nil)
    var late = sigaction()
    late.__sigaction_handler.sa_handler = { _ in
      guard let state = interrupted else { return }
      if wasInterrupted {
        let words: StaticString = "the script did not stop\n"
        _ = write(2, words.utf8Start, words.utf8CodeUnitCount)
        _exit(1)
      }
      wasInterrupted = true
      clua_interrupt(state, CLUA_INTERRUPTED_BY_SIGNAL)
      alarm(UInt32(Signals.grace))
    }
    sigaction(SIGALRM, &late, nil)
    // Nobody reads what the script prints any more; it may still print while it shuts down.
    action.sa_flags = 0
    sigaction(SIGPIPE, &action, nil)
  }

  /// The script has let go, or has ended.
  static func release() {
    alarm(0)
    interrupted = nil
  }
}

// Written by signal handlers of the only thread.
nonisolated(unsafe) private var signalReceived: sig_atomic_t = 0
nonisolated(unsafe) private var interrupted: OpaquePointer?
nonisolated(unsafe) private var wasInterrupted = false
