/// Reads the canonical text of a schema that another peer sent. The text is hostile: everything is bounded and checked,
/// and what comes out has exactly that canonical text.
struct CanonicalParser {
  private var lines: ArraySlice<ArraySlice<UInt8>>
  private var lineNumber = 0
  private var words: [String] = []

  private init(_ text: String) {
    lines = Array(text.utf8).split(separator: 10, omittingEmptySubsequences: false)[...]
  }

  static func parse(_ text: String) throws(ConfigError) -> (
    NetworkConfig.Topology, messages: [MessageType], objects: [ObjectType]
  ) {
    guard text.utf8.count <= Limits.schemaTextSize else {
      throw ConfigError(
        file: "schema", line: 1, column: 1, message: "\(text.utf8.count) bytes; at most \(Limits.schemaTextSize)")
    }
    var parser = CanonicalParser(text)
    return try parser.parse()
  }

  private mutating func parse() throws(ConfigError) -> (NetworkConfig.Topology, [MessageType], [ObjectType]) {
    guard try next(), words.count == 3, words[0] == "network_config", words[1] == "1",
      let topology = NetworkConfig.Topology(rawValue: words[2])
    else { throw error() }
    var messages: [MessageType] = []
    var objects: [ObjectType] = []
    var hasLine = try next()
    while hasLine, words[0] == "message" {
      guard words.count == 4, ["reliable", "unreliable"].contains(words[2]), ["bound", "unbound"].contains(words[3]),
        messages.count < Limits.schemaEntries
      else { throw error() }
      let head = words
      var arguments: [FieldType] = []
      hasLine = try next()
      while hasLine, words[0] == "argument" {
        guard arguments.count < Limits.fieldsPerEntry else { throw error() }
        arguments.append(try type(words[1...]))
        hasLine = try next()
      }
      messages.append(
        MessageType(
          name: head[1], arguments: arguments, isReliable: head[2] == "reliable", priority: 1,
          isSessionBound: head[3] == "bound"))
    }
    while hasLine, words[0] == "object" {
      guard words.count == 2, objects.count < Limits.schemaEntries else { throw error() }
      let name = words[1]
      var fields: [ObjectType.Field] = []
      hasLine = try next()
      while hasLine, words[0] == "field" {
        guard words.count > 2, fields.count < Limits.fieldsPerEntry else { throw error() }
        fields.append(ObjectType.Field(name: words[1], type: try type(words[2...])))
        hasLine = try next()
      }
      objects.append(ObjectType(name: name, fields: fields, priority: 1, updateRate: 0))
    }
    guard !hasLine, Set(messages.map(\.name)).count == messages.count, Set(objects.map(\.name)).count == objects.count,
      objects.allSatisfy({ Set($0.fields.map(\.name)).count == $0.fields.count })
    else { throw error() }
    return (topology, messages, objects)
  }

  private func type(_ words: ArraySlice<String>) throws(ConfigError) -> FieldType {
    guard let first = words.first, let kind = FieldKind(name: first) else { throw error() }
    let rest = Array(words.dropFirst())
    if kind == .array {
      guard rest.count > 1, let count = Int(rest[0]), 1...Limits.arrayCount ~= count, rest[1] != "array" else {
        throw error()
      }
      let element = try type(rest[1...])
      guard let codec = FieldCodec.array(of: element.codec, maximumCount: count) else { throw error() }
      return FieldType(name: "array", codec: codec, element: element)
    }
    guard let codec = codec(of: kind, rest) else { throw error() }
    return FieldType(name: kind.name, codec: codec)
  }

  private func codec(of kind: FieldKind, _ words: [String]) -> FieldCodec? {
    switch kind {
    case .bool where words.isEmpty: return .bool
    case .idString32 where words.isEmpty: return .idString32
    case .idString64 where words.isEmpty: return .idString64
    case .resourceID where words.isEmpty: return .resourceID
    case .uint64 where words.isEmpty: return .uint64
    case .float where words.isEmpty: return .exactFloat
    case .vector3 where words.isEmpty: return .exactVector3
    case .string where words.count == 1:
      return Int(words[0]).flatMap { 1...Limits.stringSize ~= $0 ? .string(maximumLength: $0) : nil }
    case .quaternion where words.count == 1:
      return Int(words[0]).flatMap { 8...64 ~= $0 ? .quaternion(bits: $0) : nil }
    case .int where words.count == 3:
      let limit: Int64 = 1 << 53
      guard let low = Int64(words[0]), let high = Int64(words[1]), let bits = Int(words[2]), low <= high, low >= -limit,
        high <= limit, 0...55 ~= bits, bits >= FieldCodec.bitsNeeded(for: UInt64(high - low))
      else { return nil }
      return .int(low...high, bits: bits)
    case .float where words.count == 3, .vector3 where words.count == 3:
      guard let low = Double(words[0]), let high = Double(words[1]), let bits = Int(words[2]), low < high else {
        return nil
      }
      return FieldCodec.checked(kind, low...high, bits: bits)
    default: return nil
    }
  }

  // MARK: Lines

  /// Splits the next line into `words`; false behind the last one.
  private mutating func next() throws(ConfigError) -> Bool {
    words = []
    guard let line = lines.popFirst() else { return false }
    lineNumber += 1
    if line.isEmpty, lines.isEmpty { return false }
    var rest = line
    while let first = rest.first {
      if first == 32 {
        rest.removeFirst()
        continue
      }
      guard words.count < 8 else { throw error() }
      var word: [UInt8] = []
      if first == UInt8(ascii: "\"") {
        rest.removeFirst()
        while let byte = rest.popFirst(), byte != UInt8(ascii: "\"") {
          if byte == UInt8(ascii: "\\"), let escaped = rest.popFirst() {
            word.append(escaped)
          } else {
            word.append(byte)
          }
        }
        guard !word.isEmpty, word.count <= Limits.nameSize, word.allSatisfy({ $0 >= 32 && $0 != 127 }) else {
          throw error()
        }
      } else {
        while let byte = rest.first, byte != 32 {
          word.append(byte)
          rest.removeFirst()
        }
      }
      words.append(String(decoding: word, as: UTF8.self))
    }
    guard !words.isEmpty else { throw error() }
    return true
  }

  private func error() -> ConfigError {
    ConfigError(file: "schema", line: lineNumber, column: 1, message: "this line is not one that a schema has")
  }
}

extension NetworkConfig {
  /// Reads the canonical text that a remote peer sent: enough to name the differences. Throws for anything that is not
  /// some schema's canonical text.
  public convenience init(canonicalText text: String) throws(ConfigError) {
    let (topology, messages, objects) = try CanonicalParser.parse(text)
    self.init(topology: topology, messages: messages, objects: objects)
    guard canonicalText.utf8.elementsEqual(text.utf8) else {
      throw ConfigError(file: "schema", line: 1, column: 1, message: "the text is not in canonical form")
    }
  }
}
