/// Reads SJSON by recursive descent, no deeper than `Limits.configDepth`.
struct SJSONParser {
  private let bytes: [UInt8]
  private let file: String
  private var index = 0
  private var line = 1
  private var column = 1

  init(bytes: [UInt8], file: String) {
    self.bytes = bytes
    self.file = file
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { index = 3 }
  }

  mutating func parseRoot() throws(ConfigError) -> SJSON.Node {
    try skipBlank()
    let start = position
    if peek == UInt8(ascii: "{") {
      let node = try parseValue(depth: 0)
      try skipBlank(commas: true)
      guard peek == nil else { throw error("expected the end of the file after the closing `}`, got \(token)") }
      return node
    }
    return SJSON.Node(value: .object(try parseEntries(opening: nil, depth: 0)), position: start)
  }

  // MARK: Values

  private mutating func parseEntries(opening: SJSON.Position?, depth: Int) throws(ConfigError) -> [SJSON.Entry] {
    var entries: [SJSON.Entry] = []
    while true {
      try skipBlank(commas: true)
      guard let byte = peek else {
        guard let opening else { return entries }
        throw error("expected a key or `}` (the `{` of line \(opening.line) is not closed), got the end of the file")
      }
      if byte == UInt8(ascii: "}"), opening != nil {
        advance()
        return entries
      }
      let start = position
      let key = try parseKey()
      try skipBlank()
      guard peek == UInt8(ascii: "=") || peek == UInt8(ascii: ":") else {
        throw error("expected `=` after the key `\(key.prefix(40))`, got \(token)")
      }
      advance()
      try skipBlank()
      entries.append(SJSON.Entry(key: key, position: start, node: try parseValue(depth: depth)))
    }
  }

  private mutating func parseKey() throws(ConfigError) -> String {
    if peek == UInt8(ascii: "\"") { return try parseString() }
    let start = index
    while let byte = peek, Self.isWord(byte) { advance() }
    guard index > start else { throw error("expected a key, got \(token)") }
    return try text(bytes[start..<index])
  }

  private mutating func parseValue(depth: Int) throws(ConfigError) -> SJSON.Node {
    let start = position
    let value: SJSON.Value
    switch peek {
    case UInt8(ascii: "{"):
      try checkDepth(depth)
      advance()
      value = .object(try parseEntries(opening: start, depth: depth + 1))
    case UInt8(ascii: "["):
      try checkDepth(depth)
      advance()
      value = .array(try parseElements(opening: start, depth: depth + 1))
    case UInt8(ascii: "\""): value = .string(try parseString())
    default: value = try parseWord()
    }
    return SJSON.Node(value: value, position: start)
  }

  private func checkDepth(_ depth: Int) throws(ConfigError) {
    guard depth < Limits.configDepth else {
      throw error("more than \(Limits.configDepth) levels of braces and brackets")
    }
  }

  private mutating func parseElements(opening: SJSON.Position, depth: Int) throws(ConfigError) -> [SJSON.Node] {
    var elements: [SJSON.Node] = []
    while true {
      try skipBlank(commas: true)
      guard let byte = peek else {
        throw error("expected a value or `]` (the `[` of line \(opening.line) is not closed), got the end of the file")
      }
      if byte == UInt8(ascii: "]") {
        advance()
        return elements
      }
      elements.append(try parseValue(depth: depth))
    }
  }

  private mutating func parseWord() throws(ConfigError) -> SJSON.Value {
    let found = token
    let start = index
    let begin = position
    while let byte = peek, Self.isWord(byte) { advance() }
    let word = String(decoding: bytes[start..<index], as: UTF8.self)
    switch word {
    case "true": return .bool(true)
    case "false": return .bool(false)
    case "null": return .null
    default: break
    }
    let digits = word.utf8.first == UInt8(ascii: "+") ? word.dropFirst() : word[...]
    let isDecimal = digits.utf8.allSatisfy { 48...57 ~= $0 || [43, 45, 46, 69, 101].contains($0) }
    if isDecimal, let number = Double(digits), number.isFinite { return .number(number) }
    let isName = word.utf8.first.map { 65...90 ~= $0 || 97...122 ~= $0 || $0 == 95 } ?? false
    throw error(
      "expected a value (a string, a number, true, false, { or [), got \(found)"
        + (isName ? "; a string needs quotation marks" : ""), at: begin)
  }

  private mutating func parseString() throws(ConfigError) -> String {
    let start = position
    advance()
    var content: [UInt8] = []
    while true {
      guard let byte = peek, byte != 10 else {
        throw error("this string has no closing quotation mark on its line", at: start)
      }
      if byte == UInt8(ascii: "\"") { break }
      if byte == UInt8(ascii: "\\") {
        content += try parseEscape()
      } else {
        content.append(byte)
        advance()
      }
    }
    advance()
    return try text(content[...], at: start)
  }

  private mutating func parseEscape() throws(ConfigError) -> [UInt8] {
    let start = position
    advance()
    guard let byte = peek else { throw error("this string has no closing quotation mark on its line", at: start) }
    advance()
    switch byte {
    case UInt8(ascii: "n"): return [10]
    case UInt8(ascii: "t"): return [9]
    case UInt8(ascii: "r"): return [13]
    case UInt8(ascii: "b"): return [8]
    case UInt8(ascii: "f"): return [12]
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
    case UInt8(ascii: "u"):
      let first = try parseHexadecimal(start)
      if 0xD800...0xDBFF ~= first, peek == UInt8(ascii: "\\") {
        advance()
        if peek == UInt8(ascii: "u") {
          advance()
          let second = try parseHexadecimal(start)
          if 0xDC00...0xDFFF ~= second, let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + second - 0xDC00)
          {
            return Array(String(Character(scalar)).utf8)
          }
        }
      }
      guard let scalar = Unicode.Scalar(first) else { throw error("this escape names half a character", at: start) }
      return Array(String(Character(scalar)).utf8)
    default:
      throw error("unknown escape in a string: expected one of \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX", at: start)
    }
  }

  private mutating func parseHexadecimal(_ start: SJSON.Position) throws(ConfigError) -> UInt32 {
    let digits = bytes[index..<min(index + 4, bytes.count)]
    guard digits.count == 4, let value = UInt64(hexadecimalDigits: digits) else {
      throw error("expected four hexadecimal digits after \\u", at: start)
    }
    for _ in 0..<4 { advance() }
    return UInt32(value)
  }

  private func text(_ bytes: ArraySlice<UInt8>, at place: SJSON.Position? = nil) throws(ConfigError) -> String {
    guard let text = String(validating: bytes, as: UTF8.self) else { throw error("this text is not UTF-8", at: place) }
    return text
  }

  // MARK: Characters

  private var peek: UInt8? { index < bytes.count ? bytes[index] : nil }

  private var position: SJSON.Position { SJSON.Position(line: line, column: column) }

  private mutating func advance() {
    if bytes[index] == 10 {
      line += 1
      column = 1
    } else if bytes[index] & 0xC0 != 0x80 {
      column += 1
    }
    index += 1
  }

  private mutating func skipBlank(commas: Bool = false) throws(ConfigError) {
    while let byte = peek {
      switch byte {
      case 9, 10, 13, 32: advance()
      case UInt8(ascii: ",") where commas: advance()
      case UInt8(ascii: "/") where index + 1 < bytes.count && bytes[index + 1] == UInt8(ascii: "/"):
        while peek.map({ $0 != 10 }) ?? false { advance() }
      case UInt8(ascii: "/") where index + 1 < bytes.count && bytes[index + 1] == UInt8(ascii: "*"):
        let start = position
        advance()
        advance()
        while true {
          guard index + 1 < bytes.count else { throw error("this comment is never closed with */", at: start) }
          if bytes[index] == UInt8(ascii: "*"), bytes[index + 1] == UInt8(ascii: "/") { break }
          advance()
        }
        advance()
        advance()
      default: return
      }
    }
  }

  /// What stands at the cursor, for error texts.
  private var token: String {
    guard let byte = peek else { return "the end of the file" }
    if byte < 32 || byte == 127 { return byte == 10 ? "the end of the line" : "the byte \(byte)" }
    if byte == UInt8(ascii: "\"") { return "a string" }
    var end = index
    while end < bytes.count, end - index < 40, Self.isWord(bytes[end]) { end += 1 }
    return "`\(String(decoding: bytes[index..<max(end, index + 1)], as: UTF8.self))`"
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    switch byte {
    case 0...32, 127, UInt8(ascii: "="), UInt8(ascii: ":"), UInt8(ascii: ","), UInt8(ascii: "{"), UInt8(ascii: "}"),
      UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "\""), UInt8(ascii: "/"), UInt8(ascii: "\\"):
      false
    default: true
    }
  }

  private func error(_ message: String, at place: SJSON.Position? = nil) -> ConfigError {
    ConfigError(file: file, line: place?.line ?? line, column: place?.column ?? column, message: message)
  }
}
