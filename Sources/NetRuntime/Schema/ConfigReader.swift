/// Turns the parsed text of a `.network_config` into a schema; each file of its extensions reads one part.
struct ConfigReader {
  let file: String
  /// Whether unknown options are errors.
  let isStrict: Bool
  /// The whole text.
  var source: [UInt8] = []
  var warnings: [ConfigError] = []
  var types: [String: FieldType] = [:]

  mutating func read(_ root: SJSON.Node) throws(ConfigError) -> NetworkConfig {
    let options = try self.options(
      of: root, in: "a network config",
      known: [
        "network_type", "reliable_send_buffer_size", "reliable_receive_buffer_size", "types", "messages", "objects",
      ])
    var topology = NetworkConfig.Topology.peerToPeer
    if let node = options["network_type"] {
      guard let chosen = node.string.flatMap(NetworkConfig.Topology.init) else {
        throw error(node, "`network_type`: expected \"peer-to-peer\" or \"client-server\", got \(node.summary)")
      }
      topology = chosen
    }
    let send = try integer(options, "reliable_send_buffer_size", Limits.reliableBufferSizes)
    let receive = try integer(options, "reliable_receive_buffer_size", Limits.reliableBufferSizes)
    try readTypes(options["types"])
    let messages = try readMessages(options["messages"])
    let objects = try readObjects(options["objects"])
    let config = NetworkConfig(
      topology: topology, reliableSendBufferSize: send ?? NetworkConfig.defaultBufferSize,
      reliableReceiveBufferSize: receive ?? NetworkConfig.defaultBufferSize, types: Array(types.values),
      messages: messages,
      objects: objects, warnings: warnings, source: source)
    guard config.canonicalText.utf8.count <= Limits.schemaTextSize else {
      throw error(
        root, "the schema is too large: \(config.canonicalText.utf8.count) bytes, at most \(Limits.schemaTextSize)")
    }
    return config
  }
}

extension ConfigReader {
  func error(_ place: SJSON.Position, _ message: String) -> ConfigError {
    ConfigError(file: file, line: place.line, column: place.column, message: message)
  }

  func error(_ node: SJSON.Node, _ message: String) -> ConfigError { error(node.position, message) }

  /// An error at an option's value.
  func error(_ options: [String: SJSON.Node], _ name: String, _ message: String) -> ConfigError {
    error(options[name]?.position ?? SJSON.Position(line: 1, column: 1), message)
  }

  /// The entries of a block of named things: bounded in number and length of names, each name once.
  func entries(_ node: SJSON.Node?, of block: String) throws(ConfigError) -> [SJSON.Entry] {
    guard let node else { return [] }
    guard case .object(let entries) = node.value else {
      throw error(node, "`\(block)`: expected { name = {...} ... }, got \(node.summary)")
    }
    guard entries.count <= Limits.schemaEntries else {
      throw error(node, "`\(block)` has \(entries.count) entries; at most \(Limits.schemaEntries) are allowed")
    }
    var lines: [String: Int] = [:]
    for entry in entries {
      try checkName(entry.key, at: entry.position)
      if let line = lines.updateValue(entry.position.line, forKey: entry.key) {
        throw error(entry.position, "`\(entry.key)` stands in `\(block)` twice, first in line \(line)")
      }
    }
    return entries
  }

  func checkName(_ name: String, at place: SJSON.Position) throws(ConfigError) {
    guard !name.isEmpty, name.utf8.count <= Limits.nameSize else {
      throw error(place, "expected a name of 1 to \(Limits.nameSize) bytes, got \(name.utf8.count)")
    }
    guard name.unicodeScalars.allSatisfy({ $0.value >= 32 && $0.value != 127 }) else {
      throw error(place, "a name cannot hold control characters")
    }
  }

  /// An object's options by name, each once. Unknown ones are errors when strict, and warnings otherwise.
  mutating func options(of node: SJSON.Node, in owner: String, known: [String]) throws(ConfigError) -> [String: SJSON
    .Node]
  {
    guard case .object(let entries) = node.value else {
      throw error(node, "\(owner): expected { option = value ... }, got \(node.summary)")
    }
    var options: [String: SJSON.Node] = [:]
    for entry in entries {
      guard known.contains(entry.key) else {
        let name = String(entry.key.prefix(40))
        let problem = error(entry.position, "unknown option `\(name)` of \(owner)\(suggestion(for: name, in: known))")
        if isStrict { throw problem }
        if warnings.count < Limits.schemaEntries { warnings.append(problem) }
        continue
      }
      if let first = options.updateValue(entry.node, forKey: entry.key) {
        throw error(entry.position, "`\(entry.key)` is given twice, first in line \(first.position.line)")
      }
    }
    return options
  }

  func integer(_ options: [String: SJSON.Node], _ name: String, _ range: ClosedRange<Int>) throws(ConfigError) -> Int? {
    guard let node = options[name] else { return nil }
    guard let number = node.number, let value = Int(exactly: number), range.contains(value) else {
      throw error(
        node, "`\(name)`: expected an integer from \(range.lowerBound) to \(range.upperBound), got \(node.summary)")
    }
    return value
  }

  /// A number of float32's range.
  func number(_ options: [String: SJSON.Node], _ name: String, above least: Double? = nil, orEqual: Bool = false)
    throws(ConfigError)
    -> Double?
  {
    guard let node = options[name] else { return nil }
    guard let value = node.number, value.magnitude <= Double(Float.greatestFiniteMagnitude) else {
      throw error(node, "`\(name)`: expected a number, got \(node.summary)")
    }
    if let least, orEqual ? value < least : value <= least {
      let bound = orEqual ? "from \(least.shortText) up" : "above \(least.shortText)"
      throw error(node, "`\(name)`: expected a number \(bound), got \(node.summary)")
    }
    return value
  }

  func flag(_ options: [String: SJSON.Node], _ name: String, default value: Bool) throws(ConfigError) -> Bool {
    guard let node = options[name] else { return value }
    guard let flag = node.bool else { throw error(node, "`\(name)`: expected true or false, got \(node.summary)") }
    return flag
  }

  /// The type that a field, argument or array names.
  func type(_ node: SJSON.Node, for owner: String) throws(ConfigError) -> FieldType {
    guard let name = node.string else {
      throw error(node, "\(owner): expected the name of a type in quotation marks, got \(node.summary)")
    }
    if let type = types[name] ?? FieldType.builtin.first(where: { $0.name == name }) { return type }
    if name == FieldKind.array.name {
      throw error(node, "\(owner): an array needs an entry of `types` that gives its `element` and `max_size`")
    }
    let names = types.keys.sorted() + FieldType.builtin.map(\.name)
    throw error(node, "\(owner): unknown type `\(name.prefix(40))`\(suggestion(for: name, in: names))")
  }
}
