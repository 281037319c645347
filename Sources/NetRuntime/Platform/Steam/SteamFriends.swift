/// What another Steam user is to this one. The values are Valve's.
public enum SteamRelationship: Int, CaseIterable, Sendable {
  case none, blocked, requestRecipient, friend, requestInitiator, ignored, ignoredFriend, suggested
}

/// What a Steam user is doing. The values are Valve's.
public enum SteamStatus: Int, CaseIterable, Sendable {
  case offline, online, busy, away, snooze, trading, lookingToPlay
}

/// Categories of users, to be combined. The values are Valve's.
public struct SteamFriendCategory: OptionSet, Hashable, Sendable {
  /// The sum of Valve's values.
  public let rawValue: Int

  /// - Parameter rawValue: Valve's values, added up; unknown ones fit nobody.
  public init(rawValue: Int) { self.rawValue = rawValue }

  /// This user has blocked them.
  public static let blocked = SteamFriendCategory(rawValue: 1)
  /// They have asked this user to be a friend.
  public static let friendshipRequested = SteamFriendCategory(rawValue: 2)
  /// They and this user have named each other.
  public static let friend = SteamFriendCategory(rawValue: 4)
  /// Nobody here.
  public static let clanMember = SteamFriendCategory(rawValue: 8)
  /// On the server that this user is on.
  public static let onGameServer = SteamFriendCategory(rawValue: 0x10)
  /// This user has asked them.
  public static let requestingFriendship = SteamFriendCategory(rawValue: 0x80)
  /// Nobody here.
  public static let requestingInfo = SteamFriendCategory(rawValue: 0x100)
  /// This user ignores them, and they have not asked.
  public static let ignored = SteamFriendCategory(rawValue: 0x200)
  /// This user ignores them, and they have asked this user to be a friend.
  public static let ignoredFriend = SteamFriendCategory(rawValue: 0x400)
  /// Nobody here.
  public static let suggested = SteamFriendCategory(rawValue: 0x800)
}

/// What an invitation leads to.
public enum SteamInviteKind: Int, CaseIterable, Sendable {
  case none, lobby, server
}

/// An invitation as a script sees it: a lobby's id or a server's address, and what the sender has added.
public struct SteamInvite: Equatable, Sendable {
  /// What `place` is.
  public var kind = SteamInviteKind.none
  /// A lobby's id as hexadecimal digits, or a server's "a.b.c.d:port" with the query port.
  public var place: Bytes = ""
  /// What the sender's script has added.
  public var parameters: Bytes = ""
  /// What the server asks; empty for none.
  public var password: Bytes = ""

  /// No invitation.
  public init() {}

  init(_ invitation: Invitation) {
    if let entry = invitation.entry {
      kind = .lobby
      place = Bytes(entry.description)
    } else {
      kind = .server
      place = invitation.address
    }
    parameters = invitation.parameters
    password = invitation.password
  }

  /// What the program was started with to follow an invitation: `+connect_lobby ID` or `+connect IP:PORT`, and
  /// `+password TEXT`.
  public init(arguments: [String]) {
    for (word, next) in zip(arguments, arguments.dropFirst()) {
      switch word {
      case "+connect_lobby": (kind, place) = (.lobby, Bytes(next))
      case "+connect": (kind, place) = (.server, Bytes(next))
      case "+password": password = Bytes(next)
      default: break
      }
    }
  }
}

/// Where a friend plays: a lobby, or a server's address.
public enum SteamPlace: Equatable, Sendable {
  case lobby(EntryID)
  /// "a.b.c.d:port".
  case server(Bytes)
}

/// What a user plays.
public struct SteamGameInfo: Equatable, Sendable {
  /// The digits of the app's id.
  public let appID: String
  /// The lobby that it shows; nil for none.
  public let lobby: EntryID?
  /// "a.b.c.d".
  public let address: String?
  /// The server's port for connections, or where only the query port is known, that one.
  public let serverPort: UInt16?
  /// Where browsers ask, and what joining names.
  public let queryPort: UInt16?

  /// Nil where the activity is not one on Steam.
  init?(_ activity: PlayerActivity) {
    guard let appID = SteamSettings.appID(ofTitle: activity.title) else { return nil }
    self.appID = appID
    let text = activity.address.text
    let place = SteamServerPlace(text)
    let query = place.map { Endpoint(address: $0.address, port: $0.queryPort) } ?? Endpoint(text)
    address = query.map { SteamServerKeys.text(of: $0.address) }
    serverPort = place?.connectionPort ?? query?.port
    queryPort = query?.port
    lobby = activity.entry
  }
}

extension Acquaintance {
  /// What the other is to this user, as Steam says it.
  public var steamRelationship: SteamRelationship {
    switch relation {
    case .blocked: .blocked
    case .ignored: isAsking ? .ignoredFriend : .ignored
    case .friend: isAsking ? .friend : .requestInitiator
    case nil: isAsking ? .requestRecipient : .none
    }
  }

  /// The categories that the relationship gives.
  var steamCategories: SteamFriendCategory {
    switch steamRelationship {
    case .none: []
    case .blocked: .blocked
    case .requestRecipient: .friendshipRequested
    case .friend: .friend
    case .requestInitiator: .requestingFriendship
    case .ignored: .ignored
    case .ignoredFriend: .ignoredFriend
    case .suggested: .suggested
    }
  }
}
