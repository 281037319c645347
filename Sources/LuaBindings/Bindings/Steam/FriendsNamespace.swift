import NetRuntime

/// `stingray.Friends`: the user's friends on Steam.
enum FriendsNamespace {
  private static let user = Parameter("id", .peer)

  static var namespace: Namespace {
    Namespace(
      "Friends", "The user's friends on Steam, what they play, and invitations.",
      entries: [
        numFriends, id, name, relationship, status, inCategory, playingGame, invite, nextInvite, bootInvite,
      ],
      constants: constants)
  }

  private static var numFriends: Entry {
    Entry(
      "num_friends", [Parameter("category_mask", .integer, optional: true)], returns: ["integer"],
      summary: """
        How many users are in any of the categories, a sum of constants that end with `_FLAG`; `FRIEND_FLAG` where it is \
        left out. `id` counts the same ones from then on.
        """
    ) { call throws(ScriptError) in
      call.push(try call.social().count(call.isNil(1) ? .friend : call.categories(1)))
    }
  }

  private static var id: Entry {
    Entry(
      "id", [Parameter("index", .integer)], returns: ["string"],
      summary: """
        The id of a user, by its index from `Script.index_offset` among those that `num_friends` has counted last.
        """
    ) { call throws(ScriptError) in
      let users = try call.social().countedUsers
      call.push(users[try call.place(1, "index", in: users.count, nothing: "there are none")])
    }
  }

  private static var name: Entry {
    Entry(
      "name", [user], returns: ["string"],
      summary: "A user's name; \"\" while it is not known. A stranger's is asked for, and known some frames later."
    ) { call throws(ScriptError) in
      call.push(try call.social().name(call.peer(1)))
    }
  }

  private static var relationship: Entry {
    Entry(
      "relationship", [user], returns: ["integer"],
      summary: """
        What a user is to this one: `NONE`, `BLOCKED`, `REQUEST_RECIPIENT`, `FRIEND`, `REQUEST_INITIATOR`, `IGNORED` or \
        `IGNORED_FRIEND`.
        """
    ) { call throws(ScriptError) in
      call.push(try call.social().relationship(call.peer(1)).rawValue)
    }
  }

  private static var status: Entry {
    Entry("status", [user], returns: ["integer"], summary: "What a user is doing: `ONLINE` or `OFFLINE`.") {
      call throws(ScriptError) in
      call.push(try call.social().status(call.peer(1)).rawValue)
    }
  }

  private static var inCategory: Entry {
    Entry(
      "in_category", [user, Parameter("category", .integer)], returns: ["boolean"],
      summary: "Whether a user is in any of the categories, a sum of constants that end with `_FLAG`."
    ) { call throws(ScriptError) in
      call.push(try call.social().isIn(call.peer(1), call.categories(2)))
    }
  }

  private static var playingGame: Entry {
    Entry(
      "playing_game", [user], returns: ["steam_friend_game_info?"],
      summary: """
        What a friend plays: a new table with `app_id`, and where it shows them, `lobby`, or `ip`, `server_port` and \
        `query_port`; nil for nothing.
        """
    ) { call throws(ScriptError) in
      guard let game = try call.social().game(of: call.peer(1)) else { return call.pushNil() }
      call.pushTable(fields: 4)
      call.setField("app_id", game.appID)
      if let lobby = game.lobby { call.setField("lobby", lobby.description) }
      if let address = game.address { call.setField("ip", address) }
      if let port = game.serverPort { call.setField("server_port", Double(port)) }
      if let port = game.queryPort { call.setField("query_port", Double(port)) }
    }
  }

  private static var invite: Entry {
    Entry(
      "invite",
      [
        user, Parameter("game", .anyOf([.userdata(.steamLobby), .string])),
        Parameter("extra_params", .string, optional: true), Parameter("password", .string, optional: true),
      ],
      summary: """
        Invites a user to a lobby, or to a server by its address and query port, "a.b.c.d:port". `next_invite` gives the \
        user what is said with it.
        """
    ) { call throws(ScriptError) in
      try call.social().invite(
        call.peer(1), to: call.steamPlace(2), parameters: call.optionalBytes(3), password: call.optionalBytes(4))
    }
  }

  private static var nextInvite: Entry {
    Entry(
      "next_invite", returns: ["integer", "string", "string", "string"],
      summary: """
        Takes the oldest invitation that waits: `INVITE_LOBBY` and the lobby's id, or `INVITE_SERVER` and the server's \
        address; then what the sender has added, and the password. `NO_INVITE` and empty strings where none waits.
        """
    ) { call throws(ScriptError) in
      let invite = try call.social().nextInvite() ?? SteamInvite()
      call.push(invite.kind.rawValue)
      call.push(invite.place)
      call.push(invite.parameters)
      call.push(invite.password)
    }
  }

  private static var bootInvite: Entry {
    Entry(
      "boot_invite", returns: ["integer", "string"],
      summary: """
        The invitation that the program was started to follow, by its arguments `+connect_lobby ID` or `+connect \
        IP:PORT`: `INVITE_LOBBY` and the lobby's id, or `INVITE_SERVER` and the server's address; `NO_INVITE` and "" \
        where it was not.
        """
    ) { call throws(ScriptError) in
      let invite = SteamInvite(arguments: call.lua.scriptHost.arguments)
      call.push(invite.kind.rawValue)
      call.push(invite.place)
    }
  }

  // MARK: Constants

  private static var constants: [Constant] {
    func relationship(_ name: String, _ value: SteamRelationship, _ summary: String) -> Constant {
      Constant(name, Double(value.rawValue), summary)
    }
    func status(_ name: String, _ value: SteamStatus, _ summary: String) -> Constant {
      Constant(name, Double(value.rawValue), summary)
    }
    func category(_ name: String, _ value: SteamFriendCategory, _ summary: String) -> Constant {
      Constant(name, Double(value.rawValue), summary)
    }
    func invite(_ name: String, _ value: SteamInviteKind, _ summary: String) -> Constant {
      Constant(name, Double(value.rawValue), summary)
    }
    let nobody = "Nobody is in it here."
    return [
      relationship("NONE", .none, "Nothing."),
      relationship("BLOCKED", .blocked, "The user has blocked them."),
      relationship("REQUEST_RECIPIENT", .requestRecipient, "They have asked the user to be friends."),
      relationship("FRIEND", .friend, "They are friends."),
      relationship("REQUEST_INITIATOR", .requestInitiator, "The user has asked them to be friends."),
      relationship("IGNORED", .ignored, "The user ignores them."),
      relationship("IGNORED_FRIEND", .ignoredFriend, "The user ignores them, and is a friend to them."),
      relationship("SUGGESTED", .suggested, "Not used here."),
      status("OFFLINE", .offline, "Not signed in."), status("ONLINE", .online, "Signed in."),
      status("BUSY", .busy, "Not used here."), status("AWAY", .away, "Not used here."),
      status("SNOOZE", .snooze, "Not used here."), status("TRADING", .trading, "Not used here."),
      status("LOOKING_TO_PLAY", .lookingToPlay, "Not used here."),
      category("BLOCKED_FLAG", .blocked, "Whom the user has blocked."),
      category("FRIENDSHIP_REQUESTED_FLAG", .friendshipRequested, "Who has asked the user to be friends."),
      category("FRIEND_FLAG", .friend, "Friends."), category("CLAN_MEMBER_FLAG", .clanMember, nobody),
      category("ON_GAME_SERVER_FLAG", .onGameServer, "Who is on the server that the user is on."),
      category("REQUESTING_FRIENDSHIP_FLAG", .requestingFriendship, "Whom the user has asked to be friends."),
      category("REQUESTING_INFO_FLAG", .requestingInfo, nobody),
      category("IGNORED_FLAG", .ignored, "Whom the user ignores."),
      category("IGNORED_FRIEND_FLAG", .ignoredFriend, "Whom the user ignores, though they call the user a friend."),
      category("SUGGESTED_FLAG", .suggested, nobody),
      invite("NO_INVITE", .none, "No invitation."), invite("INVITE_LOBBY", .lobby, "An invitation to a lobby."),
      invite("INVITE_SERVER", .server, "An invitation to a server."),
    ]
  }
}

extension Call {
  fileprivate func categories(_ index: Int) -> SteamFriendCategory { SteamFriendCategory(rawValue: integer(index)) }

  /// The lobby, or the server's address, that an argument is.
  func steamPlace(_ index: Int) throws(ScriptError) -> SteamPlace {
    if kind(index) == .steamLobby { return .lobby(try steamLobby(index).id) }
    guard let address = Endpoint(string(index)), address.port != 0 else {
      throw ScriptError(
        "argument \(index) (game): expected SteamLobby or a server's address such as \"192.168.0.5:27016\", got "
          + describe(index))
    }
    return .server(Bytes(address.description))
  }
}

/// `stingray.Presence`: what friends are shown of the user.
enum PresenceNamespace {
  static var namespace: Namespace {
    Namespace(
      "Presence", "What friends are shown of the user.",
      entries: [setPresence, presence, advertisePlaying, stopAdvertisePlaying])
  }

  private static let key = Parameter("key", .string)

  private static var setPresence: Entry {
    Entry(
      "set_presence", [key, Parameter("value", .string)],
      summary: "Shows friends a text under a key; \"\" takes it away. Nothing of it outlives the program."
    ) { call throws(ScriptError) in
      try call.social().setPresence(call.keyBytes(1), to: call.keyBytes(2))
    }
  }

  private static var presence: Entry {
    Entry(
      "presence", [Parameter("friend", .peer), key], returns: ["string?"],
      summary: "What a friend, or the user, shows under a key; nil for nothing."
    ) { call throws(ScriptError) in
      call.push(try call.social().presence(call.peer(1), call.keyBytes(2)))
    }
  }

  private static var advertisePlaying: Entry {
    Entry(
      "advertise_playing",
      [
        Parameter("game", .anyOf([.userdata(.steamLobby), .string])),
        Parameter("extra_params", .string, optional: true), Parameter("password", .string, optional: true),
      ],
      summary: """
        Shows friends that the user plays in a lobby, or on a server by its address and query port, "a.b.c.d:port"; \
        `Friends.playing_game` gives it to them. Without it they are shown the server or lobby that the user is in, where \
        its type lets them.
        """
    ) { call throws(ScriptError) in
      try call.social().advertise(
        call.steamPlace(1), parameters: call.optionalBytes(2), password: call.optionalBytes(3))
    }
  }

  private static var stopAdvertisePlaying: Entry {
    Entry("stop_advertise_playing", summary: "Ends what `advertise_playing` began.") { call throws(ScriptError) in
      try call.social().stopAdvertising()
    }
  }
}
