/// Why a call on the front door failed; the text is for a game designer and does not name the function, which the
/// caller knows.
public enum NetworkError: Error, Equatable, Sendable {
  /// No client is running.
  case noClient
  /// A client is running already.
  case clientRunning(Platform)
  /// The client that runs is not of the platform that the call needs.
  case otherClient(needed: Platform, running: Platform)
  /// No client of the platform is running.
  case noPlatformClient(Platform)
  /// The online service cannot be used here; the text says why.
  case noOnlineService(String)
  /// There is a game session already.
  case sessionExists
  /// A recording is being replayed.
  case replaying
  /// Nothing is being replayed.
  case notReplaying
  /// The recording cannot be replayed.
  case dump(DumpError)
  /// There is no game session.
  case noSession
  /// No peer with this id was ever known here.
  case unknownPeer(PeerID)
  /// A session-bound message outside a session.
  case notInSession(message: String)
  /// A session-bound message to a peer outside the session.
  case peerNotInSession(message: String, PeerID)
  /// The script's share of the reliable send buffer is full.
  case bufferFull(message: String, needed: Int, left: Int)
  /// The message is longer than any may be.
  case messageTooLong(message: String, bytes: Int)
  /// The running client's network config has no such message.
  case unknownMessage(String, nearest: String?)
  /// The client was started without explicit connections.
  case automaticConnections
  /// There is a connection to the peer, which may be one that is still being made, or a broken one.
  case connectionExists(PeerID)
  /// A peer needs no connection to itself.
  case connectionToSelf(PeerID)
  /// No lobby has told where the peer is.
  case unknownAddress(PeerID)
  /// There are as many connections as there can be.
  case tooManyConnections
  /// A lobby or the session needs the connection.
  case connectionInUse(PeerID)
  /// Events are being taken: the network cannot be updated from inside its own callback.
  case insideCallback
  /// The game port could not be opened.
  case transport(TransportError)
}

extension NetworkError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .noClient: "no network client is running; call Network.init_lan_client first"
    case .clientRunning(.lan): "a network client is running already; call Network.shutdown_lan_client first"
    case .clientRunning(let platform):
      "\(platform.anyClient) is running already; call Network.\(platform.endFunction) first"
    case .otherClient(let needed, let running):
      "it needs \(needed.anyClient), and \(running.anyClient) is running; call Network.\(running.endFunction), "
        + "then Network.\(needed.startFunction)"
    case .noPlatformClient(let platform):
      "no \(platform.clientName) is running; call Network.\(platform.startFunction) first"
    case .noOnlineService(let why): "the online service cannot be used: \(why)"
    case .sessionExists: "a game session exists already; call Network.shutdown_game_session first"
    case .replaying: "a recording is being replayed; call Network.shutdown_replay_session first"
    case .notReplaying: "no recording is being replayed; Network.create_replay_session starts a replay"
    case .dump(let error): error.description
    case .noSession: "there is no game session; call Network.create_game_session first"
    case .unknownPeer(let peer): "peer \(peer) was never known here"
    case .notInSession(let message): "message `\(message)` is session bound, and this peer is in no game session"
    case .peerNotInSession(let message, let peer):
      "message `\(message)` is session bound, and peer \(peer) is not in the game session"
    case .bufferFull(let message, let needed, let left):
      "the reliable send buffer is full: message `\(message)` needs \(needed) bytes, \(left) are left; it was not sent"
    case .messageTooLong(let message, let bytes):
      "message `\(message)` has \(bytes) bytes; at most \(Limits.messageSize) can be sent"
    case .unknownMessage(let name, let nearest):
      "the network config has no message `\(name)`" + (nearest.map { "; did you mean `\($0)`?" } ?? "")
    case .automaticConnections:
      "connections come and go with lobbies and sessions; to make your own, call Network.set_explicit_connections "
        + "before Network.init_lan_client"
    case .connectionExists(let peer):
      "there is a connection to peer \(peer) already; ask Network.has_connection first"
    case .connectionToSelf(let peer): "peer \(peer) is this peer itself"
    case .unknownAddress(let peer): "peer \(peer) cannot be reached: no lobby has shown where it is"
    case .tooManyConnections: "there are \(Limits.links) connections already; more are not possible"
    case .connectionInUse(let peer):
      "a lobby or the game session uses the connection to peer \(peer); destroy it once Network.is_used gives false"
    case .insideCallback: "called inside a network callback; update once a frame, outside callbacks"
    case .transport(let error): error.description
    }
  }
}
