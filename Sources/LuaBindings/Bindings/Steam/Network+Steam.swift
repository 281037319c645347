import NetRuntime

extension NetworkNamespace {
  static var steam: [Entry] {
    [
      initSteamClient, shutdownSteamClient, initSteamServer, shutdownSteamServer, createSteamLobby, joinSteamLobby,
      leaveSteamLobby, joinSteamServer, leaveSteamServer,
    ]
  }

  private static let config = Parameter("config", .string)

  private static var initSteamClient: Entry {
    Entry(
      "init_steam_client", [config], returns: ["SteamClient"],
      summary: """
        Starts networking on Steam, as the user, with the schema `config`.network_config. `Steam.connected` tells \
        before whether Steam is there.
        """
    ) { call throws(ScriptError) in
      let binding = try call.binding
      let handle = try binding.startSteam(call, .steamClient) { config throws(ScriptError) in
        let social = try call.social()
        binding.steam.client = try call.network { network throws(NetworkError) in
          try network.startSteamClient(config: config, social: social)
        }
      }
      call.push(handle: handle)
    }
  }

  private static var shutdownSteamClient: Entry {
    Entry(
      "shutdown_steam_client", [Parameter("client", .userdata(.steamClient))],
      summary: """
        Ends networking: leaves lobbies, servers and the session, and closes all connections. Every SteamPingThread \
        has to be destroyed before.
        """
    ) { call throws(ScriptError) in
      try call.endSteam(pingThreads: try call.steamClient().pingThreads)
    }
  }

  private static var initSteamServer: Entry {
    Entry(
      "init_steam_server",
      [config, Parameter("settings", .table, notation: "network_steam_server_settings")], returns: ["SteamGameServer"],
      summary: """
        Starts a game server on Steam with the schema `config`.network_config; it has a peer id of its own, and is in \
        the server browser once `SteamGameServer.state` is `CONNECTED`. `settings` needs `server_name` and \
        `max_players`.
        """
    ) { call throws(ScriptError) in
      let binding = try call.binding
      let fields = try call.fields(2)
      let settings: SteamServerSettings
      do throws(SteamSettingsError) {
        settings = try SteamServerSettings(fields)
      } catch {
        throw ScriptError("argument 2 (settings): \(error)")
      }
      let handle = try binding.startSteam(call, .steamGameServer) { config throws(ScriptError) in
        binding.steam.server = try call.network { network throws(NetworkError) in
          try network.startSteamServer(settings, config: config)
        }
      }
      call.push(handle: handle)
    }
  }

  private static var shutdownSteamServer: Entry {
    Entry(
      "shutdown_steam_server", [Parameter("server", .userdata(.steamGameServer))],
      summary: """
        Ends the server: its players are told, and it is in no browser any more. Every SteamPingThread has to be \
        destroyed before.
        """
    ) { call throws(ScriptError) in
      try call.endSteam(pingThreads: try call.steamServer().pingThreads)
    }
  }

  private static var createSteamLobby: Entry {
    Entry(
      "create_steam_lobby",
      [
        Parameter("type_lobby", .integer),
        Parameter("max_members", .integer, range: 1...Double(Limits.lobbyMembers)),
      ],
      returns: ["SteamLobby"],
      summary: """
        Makes a lobby with this peer as its host; it is `CREATING` until Steam has answered. The type is one of \
        `STEAM_LOBBY_PRIVATE`, `STEAM_LOBBY_FRIENDS_ONLY`, `STEAM_LOBBY_PUBLIC` and `STEAM_LOBBY_INVISIBLE`; \
        `max_members` counts the host.
        """
    ) { call throws(ScriptError) in
      let kind: SteamLobbyKind = try call.choice(
        1, "type_lobby", "one of Network.STEAM_LOBBY_PRIVATE, _FRIENDS_ONLY, _PUBLIC, _INVISIBLE")
      let lobby = try call.runningSteamClient().createLobby(kind, maximum: call.integer(2))
      call.push(handle: try call.binding.handles.handle(of: lobby, .steamLobby))
    }
  }

  private static var joinSteamLobby: Entry {
    Entry(
      "join_steam_lobby", [Parameter("lobby_id", .anyOf([.string, .integer]))], returns: ["SteamLobby"],
      summary: """
        Asks to enter the lobby with an id, a hexadecimal string as `SteamLobbyBrowser.lobby` and invitations give it; \
        `SteamLobby.state` tells what comes of it.
        """
    ) { call throws(ScriptError) in
      let client = try call.runningSteamClient()
      guard let id = call.readPeer(1), id != .nobody else {
        throw ScriptError("argument 1 (lobby_id): expected a lobby's id (hexadecimal string), got \(call.describe(1))")
      }
      let lobby = client.joinLobby(EntryID(rawValue: id.rawValue))
      call.push(handle: try call.binding.handles.handle(of: lobby, .steamLobby))
    }
  }

  private static var leaveSteamLobby: Entry {
    Entry(
      "leave_steam_lobby", [Parameter("lobby", .userdata(.steamLobby))],
      summary: """
        Leaves a lobby; where this peer hosts it, the member who joined first becomes its host, and with the last \
        member it is gone.
        """
    ) { call throws(ScriptError) in
      let lobby = try call.steamLobby()
      try call.network { network throws(NetworkError) in try network.leave(lobby) }
      try call.binding.handles.forget(lobby)
    }
  }

  private static var joinSteamServer: Entry {
    let password = Parameter("password", .string, optional: true)
    return Entry(
      "join_steam_server",
      signatures: [
        [Parameter("ip_address", .string), password],
        [Parameter("ip_address", .string), Parameter("port", .integer, range: 1...65535), password],
      ],
      returns: ["SteamGameServerLobby"],
      summary: """
        Asks to enter the server at an address and query port: "a.b.c.d:port", or both apart. \
        `SteamGameServerLobby.state` tells what comes of it.
        """,
      .call { call throws(ScriptError) in
        let client = try call.runningSteamClient()
        let (address, password) = try call.serverAddress()
        let lobby = client.joinServer(address, password: password.isEmpty ? nil : password)
        call.push(handle: try call.binding.handles.handle(of: lobby, .steamGameServerLobby))
      })
  }

  private static var leaveSteamServer: Entry {
    Entry(
      "leave_steam_server", [Parameter("server_lobby", .userdata(.steamGameServerLobby))],
      summary: "Leaves a server, which is told."
    ) { call throws(ScriptError) in
      let lobby = try call.steamServerLobby()
      let client = try call.runningSteamClient()
      try call.network { network throws(NetworkError) in try network.leave(lobby, of: client) }
      try call.binding.handles.forget(lobby)
    }
  }
}

extension Call {
  /// The server's address and the password that `join_steam_server` was given: a password alone may look like a port, so
  /// the address decides.
  fileprivate func serverAddress() throws(ScriptError) -> (Endpoint, Bytes) {
    let text = string(1)
    if let address = Endpoint(text), address.port != 0 {
      // A port behind one is the same, or a slip of the script's.
      let hasPort = count >= 3 && integer(2) == Int(address.port)
      return (address, optionalBytes(hasPort ? 3 : 2))
    }
    let port = integer(2)
    guard Endpoint("\(text):0") != nil else {
      throw ScriptError(
        "argument 1 (ip_address): expected \"a.b.c.d:port\" or \"a.b.c.d\", got \(describe(1))")
    }
    guard isNumber(2), let address = Endpoint("\(text):\(port)"), port != 0 else {
      throw ScriptError("argument 2 (port): expected integer 1 to 65535, got \(describe(2))")
    }
    return (address, optionalBytes(3))
  }

  /// Ends the client or server that runs.
  fileprivate func endSteam(pingThreads: SteamPingThreads) throws(ScriptError) {
    guard pingThreads.isEmpty else {
      throw ScriptError("a SteamPingThread is still there; call SteamPingThread.destroy first")
    }
    try network { network throws(NetworkError) in try network.stopClient() }
    let binding = try binding
    binding.steam.client?.end()
    binding.steam.client = nil
    binding.steam.server = nil
    binding.forgetClient()
  }
}

extension NetworkBinding {
  /// Starts a client or server of Steam, and gives the handle that stands for it.
  fileprivate func startSteam(
    _ call: Call, _ kind: UserdataKind, _ body: (NetworkConfig) throws(ScriptError) -> Void
  ) throws(ScriptError) -> Handle {
    guard network.steamSettings.isEnabled else {
      throw ScriptError("Steam is disabled: settings.ini has steam.enabled = false")
    }
    try start(config: call.string(1), body)
    let handle = handles.make(kind)
    handles.client = handle
    return handle
  }
}
