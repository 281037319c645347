import NetRuntime

/// `stingray.MultiplayerSession`: sessions of Xbox Live, by the ids that `Network` gives.
enum MultiplayerSessionNamespace {
  static let session = XboxParameter.session

  static var namespace: Namespace {
    Namespace(
      "MultiplayerSession",
      "A session of Xbox Live, by the id that `Network.create_multiplayer_session_host` and its kin give.",
      entries: [status, members, hostPeer, groupID, hasSessionChanged, leave, setClosed, keywords, setKeywords]
        + properties + matching + addresses + XboxInvitations.entries,
      constants: [
        constant("BROKEN", .broken, "It failed, or this user is in it no more; it can only be left and freed."),
        constant("READY", .ready, "This user is in it."),
        constant("SHUTDOWN", .shutdown, "It was left, and can be freed."),
        constant("WORKING", .working, "It is being made, entered or left."),
      ])
  }

  private static func constant(_ name: String, _ status: MultiplayerSession.Status, _ summary: String) -> Constant {
    Constant(name, Double(status.rawValue), summary)
  }

  private static var status: Entry {
    Entry(
      "status", [session], returns: ["integer"],
      summary: "How far a session has come: `WORKING`, `READY`, `SHUTDOWN` or `BROKEN`."
    ) { call throws(ScriptError) in
      let status = try call.xbox { client throws(XboxLiveError) in
        client.status(of: try client.session(call.integer(1)))
      }
      call.push(status.rawValue)
    }
  }

  private static var members: Entry {
    Entry(
      "members", [session], returns: ["session_member[]"],
      summary: """
        Everybody in it, in the order of joining: tables with `gamertag`, `peer` and `xbox_user_id`. Users of one \
        machine have the same `peer`.
        """
    ) { call throws(ScriptError) in
      let members = try call.xbox { client throws(XboxLiveError) in try client.session(call.integer(1)) }.members
      call.pushTable(array: members.count)
      for (index, member) in members.enumerated() {
        call.pushTable(fields: 3)
        call.setField("gamertag", member.name)
        call.setField("peer", member.peer)
        call.setField("xbox_user_id", member.player)
        call.setIndex(index + 1)
      }
    }
  }

  private static var hostPeer: Entry {
    Entry(
      "host_peer", [session], returns: ["string?"],
      summary: "The peer id of the session's host; nil while it is not known."
    ) { call throws(ScriptError) in
      call.push(try call.xbox { client throws(XboxLiveError) in try client.session(call.integer(1)) }.hostPeer)
    }
  }

  private static var groupID: Entry {
    Entry(
      "group_id", [session], returns: ["integer"],
      summary: "The group of a session: those of all users of this machine that are in the same one."
    ) { call throws(ScriptError) in
      call.push(try call.xbox { client throws(XboxLiveError) in try client.session(call.integer(1)) }.group)
    }
  }

  private static var hasSessionChanged: Entry {
    Entry(
      "has_session_changed", [session], returns: ["boolean"],
      summary: "Whether members, keywords, properties or anything else have changed since the last call."
    ) { call throws(ScriptError) in
      call.push(try call.xbox { client throws(XboxLiveError) in try client.session(call.integer(1)) }.takeChange())
    }
  }

  private static var leave: Entry {
    Entry(
      "leave", [session],
      summary: """
        Begins to leave a session; once its status is `SHUTDOWN` it can be freed with \
        `Network.free_multiplayer_session`.
        """
    ) { call throws(ScriptError) in
      let client = try call.xbox()
      let number = call.integer(1)
      guard let lobby = try call.xbox({ client throws(XboxLiveError) in try client.beginLeaving(number) }) else {
        return
      }
      try call.network { network throws(NetworkError) in try network.leave(lobby) }
      client.confirmLeaving(number)
    }
  }

  private static var setClosed: Entry {
    Entry(
      "set_closed", [session, Parameter("closed", .boolean)],
      summary: "Closes a session to everybody who is not in it, or opens it again; it has to be `READY`."
    ) { call throws(ScriptError) in
      try call.xbox { client throws(XboxLiveError) in try client.setClosed(call.integer(1), call.boolean(2)) }
    }
  }

  private static var keywords: Entry {
    Entry("keywords", [session], returns: ["string[]"], summary: "The session's keywords.") {
      call throws(ScriptError) in
      call.push(try call.xbox { client throws(XboxLiveError) in try client.session(call.integer(1)) }.keywords)
    }
  }

  private static var setKeywords: Entry {
    Entry(
      "set_keywords", [XboxParameter.user, session, XboxParameter.keywords],
      summary: """
        Replaces the keywords of a user's session, which has to be `READY`; left out, it has none any more. A keyword \
        is lower case and has 1 to 63 bytes.
        """
    ) { call throws(ScriptError) in
      let keywords = try call.strings(3, "session_keywords", limit: Limits.entryKeywords)
      try call.xbox { client throws(XboxLiveError) in
        try client.setKeywords(user: call.integer(1), call.integer(2), keywords)
      }
    }
  }
}
