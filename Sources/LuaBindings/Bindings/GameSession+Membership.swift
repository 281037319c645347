import NetRuntime

extension GameSessionNamespace {
  static var hosting: [Entry] {
    [makeHost, addPeer, removePeer, shutdownHost, wantsToLeave, brokenConnection]
  }

  static var membership: [Entry] {
    [leave, disconnect, inSession, host, hostError, migrateHost] + [
      list("peers", "The peer ids of all members, this peer among them.") { $0.peers },
      list("other_peers", "The peer ids of all members but this peer.") { $0.otherPeers },
      list("synchronized_peers", "The other members that have all objects: messages may speak of objects to them.") {
        $0.synchronizedPeers
      },
      list("synchronizing_peers", "The members that still receive the objects that were there before them.") {
        $0.synchronizingPeers
      },
    ]
  }

  private static func list(
    _ name: String, _ summary: String, _ peers: @escaping (GameSession) -> [PeerID]
  ) -> Entry {
    Entry(name, [me], returns: ["string[]"], summary: summary) { call throws(ScriptError) in
      call.push(peers(try call.session()))
    }
  }

  private static var makeHost: Entry {
    Entry(
      "make_game_session_host", [me],
      summary: "Makes this peer the session's host; the lobby's members are told by `LanLobby.set_game_session_host`."
    ) { call throws(ScriptError) in
      try call.session { session throws(SessionError) in try session.makeHost() }
    }
  }

  private static var addPeer: Entry {
    Entry(
      "add_peer", [me, peer],
      summary: """
        Host: takes a connected peer into the session and sends it all objects; `game_object_sync_done` tells when \
        it has them.
        """
    ) { call throws(ScriptError) in
      try call.session { session throws(SessionError) in try session.addPeer(call.peer(2)) }
    }
  }

  private static var removePeer: Entry {
    Entry(
      "remove_peer", signatures: [[me, peer, Parameter("callback_object", .callbacks)]],
      summary: """
        Host: puts a peer out of the session. Its objects end everywhere; here `game_object_destroyed` is called for \
        each before this returns.
        """,
      .dispatch(
        Entry.Dispatch(
          callbackObject: 3,
          begin: { call throws(ScriptError) in
            try call.session { session throws(SessionError) in try session.removePeer(call.peer(2)) }
            try call.binding.dispatches += 1
          },
          next: { call throws(ScriptError) in
            let binding = try call.binding
            guard let event = binding.network.session?.nextRemovalEvent() else { return false }
            binding.stage(event, call)
            return true
          },
          finish: { call throws(ScriptError) in try call.binding.dispatches -= 1 })))
  }

  private static var shutdownHost: Entry {
    Entry(
      "shutdown_game_session_host", [me],
      summary: "Host: ends the session for everybody; the others get `game_session_disconnect`."
    ) { call throws(ScriptError) in
      try call.session { session throws(SessionError) in try session.shutdownHost() }
    }
  }

  private static var wantsToLeave: Entry {
    Entry(
      "wants_to_leave", [me], returns: ["string?"],
      summary: "Host: a peer that asked to leave, until `remove_peer` lets it go; nil when there is none."
    ) { call throws(ScriptError) in
      call.push(try call.session().wantsToLeave)
    }
  }

  private static var brokenConnection: Entry {
    Entry(
      "broken_connection", [me], returns: ["string?"],
      summary: "Host: a member whose connection is broken, until `remove_peer` takes it out; nil when there is none."
    ) { call throws(ScriptError) in
      call.push(try call.session().brokenConnection)
    }
  }

  private static var leave: Entry {
    Entry(
      "leave", [me], summary: "Client: asks the host to be let go; `in_session` is false once it has."
    ) { call throws(ScriptError) in
      try call.session { session throws(SessionError) in try session.leave() }
    }
  }

  private static var disconnect: Entry {
    Entry(
      "disconnect_from_host", [me], summary: "Client: drops out of the session at once, without the host's doing."
    ) { call throws(ScriptError) in
      try call.session { session throws(SessionError) in try session.disconnectFromHost() }
    }
  }

  private static var inSession: Entry {
    Entry(
      "in_session", [me], returns: ["boolean"],
      summary: """
        Whether this peer is a member: as host at once, as client from when the host has added it until it is let \
        go.
        """
    ) { call throws(ScriptError) in
      call.push(try call.session().isInSession)
    }
  }

  private static var host: Entry {
    Entry(
      "game_session_host", [me], returns: ["string?"], summary: "The session host's peer id; nil while not known."
    ) { call throws(ScriptError) in
      call.push(try call.session().host)
    }
  }

  private static var migrateHost: Entry {
    Entry(
      "migrate_game_session_host", [me],
      summary: """
        Client whose `host_error` is true: offers to take over the session. Of those that call this the one with the \
        lowest peer id becomes the host and gets the old one's objects by `game_object_migrated_to_me`; \
        `game_session_host` names it, and the others get a warning.
        """
    ) { call throws(ScriptError) in
      try call.session { session throws(SessionError) in try session.migrateHost() }
    }
  }

  private static var hostError: Entry {
    Entry("host_error", [me], returns: ["boolean"], summary: "Whether the connection to the session host is lost.") {
      call throws(ScriptError) in
      call.push(try call.session().hostError)
    }
  }
}
