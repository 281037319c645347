import NetRuntime

/// `stingray.GameSession`: the peers that play together, and the objects that they share.
enum GameSessionNamespace {
  static let me = Parameter("self", .userdata(.gameSession))
  static let peer = Parameter("peer_id", .peer)
  static let objectID = Parameter("object_id", .integer, range: 0...Double(UInt32.max))

  static var namespace: Namespace {
    Namespace(
      "GameSession", "The peers that play together, and the objects that they share.", kind: .gameSession,
      entries: hosting + membership + objects + fields + units, metamethods: [handleText("GameSession", .gameSession)])
  }
}

/// `stingray.RPC`: a function for each message of the running client's schema.
enum RPCNamespace {
  static var namespace: Namespace {
    Namespace(
      "RPC",
      """
      A function for each message of the network config: `RPC.name(peer_id, ...)` sends it to one peer, whose \
      callback object gets `name(sender, ...)`. A name that is no message is nil.
      """)
  }
}

extension Call {
  /// The game session that the first argument stands for.
  func session() throws(ScriptError) -> GameSession {
    try unretainedSession().takeUnretainedValue()
  }

  /// The same for one use at once, not counted as a reference.
  @inline(__always)
  func unretainedSession() throws(ScriptError) -> Unmanaged<GameSession> {
    // That it is a handle was checked with the arguments.
    guard checked(1).loadUnaligned(as: UInt32.self) == current.pointee.number, let session = current.pointee.session
    else {
      throw ScriptError("this GameSession was shut down; it cannot be used any more")
    }
    return session
  }

  /// Runs what the game session may refuse.
  @inline(__always)
  func session<Result>(_ body: (GameSession) throws(SessionError) -> Result) throws(ScriptError) -> Result {
    let session = try unretainedSession()
    do throws(SessionError) {
      return try session.borrow(body)
    } catch {
      throw ScriptError(error.description)
    }
  }

  /// The object id that an argument is.
  @inline(__always)
  var objectID: UInt32 {
    UInt32(truncatingIfNeeded: Int64(exactly: number(2)) ?? 0)
  }

  /// The names of the running client's schema.
  func schema() throws(ScriptError) -> SchemaNames {
    guard let schema = try binding.schema else { throw ScriptError(NetworkError.noClient.description) }
    return schema
  }

  /// The object type that an argument names.
  func objectType(_ index: Int, _ schema: SchemaNames) throws(ScriptError) -> Int {
    if let name = name(index), let type = schema.object(name) { return type }
    let text = string(index)
    throw ScriptError(
      "argument \(index): the network config has no object type \"\(text)\""
        + suggestion(for: text, in: schema.config.objects.map(\.name)))
  }
}
