/// How much a peer tells about what it does; each level includes those before it. The raw values are the numbers that
/// scripts see.
public enum LogLevel: Int, Comparable, Sendable {
  case silent = 0
  /// What a game designer should act on.
  case warnings = 1
  /// What happens: peers, lobbies and sessions that come and go, objects that are created, migrate and are destroyed,
  /// and each message of a script.
  case messages = 2
  /// Every packet, every update of an object, and other details.
  case spew = 3

  /// What users write, by raw value.
  public static let names = ["silent", "warnings", "messages", "spew"]

  @inlinable
  public static func < (left: LogLevel, right: LogLevel) -> Bool {
    left.rawValue < right.rawValue
  }
}

/// Takes one line of log. The line is only built when the level is one that is shown.
public typealias Log = (LogLevel, @autoclosure () -> LogLine) -> Void

/// One line of log: a text that knows which peer and which object it is about.
///
/// It is written as a string literal. The first `PeerID` in it is the line's peer, and the first `\(object: id)` its
/// object.
public struct LogLine: Equatable, Sendable {
  public var text: String
  /// Nil where the line is about no single peer.
  public var peer: PeerID?
  /// An object's id; nil where the line is about none.
  public var object: UInt32?

  public init(_ text: String, peer: PeerID? = nil, object: UInt32? = nil) {
    self.text = text
    self.peer = peer
    self.object = object
  }
}

extension LogLine: ExpressibleByStringInterpolation, CustomStringConvertible {
  public var description: String { text }

  public init(stringLiteral text: String) {
    self.init(text)
  }

  public init(stringInterpolation: StringInterpolation) {
    self = stringInterpolation.line
  }

  /// Puts a line together.
  public struct StringInterpolation: StringInterpolationProtocol {
    fileprivate var line = LogLine("")

    public init(literalCapacity: Int, interpolationCount: Int) {
      line.text.reserveCapacity(literalCapacity + 8 * interpolationCount)
    }

    public mutating func appendLiteral(_ literal: String) {
      line.text += literal
    }

    public mutating func appendInterpolation(_ value: some Any) {
      line.text += "\(value)"
    }

    public mutating func appendInterpolation(_ peer: PeerID) {
      line.text += peer.description
      if line.peer == nil { line.peer = peer }
    }

    /// Writes "object 17".
    public mutating func appendInterpolation(object id: UInt32) {
      line.text += "object \(id)"
      if line.object == nil { line.object = id }
    }

    /// Writes another line's text and takes over what it is about.
    public mutating func appendInterpolation(_ other: LogLine) {
      line.text += other.text
      if line.peer == nil { line.peer = other.peer }
      if line.object == nil { line.object = other.object }
    }
  }
}
