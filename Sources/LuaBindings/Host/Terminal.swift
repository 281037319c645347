import Glibc
import Synchronization

/// The terminal that the program runs in: keys as they are pressed, and its size.
///
/// There is one for the whole process, whichever thread asks.
public enum Terminal {
  private struct State {
    var decoder = KeyDecoder()
    var isRaw = false
  }

  private static let state = Mutex(State())
  // What the terminal was like before; read when the process ends, where no lock may be waited for.
  nonisolated(unsafe) private static var original = termios()

  /// Names of the keys that were pressed since the last call: "a", "space", "up", "enter" and the like; none when
  /// standard input is no terminal.
  ///
  /// The first call makes the terminal pass on each key at once without showing it; control-C still ends the program.
  /// The end of the process undoes it.
  public static func readKeys() -> [String] {
    state.withLock { state in
      // A process in the background would be stopped if it touched the terminal.
      guard isatty(STDIN_FILENO) == 1, tcgetpgrp(STDIN_FILENO) == getpgrp() else { return [] }
      if !state.isRaw {
        guard makeRaw() else { return [] }
        state.isRaw = true
      }
      var keys: [String] = []
      withUnsafeTemporaryAllocation(byteCount: 1024, alignment: 1) { buffer in
        var waiting = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
        guard poll(&waiting, 1, 0) == 1, waiting.revents & Int16(POLLIN) != 0 else { return }
        let count = read(STDIN_FILENO, buffer.baseAddress, buffer.count)
        if count > 0 { keys = state.decoder.decode(UnsafeRawBufferPointer(rebasing: buffer[..<count])) }
      }
      return keys
    }
  }

  /// Columns and rows of the terminal that standard output is; nil when it is none.
  public static func size() -> (columns: Int, rows: Int)? {
    var size = winsize()
    guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else { return nil }
    return (Int(size.ws_col), Int(size.ws_row))
  }

  private static func makeRaw() -> Bool {
    guard tcgetattr(STDIN_FILENO, &original) == 0 else { return false }
    var raw = original
    raw.c_lflag &= ~tcflag_t(ICANON | ECHO)
    guard tcsetattr(STDIN_FILENO, TCSANOW, &raw) == 0 else { return false }
    atexit { tcsetattr(STDIN_FILENO, TCSANOW, &Terminal.original) }
    return true
  }
}
