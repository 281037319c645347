/// One program's door to a directory of players, lobbies, rooms, sessions and servers. Nothing here blocks: requests
/// are answered by news, in a later frame.
///
/// Whoever implements it keeps the players signed in: it sends heartbeats, repeats requests after an outage, and calls
/// news in the order in which things happened.
public protocol Directory: AnyObject {
  /// Signs a player or server in. Where another program has it signed in, that is signed out, and leaves what it was in.
  /// Answered by `signedIn`.
  func signIn(_ identity: DirectoryIdentity)

  /// Signs out: the player leaves everything. Without an answer.
  func signOut(_ player: PeerID)

  /// Asks something in a player's name.
  /// - Parameter number: Given back with the answer; the caller never uses one twice.
  func ask(_ request: DirectoryRequest, as player: PeerID, number: UInt64)

  /// What happened next; nil when nothing has.
  func next() -> DirectoryNews?

  /// The server's relay, which also tells a player the address that it is seen at; nil where the directory has none, or
  /// the player is not signed in. May change, and stays while the service is lost: relayed connections go on. Asked each
  /// frame.
  func relay(for player: PeerID) -> RelayGrant?

  /// Waits until the requests made so far are answered, for the start of a program alone: until then it has no frames
  /// that could be held up. On virtual time it returns at once.
  /// - Parameter limit: Seconds at most.
  func settle(for limit: Double)

  /// Signs everybody out and ends; may take a moment to tell others (at most 0.5 s).
  func close()
}

extension Directory {
  public func settle(for limit: Double) {}

  public func relay(for player: PeerID) -> RelayGrant? { nil }
}

/// What a directory tells a program.
public enum DirectoryNews: Equatable, Sendable {
  case signedIn(PeerID, run: UInt64)
  /// The player could not sign in, signed in elsewhere, or (`DirectoryError.expired`) was forgotten because nothing was
  /// heard of its program. It is in nothing any more, which is not told apart. Whatever the reason, the directory does
  /// not sign it in again by itself: whoever uses it does.
  case signedOut(PeerID, DirectoryError)
  case answer(number: UInt64, Result<DirectoryAnswer, DirectoryError>)
  /// Something changed that a player of this program may know of.
  case change(DirectoryChange, for: PeerID)
  /// The service cannot be reached; requests wait.
  case lost(String)
  /// The service is there again.
  case restored
}

/// What changed.
public enum DirectoryChange: Equatable, Codable, Sendable {
  /// An entry that the player is a member of, as it is now. It comes after each change, the player's own included.
  case entry(DirectoryEntry)
  /// The player is in it no more.
  case left(EntryID, DepartureReason)
  /// Somebody that the player has a relation to.
  case acquaintance(Acquaintance)
  case invitation(Invitation)
  case ticket(MatchTicket)
}

/// Why a player is no longer in an entry.
public enum DepartureReason: String, Codable, Sendable {
  case left
  case kicked
  /// The host put it out because it was silent.
  case dropped
  /// The entry ended.
  case ended
}
