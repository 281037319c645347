import NetRuntime

extension Annotations {
  private static let events: [(name: String, arguments: String, summary: String)] = [
    (
      "game_object_created", "id: integer, creator_id: string",
      "A remote peer created an object; its fields can be read."
    ),
    ("game_object_destroyed", "id: integer, destroyer_id: string", "An object ends; its fields can still be read."),
    ("game_object_migrated_to_me", "id: integer, old_owner_id: string", "This peer became the owner."),
    ("game_object_migrated_away", "id: integer, new_owner_id: string", "This peer is no longer the owner."),
    ("game_object_sync_done", "peer_id: string", "A peer that was added has all objects (on the session host)."),
    ("game_session_disconnect", "host_id: string", "The session ended for this peer."),
  ]

  /// The callback object: the six events, and a function for each message.
  static func callbacks(_ config: NetworkConfig?) -> [String] {
    var lines = ["---What `Network.update` calls back.", "---@class NetworkCallbacks"]
    for event in events {
      lines.append("---@field \(event.name)? fun(self: any, \(event.arguments)) \(event.summary)")
    }
    for message in sorted(config?.messages ?? []) {
      let arguments = (["self: any", "sender: string"] + names(message).map { "\($0.name): \(luaType($0.type))" })
      lines.append("---@field \(message.name)? fun(\(arguments.joined(separator: ", "))) \(summary(message))")
    }
    return lines
  }

  /// The functions of `RPC`, and the fields of each object type.
  static func schema(_ config: NetworkConfig) -> [String] {
    var lines: [String] = []
    for message in sorted(config.messages) {
      let arguments = names(message)
      lines += ["", "---" + summary(message), "---@param peer_id string"]
      lines += arguments.map { "---@param \($0.name) \(luaType($0.type)) \(limits($0.type))" }
      lines.append("function RPC.\(message.name)(\((["peer_id"] + arguments.map(\.name)).joined(separator: ", "))) end")
    }
    for object in config.objects.sorted(by: { $0.name < $1.name }) {
      lines += ["", "---Fields of the object type `\(object.name)`.", "---@class \(object.name)_fields"]
      lines += object.fields.map { "---@field \($0.name)? \(luaType($0.type)) \(limits($0.type))" }
    }
    return lines
  }

  private static func sorted(_ messages: [MessageType]) -> [MessageType] {
    messages.sorted { $0.name < $1.name }
  }

  private static func summary(_ message: MessageType) -> String {
    "Message `\(message.name)`: \(message.isReliable ? "reliable" : "unreliable")"
      + (message.isSessionBound ? ", between members of the game session." : ".")
  }

  // Arguments have types but no names in a schema: the type's name serves, numbered where it comes again.
  private static func names(_ message: MessageType) -> [(name: String, type: FieldType)] {
    var seen: [String: Int] = ["peer_id": 1]
    return message.arguments.map { type in
      seen[type.name, default: 0] += 1
      let count = seen[type.name] ?? 1
      return (count == 1 ? type.name : "\(type.name)_\(count)", type)
    }
  }

  static func luaType(_ type: FieldType) -> String {
    switch type.kind {
    case .bool: "boolean"
    case .int: "integer"
    case .float: "number"
    case .vector3: "Vector3"
    case .quaternion: "Quaternion"
    case .string, .uint64: "string"
    case .idString32: "IdString32|string"
    case .idString64, .resourceID: "IdString64|string"
    case .array: (type.element.map { "(\(luaType($0)))" } ?? "any") + "[]"
    }
  }

  private static func limits(_ type: FieldType) -> String {
    switch type.kind {
    case .float where type.codec.isExact: "`\(type.name)`."
    case .int, .float:
      "`\(type.name)`: \(LuaState.text(of: type.min)) to \(LuaState.text(of: type.max))."
    case .string: "`\(type.name)`: at most \(type.maxSize) bytes."
    case .array: "`\(type.name)`: at most \(type.maxSize) values."
    default: "`\(type.name)`."
    }
  }
}
