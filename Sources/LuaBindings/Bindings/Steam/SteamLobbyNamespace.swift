import NetRuntime

/// `stingray.SteamLobby`: a lobby on Steam.
enum SteamLobbyNamespace {
  private static let me = Parameter("self", .userdata(.steamLobby))
  private static let key = Parameter("key", .string)
  private static let value = Parameter("value", .string)

  static var namespace: Namespace {
    Namespace(
      "SteamLobby", "A lobby on Steam: its members, who hosts it, and data that all of them see.", kind: .steamLobby,
      entries: LobbyEntries(me: me) { call throws(ScriptError) in try call.steamLobby() }.all + [
        data, setData, memberData, ownData, setMemberData,
      ],
      constants: [
        Constant("CREATING", Double(LobbyState.creating.rawValue), "Steam has not made the lobby yet."),
        Constant("JOINING", Double(LobbyState.joining.rawValue), "This peer is not in yet."),
        Constant("JOINED", Double(LobbyState.joined.rawValue), "This peer is a member."),
        Constant("FAILED", Double(LobbyState.failed.rawValue), "This peer is no member, and will not become one."),
      ],
      metamethods: [handleText("SteamLobby", .steamLobby)])
  }

  private static var data: Entry {
    Entry("data", [me, key], returns: ["string"], summary: "The lobby's text under a key; \"\" where nothing was set.")
    {
      call throws(ScriptError) in
      call.push(try call.steamLobby().data(call.keyBytes(2)) ?? "")
    }
  }

  private static var setData: Entry {
    Entry(
      "set_data", [me, key, value],
      summary: """
        Sets a text that all members and browsers see. Only the lobby host can: from others it changes nothing and \
        warns.
        """
    ) { call throws(ScriptError) in
      let lobby = try call.steamLobby()
      try call.lobbyData { () throws(LobbyDataError) in try lobby.setData(call.keyBytes(2), to: call.keyBytes(3)) }
    }
  }

  private static var memberData: Entry {
    Entry(
      "member_data", [me, Parameter("peer_id", .peer), key], returns: ["string"],
      summary: """
        The text that a member has set for itself under a key; "" where nothing was set or the peer is no member.
        """
    ) { call throws(ScriptError) in
      call.push(try call.steamLobby().memberData(call.peer(2), call.keyBytes(3)) ?? "")
    }
  }

  private static var ownData: Entry {
    Entry(
      "own_data", [me, key], returns: ["string"],
      summary: "The text that this peer has set for itself under a key; \"\" where nothing was set."
    ) { call throws(ScriptError) in
      call.push(try call.steamLobby().ownData(call.keyBytes(2)) ?? "")
    }
  }

  private static var setMemberData: Entry {
    Entry("set_member_data", [me, key, value], summary: "Sets a text of this peer's own that all members see.") {
      call throws(ScriptError) in
      let lobby = try call.steamLobby()
      try call.lobbyData { () throws(LobbyDataError) in
        try lobby.setMemberData(call.keyBytes(2), to: call.keyBytes(3))
      }
    }
  }
}
