import NetRuntime

extension NetworkNamespace {
  static var xboxLive: [Entry] {
    [
      initXboxLiveClient, shutdownXboxLiveClient, xboxLiveClientExists, createMultiplayerSession,
      createMultiplayerSessionHost, createMultiplayerSessionClient, joinLocalMultiplayerSession,
      freeMultiplayerSession,
    ] + xboxLiveJobs + xboxLiveActivities + XboxInvitations.entries
  }

  private static let name = Parameter("session_name", .string)
  private static let template = Parameter("session_template_name", .string)

  private static var initXboxLiveClient: Entry {
    Entry(
      "init_xboxlive_client", [Parameter("config", .string)],
      summary: "Starts networking on Xbox Live with the schema `config`.network_config."
    ) { call throws(ScriptError) in
      let binding = try call.binding
      let client = try binding.start(.xboxLive, config: call.string(1))
      binding.consoles.xbox = XboxLiveClient(
        client, binding.network.platformSettings.xboxLive, users: try call.xboxUsers(),
        numbers: binding.consoles.numbers, now: binding.host.now, log: binding.host.log)
    }
  }

  private static var shutdownXboxLiveClient: Entry {
    Entry(
      "shutdown_xboxlive_client",
      summary: "Ends networking on Xbox Live: leaves all sessions, and closes all connections."
    ) { call throws(ScriptError) in
      _ = try call.xbox()
      try call.network { network throws(NetworkError) in try network.stopClient() }
      try call.binding.forgetClient()
    }
  }

  private static var xboxLiveClientExists: Entry {
    Entry("xboxlive_client_exists", returns: ["boolean"], summary: "Whether an Xbox Live client runs.") {
      call throws(ScriptError) in
      call.push(try call.binding.network.platform == .xboxLive)
    }
  }

  // MARK: Sessions

  private static var createMultiplayerSession: Entry {
    Entry(
      "create_multiplayer_session",
      [XboxParameter.user, name, template, Parameter("create_as_host", .boolean), XboxParameter.keywords],
      returns: ["integer"],
      summary: """
        Makes a session, or enters the one of that name when `create_as_host` is false. Outdated: \
        `create_multiplayer_session_host` and `create_multiplayer_session_client` do more.
        """
    ) { call throws(ScriptError) in
      var options = XboxLiveClient.HostOptions()
      options.keywords = try call.strings(5, "session_keywords", limit: Limits.entryKeywords)
      let isHost = call.boolean(4)
      let (user, name, template) = (call.integer(1), call.string(2), call.string(3))
      let session = try call.xbox { client throws(XboxLiveError) in
        isHost
          ? try client.createSession(user: user, name: name, template: template, options)
          : try client.joinSession(user: user, name: name, template: template)
      }
      call.push(session.number)
    }
  }

  private static var createMultiplayerSessionHost: Entry {
    Entry(
      "create_multiplayer_session_host",
      [
        XboxParameter.user, name, template, XboxParameter.keywords,
        Parameter("min_number_members", .integer, optional: true, range: 0...Double(Limits.lobbyMembers)),
        Parameter("max_number_members", .integer, optional: true, range: 0...Double(Limits.lobbyMembers)),
        XboxParameter.reservations,
      ],
      returns: ["integer"],
      summary: """
        Makes a session with a user as its host, and gives the id by which `MultiplayerSession` knows it; \
        `MultiplayerSession.status` tells how far it has come. The name is lower case, the template one of \
        settings.ini, and limits that are left out or 0 are the template's. With fewer than the minimum of members \
        the session does not become ready. Places are kept for the users reserved.
        """
    ) { call throws(ScriptError) in
      var options = XboxLiveClient.HostOptions()
      options.keywords = try call.strings(4, "session_keywords", limit: Limits.entryKeywords)
      options.minimumMembers = call.integer(5)
      options.maximumMembers = call.integer(6)
      options.reservations = try call.players(7, "xbox_user_id_member_reservation", limit: Limits.lobbyMembers)
      let (user, name, template) = (call.integer(1), call.string(2), call.string(3))
      let session = try call.xbox { client throws(XboxLiveError) in
        try client.createSession(user: user, name: name, template: template, options)
      }
      call.push(session.number)
    }
  }

  private static var createMultiplayerSessionClient: Entry {
    Entry(
      "create_multiplayer_session_client", [XboxParameter.user, name, template, XboxParameter.reservations],
      returns: ["integer"],
      summary: """
        Enters the session of a name and a template, and gives the id by which `MultiplayerSession` knows it; where \
        there is none, its status becomes `BROKEN`. Places are kept for the users reserved.
        """
    ) { call throws(ScriptError) in
      let reservations = try call.players(4, "xbox_user_id_member_reservation", limit: Limits.lobbyMembers)
      let (user, name, template) = (call.integer(1), call.string(2), call.string(3))
      let session = try call.xbox { client throws(XboxLiveError) in
        try client.joinSession(user: user, name: name, template: template, reservations: reservations)
      }
      call.push(session.number)
    }
  }

  private static var joinLocalMultiplayerSession: Entry {
    Entry(
      "join_local_multiplayer_session", [XboxParameter.user, XboxParameter.session], returns: ["integer"],
      summary: """
        Brings another user of this machine into a session that is `READY`, and gives the id of the session as that \
        user is in it; both are of one group.
        """
    ) { call throws(ScriptError) in
      let session = try call.xbox { client throws(XboxLiveError) in
        try client.joinLocalSession(user: call.integer(1), call.integer(2))
      }
      call.push(session.number)
    }
  }

  private static var freeMultiplayerSession: Entry {
    Entry(
      "free_multiplayer_session", [XboxParameter.session],
      summary: "Gives a session's id back; its status has to be `SHUTDOWN`."
    ) { call throws(ScriptError) in
      try call.xbox { client throws(XboxLiveError) in try client.free(call.integer(1)) }
    }
  }
}
