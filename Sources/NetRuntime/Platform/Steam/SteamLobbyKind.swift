/// Who finds a Steam lobby, and who may join it. The values are Valve's.
public enum SteamLobbyKind: Int, CaseIterable, Sendable {
  case `private`, friendsOnly, `public`, invisible

  var visibility: DirectoryEntry.Visibility {
    switch self {
    case .private: .byInvitation
    case .friendsOnly: .friends
    case .public: .everyone
    case .invisible: .unseen
    }
  }
}

extension DirectoryEntry.Visibility {
  /// Whether friends of a member see that it is in the entry.
  var isShownToFriends: Bool { self == .friends || self == .everyone }
}
