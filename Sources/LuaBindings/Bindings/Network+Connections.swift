import NetRuntime

extension NetworkNamespace {
  static var connections: [Entry] {
    [
      peerID, connectionList, hasConnection, isBroken, isUsed, ping, bufferLeft, fatalError, setExplicit,
      createConnection, destroyConnection,
    ]
  }

  private static let peer = Parameter("peer_id", .peer)

  private static var peerID: Entry {
    Entry(
      "peer_id", returns: ["string?"],
      summary: "This peer's id; nil before a client exists, and on PSN before a room was entered."
    ) {
      call throws(ScriptError) in
      call.push(try call.binding.network.shownPeerID)
    }
  }

  private static var connectionList: Entry {
    Entry(
      "connections", returns: ["string[]"],
      summary: "The peers that there is a connection to, broken ones among them until they are destroyed."
    ) { call throws(ScriptError) in
      call.push(try call.binding.network.connectedPeers)
    }
  }

  private static var hasConnection: Entry {
    Entry(
      "has_connection", [peer], returns: ["integer?"],
      summary: """
        The number of the connection to a peer, also of a broken one; nil when there is none. With explicit \
        connections, one that is still being made counts too.
        """
    ) { call throws(ScriptError) in
      let peer = call.peer(1)
      let link = try call.network { network throws(NetworkError) in try network.connection(to: peer) }
      guard let link else { return call.pushNil() }
      call.push(number(of: link))
    }
  }

  /// From 1, and another number for each connection.
  private static func number(of link: LinkID) -> Int {
    Int(link.generation) << 16 | Int(link.index) + 1
  }

  private static var setExplicit: Entry {
    Entry(
      "set_explicit_connections",
      summary: """
        Leaves the ends of connections to the script: lobbies still make them, but until the next client is shut down \
        none ends by itself, and `destroy_connection` does it once `is_used` gives false. To be called before the \
        client is started; it holds for that one client.
        """
    ) { call throws(ScriptError) in
      try call.network { network throws(NetworkError) in try network.setExplicitConnections() }
    }
  }

  private static var createConnection: Entry {
    Entry(
      "create_connection", [peer], returns: ["integer"],
      summary: """
        Connects to a peer that a lobby has shown, and gives the connection's number; what is sent to it meanwhile \
        waits. Only after `set_explicit_connections`, and only where `has_connection` gives nil.
        """
    ) { call throws(ScriptError) in
      let peer = call.peer(1)
      call.push(
        number(of: try call.network { network throws(NetworkError) in try network.createConnection(to: peer) }))
    }
  }

  private static var destroyConnection: Entry {
    Entry(
      "destroy_connection", [peer],
      summary: """
        Ends the connection to a peer, where there is one. It is an error while a lobby or the session uses it, which \
        `is_used` tells.
        """
    ) { call throws(ScriptError) in
      let peer = call.peer(1)
      try call.network { network throws(NetworkError) in try network.destroyConnection(to: peer) }
    }
  }

  private static var isBroken: Entry {
    Entry(
      "is_broken", [peer], returns: ["boolean"],
      summary: "Whether nothing can be sent to a peer any more; false for unknown peers."
    ) { call throws(ScriptError) in
      let peer = call.peer(1)
      call.push(try call.network { network throws(NetworkError) in try network.isBroken(peer) })
    }
  }

  private static var isUsed: Entry {
    Entry(
      "is_used", [peer], returns: ["boolean"],
      summary: "Whether a lobby or the game session uses the connection to a peer; false for unknown peers."
    ) { call throws(ScriptError) in
      let peer = call.peer(1)
      call.push(try call.network { network throws(NetworkError) in try network.isUsed(peer) })
    }
  }

  private static var ping: Entry {
    Entry(
      "ping", [Parameter("player_id", .peer)], returns: ["number"],
      summary: "The smoothed round-trip time to a peer in seconds; 0 without a connection."
    ) { call throws(ScriptError) in
      let peer = call.peer(1)
      call.push(try call.network { network throws(NetworkError) in try network.ping(peer) })
    }
  }

  private static var bufferLeft: Entry {
    Entry(
      "reliable_send_buffer_left", [peer], returns: ["number"],
      summary: "Bytes left for reliable messages to a peer; 0 where there is no such peer."
    ) { call throws(ScriptError) in
      let peer = call.peer(1)
      call.push(try call.network { network throws(NetworkError) in try network.reliableSendBufferLeft(peer) })
    }
  }

  private static var fatalError: Entry {
    Entry(
      "fatal_error", returns: ["boolean"],
      summary: "Whether the network is unusable for good: the game should shut it down and go offline."
    ) { call throws(ScriptError) in
      call.push(try call.binding.network.hasFailed)
    }
  }
}
