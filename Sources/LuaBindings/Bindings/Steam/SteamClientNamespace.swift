import NetRuntime

/// `stingray.SteamClient`: the peer on Steam.
enum SteamClientNamespace {
  private static let me = Parameter("self", .userdata(.steamClient))

  static var namespace: Namespace {
    Namespace(
      "SteamClient", "This peer on Steam: what `Network.init_steam_client` gives.", kind: .steamClient,
      entries: [lobbyBrowser, serverBrowser], metamethods: [handleText("SteamClient", .steamClient)])
  }

  private static var lobbyBrowser: Entry {
    Entry(
      "lobby_browser", [me], returns: ["SteamLobbyBrowser"],
      summary: "The browser that finds lobbies on Steam: the same one each time."
    ) { call throws(ScriptError) in
      let client = try call.steamClient()
      call.push(handle: try call.binding.handles.handle(of: client.lobbyBrowser, .steamLobbyBrowser))
    }
  }

  private static var serverBrowser: Entry {
    Entry(
      "server_browser", [me], returns: ["SteamServerBrowser"],
      summary: "The browser that finds game servers on Steam: the same one each time."
    ) { call throws(ScriptError) in
      let client = try call.steamClient()
      call.push(handle: try call.binding.handles.handle(of: client.serverBrowser, .steamServerBrowser))
    }
  }
}

/// `stingray.SteamPingThread`.
enum SteamPingThreadNamespace {
  private static let me = Parameter("self", .userdata(.steamPingThread))
  private static let peer = Parameter("peer_id", .peer)

  static var namespace: Namespace {
    Namespace(
      "SteamPingThread", "Measures the ways to peers by datagrams of its own, apart from the connections.",
      kind: .steamPingThread, entries: [addPeer, removePeer, ping, destroy], constructor: make,
      metamethods: [handleText("SteamPingThread", .steamPingThread)])
  }

  private static var make: Entry {
    Entry(
      "SteamPingThread", [Parameter("connect", .anyOf([.userdata(.steamClient), .userdata(.steamGameServer)]))],
      returns: ["SteamPingThread"],
      summary: "Starts to measure for a client or server, which cannot be shut down before `destroy` is called."
    ) { call throws(ScriptError) in
      let threads =
        call.kind(1) == .steamClient ? try call.steamClient().pingThreads : try call.steamServer().pingThreads
      call.push(handle: try call.binding.handles.handle(of: threads.make(), .steamPingThread))
    }
  }

  private static var addPeer: Entry {
    Entry("add_peer", [me, peer], summary: "Measures the way to a connected peer from now on, once a second.") {
      call throws(ScriptError) in
      try call.steamPingThread().add(call.peer(2))
    }
  }

  private static var removePeer: Entry {
    Entry("remove_peer", [me, peer], summary: "Measures the way to a peer no more.") { call throws(ScriptError) in
      try call.steamPingThread().remove(call.peer(2))
    }
  }

  private static var ping: Entry {
    Entry(
      "ping", [me, peer], returns: ["number"],
      summary: """
        Seconds to a peer and back, as measured last; 0 while nothing was, and for peers that were not added. Less \
        than `Network.ping`, which is smoothed and waits for the connections' turn.
        """
    ) { call throws(ScriptError) in
      call.push(try call.steamPingThread().ping(call.peer(2)))
    }
  }

  private static var destroy: Entry {
    Entry("destroy", [me], summary: "Ends it; to be called before the client or server is shut down.") {
      call throws(ScriptError) in
      let thread = try call.steamPingThread()
      let binding = try call.binding
      binding.steam.client?.pingThreads.destroy(thread)
      binding.steam.server?.pingThreads.destroy(thread)
      binding.handles.forget(thread)
    }
  }
}
