import NetRuntime

/// `stingray.LanLobby`: a lobby on the local network.
enum LanLobbyNamespace {
  private static let me = Parameter("self", .userdata(.lanLobby))
  private static let key = Parameter("key", .string)
  private static let value = Parameter("value", .string)

  static var namespace: Namespace {
    Namespace(
      "LanLobby", "A lobby on the local network: its members, who hosts it, and data that all of them see.",
      kind: .lanLobby,
      entries: LobbyEntries(me: me) { call throws(ScriptError) in try call.lobby() }.all + [
        data, setData, memberData, ownData, setMemberData, kick,
      ],
      constants: [
        Constant("CREATING", Double(LobbyState.creating.rawValue), "The lobby is being created."),
        Constant("JOINING", Double(LobbyState.joining.rawValue), "The lobby's host has not answered yet."),
        Constant("JOINED", Double(LobbyState.joined.rawValue), "This peer is a member."),
        Constant("FAILED", Double(LobbyState.failed.rawValue), "This peer is no member, and will not become one."),
      ],
      metamethods: [handleText("LanLobby", .lanLobby)])
  }

  private static var data: Entry {
    Entry(
      "data", [me, key], returns: ["string?"], summary: "The lobby's text under a key; nil where nothing was set."
    ) { call throws(ScriptError) in
      call.push(optionalBytes: try call.lobby().data(call.stringBytes(2)))
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
      let lobby = try call.lobby()
      try call.lobbyData { () throws(LobbyDataError) in
        try lobby.setData(call.stringBytes(2), to: call.stringBytes(3))
      }
    }
  }

  private static var memberData: Entry {
    Entry(
      "member_data", [me, Parameter("peer_id", .peer), key], returns: ["string?"],
      summary: """
        The text that a member has set for itself under a key; nil where nothing was set or the peer is no member.
        """
    ) { call throws(ScriptError) in
      call.push(optionalBytes: try call.lobby().memberData(call.peer(2), call.stringBytes(3)))
    }
  }

  private static var ownData: Entry {
    Entry(
      "own_data", [me, key], returns: ["string?"],
      summary: "The text that this peer has set for itself under a key; nil where nothing was set."
    ) { call throws(ScriptError) in
      call.push(optionalBytes: try call.lobby().ownData(call.stringBytes(2)))
    }
  }

  private static var setMemberData: Entry {
    Entry("set_member_data", [me, key, value], summary: "Sets a text of this peer's own that all members see.") {
      call throws(ScriptError) in
      let lobby = try call.lobby()
      try call.lobbyData { () throws(LobbyDataError) in
        try lobby.setMemberData(call.stringBytes(2), to: call.stringBytes(3))
      }
    }
  }

  private static var kick: Entry {
    Entry(
      "kick", [me, Parameter("peer", .anyOf([.string, .integer]))],
      summary: """
        Puts a member out of the lobby; only the lobby host can. A string is the member's peer id; a number is its \
        index in `members`, counted from zero.
        """
    ) { call throws(ScriptError) in
      let lobby = try call.lobby()
      if call.bytes(2) != nil {
        guard let peer = call.readPeer(2) else {
          throw ScriptError("argument 2 (peer): expected a hexadecimal peer id or an index, got \(call.describe(2))")
        }
        return lobby.kick(peer)
      }
      guard call.number(2) == call.number(2).rounded(), lobby.kick(at: call.integer(2)) else {
        throw ScriptError("argument 2 (peer): expected index 0 to \(lobby.members.count - 1), got \(call.describe(2))")
      }
    }
  }
}

extension Call {
  /// The lobby that the first argument stands for.
  func lobby(_ index: Int = 1) throws(ScriptError) -> LANLobby {
    guard let number = handle(index, .lanLobby), let lobby = try binding.handles.lobby(number) else {
      throw ScriptError("this LanLobby was left; it cannot be used any more")
    }
    return lobby
  }

  func lobbyData(_ body: () throws(LobbyDataError) -> Void) throws(ScriptError) {
    do throws(LobbyDataError) {
      try body()
    } catch {
      throw ScriptError(error.description)
    }
  }
}

extension Staging {
  /// A string; nil for nil.
  func push(optionalBytes bytes: [UInt8]?) {
    if let bytes { push(bytes: bytes) } else { pushNil() }
  }
}

/// `tostring` of a handle.
func handleText(_ name: String, _ kind: UserdataKind) -> Entry {
  Entry("__tostring", [Parameter("self", .userdata(kind))], returns: ["string"], summary: "The object as text.") {
    call throws(ScriptError) in
    call.push("\(name) \(call.handle(1, kind) ?? 0)")
  }
}
