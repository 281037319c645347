import NetRuntime

/// `stingray.SteamGameServer`: this process as a game server on Steam.
enum SteamGameServerNamespace {
  private static let me = Parameter("self", .userdata(.steamGameServer))
  private static let key = Parameter("key", .string)

  static var namespace: Namespace {
    Namespace(
      "SteamGameServer", "This program as a game server on Steam: what `Network.init_steam_server` gives.",
      kind: .steamGameServer,
      entries: [
        appID, state, members, name, removeMember, data, setData, setMap, setGameTags, setServerName, setScore,
        runCallbacks,
      ],
      constants: [
        Constant("CONNECTING", Double(SteamGameServer.State.connecting.rawValue), "Steam has not answered yet."),
        Constant("CONNECTED", Double(SteamGameServer.State.connected.rawValue), "The server is in the browsers."),
        Constant("DISCONNECTED", Double(SteamGameServer.State.disconnected.rawValue), "Steam cannot be reached."),
      ],
      metamethods: [handleText("SteamGameServer", .steamGameServer)])
  }

  private static var appID: Entry {
    Entry("app_id", returns: ["integer"], summary: "The app id of the game that the server runs.") {
      call throws(ScriptError) in
      call.push(try call.binding.network.steamSettings.appID)
    }
  }

  private static var state: Entry {
    Entry(
      "state", [me], returns: ["integer"],
      summary: "How the server stands with Steam: `CONNECTING`, `CONNECTED` or `DISCONNECTED`."
    ) { call throws(ScriptError) in
      call.push(try call.steamServer().state.rawValue)
    }
  }

  private static var members: Entry {
    Entry(
      "members", [me], returns: ["string[]"],
      summary: "The peer ids of the players that are there and connected, in the order in which they came."
    ) { call throws(ScriptError) in
      call.push(try call.steamServer().members)
    }
  }

  private static var name: Entry {
    Entry(
      "name", [me, Parameter("peer", .peer)], returns: ["string"],
      summary: "A player's name; \"\" for who is not on the server."
    ) { call throws(ScriptError) in
      call.push(try call.steamServer().name(call.peer(2)))
    }
  }

  private static var removeMember: Entry {
    Entry(
      "remove_member", [me, Parameter("player", .peer)],
      summary: """
        Puts a player out, who may come back; `server_member_kicked` follows. Of who is not there it changes nothing and \
        warns.
        """
    ) { call throws(ScriptError) in
      try call.steamServer().remove(call.peer(2))
    }
  }

  private static var data: Entry {
    Entry(
      "data", [me, key], returns: ["string"],
      summary: "What `set_data` has set under a key; \"\" where nothing was set."
    ) { call throws(ScriptError) in
      call.push(try call.steamServer().data(call.keyBytes(2)))
    }
  }

  private static var setData: Entry {
    Entry(
      "set_data",
      signatures: [
        [me, Parameter("value", .table)], [me, key, Parameter("value", .string)],
      ],
      summary: """
        Sets texts that players and browsers can fetch: one under a key, or all of a table by their keys. Keys that begin \
        with `__steam.` are the platform's.
        """,
      .call { call throws(ScriptError) in
        let server = try call.steamServer()
        if call.signature == 1 {
          return try call.steam { () throws(SteamServerError) in
            try server.setData(call.keyBytes(2), to: call.keyBytes(3))
          }
        }
        for (key, value) in try call.texts(2) {
          try call.steam { () throws(SteamServerError) in try server.setData(key, to: value) }
        }
      })
  }

  private static var setMap: Entry {
    Entry("set_map", [me, Parameter("map", .string)], summary: "Sets the map's name that browsers show.") {
      call throws(ScriptError) in
      let server = try call.steamServer()
      try call.steam { () throws(SteamServerError) in try server.setMap(call.keyBytes(2)) }
    }
  }

  private static var setGameTags: Entry {
    Entry(
      "set_game_tags", [me, Parameter("tags", .string)],
      summary: "Sets words, separated by commas, that browsers show and filter by: 128 bytes at most."
    ) { call throws(ScriptError) in
      let server = try call.steamServer()
      try call.steam { () throws(SteamServerError) in try server.setTags(call.keyBytes(2)) }
    }
  }

  private static var setServerName: Entry {
    Entry("set_server_name", [me, Parameter("name", .string)], summary: "Sets the server's name that browsers show.") {
      call throws(ScriptError) in
      let server = try call.steamServer()
      try call.steam { () throws(SteamServerError) in try server.setName(call.keyBytes(2)) }
    }
  }

  private static var setScore: Entry {
    Entry(
      "set_score", [me, Parameter("peer", .peer), Parameter("score", .integer)],
      summary: """
        Sets the score that browsers show for a player. Of who is not there it changes nothing and warns.
        """
    ) { call throws(ScriptError) in
      try call.steamServer().setScore(Int64(call.integer(3)), of: call.peer(2))
    }
  }

  private static var runCallbacks: Entry {
    Entry(
      "run_callbacks", signatures: [[me, Parameter("callback_object", .callbacks)]],
      summary: """
        Hands out what happened to the server since the last call: `server_member_added(peer)`, \
        `server_member_kicked(peer)`, `server_disconnected()`. Two more need no handler: \
        `server_slot_allocation_request(reserver, peers, invitee)`, which refuses the place by returning false, and \
        `server_slot_expired(peer)`, when a player got a place and never connected.
        """,
      .dispatch(
        Entry.Dispatch(
          callbackObject: 2,
          begin: { call throws(ScriptError) in
            _ = try call.steamServer()
            let binding = try call.binding
            try binding.internServerEvents()
            binding.dispatches += 1
          },
          next: { call throws(ScriptError) in try call.binding.stageServerEvent(call) },
          finish: { call throws(ScriptError) in
            let binding = try call.binding
            binding.steam.asking = nil
            binding.dispatches -= 1
          })))
  }
}

/// The names of a server's events.
struct SteamServerEventNames {
  let memberAdded, memberKicked, disconnected, slotRequest, slotExpired: Name

  init(_ lua: LuaState) throws(ScriptError) {
    let names = try lua.intern([
      "server_member_added", "server_member_kicked", "server_disconnected", "server_slot_allocation_request",
      "server_slot_expired",
    ])
    memberAdded = names[0]
    memberKicked = names[1]
    disconnected = names[2]
    slotRequest = names[3]
    slotExpired = names[4]
  }
}

extension NetworkBinding {
  fileprivate func internServerEvents() throws(ScriptError) {
    if steam.events == nil { steam.events = try SteamServerEventNames(lua) }
  }

  /// Stages the server's next event; false when there is none.
  fileprivate func stageServerEvent(_ call: Call) throws(ScriptError) -> Bool {
    guard let server = steam.server, let names = steam.events else { return false }
    if let peer = steam.asking {
      steam.asking = nil
      if call.answer == false { server.refuse(peer) }
    }
    guard let event = server.nextEvent() else { return false }
    switch event {
    case .memberAdded(let peer):
      call.event(names.memberAdded)
      call.push(peer)
    case .memberKicked(let peer):
      call.event(names.memberKicked)
      call.push(peer)
    case .disconnected: call.event(names.disconnected)
    case .slotRequested(let reserver, let peers, let invitee):
      steam.asking = reserver
      call.question(names.slotRequest)
      call.push(reserver)
      call.push(peers)
      call.push(invitee)
    case .slotExpired(let peer):
      call.question(names.slotExpired)
      call.push(peer)
    }
    return true
  }
}

extension Call {
  /// A table's fields as texts.
  fileprivate func texts(_ index: Int) throws(ScriptError) -> [(Bytes, Bytes)] {
    var texts: [(Bytes, Bytes)] = []
    for (name, value) in try fields(index) {
      switch value {
      case .text(let text): texts.append((Bytes(name), text))
      case .number(let number): texts.append((Bytes(name), Bytes(LuaState.text(of: number))))
      default: throw ScriptError("argument \(index) (value): \(name): expected string, got \(value.description)")
      }
    }
    return texts
  }
}
