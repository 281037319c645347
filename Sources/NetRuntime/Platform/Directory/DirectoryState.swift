/// All rules of a directory of players and entries, as one value: it has no clock, does no I/O, and is told what
/// happens. What changed is taken out of it as news for players, and as records for a store; a copy that is given
/// these records (`absorb`) is equal to it, and has the same news to tell.
///
/// A refused request changes nothing, and each request may be repeated.
public struct DirectoryState: Sendable {
  /// Who ever signed in, as far as remembered.
  var players: [PeerID: PlayerRecord] = [:]
  /// When each player that is signed in was last heard of.
  var heard: [PeerID: Double] = [:]
  /// Who names a player in its relations.
  var followers: [PeerID: Set<PeerID>] = [:]
  /// Players that signed out, the longest gone first; those that are back stay in it.
  var absent = AbsentPlayers()
  var shelves = EntryShelves()
  /// The entries that an id is in: as a player, as the peer of one, or as the host.
  var seats: [PeerID: Set<EntryID>] = [:]
  /// The entries that keep a place for a player.
  var reservedIn: [PeerID: Set<EntryID>] = [:]
  var invitations: [PeerID: [Invitation]] = [:]
  var notes: [PeerID: [Bytes: Bytes]] = [:]
  var tickets = TicketIndex()
  /// Tickets that came or changed, and have not been looked at by `matchTickets`.
  var unmatched: [UInt64] = []
  var deadlines = DeadlineQueue()
  var changed = ChangedRecords()
  var news: [(player: PeerID, news: StateNews)] = []

  /// A directory of nobody and nothing.
  public init() {}

  /// Does what a player asks.
  /// - Parameters:
  ///   - run: The run of the player's program that asks; one that is not signed in gets `signedOut`.
  ///   - now: Seconds, on the clock that all users of the store share.
  public mutating func apply(
    _ request: DirectoryRequest, as player: PeerID, run: UInt64, at now: Double
  ) throws(DirectoryError) -> DirectoryAnswer {
    guard players[player]?.run == run else { throw .signedOut }
    let answer = try answer(to: request, of: player, at: now)
    matchTickets()
    return answer
  }

  private mutating func answer(
    to request: DirectoryRequest, of player: PeerID, at now: Double
  ) throws(DirectoryError) -> DirectoryAnswer {
    switch request {
    case .publish(let endpoints): try publish(endpoints, of: player)
    case .create(let entry, let peer, let data): return try create(entry, by: player, peer: peer, memberData: data)
    case .join(let id, let password, let peer, let data):
      return try join(id, password: password, by: player, peer: peer, memberData: data)
    case .leave(let id): leave(id, player, why: .left)
    case .change(let id, let changes): return try change(id, changes, by: player)
    case .list(let query): return .entries(try list(query, for: player))
    case .find(let id): return .entry(try find(id, for: player))
    case .players(let ids): return .players(try players(ids, for: player))
    case .friends: return .friends(acquaintances(of: player))
    case .setPresence(let values): try setPresence(values, of: player)
    case .setActivity(let activity): try setActivity(activity, of: player)
    case .invite(let invitation, let targets): try invite(invitation, to: targets, by: player)
    case .dismissInvitation(let id): dismissInvitation(id, of: player)
    case .startTicket(let ticket): return .ticket(try startTicket(ticket, by: player, at: now))
    case .deleteTicket(let id): deleteTicket(id, by: player)
    case .keep(let key, let value): try keep(value, under: key, of: player)
    case .kept(let prefix): return .notes(kept(prefix: prefix, of: player))
    }
    return .done
  }

  /// What happened since the last call, and who has to hear it, in order.
  public mutating func takeNews() -> [(player: PeerID, news: StateNews)] {
    defer { news.removeAll() }
    return news
  }

  /// When `advance` has to be called next, at the latest; nil while there is nothing to wait for.
  public var nextDeadline: Double? { deadlines.first?.time }

  /// The players that are signed in, in no order.
  public var onlinePlayers: some Collection<PeerID> { heard.keys }

  /// The run of a player's program that is signed in.
  public func run(of player: PeerID) -> UInt64? { players[player]?.run }

  /// How many entries there are.
  public var entryCount: Int { shelves.count }
}

/// What a player's program has to be told.
public enum StateNews: Equatable, Sendable {
  case change(DirectoryChange)
  /// This run of its program is signed in no more; the player may be, in another one.
  case signedOut(DirectoryError, run: UInt64)
}
