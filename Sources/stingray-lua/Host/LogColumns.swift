import Logging
import NetRuntime

/// The program's backend of swift-log: a line an event on standard error, in columns for time, place, peer and object.
struct LogColumns: LogHandler {
  /// Names of the metadata that have a column.
  enum Key {
    static let time = "time"
    static let peer = "peer"
    static let object = "object"
  }

  private let label: String
  private let write: @Sendable (String) -> Void
  var logLevel = Logger.Level.trace
  var metadata: Logger.Metadata = [:]
  var metadataProvider: Logger.MetadataProvider?

  /// - Parameters:
  ///   - label: Whose log it is: "network", "peer 2".
  ///   - write: Takes each line, its line feed included.
  init(label: String, write: @escaping @Sendable (String) -> Void = Output.error) {
    self.label = label
    self.write = write
  }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    func value(_ key: String) -> String { (event.metadata?[key] ?? metadata[key]).map { "\($0)" } ?? "-" }
    let mark = event.level >= .warning ? "warning: " : ""
    write(LogColumns.line(label, value(Key.time), value(Key.peer), value(Key.object), mark + "\(event.message)"))
  }

  /// A line: "[   1.234] network: 18f7be4ebf73e0       17  text". Columns are as wide as what is usual in them.
  static func line(_ label: String, _ time: String, _ peer: String, _ object: String, _ text: String) -> String {
    "[\(padded(time, to: 8))] \(label): \(peer)\(spaces(14 - peer.utf8.count))  \(padded(object, to: 6))  \(text)\n"
  }

  private static func padded(_ text: String, to width: Int) -> String {
    spaces(width - text.utf8.count) + text
  }

  private static func spaces(_ count: Int) -> String { String(repeating: " ", count: max(0, count)) }

  /// Seconds with three digits behind the point.
  static func time(_ seconds: Double) -> String {
    let milliseconds = Int((max(0, seconds) * 1000).rounded())
    let part = "\(milliseconds % 1000)"
    return "\(milliseconds / 1000)." + String(repeating: "0", count: 3 - part.count) + part
  }
}
