/// A JSON value (RFC 8259), as scripts hand it over and services write it. Simplified JSON is read by `SJSON`.
public indirect enum JSON: Equatable, Sendable {
  case null
  case bool(Bool)
  case number(Double)
  case string(String)
  case array([JSON])
  /// In the order of the text, each key once.
  case object([Member])

  /// A key of an object with its value.
  public struct Member: Equatable, Sendable {
    public var key: String
    public var value: JSON

    public init(_ key: String, _ value: JSON) {
      self.key = key
      self.value = value
    }
  }

  /// Reads a whole text, strictly: no comments, no commas too many, no text behind the value.
  public init(_ bytes: [UInt8]) throws(JSONError) {
    var parser = JSONParser(bytes: bytes)
    self = try parser.parseWhole()
  }

  /// Reads a whole text; see `init(_:)` for bytes.
  public init(_ text: String) throws(JSONError) { try self.init(Array(text.utf8)) }

  /// The value of a key, where this is an object that has it.
  public subscript(key: String) -> JSON? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.key == key }?.value
  }

  /// As errors call a value of this type.
  public var typeName: String {
    switch self {
    case .null: "null"
    case .bool: "a boolean"
    case .number: "a number"
    case .string: "a string"
    case .array: "an array"
    case .object: "an object"
    }
  }
}

/// Where a text stops being JSON, and why.
public struct JSONError: Error, Equatable, Sendable, CustomStringConvertible {
  /// In bytes, counted from 1.
  public let place: Int
  public let message: String

  public var description: String { "\(message) at byte \(place)" }
}
