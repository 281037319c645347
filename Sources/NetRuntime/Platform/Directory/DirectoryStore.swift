/// Where a directory's contents last: what changed is read, and changes are written, all or nothing. Any store that can
/// do this one thing can take the place of SQLite, and several programs may share one.
public protocol DirectoryStore: AnyObject {
  /// Runs `body` while nobody else writes.
  /// - Parameters:
  ///   - revision: What the caller has seen: the number that the last call gave, 0 at first.
  ///   - body: Gets the records that changed since then, the oldest first, and gives those to write. Where it gets
  ///     `isWhole`, the records are all there are, and what the caller knew before is void.
  /// - Returns: The number for the next call.
  func exchange(
    since revision: UInt64, _ body: (_ changed: [DirectoryRecord], _ isWhole: Bool) throws -> [DirectoryRecord]
  ) throws -> UInt64

  /// Whether anything was written since a revision; quick enough to be asked ten times a second.
  func hasChanged(since revision: UInt64) -> Bool
}

/// One thing that a directory keeps.
public struct DirectoryRecord: Equatable, Sendable {
  /// What a record tells of.
  public enum Kind: String, Codable, Sendable {
    case player, heartbeat, entry, invitations, ticket, notes
  }

  /// Says with `key` which record of a store it is.
  public var kind: Kind
  /// The id of what it tells of, as hexadecimal text.
  public var key: String
  /// Nil once it is gone.
  public var content: Content?

  /// What is kept; how it is written is up to the store.
  public enum Content: Equatable, Codable, Sendable {
    case player(PlayerRecord)
    /// Seconds on the clock that all users of the store share.
    case heartbeat(Double)
    case entry(DirectoryEntry)
    case invitations([Invitation])
    case ticket(TicketRecord)
    case notes([Bytes: Bytes])
  }

  /// - Parameter content: Of the case that `kind` names; others are ignored.
  public init(_ kind: Kind, _ key: String, _ content: Content?) {
    self.kind = kind
    self.key = key
    self.content = content
  }
}

/// A player as the directory keeps it.
public struct PlayerRecord: Equatable, Codable, Sendable {
  /// What it said when it signed in last.
  public var identity: DirectoryIdentity
  /// What others may see.
  public var shown: DirectoryPlayer
  /// The run that is signed in; nil while none is.
  public var run: UInt64?

  /// What is kept of one player.
  public init(identity: DirectoryIdentity, shown: DirectoryPlayer, run: UInt64?) {
    self.identity = identity
    self.shown = shown
    self.run = run
  }
}

/// A ticket as the directory keeps it.
public struct TicketRecord: Equatable, Codable, Sendable {
  /// What is looked for, and how far it has come.
  public var ticket: MatchTicket
  /// Who began the search; it ends with the owner's stay in the session.
  public var owner: PeerID
  /// When the ticket ends, on the clock that all users of the store share.
  public var deadline: Double
  /// For whom `ticket.entry` keeps a place since they were matched with it; given back when the ticket ends.
  public var places: [PeerID]

  /// What is kept of one ticket.
  public init(ticket: MatchTicket, owner: PeerID, deadline: Double, places: [PeerID] = []) {
    self.ticket = ticket
    self.owner = owner
    self.deadline = deadline
    self.places = places
  }
}
