/// What members of a lobby say to each other, sealed, reliably and in order.
enum LobbyMessage: Equatable {
  // To the host.

  /// Let me in, or tell me the lobby's state again; with the sender's own member data.
  case join(lobby: UInt64, LobbyData)
  /// The sender's member data, all of it.
  case ownData(LobbyData)

  // From the host. Of two hosts, the one of the higher term is in office.

  case state(LobbySnapshot)
  case refuse(Refusal)
  case memberJoined(term: UInt32, LobbySnapshot.Member)
  case memberLeft(term: UInt32, PeerID, LeaveReason)
  /// A member's data, all of it.
  case memberData(term: UInt32, PeerID, LobbyData)
  /// The keys of the lobby's data that changed.
  case data(term: UInt32, LobbyData)
  /// Who hosts the game session; nobody when no one does.
  case sessionHost(term: UInt32, PeerID)

  // From anyone.

  /// The sender leaves the lobby, or is not in it.
  case leave(lobby: UInt64)
  /// The receiver is no longer a member.
  case removed(lobby: UInt64, term: UInt32, LeaveReason)

  enum LeaveReason: UInt8, CaseIterable {
    case left = 0
    case kicked = 1
    case lost = 2
  }

  enum Refusal: Equatable {
    case full(maximum: UInt8)
    case notHost
  }
}

/// All that a host tells a newcomer, apart from the data of the members, which follows in messages of its own.
struct LobbySnapshot: Equatable {
  struct Member: Equatable {
    let peer: PeerID
    /// Where the host sees the member; 0.0.0.0:0 for the host itself.
    let endpoint: Endpoint
  }

  /// Names the lobby; see `LobbyMachine.lobby`.
  var lobby: UInt64
  var term: UInt32
  var maximum: UInt8
  var sessionHost: PeerID
  /// In the order of joining.
  var members: [Member]
  var data: LobbyData
}
