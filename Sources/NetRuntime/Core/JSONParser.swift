/// Reads JSON by recursive descent, no deeper than `Limits.jsonDepth`.
struct JSONParser {
  private let bytes: [UInt8]
  private var index = 0

  init(bytes: [UInt8]) { self.bytes = bytes }

  mutating func parseWhole() throws(JSONError) -> JSON {
    let value = try parseValue(depth: 0)
    skipBlank()
    guard peek == nil else { throw error("expected the end of the text, got \(token)") }
    return value
  }

  private mutating func parseValue(depth: Int) throws(JSONError) -> JSON {
    skipBlank()
    guard depth <= Limits.jsonDepth else { throw error("more than \(Limits.jsonDepth) levels of braces and brackets") }
    switch peek {
    case UInt8(ascii: "{"): return try parseObject(depth: depth)
    case UInt8(ascii: "["): return try parseArray(depth: depth)
    case UInt8(ascii: "\""): return .string(try parseString())
    case UInt8(ascii: "-"): return .number(try parseNumber())
    default: return isDigit ? .number(try parseNumber()) : try parseWord()
    }
  }

  private mutating func parseObject(depth: Int) throws(JSONError) -> JSON {
    var members: [JSON.Member] = []
    var keys: Set<String> = []
    index += 1
    skipBlank()
    if take(UInt8(ascii: "}")) { return .object([]) }
    while true {
      skipBlank()
      guard peek == UInt8(ascii: "\"") else { throw error("expected a key between quotation marks, got \(token)") }
      let place = index
      let key = try parseString()
      guard keys.insert(key).inserted else { throw error("the key \"\(key.prefix(40))\" is there twice", at: place) }
      skipBlank()
      guard take(UInt8(ascii: ":")) else { throw error("expected `:`, got \(token)") }
      members.append(JSON.Member(key, try parseValue(depth: depth + 1)))
      skipBlank()
      if take(UInt8(ascii: "}")) { return .object(members) }
      guard take(UInt8(ascii: ",")) else { throw error("expected `,` or `}`, got \(token)") }
    }
  }

  private mutating func parseArray(depth: Int) throws(JSONError) -> JSON {
    var elements: [JSON] = []
    index += 1
    skipBlank()
    if take(UInt8(ascii: "]")) { return .array([]) }
    while true {
      elements.append(try parseValue(depth: depth + 1))
      skipBlank()
      if take(UInt8(ascii: "]")) { return .array(elements) }
      guard take(UInt8(ascii: ",")) else { throw error("expected `,` or `]`, got \(token)") }
    }
  }

  private mutating func parseWord() throws(JSONError) -> JSON {
    let start = index
    while let byte = peek, 97...122 ~= byte { index += 1 }
    switch String(decoding: bytes[start..<index], as: UTF8.self) {
    case "null": return .null
    case "true": return .bool(true)
    case "false": return .bool(false)
    default:
      index = start
      throw error("expected a JSON value, got \(token)")
    }
  }

  // MARK: Numbers

  // [-] digits [. digits] [e [+-] digits], without leading zeros.
  private mutating func parseNumber() throws(JSONError) -> Double {
    let start = index
    _ = take(UInt8(ascii: "-"))
    if !take(UInt8(ascii: "0")) { try skipDigits() }
    if take(UInt8(ascii: ".")) { try skipDigits() }
    if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
      if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
      try skipDigits()
    }
    let text = String(decoding: bytes[start..<index], as: UTF8.self)
    guard let number = Double(text), number.isFinite else {
      throw error("the number \(text.prefix(40)) is too large", at: start)
    }
    return number
  }

  private mutating func skipDigits() throws(JSONError) {
    guard isDigit else { throw error("expected a digit, got \(token)") }
    while isDigit { index += 1 }
  }

  private var isDigit: Bool { peek.map { 48...57 ~= $0 } ?? false }

  // MARK: Strings

  private mutating func parseString() throws(JSONError) -> String {
    let start = index
    var content: [UInt8] = []
    index += 1
    while true {
      guard let byte = peek else { throw error("this string has no closing quotation mark", at: start) }
      if byte < 32 { throw error("a string may not hold the character \(byte) as it is: write an escape like \\n") }
      index += 1
      if byte == UInt8(ascii: "\"") { break }
      if byte == UInt8(ascii: "\\") {
        content += try parseEscape()
      } else {
        content.append(byte)
      }
    }
    guard let text = String(validating: content, as: UTF8.self) else {
      throw error("this string is not UTF-8", at: start)
    }
    return text
  }

  private mutating func parseEscape() throws(JSONError) -> [UInt8] {
    let start = index - 1
    let byte = peek
    index += 1
    switch byte {
    case UInt8(ascii: "n"): return [10]
    case UInt8(ascii: "t"): return [9]
    case UInt8(ascii: "r"): return [13]
    case UInt8(ascii: "b"): return [8]
    case UInt8(ascii: "f"): return [12]
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return byte.map { [$0] } ?? []
    case UInt8(ascii: "u"):
      guard let scalar = try parseScalar(start) else { throw error("this escape names half a character", at: start) }
      return Array(String(Character(scalar)).utf8)
    default:
      throw error("expected an escape like \\n, \\\" or \\u00e9", at: start)
    }
  }

  private mutating func parseScalar(_ start: Int) throws(JSONError) -> Unicode.Scalar? {
    let first = try parseHexadecimal(start)
    guard 0xD800...0xDBFF ~= first else { return Unicode.Scalar(first) }
    guard take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) else { return nil }
    let second = try parseHexadecimal(start)
    guard 0xDC00...0xDFFF ~= second else { return nil }
    return Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + second - 0xDC00)
  }

  private mutating func parseHexadecimal(_ start: Int) throws(JSONError) -> UInt32 {
    let digits = bytes[min(index, bytes.count)..<min(index + 4, bytes.count)]
    guard digits.count == 4, let value = UInt64(hexadecimalDigits: digits) else {
      throw error("expected four hexadecimal digits after \\u", at: start)
    }
    index += 4
    return UInt32(truncatingIfNeeded: value)
  }

  // MARK: Characters

  private var peek: UInt8? { index < bytes.count ? bytes[index] : nil }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard peek == byte else { return false }
    index += 1
    return true
  }

  private mutating func skipBlank() {
    while let byte = peek, byte == 32 || byte == 9 || byte == 10 || byte == 13 { index += 1 }
  }

  /// What stands at the cursor, for error texts.
  private var token: String {
    guard let byte = peek else { return "the end of the text" }
    if byte <= 32 || byte >= 127 { return "the byte \(byte)" }
    var end = index + 1
    while end < bytes.count, end - index < 24, Self.isWord(bytes[index]), Self.isWord(bytes[end]) { end += 1 }
    return "`\(String(decoding: bytes[index..<end], as: UTF8.self))`"
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    48...57 ~= byte || 65...90 ~= byte || 97...122 ~= byte || byte == 95
  }

  private func error(_ message: String, at place: Int? = nil) -> JSONError {
    JSONError(place: (place ?? index) + 1, message: message)
  }
}
