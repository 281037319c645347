import NetRuntime

/// `stingray.SteamGameServerLobby`: a player's place on a game server.
enum SteamGameServerLobbyNamespace {
  private static let me = Parameter("self", .userdata(.steamGameServerLobby))

  static var namespace: Namespace {
    Namespace(
      "SteamGameServerLobby", "This peer's place on a game server on Steam.", kind: .steamGameServerLobby,
      entries: [
        state, failReason, members, gameSessionHost, serverName, gameDescription, version, data, requestData,
        autoUpdateData,
      ],
      constants: [
        Constant("JOINING", Double(LobbyState.joining.rawValue), "This peer has no place yet."),
        Constant("JOINED", Double(LobbyState.joined.rawValue), "This peer has a place, and the server knows it."),
        Constant("FAILED", Double(LobbyState.failed.rawValue), "This peer has no place, and will not get one."),
        Constant(
          "SERVER_IS_FULL", Double(SteamGameServerLobby.FailReason.serverIsFull.rawValue), "There was no place left."),
        Constant(
          "TIMEOUT", Double(SteamGameServerLobby.FailReason.timeout.rawValue), "No server answered at the address."),
      ],
      metamethods: [handleText("SteamGameServerLobby", .steamGameServerLobby)])
  }

  private static var state: Entry {
    Entry(
      "state", [me], returns: ["integer"],
      summary: "How far this peer has come: `JOINING`, `JOINED` or `FAILED`; it can fail after it was joined."
    ) { call throws(ScriptError) in
      call.push(try call.steamServerLobby().state.rawValue)
    }
  }

  private static var failReason: Entry {
    Entry(
      "fail_reason", [me], returns: ["integer"],
      summary: """
        Why the state is `FAILED`: `SERVER_IS_FULL`, `TIMEOUT`, or 0 for anything else, such as a wrong password or being \
        put out; 0 before that, too.
        """
    ) { call throws(ScriptError) in
      call.push(try call.steamServerLobby().failReason.rawValue)
    }
  }

  private static var members: Entry {
    Entry(
      "members", [me], returns: ["string[]"],
      summary: "The peer ids of the players on the server, in the order in which they came; empty until `JOINED`."
    ) { call throws(ScriptError) in
      call.push(try call.steamServerLobby().members)
    }
  }

  private static var gameSessionHost: Entry {
    Entry(
      "game_session_host", [me], returns: ["string"], summary: "The server's peer id; \"0\" until `JOINED`."
    ) { call throws(ScriptError) in
      call.push(try call.steamServerLobby().gameSessionHost)
    }
  }

  private static var serverName: Entry {
    text("server_name", "The server's name; \"\" while it is not known.") { $0.serverName }
  }

  private static var gameDescription: Entry {
    text("game_description", "What the server says of its game; \"\" while it is not known.") { $0.gameDescription }
  }

  private static var version: Entry {
    text("version", "The version that the server started with; \"\" while it is not known.") { $0.version }
  }

  private static func text(_ name: String, _ summary: String, _ read: @escaping (SteamGameServerLobby) -> Bytes)
    -> Entry
  {
    Entry(name, [me], returns: ["string"], summary: summary) { call throws(ScriptError) in
      call.push(read(try call.steamServerLobby()))
    }
  }

  private static var data: Entry {
    Entry(
      "data", [me, Parameter("key", .string)], returns: ["string?"],
      summary: """
        What the server has set under a key, as `request_data` or `auto_update_data` fetched it; nil before that, and \
        where nothing was set.
        """
    ) { call throws(ScriptError) in
      call.push(try call.steamServerLobby().data(call.keyBytes(2)))
    }
  }

  private static var requestData: Entry {
    Entry("request_data", [me], summary: "Fetches the server's data once; `data` gives it some frames later.") {
      call throws(ScriptError) in
      try call.steamServerLobby().requestData()
    }
  }

  private static var autoUpdateData: Entry {
    Entry("auto_update_data", [me], summary: "Keeps what `data` gives up to date from now on.") {
      call throws(ScriptError) in
      try call.steamServerLobby().autoUpdateData()
    }
  }
}
