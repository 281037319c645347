import NetRuntime

/// `stingray.Network`: the client, its lobbies, connections and session, and the update of each frame.
enum NetworkNamespace {
  static var namespace: Namespace {
    Namespace(
      "Network", "The network client, its lobbies, connections and session, and the update of each frame.",
      entries: updating + lan + steam + psn + xboxLive + session + recording + connections + qualityOfService + schema
        + settings,
      constants: constants)
  }

  private static var constants: [Constant] {
    let kinds: [(String, FieldKind)] = [
      ("BOOL", .bool), ("INT", .int), ("FLOAT", .float), ("VECTOR3", .vector3), ("QUATERNION", .quaternion),
      ("STRING", .string), ("IDSTRING32", .idString32), ("IDSTRING64", .idString64), ("RESOURCE_ID", .resourceID),
      ("UINT64", .uint64), ("ARRAY", .array),
    ]
    let levels: [(String, LogLevel, String)] = [
      ("SILENT", .silent, "Logs nothing."), ("WARNINGS", .warnings, "Logs what should be acted on."),
      ("MESSAGES", .messages, "Logs objects and peers that come and go, too."), ("SPEW", .spew, "Logs every detail."),
    ]
    let lobbies = [
      ("STEAM_LOBBY_PRIVATE", "Only for those who are invited."), ("STEAM_LOBBY_FRIENDS_ONLY", "Friends can join."),
      ("STEAM_LOBBY_PUBLIC", "In the list of lobbies."),
      ("STEAM_LOBBY_INVISIBLE", "Not shown to friends, but found by searches."),
    ]
    return kinds.map { Constant($0, Double($1.rawValue), "The data type \($1.name), as `type_info` names it.") }
      + levels.map { Constant($0, Double($1.rawValue), $2) }
      + lobbies.enumerated().map { Constant($1.0, Double($0), $1.1) }
  }
}

extension Call {
  /// Runs what the network may refuse.
  func network<Result>(
    _ body: (NetworkRuntime) throws(NetworkError) -> Result
  ) throws(ScriptError) -> Result {
    let network = try binding.network
    do throws(NetworkError) {
      return try body(network)
    } catch {
      throw ScriptError(error.description)
    }
  }
}
