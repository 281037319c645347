extension ConfigReader {
  private static let common = ["type", "interpolated", "interpolation_threshold"]

  mutating func readTypes(_ node: SJSON.Node?) throws(ConfigError) {
    // Arrays name other entries, which may stand below them.
    var arrays: [(entry: SJSON.Entry, options: [String: SJSON.Node])] = []
    for entry in try entries(node, of: "types") {
      let kind = try self.kind(of: entry)
      let options = try self.options(of: entry.node, in: kind.name, known: Self.common + Self.options(of: kind))
      if kind == .array {
        arrays.append((entry, options))
        continue
      }
      let (codec, bits) = try codec(of: kind, options)
      types[entry.key] = try type(entry.key, codec, bits: bits, options)
    }
    let plain = types
    for (entry, options) in arrays {
      guard let element = options["element"] else {
        throw error(entry.position, "array `\(entry.key)` lacks `element`, the name of its elements' type")
      }
      guard let size = try integer(options, "max_size", 1...Limits.arrayCount) else {
        throw error(entry.position, "array `\(entry.key)` lacks `max_size`, the most elements it may hold")
      }
      if let name = element.string, plain[name] == nil, arrays.contains(where: { $0.entry.key == name }) {
        throw error(element, "`element`: `\(name)` is an array, and arrays of arrays are not supported")
      }
      let elementType = try self.type(element, for: "`element`")
      guard let codec = FieldCodec.array(of: elementType.codec, maximumCount: size) else {
        throw error(element, "`element`: arrays of arrays are not supported")
      }
      types[entry.key] = try type(entry.key, codec, element: elementType, options)
    }
  }

  private func kind(of entry: SJSON.Entry) throws(ConfigError) -> FieldKind {
    guard case .object = entry.node.value else {
      throw error(entry.node, "type `\(entry.key)`: expected { type = \"...\" ... }, got \(entry.node.summary)")
    }
    guard let node = entry.node["type"] else {
      throw error(entry.position, "type `\(entry.key)` lacks `type`: one of \(Self.kindNames)")
    }
    guard let name = node.string else {
      throw error(node, "`type`: expected one of \(Self.kindNames) in quotation marks, got \(node.summary)")
    }
    guard let kind = FieldKind(name: name) else {
      let guess = suggestion(for: name, in: FieldKind.allCases.map(\.name) + ["int64"])
      throw error(
        node, "unknown kind \(node.summary)" + (guess.isEmpty ? "; expected one of \(Self.kindNames)" : guess))
    }
    return kind
  }

  private static var kindNames: String { FieldKind.allCases.map(\.name).joined(separator: ", ") }

  private static func options(of kind: FieldKind) -> [String] {
    switch kind {
    case .bool, .idString32, .idString64, .resourceID: []
    case .int: ["bits", "min", "max"]
    case .uint64: ["bits", "min", "max"]
    case .float, .vector3: ["bits", "min", "max", "tolerance"]
    case .quaternion: ["bits"]
    case .string: ["max_size"]
    case .array: ["element", "max_size"]
    }
  }

  private func type(
    _ name: String, _ codec: FieldCodec, bits: Int? = nil, element: FieldType? = nil, _ options: [String: SJSON.Node]
  ) throws(ConfigError) -> FieldType {
    FieldType(
      name: name, codec: codec, bits: bits, element: element,
      interpolated: try flag(options, "interpolated", default: false),
      interpolationThreshold: try number(options, "interpolation_threshold", above: 0, orEqual: true)
        ?? Double(Float.greatestFiniteMagnitude))
  }

  /// The codec, and the bits as the file gives them where they may differ from the codec's.
  private mutating func codec(of kind: FieldKind, _ options: [String: SJSON.Node]) throws(ConfigError)
    -> (FieldCodec, bits: Int?)
  {
    switch kind {
    case .bool: return (.bool, nil)
    case .idString32: return (.idString32, nil)
    case .idString64: return (.idString64, nil)
    case .resourceID: return (.resourceID, nil)
    case .uint64, .array: return (.uint64, nil)
    case .int: return (try intCodec(options), nil)
    case .float, .vector3: return (try floatCodec(kind, options), nil)
    case .quaternion:
      let bits = try integer(options, "bits", 8...64) ?? 32
      return (.quaternion(bits: bits), bits)
    case .string: return (.string(maximumLength: try integer(options, "max_size", 1...Limits.stringSize) ?? 512), nil)
    }
  }

  private func intCodec(_ options: [String: SJSON.Node]) throws(ConfigError) -> FieldCodec {
    let limit = 1 << 53
    if let node = options["bits"], let bits = node.number, bits > 53, bits <= 64 {
      throw error(node, "`bits`: expected an integer from 1 to 53, got \(node.summary); kind uint64 has 64 bits")
    }
    let bits = try integer(options, "bits", 1...53)
    let low = try integer(options, "min", -limit...limit)
    let high = try integer(options, "max", -limit...limit)
    switch (low, high, bits) {
    case (let low?, let high?, _):
      guard low <= high else {
        throw error(options, "min", "`min` = \(low) is greater than `max` = \(high)")
      }
      let needed = FieldCodec.bitsNeeded(for: UInt64(high - low))
      if let bits, bits < needed {
        throw error(options, "bits", "`bits` = \(bits) is too few for \(low)..\(high), which needs \(needed)")
      }
      return .int(Int64(low)...Int64(high), bits: bits ?? 0)
    case (nil, nil, nil), (nil, nil, 32?): return .int32
    case (let low, nil, let bits?):
      let start = low ?? 0
      let end = start + 1 << bits - 1
      guard end <= limit else {
        throw error(options, "bits", "`bits` = \(bits) from `min` = \(start) reach beyond \(limit)")
      }
      return .int(Int64(start)...Int64(end))
    case (nil, let high?, let bits?):
      guard high >= 0, FieldCodec.bitsNeeded(for: UInt64(high)) <= bits else {
        throw error(
          options, "max",
          "`max`: expected an integer from 0 to \(1 << bits - 1), which \(bits) bits hold without `min`, got \(high)")
      }
      return .int(0...Int64(high), bits: bits)
    case (_?, nil, nil):
      throw error(options, "min", "`min` needs `max` or `bits` beside it")
    case (nil, _?, nil):
      throw error(options, "max", "`max` needs `min` or `bits` beside it")
    }
  }
}
