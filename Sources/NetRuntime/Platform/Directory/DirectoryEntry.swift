/// Names an entry of the directory; drawn at random by whoever creates it, so that a creation may be repeated. Never 0.
public struct EntryID: Hashable, Comparable, Sendable {
  /// Any number but 0.
  public let rawValue: UInt64

  /// - Parameter rawValue: Any number; the directory refuses 0.
  public init(rawValue: UInt64) {
    self.rawValue = rawValue
  }

  public static func < (left: EntryID, right: EntryID) -> Bool { left.rawValue < right.rawValue }
}

extension EntryID: CustomStringConvertible {
  /// Unpadded lower-case hexadecimal, the form that scripts see.
  public var description: String { String(rawValue, radix: 16) }
}

/// Where players meet: a Steam lobby, a Steam game server, a PSN room or an Xbox Live session.
public struct DirectoryEntry: Equatable, Codable, Sendable {
  /// What an entry is to its platform; entries of one kind are listed together.
  public enum Kind: String, Codable, Sendable {
    case steamLobby
    case steamServer
    case psnRoom
    case xboxSession
  }

  /// Who finds an entry in a list, and who may join it.
  public enum Visibility: String, Codable, Sendable {
    /// In no list; only who was invited may join.
    case byInvitation
    /// In no list; who was invited and the members' friends may join.
    case friends
    /// In lists, and everybody may join.
    case everyone
    /// In lists, and everybody may join, but friends do not see that a member is in it.
    case unseen
  }

  /// One player's place in an entry.
  public struct Member: Equatable, Codable, Sendable {
    /// Whose place it is.
    public var player: PeerID
    /// The peer that plays for it: of several players at one machine only the first is a peer.
    public var peer: PeerID
    /// The player's name: at most `Limits.playerNameSize` bytes.
    public var name: String
    /// Tells one run of the player's program from the next.
    public var run: UInt64
    /// What the member, or the host for it, has set: at most `Limits.memberDataSize` bytes.
    public var data: [Bytes: Bytes]
    /// Where the peer's game port is to be reached.
    public var endpoints: [Endpoint]

    /// A place of a player, with nothing said of it beyond what is given.
    public init(
      player: PeerID, peer: PeerID, name: String, run: UInt64, data: [Bytes: Bytes] = [:], endpoints: [Endpoint] = []
    ) {
      self.player = player
      self.peer = peer
      self.name = name
      self.run = run
      self.data = data
      self.endpoints = endpoints
    }
  }

  /// What it is found by, for as long as it is there.
  public var id: EntryID
  /// Never changes.
  public var kind: Kind
  /// The game: players see only entries of the game that they play.
  public var title: String
  /// What lists show: at most `Limits.entryTextSize` bytes.
  public var name: Bytes
  /// Who may change it: a member, or the server itself. When a host leaves or dies, the longest-standing member follows.
  public var host: PeerID
  /// Who finds it, and who may join.
  public var visibility: Visibility
  /// Closed to everybody who is no member.
  public var isClosed: Bool
  /// Members there may be, the host included where it plays.
  public var maximum: Int
  /// In the order of joining.
  public var members: [Member]
  /// Places kept for players; they count as taken by everybody else.
  public var reservations: [PeerID]
  /// Players that may join whatever the visibility.
  public var invited: [PeerID]
  /// Players that were put out; they cannot join again.
  public var kicked: [PeerID]
  /// What the host has set, or for a session of Xbox Live any member: at most `Limits.lobbyDataSize` bytes.
  public var data: [Bytes: Bytes]
  /// Words that lists find it by, each once: at most `Limits.entryKeywords`.
  public var keywords: [Bytes]
  /// The peer that hosts the game session; nil while nobody does.
  public var sessionHost: PeerID?
  /// Who joins must give it; nil for none. Not shown to others than the host.
  public var password: Bytes?
  /// `password` is not shown, so this says whether there is one.
  public var hasPassword: Bool
  /// Where the host's region is.
  public var region: Region
  /// Grows with each change; counts for this entry alone.
  public var revision: UInt64

  /// An entry without members, open, of revision 0, as a request to create it has it.
  public init(
    id: EntryID, kind: Kind, title: String, host: PeerID, maximum: Int, visibility: Visibility = .everyone,
    name: Bytes = "", data: [Bytes: Bytes] = [:], keywords: [Bytes] = [], reservations: [PeerID] = [],
    password: Bytes? = nil
  ) {
    self.id = id
    self.kind = kind
    self.title = title
    self.name = name
    self.host = host
    self.visibility = visibility
    isClosed = false
    self.maximum = maximum
    members = []
    self.reservations = reservations
    invited = []
    kicked = []
    self.data = data
    self.keywords = keywords
    self.password = password
    hasPassword = password != nil
    region = .local
    revision = 0
  }

  /// Places that anybody could take now.
  public var freePlaces: Int {
    let taken = members.count + reservations.count { player in !members.contains { $0.player == player } }
    return maximum > taken ? maximum - taken : 0
  }

  /// A player's place; nil for who is no member.
  public func member(_ player: PeerID) -> Member? { members.first { $0.player == player } }
}
