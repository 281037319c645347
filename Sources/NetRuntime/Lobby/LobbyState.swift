/// What a script sees of a lobby's life; the raw values are the numbers of the Lua constants.
public enum LobbyState: Int, Sendable {
  case creating = 0
  case joining = 1
  case joined = 2
  case failed = 3
}

/// Why a lobby is in state FAILED.
public enum LobbyFailure: Error, Equatable, Sendable {
  case portTaken(UInt16)
  /// The operating system refused the lobby port for another reason, in its words.
  case port(String)
  case alreadyInLobby
  case badAddress(String)
  case noAnswer(Endpoint)
  /// No connection to the lobby's host came about: a wrong secret, another schema, another protocol version.
  case connection(String)
  /// The connection to the host ended before it answered.
  case hostGone
  case ownLobby
  case full(Int)
  /// The peer at the address does not host this lobby any more.
  case notHost
  case kicked
  case noSuccessor
  /// The host went on without this peer, because the connection between them broke.
  case leftBehind
}

extension LobbyFailure: CustomStringConvertible {
  public var description: String {
    switch self {
    case .portTaken(let port): "lobby port \(port) is taken by another program or lobby on this machine"
    case .port(let text): text
    case .alreadyInLobby: "this peer is in a LAN lobby already; leave that one first"
    case .badAddress(let text): "expected an address like \"192.168.0.7:10000\", got \"\(text)\""
    case .noAnswer(let address): "no lobby answered at \(address)"
    case .connection(let text): "could not connect to the lobby's host: \(text)"
    case .hostGone: "the lobby's host went away before it answered"
    case .ownLobby: "the lobby's host has the same peer id as this peer"
    case .full(let maximum): "the lobby is full (\(maximum) member\(maximum == 1 ? "" : "s"))"
    case .notHost: "the peer at this address does not host the lobby any more; refresh the browser"
    case .kicked: "kicked by the lobby host"
    case .noSuccessor: "the lobby host is gone and no other member took over"
    case .leftBehind: "the connection to the lobby broke, and the other members went on without this peer"
    }
  }
}
