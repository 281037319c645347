extension ConfigReader {
  /// The methods of a callback object that are not messages.
  static let callbackNames = [
    "game_object_created", "game_object_destroyed", "game_object_migrated_to_me", "game_object_migrated_away",
    "game_object_sync_done", "game_session_disconnect",
  ]

  mutating func readMessages(_ node: SJSON.Node?) throws(ConfigError) -> [MessageType] {
    var messages: [MessageType] = []
    for entry in try entries(node, of: "messages") {
      let owner = "message `\(entry.key)`"
      guard !Self.callbackNames.contains(entry.key) else {
        throw error(entry.position, "\(owner) has the name of an event callback; choose another name")
      }
      let options = try self.options(
        of: entry.node, in: owner, known: ["args", "reliable", "priority", "session_bound"])
      var arguments: [FieldType] = []
      for (index, node) in try list(options["args"], "`args`", "[\"type\" ...]").enumerated() {
        arguments.append(try type(node, for: "\(owner), argument \(index + 1)"))
      }
      let message = MessageType(
        name: entry.key, arguments: arguments, isReliable: try flag(options, "reliable", default: true),
        priority: try number(options, "priority", above: 0, orEqual: true) ?? 1,
        isSessionBound: try flag(options, "session_bound", default: false))
      try checkSize(message.maximumBits, of: owner, at: entry.position)
      messages.append(message)
    }
    return messages
  }

  mutating func readObjects(_ node: SJSON.Node?) throws(ConfigError) -> [ObjectType] {
    var objects: [ObjectType] = []
    for entry in try entries(node, of: "objects") {
      let owner = "object `\(entry.key)`"
      let options = try self.options(of: entry.node, in: owner, known: ["fields", "priority", "update_rate"])
      var fields: [ObjectType.Field] = []
      var lines: [String: Int] = [:]
      for node in try list(options["fields"], "`fields`", "[{ name = \"...\" type = \"...\" } ...]") {
        let field = try self.options(of: node, in: "a field of \(owner)", known: ["name", "type"])
        guard let nameNode = field["name"] else { throw error(node, "a field of \(owner) lacks `name`") }
        guard let name = nameNode.string else {
          throw error(nameNode, "`name`: expected a string, got \(nameNode.summary)")
        }
        try checkName(name, at: nameNode.position)
        guard let typeNode = field["type"] else { throw error(node, "\(owner), field `\(name)` lacks `type`") }
        if let line = lines.updateValue(nameNode.position.line, forKey: name) {
          throw error(nameNode, "\(owner) has the field `\(name)` twice, first in line \(line)")
        }
        fields.append(ObjectType.Field(name: name, type: try type(typeNode, for: "\(owner), field `\(name)`")))
      }
      let object = ObjectType(
        name: entry.key, fields: fields, priority: try number(options, "priority", above: 0, orEqual: true) ?? 1,
        updateRate: try number(options, "update_rate", above: 0, orEqual: true) ?? 0)
      try checkSize(object.maximumBits, of: owner, at: entry.position)
      objects.append(object)
    }
    return objects
  }

  private func list(_ node: SJSON.Node?, _ name: String, _ form: String) throws(ConfigError) -> [SJSON.Node] {
    guard let node else { return [] }
    guard case .array(let nodes) = node.value else {
      throw error(node, "\(name): expected \(form), got \(node.summary)")
    }
    guard nodes.count <= Limits.fieldsPerEntry else {
      throw error(node, "\(name) has \(nodes.count) entries; at most \(Limits.fieldsPerEntry) are allowed")
    }
    return nodes
  }

  private func checkSize(_ bits: Int, of owner: String, at place: SJSON.Position) throws(ConfigError) {
    let bytes = (bits + 7) / 8
    let most = Limits.messageSize - Limits.messageHeaderSize
    guard bytes <= most else {
      throw error(
        place,
        "\(owner) may take up to \(bytes) bytes, but at most \(most) can be sent; lower the `max_size` of its types")
    }
  }
}
