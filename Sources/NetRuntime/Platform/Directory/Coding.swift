// How the directory's values are written: ids as hexadecimal text, endpoints as "a.b.c.d:port", bytes as text.

extension Bytes: Codable, CodingKeyRepresentable {
  /// Text that is no UTF-8 is written as "\u{1}" and hexadecimal digits; so is text that begins with that character.
  private static let mark: UInt8 = 1

  var coded: String {
    if array.first != Bytes.mark, let text = String(validating: array, as: UTF8.self) { return text }
    let digits = Array("0123456789abcdef".utf8)
    return String(
      decoding: [Bytes.mark] + array.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }

  init?(coded: String) {
    let bytes = Array(coded.utf8)
    guard bytes.first == Bytes.mark else {
      self.init(bytes)
      return
    }
    guard bytes.count % 2 == 1 else { return nil }
    var result: [UInt8] = []
    for index in stride(from: 1, to: bytes.count, by: 2) {
      guard let value = UInt64(hexadecimalDigits: bytes[index...index + 1]) else { return nil }
      result.append(UInt8(truncatingIfNeeded: value))
    }
    self.init(result)
  }

  public init(from decoder: any Decoder) throws {
    self = try decoder.singleText("a text") { Bytes(coded: $0) }
  }

  public func encode(to encoder: any Encoder) throws { try encoder.single(coded) }

  public var codingKey: any CodingKey { TextKey(stringValue: coded) }
  public init?(codingKey: some CodingKey) { self.init(coded: codingKey.stringValue) }
}

extension PeerID: Codable, CodingKeyRepresentable {
  public init(from decoder: any Decoder) throws {
    self = try decoder.singleText("a hexadecimal id") { PeerID(hexadecimal: $0.utf8) }
  }

  public func encode(to encoder: any Encoder) throws { try encoder.single(description) }

  public var codingKey: any CodingKey { TextKey(stringValue: description) }
  public init?(codingKey: some CodingKey) { self.init(hexadecimal: codingKey.stringValue.utf8) }
}

extension EntryID: Codable {
  public init(from decoder: any Decoder) throws {
    self = try decoder.singleText("a hexadecimal id") { text in
      UInt64(hexadecimalDigits: text.utf8).flatMap { $0 == 0 ? nil : EntryID(rawValue: $0) }
    }
  }

  public func encode(to encoder: any Encoder) throws { try encoder.single(description) }
}

extension Endpoint: Codable {
  public init(from decoder: any Decoder) throws {
    self = try decoder.singleText("an address like \"192.168.0.7:10000\"") { Endpoint($0) }
  }

  public func encode(to encoder: any Encoder) throws { try encoder.single(description) }
}

extension Region: Codable {
  public init(from decoder: any Decoder) throws {
    self = try decoder.singleText("the name of a region") { Region($0) }
  }

  public func encode(to encoder: any Encoder) throws { try encoder.single(name) }
}

/// A key that is a text.
private struct TextKey: CodingKey {
  let stringValue: String
  var intValue: Int? { nil }

  init(stringValue: String) { self.stringValue = stringValue }
  init?(intValue: Int) { nil }
}

extension Decoder {
  fileprivate func singleText<Value>(_ expectation: String, _ read: (String) -> Value?) throws -> Value {
    let container = try singleValueContainer()
    let text = try container.decode(String.self)
    guard let value = read(text) else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "expected \(expectation), got \"\(text.prefix(80))\"")
    }
    return value
  }
}

extension Encoder {
  fileprivate func single(_ text: String) throws {
    var container = singleValueContainer()
    try container.encode(text)
  }
}
