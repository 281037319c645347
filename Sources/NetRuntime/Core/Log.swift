/// How much a peer tells about what it does; each level includes those before it. The raw values are the numbers that
/// scripts see.
public enum LogLevel: Int, Comparable, Sendable {
  case silent = 0
  /// What a game designer should act on.
  case warnings = 1
  /// What happens: peers, lobbies and sessions that come and go.
  case messages = 2
  /// Every packet.
  case spew = 3

  /// What users write, by raw value.
  public static let names = ["silent", "warnings", "messages", "spew"]

  @inlinable
  public static func < (left: LogLevel, right: LogLevel) -> Bool {
    left.rawValue < right.rawValue
  }
}

/// Takes one line of log. The text is only built when the level is one that is shown.
public typealias Log = (LogLevel, @autoclosure () -> String) -> Void
