import NetRuntime

extension NetworkNamespace {
  static var xboxLiveActivities: [Entry] {
    [
      setActivity, clearActivity, clearActivityStatus, getActivityDetails, getActivityDetailsStatus,
      getActivityDetailsResult, freeGetActivityDetails,
    ]
  }

  private static var setActivity: Entry {
    Entry(
      "set_activity", [XboxParameter.user, XboxParameter.session],
      summary:
        "Shows others that a user plays in a session of its own, which has to be `READY`, so that they can follow."
    ) { call throws(ScriptError) in
      try call.xbox { client throws(XboxLiveError) in try client.setActivity(user: call.integer(1), call.integer(2)) }
    }
  }

  private static var clearActivity: Entry {
    Entry("clear_activity", [XboxParameter.user], summary: "Shows others nothing of what a user plays any more.") {
      call throws(ScriptError) in
      try call.xbox { client throws(XboxLiveError) in try client.clearActivity(user: call.integer(1)) }
    }
  }

  private static var clearActivityStatus: Entry {
    Entry(
      "clear_activity_status", [XboxParameter.user], returns: ["integer"],
      summary: "How far the last `clear_activity` of a user has come: a `SessionJobStatus`. It needs no freeing."
    ) { call throws(ScriptError) in
      call.push(
        try call.xbox { client throws(XboxLiveError) in try client.clearActivityStatus(user: call.integer(1)) }
          .rawValue)
    }
  }

  private static var getActivityDetails: Entry {
    Entry(
      "get_activity_details",
      [XboxParameter.user, Parameter("xuids", .table, notation: "string[]")], returns: ["integer"],
      summary: """
        Asks what other users play in this game, by their `xbox_user_id`, and gives a lookup's id, which has to be \
        freed.
        """
    ) { call throws(ScriptError) in
      let players = try call.players(2, "xuids", limit: Limits.askedPlayers)
      call.push(
        try call.xbox { client throws(XboxLiveError) in try client.activities(user: call.integer(1), of: players) })
    }
  }

  private static var getActivityDetailsStatus: Entry {
    Entry(
      "get_activity_details_status", [Parameter("get_activities_id", .integer)], returns: ["integer"],
      summary: "How far a lookup has come: a `SessionJobStatus`."
    ) { call throws(ScriptError) in
      call.push(
        try call.xbox { client throws(XboxLiveError) in try client.activitiesStatus(call.integer(1)) }.rawValue)
    }
  }

  private static var getActivityDetailsResult: Entry {
    Entry(
      "get_activity_details_result", [XboxParameter.lookup], returns: ["activity_details*"],
      summary: """
        A table for each of the users who has an activity: `xbox_user_id`, `session_name`, `session_template_name`, \
        `closed`, `join_restriction`, `visibility`, `members`, `max_members` and `title_id`. The lookup has to be \
        `COMPLETE`.
        """
    ) { call throws(ScriptError) in
      let list = try call.xbox { client throws(XboxLiveError) in try client.activities(call.integer(1)) }
      let title = try call.binding.network.platformSettings.xboxLive.titleID
      for details in list { call.push(details, title: title) }
    }
  }

  private static var freeGetActivityDetails: Entry {
    Entry(
      "free_get_activity_details", [XboxParameter.lookup],
      summary: "Gives a lookup's id back; it has to be `COMPLETE` or `FAILED`."
    ) { call throws(ScriptError) in
      try call.xbox { client throws(XboxLiveError) in try client.freeActivities(call.integer(1)) }
    }
  }
}

extension Staging {
  fileprivate func push(_ details: ActivityDetails, title: Int) {
    pushTable(fields: 9)
    setField("xbox_user_id", details.player)
    setField("session_name", details.session.name)
    setField("session_template_name", details.session.template)
    setField("closed", details.isClosed)
    setField("join_restriction", Double(details.restriction.rawValue))
    setField("visibility", Double(details.visibility.rawValue))
    setField("members", Double(details.memberCount))
    setField("max_members", Double(details.maximumMembers))
    setField("title_id", Double(title))
  }
}

/// Functions that are both in `Network` and in `MultiplayerSession`.
enum XboxInvitations {
  static var entries: [Entry] { [inviteFriends, inviteFriendsList] }

  private static let customID = Parameter("custom_invite_id", .string, optional: true)

  private static var inviteFriends: Entry {
    Entry(
      "invite_friends",
      [
        XboxParameter.user, XboxParameter.session, Parameter("min_selection", .integer),
        Parameter("max_selection", .integer), customID,
      ],
      summary: """
        Invites friends of a user who are online to its session, which has to be `READY`. There is no picture to \
        select them from: it invites `max_selection` of them, those first whose names come first, and nobody where \
        fewer than `min_selection` are online.
        """
    ) { call throws(ScriptError) in
      let custom = Bytes(call.isNil(5) ? [] : call.stringBytes(5))
      try call.xbox { client throws(XboxLiveError) in
        try client.inviteFriends(
          user: call.integer(1), call.integer(2), minimum: call.integer(3), maximum: call.integer(4), customID: custom)
      }
    }
  }

  private static var inviteFriendsList: Entry {
    Entry(
      "invite_friends_list",
      [
        XboxParameter.user, XboxParameter.session, Parameter("friend_xuids", .table, notation: "string[]"), customID,
      ],
      summary: "Invites users, by their `xbox_user_id`, to a user's session, which has to be `READY`."
    ) { call throws(ScriptError) in
      let players = try call.players(3, "friend_xuids", limit: Limits.askedPlayers)
      let custom = Bytes(call.isNil(4) ? [] : call.stringBytes(4))
      try call.xbox { client throws(XboxLiveError) in
        try client.invite(user: call.integer(1), call.integer(2), players, customID: custom)
      }
    }
  }
}
