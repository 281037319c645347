import NetRuntime

/// A lobby as scripts see it, whichever network it is on.
protocol ScriptedLobby: AnyObject {
  var state: LobbyState { get }
  var members: [PeerID] { get }
  var lobbyHost: PeerID { get }
  var gameSessionHost: PeerID? { get }
  func setGameSessionHost(_ peer: PeerID?)
}

extension LANLobby: ScriptedLobby {}
extension PlatformLobby: ScriptedLobby {}

/// The functions that are the same for the lobbies of all networks; what differs stands with each of them.
struct LobbyEntries<Lobby: ScriptedLobby> {
  /// The first parameter of each.
  let me: Parameter
  /// The lobby that the first argument stands for.
  let lobby: (Call) throws(ScriptError) -> Lobby

  var all: [Entry] { [state, members, lobbyHost, gameSessionHost, setGameSessionHost] }

  private var state: Entry {
    Entry(
      "state", [me], returns: ["integer"],
      summary: """
        How far this peer has come: `CREATING`, `JOINING`, `JOINED` or `FAILED`; a lobby can fail after it was \
        joined.
        """
    ) { [lobby] call throws(ScriptError) in
      call.push(try lobby(call).state.rawValue)
    }
  }

  private var members: Entry {
    Entry(
      "members", [me], returns: ["string[]"],
      summary: "The peer ids of all members, the lobby host first, then in the order in which they joined."
    ) { [lobby] call throws(ScriptError) in
      call.push(try lobby(call).members)
    }
  }

  private var lobbyHost: Entry {
    Entry(
      "lobby_host", [me], returns: ["string"], summary: "The peer id of the lobby's host; \"0\" while it is not known."
    ) { [lobby] call throws(ScriptError) in
      call.push(try lobby(call).lobbyHost)
    }
  }

  private var gameSessionHost: Entry {
    Entry(
      "game_session_host", [me], returns: ["string?"],
      summary: "The peer id that the lobby host has set as the game session's host; nil while there is none."
    ) { [lobby] call throws(ScriptError) in
      call.push(try lobby(call).gameSessionHost)
    }
  }

  private var setGameSessionHost: Entry {
    Entry(
      "set_game_session_host", [me, Parameter("peer_id", .peer, optional: true)],
      summary: """
        Tells all members who hosts the game session; nil says nobody. Only the lobby host can: from others it \
        changes nothing and warns.
        """
    ) { [lobby] call throws(ScriptError) in
      let peer = call.peer(2)
      try lobby(call).setGameSessionHost(peer == .nobody ? nil : peer)
    }
  }
}
