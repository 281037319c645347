/// Something wrong in a `.network_config` or another SJSON file, and where.
public struct ConfigError: Error, Equatable, Sendable {
  public let file: String
  /// Counted from 1.
  public let line: Int, column: Int
  public let message: String

  public init(file: String, line: Int, column: Int, message: String) {
    self.file = file
    self.line = line
    self.column = column
    self.message = message
  }
}

extension ConfigError: CustomStringConvertible {
  public var description: String { "\(file):\(line):\(column): \(message)" }
}
