import Logging
import NetRuntime

/// Takes a peer's log: shows lines up to one level, and keeps the newest where tests ask for them.
final class LogRecord {
  /// The highest level that is shown.
  var shown: LogLevel
  private let now: () -> Double
  private let isKept: Bool
  private let logger: Logger
  private var kept: [(level: LogLevel, text: String)] = []

  /// Lines that are kept; a simulated minute of sixteen peers that spew has to end with the memory it began with.
  static let limit = 1000

  /// - Parameters:
  ///   - prefix: Whose log it is.
  ///   - shown: The highest level that is shown.
  ///   - isKept: Lines up to `.messages` are kept, also where they are not shown.
  ///   - handler: Where shown lines go to; made with the prefix.
  ///   - now: Seconds, which lines start with.
  init(
    prefix: String, shown: LogLevel, isKept: Bool = false,
    handler: (String) -> any LogHandler = { LogColumns(label: $0) }, now: @escaping () -> Double
  ) {
    self.shown = shown
    self.isKept = isKept
    self.now = now
    logger = Logger(label: prefix, factory: handler)
  }

  func add(_ level: LogLevel, _ line: @autoclosure () -> LogLine) {
    let isShown = level <= shown
    guard isShown || isKept && level <= .messages else { return }
    let line = line()
    if isKept { keep(level, line.text) }
    if isShown { show(level, line) }
  }

  private func show(_ level: LogLevel, _ line: LogLine) {
    var metadata: Logger.Metadata = [LogColumns.Key.time: "\(LogColumns.time(now()))"]
    if let peer = line.peer { metadata[LogColumns.Key.peer] = "\(peer)" }
    if let object = line.object { metadata[LogColumns.Key.object] = "\(object)" }
    logger.log(level: level.severity, "\(line.text)", metadata: metadata)
  }

  private func keep(_ level: LogLevel, _ text: String) {
    if kept.count >= LogRecord.limit {
      // Warnings are few and looked for; they go last.
      let details = kept.filter { $0.level > .warnings }
      if details.isEmpty { kept.removeFirst(LogRecord.limit / 2) } else { forget((details.count + 1) / 2) }
    }
    kept.append((level, text))
  }

  private func forget(_ count: Int) {
    var left = count
    kept.removeAll { line in
      guard line.level > .warnings, left > 0 else { return false }
      left -= 1
      return true
    }
  }

  func lines(upTo level: LogLevel) -> String {
    kept.filter { $0.level <= level }.map { $0.text + "\n" }.joined()
  }
}

extension LogLevel {
  /// How swift-log ranks lines of the level.
  var severity: Logger.Level {
    switch self {
    case .silent, .warnings: .warning
    case .messages: .info
    case .spew: .trace
    }
  }
}
