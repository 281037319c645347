/// Who signs in to a directory: what a player, or a game server, says of itself.
public struct DirectoryIdentity: Equatable, Codable, Sendable {
  /// What signs in; servers are nobody's friends and in no list of players.
  public enum Kind: String, Codable, Sendable {
    case player
    case server
  }

  /// The player's id, which is its peer id in games, too.
  public var id: PeerID
  /// Whether it plays, or is played on.
  public var kind: Kind
  /// At most `Limits.playerNameSize` bytes.
  public var name: String
  /// Where in the world the player is; see `Region`.
  public var region: Region
  /// The relations that this player has set to others. Two players are friends where each names the other.
  public var relations: [PeerID: PlayerRelation]

  /// A player without relations, unless some are given.
  public init(
    id: PeerID, kind: Kind = .player, name: String, region: Region = .local, relations: [PeerID: PlayerRelation] = [:]
  ) {
    self.id = id
    self.kind = kind
    self.name = name
    self.region = region
    self.relations = relations
  }
}

/// What one player is to another, said by the first alone.
public enum PlayerRelation: String, Codable, Sendable {
  case friend
  case blocked
  case ignored
}

/// A player as others see it.
public struct DirectoryPlayer: Equatable, Codable, Sendable {
  /// The player's id, which is its peer id in games, too.
  public var id: PeerID
  /// Whether it plays, or is played on.
  public var kind: DirectoryIdentity.Kind
  /// Empty for who is named as a friend and was never here; at most `Limits.playerNameSize` bytes.
  public var name: String
  /// Where in the world it is.
  public var region: Region
  /// Whether a program of it is signed in.
  public var isOnline: Bool
  /// What the player shows of itself, by its own keys. Gone when it signs out.
  public var presence: [Bytes: Bytes]
  /// What the player is playing; nil for nothing that it shows.
  public var activity: PlayerActivity?
  /// Where its game port is to be reached, the likeliest first; empty while it has none open, and for who does not meet
  /// it in an entry.
  public var endpoints: [Endpoint]

  /// A player that is away and shows nothing, unless more is given.
  public init(
    id: PeerID, kind: DirectoryIdentity.Kind = .player, name: String, region: Region = .local, isOnline: Bool = false,
    presence: [Bytes: Bytes] = [:], activity: PlayerActivity? = nil, endpoints: [Endpoint] = []
  ) {
    self.id = id
    self.kind = kind
    self.name = name
    self.region = region
    self.isOnline = isOnline
    self.presence = presence
    self.activity = activity
    self.endpoints = endpoints
  }
}

/// What a player shows that it is playing, and how others can follow.
public struct PlayerActivity: Equatable, Codable, Sendable {
  /// The game: see `DirectoryEntry.title`.
  public var title: String
  /// The lobby, room, session or server where it plays; nil for none of the directory.
  public var entry: EntryID?
  /// What a script wrote instead of an entry: for instance a server's address.
  public var address: Bytes
  /// What a script gives those who follow; at most `Limits.entryTextSize` bytes, as `address` and `password`.
  public var parameters: Bytes
  /// What a server asks of those who follow; empty for none.
  public var password: Bytes

  /// A game that is played nowhere that others could follow to, unless more is given.
  public init(
    title: String, entry: EntryID? = nil, address: Bytes = "", parameters: Bytes = "", password: Bytes = ""
  ) {
    self.title = title
    self.entry = entry
    self.address = address
    self.parameters = parameters
    self.password = password
  }
}
