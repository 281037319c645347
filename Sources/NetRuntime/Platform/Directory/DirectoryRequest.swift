/// What a signed-in player asks of a directory. Each may be repeated: a request that was answered, but whose answer got
/// lost, has the same effect once more as it had once.
public enum DirectoryRequest: Equatable, Codable, Sendable {
  /// Where the player's game port is to be reached; shown to those that it is in an entry with, a server's to all.
  case publish(endpoints: [Endpoint])

  // MARK: Entries

  /// Makes an entry, with the player as host and, unless `entry.kind` is a server, as first member. `peer` is the peer
  /// that plays for it. Members and revision of `entry` are not read.
  case create(entry: DirectoryEntry, peer: PeerID, memberData: [Bytes: Bytes])
  /// Joins; a member already stays one. Answered by `entry`.
  case join(EntryID, password: Bytes?, peer: PeerID, memberData: [Bytes: Bytes])
  /// Leaves; nothing happens to who is no member. An entry without members is gone, a server when its host leaves.
  case leave(EntryID)
  /// Changes an entry, all or nothing. Answered by `entry`.
  case change(EntryID, [EntryChange])
  /// Answered by `entries`.
  case list(EntryQuery)
  /// One entry that the player may know of; answered by `entry`.
  case find(EntryID)

  // MARK: Players

  /// Answered by `players`; unknown ids are left out.
  case players([PeerID])
  /// Everybody this player has a relation to, or who has one to it; answered by `friends`.
  case friends
  /// Replaces the given keys of what the player shows friends and those that it plays with; "" takes one away.
  case setPresence([Bytes: Bytes])
  /// What the player shows that it is playing, to the same ones; others see no more than a session of Xbox Live.
  case setActivity(PlayerActivity?)
  /// Sends an invitation to each of the players; they get it once they are online. `invitation.from` is not read.
  case invite(Invitation, to: [PeerID])
  /// Takes an invitation out of those that wait for this player.
  case dismissInvitation(UInt64)

  // MARK: Matchmaking

  /// Looks for others; `ticket.players` is not read. Answered by `ticket`, and again by news whenever it changes.
  case startTicket(MatchTicket)
  /// Ends a search; nothing happens where there is none.
  case deleteTicket(UInt64)

  // MARK: A player's own notes

  /// Keeps a text under a key, for this player alone and for ever; nil takes it away.
  case keep(key: Bytes, value: Bytes?)
  /// What was kept under keys that begin with this; answered by `notes`.
  case kept(prefix: Bytes)
}

extension DirectoryRequest {
  /// Whether it gives something back. Without it a player would stay in what it has left, so there is always room for
  /// it; there can be no more of these than of what they end.
  public var isFarewell: Bool {
    switch self {
    case .leave, .deleteTicket: true
    default: false
    }
  }
}

/// One change of an entry. What only the host may do is refused to others with `notHost`; data, keywords, closing and
/// reserving of an Xbox Live session are any member's.
public enum EntryChange: Equatable, Codable, Sendable {
  // The host's.
  case setData(key: Bytes, value: Bytes?)
  case setName(Bytes)
  case setSessionHost(PeerID?)
  case setVisibility(DirectoryEntry.Visibility)
  case setClosed(Bool)
  case setMaximum(Int)
  case setKeywords([Bytes])
  case setPassword(Bytes?)
  case setHost(PeerID)
  /// Keeps places for players.
  case reserve([PeerID])
  /// Puts a member out; it cannot join again.
  case kick(PeerID)
  /// Puts a member out that went silent; it can join again.
  case drop(PeerID)
  /// Data of any member.
  case setDataOfMember(PeerID, key: Bytes, value: Bytes?)

  // Any member's.
  case setMemberData(key: Bytes, value: Bytes?)
}

/// What a directory says to a request.
public enum DirectoryAnswer: Equatable, Codable, Sendable {
  case done
  case entry(DirectoryEntry)
  case entries([DirectoryEntry])
  case players([DirectoryPlayer])
  case friends([Acquaintance])
  case ticket(MatchTicket)
  case notes([Bytes: Bytes])
}

/// A player to whom there is a relation, from one side or both.
public struct Acquaintance: Equatable, Codable, Sendable {
  /// The other, as this player may see it.
  public var player: DirectoryPlayer
  /// What this player has set.
  public var relation: PlayerRelation?
  /// Whether the other has named this player a friend.
  public var isAsking: Bool

  /// What one player is to another, from both sides.
  public init(player: DirectoryPlayer, relation: PlayerRelation?, isAsking: Bool) {
    self.player = player
    self.relation = relation
    self.isAsking = isAsking
  }

  /// Friends are those who name each other.
  public var isFriend: Bool { relation == .friend && isAsking }
}

/// Why a directory refused a request.
public enum DirectoryError: Error, Equatable, Codable, Sendable {
  /// Nobody can be reached now; what was asked may have happened or not.
  case unavailable(String)
  /// The player signed in elsewhere, or was signed out.
  case signedOut
  /// Nothing was heard of the player's program for `Limits.heartbeatTimeout`, so that the player has left everything. It
  /// may sign in again.
  case expired
  case badSecret
  case tooManyRequests
  /// The request cannot be read, or breaks a limit; the text says which.
  case malformed(String)
  case unknownEntry(EntryID)
  case unknownPlayer(PeerID)
  case full(maximum: Int)
  case wrongPassword
  case closed
  /// The entry is only for friends or for who was invited.
  case notInvited
  case kicked
  case notHost
  case notMember
  /// The hopper has no such name.
  case unknownHopper(String)
}

extension DirectoryError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .unavailable(let why): "the online service cannot be reached: \(why)"
    case .signedOut: "the player was signed out"
    case .expired: "the online service heard nothing of the player for \(Int(Limits.heartbeatTimeout)) seconds"
    case .badSecret: "the online service expects another secret"
    case .tooManyRequests: "too many requests; wait a moment"
    case .malformed(let what): what
    case .unknownEntry(let id): "there is no \(id) any more"
    case .unknownPlayer(let id): "nobody has the id \(id)"
    case .full(let maximum): "it is full (\(maximum) member\(maximum == 1 ? "" : "s"))"
    case .wrongPassword: "the password is wrong"
    case .closed: "it is closed"
    case .notInvited: "it is only for those who are invited"
    case .kicked: "this player was put out of it"
    case .notHost: "only the host may do that"
    case .notMember: "only members may do that"
    case .unknownHopper(let name): "there is no hopper \"\(name)\""
    }
  }
}
