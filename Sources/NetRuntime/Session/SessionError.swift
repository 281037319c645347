/// Why a call on a game session was refused, in words that a game designer can act on. The binding puts the function's
/// name in front.
public enum SessionError: Error, Equatable, Sendable {
  case notInSession
  case alreadyInSession
  case sessionOver
  case notHost(host: PeerID?)
  case isHost(instead: String)
  case alreadyMember(PeerID)
  case notMember(PeerID)
  case isSelf(PeerID)
  case notConnected(PeerID)
  case sessionFull
  case noObject(UInt32)
  case notOwner(object: UInt32, owner: PeerID)
  case mayNotMigrate(object: UInt32, owner: PeerID, host: PeerID?)
  case noSuchType(Int)
  case noSuchField(object: UInt32, field: Int)
  case badValue(field: String)
  case objectTooLarge(bytes: Int)
  case tooManyObjects(Int)
  case badPriority(Float)
  case badLag(Double)
  case missing(String)
  case hostLives(PeerID)
  case hostsAlready
  case send(SendError)
}

extension SessionError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .notInSession:
      "this peer is not in a game session; a host calls make_game_session_host first, "
        + "a client waits until in_session() is true"
    case .alreadyInSession:
      "this peer is in a game session already; call shutdown_game_session and create a new one first"
    case .sessionOver:
      "this game session is over; call shutdown_game_session and create a new one"
    case .notHost(let host?):
      "only the session host may do this, and that is peer \(host)"
    case .notHost(nil):
      "only the session host may do this, and this peer is not in a session; call make_game_session_host first"
    case .isHost(let instead):
      "this peer hosts the session; use \(instead) instead"
    case .alreadyMember(let peer):
      "peer \(peer) is in the session already"
    case .notMember(let peer):
      "peer \(peer) is not in the session"
    case .isSelf(let peer):
      "peer \(peer) is this peer itself"
    case .notConnected(let peer):
      "there is no working connection to peer \(peer); it has to share a lobby with this peer first"
    case .sessionFull:
      "the session is full: it holds at most \(Limits.peers) peers, the host among them"
    case .noObject(let id):
      "object \(id) does not exist"
    case .notOwner(let object, let owner):
      "object \(object) is owned by peer \(owner), not by this peer"
    case .mayNotMigrate(let object, let owner, let host):
      "object \(object) is owned by peer \(owner); only its owner"
        + (host.map { " and the session host, peer \($0)," } ?? "") + " may give it away"
    case .noSuchType(let type):
      "no object type has the index \(type)"
    case .noSuchField(let object, let field):
      "object \(object) has no field with the index \(field)"
    case .badValue(let field):
      "the packed value of field `\(field)` is not one that its type allows"
    case .objectTooLarge(let bytes):
      "the object's fields need \(bytes) bytes, and an object may have at most "
        + "\(Limits.messageSize - Limits.messageHeaderSize)"
    case .tooManyObjects(let limit):
      "there are too many objects: at most \(limit) are possible"
    case .badPriority(let priority):
      "expected a priority above 0, got \(priority)"
    case .hostLives(let host):
      "the host, peer \(host), has not been lost; call this once host_error() is true"
    case .hostsAlready:
      "this peer hosts the session already"
    case .badLag(let seconds):
      "expected seconds from 0 to \(Int(SessionTimes.interpolationLags.upperBound)), got \(seconds)"
    case .missing(let what):
      "\(what) is not part of this version"
    case .send(.bufferFull(let needed, let left)):
      "the reliable send buffer is full: the message needs \(needed) bytes, \(left) are left; it was not queued"
    case .send(.tooLong(let bytes)):
      "the message has \(bytes) bytes, and at most \(Limits.messageSize) are possible"
    case .send(.notConnected):
      "the connection is broken or closed"
    }
  }
}
