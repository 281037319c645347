import CLua
import NetRuntime

/// What scripts hold of Steam; nil where it is not running.
struct SteamFaces {
  var client: SteamClient?
  var server: SteamGameServer?
  /// There from its first use to the program's end.
  var social: SteamSocial?
  /// Of the server; there from its first use.
  var events: SteamServerEventNames?
  /// Who asks for a place on the server, until the script has answered.
  var asking: PeerID?
}

extension Call {
  /// The client that an argument stands for.
  func steamClient(_ index: Int = 1) throws(ScriptError) -> SteamClient {
    let binding = try binding
    guard let number = handle(index, .steamClient), number == binding.handles.client?.number,
      let client = binding.steam.client
    else { throw ScriptError("this SteamClient was shut down; it cannot be used any more") }
    return client
  }

  /// The server that an argument stands for.
  func steamServer(_ index: Int = 1) throws(ScriptError) -> SteamGameServer {
    let binding = try binding
    guard let number = handle(index, .steamGameServer), number == binding.handles.client?.number,
      let server = binding.steam.server
    else { throw ScriptError("this SteamGameServer was shut down; it cannot be used any more") }
    return server
  }

  /// The client that runs, which has to be one of Steam.
  func runningSteamClient() throws(ScriptError) -> SteamClient {
    let client = try binding.steam.client
    _ = try network { network throws(NetworkError) in try network.platformClient(.steam) }
    guard let client else { throw ScriptError(NetworkError.noPlatformClient(.steam).description) }
    return client
  }

  func steamLobby(_ index: Int = 1) throws(ScriptError) -> PlatformLobby {
    try object(index, .steamLobby, "this SteamLobby was left; it cannot be used any more")
  }

  func steamServerLobby(_ index: Int = 1) throws(ScriptError) -> SteamGameServerLobby {
    try object(index, .steamGameServerLobby, "this SteamGameServerLobby was left; it cannot be used any more")
  }

  func steamLobbyBrowser() throws(ScriptError) -> SteamLobbyBrowser {
    try object(
      1, .steamLobbyBrowser, "the client of this SteamLobbyBrowser was shut down; it cannot be used any more")
  }

  func steamServerBrowser() throws(ScriptError) -> SteamServerBrowser {
    try object(
      1, .steamServerBrowser, "the client of this SteamServerBrowser was shut down; it cannot be used any more")
  }

  func steamPingThread() throws(ScriptError) -> SteamPingThread {
    try object(1, .steamPingThread, "this SteamPingThread was destroyed; it cannot be used any more")
  }

  /// The object that an argument's handle stands for.
  private func object<Object: AnyObject>(
    _ index: Int, _ kind: UserdataKind, _ gone: String
  ) throws(ScriptError) -> Object {
    guard let number = handle(index, kind), let object = try binding.handles.object(number) as? Object else {
      throw ScriptError(gone)
    }
    return object
  }

  /// The user's friends and what they play; starts the online service where it does not run yet.
  func social() throws(ScriptError) -> SteamSocial {
    let binding = try binding
    if let social = binding.steam.social { return social }
    let social = try network { network throws(NetworkError) in try network.steamSocial() }
    binding.steam.social = social
    return social
  }

  /// What a face may refuse.
  func steam<Problem: Error & CustomStringConvertible>(
    _ body: () throws(Problem) -> Void
  ) throws(ScriptError) {
    do throws(Problem) {
      try body()
    } catch {
      throw ScriptError(error.description)
    }
  }

  func keyBytes(_ index: Int) -> Bytes { Bytes(stringBytes(index)) }

  /// Empty for nil or nothing.
  func optionalBytes(_ index: Int) -> Bytes { isNil(index) ? "" : keyBytes(index) }

  /// The place in a list that an index of a script means, from 0.
  /// - Parameters:
  ///   - name: The parameter's.
  ///   - nothing: What is said where the list is empty.
  func place(_ index: Int, _ name: String, in count: Int, nothing: String) throws(ScriptError) -> Int {
    let first = lua.indexOffset
    let place = integer(index) - first
    guard place >= 0, place < count else {
      let range = count == 0 ? nothing : "expected \(first) to \(count - 1 + first)"
      throw ScriptError("argument \(index) (\(name)): \(range), got \(describe(index))")
    }
    return place
  }

  /// The case that an integer argument is the number of.
  /// - Parameter expectation: Names the constants.
  func choice<Value: RawRepresentable<Int>>(
    _ index: Int, _ name: String, _ expectation: String
  ) throws(ScriptError) -> Value {
    guard let value = Value(rawValue: integer(index)) else {
      throw ScriptError("argument \(index) (\(name)): expected \(expectation), got \(describe(index))")
    }
    return value
  }

  /// The fields of a table, by name.
  func fields(_ index: Int) throws(ScriptError) -> [(name: String, value: SteamServerSettings.Value)] {
    let table = Int32(truncatingIfNeeded: index)
    var fields: [(name: String, value: SteamServerSettings.Value)] = []
    let top = lua_gettop(state)
    defer { lua_settop(state, top) }
    lua_pushnil(state)
    while lua_next(state, table) != 0 {
      guard let key = bytes(Int(top) + 1) else {
        throw ScriptError("argument \(index): expected names as keys, got \(describe(Int(top) + 1))")
      }
      fields.append((String(decoding: key, as: UTF8.self), value(Int(top) + 2)))
      lua_settop(state, top + 1)
    }
    return fields.sorted { $0.name < $1.name }
  }

  private func value(_ index: Int) -> SteamServerSettings.Value {
    switch type(index) {
    case LUA_TBOOLEAN: .boolean(boolean(index))
    case LUA_TNUMBER: .number(number(index))
    case LUA_TSTRING: .text(keyBytes(index))
    default: .other(describe(index))
    }
  }
}
