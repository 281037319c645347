/// A lobby on the local network, as its host or as a member.
///
/// What is changed here is told to the other members with the next transmission; leaving also tells them when nothing
/// else is done after it.
public final class LANLobby {
  let node: LANNode
  var machine: LobbyMachine
  /// The UDP port on which the lobby is found while this peer is its host; 0 for any free one.
  public let port: UInt16

  /// The socket on `port`, while this peer is the host and has got it.
  var lobbyPort: LANLobbyPort?
  var nextPortAttempt = 0.0
  var hasWarnedOfPort = false
  /// What is asked of the address to join, until it has answered.
  var question: LANQuestion?
  let questionSocket: SocketID?
  var joinDeadline: Double?
  /// The connection on which each other member is. A peer that comes back has a new one; what happens to the old one is
  /// no longer its affair.
  var memberLinks: [PeerID: LinkID] = [:]

  /// Opens a lobby; on failure it is in state FAILED at once.
  /// - Parameter maxMembers: Members including the host, 1...`Limits.lobbyMembers`; values outside are moved inside.
  init(host node: LANNode, port: UInt16, maxMembers: Int) {
    self.node = node
    self.port = port
    questionSocket = nil
    machine = LobbyMachine(
      hosting: node.links.localPeer, lobby: node.random.next(),
      maximum: min(max(1, maxMembers), Limits.lobbyMembers), pongTimeout: node.pongTimeout)
    do {
      lobbyPort = try LANLobbyPort(port: port, node: node)
      node.log(.messages, "opened a LAN lobby on port \(port)")
    } catch {
      lobbyPort = nil
      let failure: LobbyFailure =
        switch error {
        case .portTaken(let port): .portTaken(port)
        default: .port(error.description)
        }
      perform(machine.fail(failure), at: 0)
    }
  }

  /// Enters the lobby at an address.
  init(join address: Endpoint, ownPort: UInt16, node: LANNode, socket: SocketID) {
    self.node = node
    port = ownPort
    questionSocket = socket
    machine = LobbyMachine(joining: node.links.localPeer, pongTimeout: node.pongTimeout)
    question = LANQuestion(address: address, nonce: node.random.next())
  }

  /// A lobby that failed before it began.
  init(failed failure: LobbyFailure, node: LANNode) {
    self.node = node
    port = 0
    questionSocket = nil
    machine = LobbyMachine(joining: node.links.localPeer, pongTimeout: node.pongTimeout)
    perform(machine.fail(failure), at: 0)
  }

  // MARK: - What it is

  public var state: LobbyState { machine.state }

  /// False once the lobby failed or was left.
  public var isActive: Bool { machine.isActive }

  /// Why the state is FAILED, for a game designer to read; nil otherwise.
  public var failureReason: String? { failure?.description }

  public var failure: LobbyFailure? {
    if case .failed(let failure) = machine.role { return failure }
    return nil
  }

  /// The lobby host first, then in the order of joining.
  public var members: [PeerID] { machine.memberIDs }

  /// Nobody while unknown.
  public var lobbyHost: PeerID { machine.host }

  public var isHost: Bool { machine.isHost }

  /// Who hosts the game session; nil when it is not set.
  public var gameSessionHost: PeerID? {
    machine.sessionHost == .nobody ? nil : machine.sessionHost
  }

  public func contains(_ peer: PeerID) -> Bool { machine.contains(peer) }

  // MARK: - Data

  /// The lobby data of a key; nil when it was never set.
  public func data(_ key: [UInt8]) -> [UInt8]? { machine.data[key] }

  /// All lobby data.
  public var allData: LobbyData { machine.data }

  /// Sets lobby data. Of a member that is not the lobby host it changes nothing and logs a warning.
  public func setData(_ key: [UInt8], to value: [UInt8]) throws(LobbyDataError) {
    perform(try machine.setData(key, to: value), at: 0)
  }

  /// The data that a member has set for itself; nil when it has not, or is no member.
  public func memberData(_ peer: PeerID, _ key: [UInt8]) -> [UInt8]? {
    machine.index(of: peer).flatMap { machine.members[$0].data[key] }
  }

  /// This peer's own member data.
  public func ownData(_ key: [UInt8]) -> [UInt8]? { machine.ownData[key] }

  /// Sets this peer's own member data.
  public func setMemberData(_ key: [UInt8], to value: [UInt8]) throws(LobbyDataError) {
    try machine.setOwnData(key, to: value)
  }

  /// Sets who hosts the game session, nil for nobody. Of a member that is not the lobby host it changes nothing and
  /// logs a warning.
  public func setGameSessionHost(_ peer: PeerID?) {
    perform(machine.setSessionHost(peer ?? .nobody), at: 0)
  }

  // MARK: - Members

  /// Removes a member; its lobby turns FAILED. Of a member that is not the lobby host it changes nothing and logs a
  /// warning.
  public func kick(_ peer: PeerID) {
    perform(machine.kick(peer), at: 0)
  }

  /// Removes the member at a place of `members`, counted from 0.
  /// - Returns: False when there is no such place.
  public func kick(at index: Int) -> Bool {
    let members = members
    guard members.indices.contains(index) else { return false }
    kick(members[index])
    return true
  }

  /// Leaves the lobby for good.
  public func leave() {
    perform(machine.leave(), at: 0)
    question = nil
  }
}
