import NetRuntime

extension NetworkNamespace {
  static var lan: [Entry] { [initClient, shutdownClient, createLobby, joinLobby, leaveLobby] }

  private static var initClient: Entry {
    Entry(
      "init_lan_client",
      [
        Parameter("config", .string), Parameter("game_port", .integer, optional: true, range: 0...65535),
        Parameter("peer_id", .peer, optional: true, notation: "any(string,integer)?"),
      ],
      returns: ["LanClient"],
      summary: """
        Starts networking on the local network with the schema `config`.network_config. `game_port` is a UDP port of \
        this machine; left out or 0, a free one is taken. `peer_id` is what others know this peer by; left out, it \
        is random.
        """
    ) { call throws(ScriptError) in
      let binding = try call.binding
      if !call.isNil(3), call.peer(3) == .nobody {
        throw ScriptError("argument 3 (peer_id): \"0\" stands for nobody; expected another peer id")
      }
      if binding.network.replay != nil { throw ScriptError(NetworkError.replaying.description) }
      if let running = binding.network.platform { throw ScriptError(NetworkError.clientRunning(running).description) }
      let config = try binding.host.loadConfig(call.string(1))
      try binding.adopt(config)
      try call.network { network throws(NetworkError) in
        try network.startLAN(
          config: config, gamePort: UInt16(clamping: call.integer(2)), peer: call.isNil(3) ? nil : call.peer(3))
      }
      let handle = binding.handles.make(.lanClient)
      binding.handles.client = handle
      binding.isRunning = true
      binding.pointMessages(to: binding.schema)
      call.push(handle: handle)
    }
  }

  private static var shutdownClient: Entry {
    Entry(
      "shutdown_lan_client", [Parameter("client", .userdata(.lanClient))],
      summary: "Ends networking: leaves the lobby and the session, and closes all connections."
    ) { call throws(ScriptError) in
      let binding = try call.binding
      try binding.checkClient(call, 1)
      try call.network { network throws(NetworkError) in try network.stopClient() }
      binding.forgetClient()
    }
  }

  private static var createLobby: Entry {
    Entry(
      "create_lan_lobby",
      [Parameter("lobby_port", .integer, range: 1...65535), Parameter("max_members", .integer, range: 1...64)],
      returns: ["LanLobby"],
      summary: """
        Opens a lobby with this peer as its host, on a UDP port that browsers know and that is not the game port. \
        `max_members` counts the host. Where the port is taken, the lobby is in state `FAILED`.
        """
    ) { call throws(ScriptError) in
      let lobby = try call.network { network throws(NetworkError) in
        try network.createLobby(port: UInt16(clamping: call.integer(1)), maxMembers: call.integer(2))
      }
      call.push(handle: try call.binding.handles.handle(of: lobby))
    }
  }

  private static var joinLobby: Entry {
    Entry(
      "join_lan_lobby",
      [Parameter("address", .string), Parameter("lobby_port", .integer, optional: true, range: 0...65535)],
      returns: ["LanLobby"],
      summary: """
        Asks to enter the lobby at `address`, "ip:port" as a browser gives it; `LanLobby.state` tells what comes of \
        it. `lobby_port` is this peer's own lobby port for the time when it becomes the lobby's host; left out or 0, \
        a free one is taken.
        """
    ) { call throws(ScriptError) in
      let address = call.string(1)
      guard let endpoint = Endpoint(address), endpoint.port != 0 else {
        throw ScriptError(
          "argument 1 (address): expected \"ip:port\" such as \"192.168.0.5:10003\", got \(call.describe(1))")
      }
      let port = UInt16(clamping: call.integer(2))
      let lobby = try call.network { network throws(NetworkError) in
        try network.joinLobby(address: endpoint.description, ownPort: port == 0 ? nil : port)
      }
      call.push(handle: try call.binding.handles.handle(of: lobby))
    }
  }

  private static var leaveLobby: Entry {
    Entry(
      "leave_lan_lobby", [Parameter("lobby", .userdata(.lanLobby))],
      summary: "Leaves a lobby; where this peer hosts it, the member who joined first becomes its host."
    ) { call throws(ScriptError) in
      let lobby = try call.lobby()
      let binding = try call.binding
      try call.network { network throws(NetworkError) in try network.leaveLobby(lobby) }
      binding.handles.forget(lobby)
    }
  }
}

extension NetworkBinding {
  /// Makes a schema's names known, and its messages functions of `RPC`.
  func adopt(_ config: NetworkConfig) throws(ScriptError) {
    let names = try SchemaNames(config, in: lua)
    try publishMessages(of: names, instead: schema)
    take(names)
  }

  func forgetClient() {
    consoles.forgetClient()
    // A replay goes on without the client.
    if network.replay != nil { return handles.forgetClient() }
    isRunning = false
    pointMessages(to: nil)
    handles.forgetClient()
    hold(nil, as: nil)
  }
}
