import NetRuntime

extension NetworkNamespace {
  static var session: [Entry] { [createSession, gameSession, shutdownSession] }

  private static var createSession: Entry {
    Entry(
      "create_game_session", returns: ["GameSession"],
      summary: """
        Creates the game session: on the host when it starts the game, on a client when it drops in. There is one at \
        most.
        """
    ) { call throws(ScriptError) in
      let binding = try call.binding
      let session = try call.network { network throws(NetworkError) in try network.createSession() }
      let handle = binding.handles.make(.gameSession)
      binding.hold(session, as: handle)
      call.push(handle: handle)
    }
  }

  private static var gameSession: Entry {
    Entry("game_session", returns: ["GameSession?"], summary: "The game session; nil while there is none.") {
      call throws(ScriptError) in
      if let handle = try call.binding.handles.session { call.push(handle: handle) } else { call.pushNil() }
    }
  }

  private static var shutdownSession: Entry {
    Entry("shutdown_game_session", summary: "Ends the game session for this peer, if there is one.") {
      call throws(ScriptError) in
      let binding = try call.binding
      // The session of a replay ends with it.
      if binding.network.replay != nil { return }
      binding.network.endSession()
      binding.hold(nil, as: nil)
    }
  }
}
