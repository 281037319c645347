/// What a lobby's state machine asks of its owner.
enum LobbyAction: Equatable {
  case send(LobbyMessage, to: PeerID)
  /// There shall be a connection to this member.
  case connect(PeerID, Endpoint)
  /// The lobby has no more use for the connection to this peer.
  case release(PeerID)
  /// This peer left. It closes the connection itself; one that still stands may be that of its return, heard of before
  /// the lobby's host tells.
  case demote(PeerID)
  /// From now on this peer answers those who look for the lobby.
  case tookOver
  /// It no longer does.
  case steppedDown
  case warn(LogLine)
  case note(LogLine)
}

/// A member as the machine knows it.
struct LobbyMember: Equatable {
  /// What became of the connection to a member.
  enum Connection: Equatable {
    case awaited
    case up
    case down
  }

  let peer: PeerID
  var endpoint: Endpoint
  var data = LobbyData()
  var connection = Connection.awaited
}
