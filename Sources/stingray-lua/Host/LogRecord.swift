import NetRuntime

/// Takes a peer's log: shows lines up to one level on standard error, and keeps the newest for tests.
final class LogRecord {
  private let prefix: String
  var shown: LogLevel
  private let now: () -> Double
  private var kept: [(level: LogLevel, text: String)] = []

  /// Lines that are kept; a simulated minute of sixteen peers that spew has to end with the memory it began with.
  static let limit = 1000

  /// - Parameters:
  ///   - prefix: What lines start with, behind the time.
  ///   - shown: The highest level that goes to standard error.
  ///   - now: Seconds, which lines start with.
  init(prefix: String, shown: LogLevel, now: @escaping () -> Double) {
    self.prefix = prefix
    self.shown = shown
    self.now = now
  }

  func add(_ level: LogLevel, _ text: @autoclosure () -> String) {
    // Packets are only told where somebody watches.
    guard level <= max(shown, .messages) else { return }
    let text = text()
    if kept.count == LogRecord.limit { kept.removeFirst(LogRecord.limit / 2) }
    kept.append((level, text))
    guard level <= shown else { return }
    Output.error(LogRecord.line(now(), prefix, level, text))
  }

  func lines(upTo level: LogLevel) -> String {
    kept.filter { $0.level <= level }.map { $0.text + "\n" }.joined()
  }

  /// A line as standard error shows it: "[   1.234] network: warning: text".
  static func line(_ seconds: Double, _ prefix: String, _ level: LogLevel, _ text: String) -> String {
    "[\(time(seconds))] \(prefix): \(level == .warnings ? "warning: " : "")\(text)\n"
  }

  /// Seconds with three digits behind the point, so wide that the lines of two hours stand in columns.
  static func time(_ seconds: Double) -> String {
    let milliseconds = Int((max(0, seconds) * 1000).rounded())
    let whole = "\(milliseconds / 1000)"
    let part = "\(milliseconds % 1000)"
    return String(repeating: " ", count: max(0, 4 - whole.count)) + whole + "."
      + String(repeating: "0", count: 3 - part.count) + part
  }
}
