/// Simplified JSON, the format of `.network_config` and `settings.ini`: an object without its outer braces, `key =
/// value`, keys unquoted unless they hold a space, `=` or the like, commas optional, `//` and `/* */` comments. Plain
/// JSON is a case of it.
public enum SJSON {
  /// A value and where it starts.
  public struct Node: Sendable {
    public let value: Value
    public let position: Position
  }

  /// A key of an object with its value, in the order of the file. A key may occur twice; who reads the object decides
  /// what that means.
  public struct Entry: Sendable {
    public let key: String
    public let position: Position
    public let node: Node
  }

  /// A place in a file: line and column, in characters, counted from 1.
  public struct Position: Hashable, Sendable {
    public let line: Int, column: Int

    public init(line: Int, column: Int) {
      self.line = line
      self.column = column
    }
  }

  public indirect enum Value: Sendable {
    case null
    case bool(Bool)
    case number(Double)
    case string(String)
    case array([Node])
    case object([Entry])
  }

  /// Reads a whole file: at most `Limits.configFileSize` bytes of UTF-8, with or without a byte-order mark.
  public static func parse(_ bytes: [UInt8], file: String) throws(ConfigError) -> Node {
    guard bytes.count <= Limits.configFileSize else {
      throw ConfigError(
        file: file, line: 1, column: 1,
        message: "the file has \(bytes.count) bytes; at most \(Limits.configFileSize) are read")
    }
    var parser = SJSONParser(bytes: bytes, file: file)
    return try parser.parseRoot()
  }

  /// Reads a text.
  public static func parse(_ text: String, file: String) throws(ConfigError) -> Node {
    try parse(Array(text.utf8), file: file)
  }
}

extension SJSON.Node {
  /// The first value of that key, when the node is an object that has it.
  public subscript(key: String) -> SJSON.Node? {
    guard case .object(let entries) = value else { return nil }
    return entries.first { $0.key == key }?.node
  }

  public var string: String? { if case .string(let text) = value { text } else { nil } }
  public var number: Double? { if case .number(let number) = value { number } else { nil } }
  public var bool: Bool? { if case .bool(let flag) = value { flag } else { nil } }

  /// What the node is, for error texts: its value where that is short, else its kind.
  public var summary: String {
    switch value {
    case .null: "null"
    case .bool(let flag): "\(flag)"
    case .number(let number): number.shortText
    case .string(let text): "\"\(text.prefix(40))\""
    case .array: "[...]"
    case .object: "{...}"
    }
  }
}

extension Double {
  /// The number without a fraction that says nothing: 255, 0.5.
  var shortText: String {
    magnitude < 0x1p53 && self == rounded() ? String(Int64(self)) : String(self)
  }
}
