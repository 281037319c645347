/// One peer's part in a lobby: who is in it, who hosts it, and what happens when somebody comes, leaves or dies. It
/// knows no sockets; its owner tells it what arrived and carries out the actions that it gives back.
///
/// Terms count the hosts that a lobby has had. Whoever takes over raises the term, and what a host of an earlier term
/// says is ignored.
struct LobbyMachine {
  enum Role: Equatable {
    /// Waiting for the state from the host of the lobby that this peer wants to enter.
    case joining(host: PeerID?)
    case hosting
    case member(host: PeerID)
    /// The host is gone, another member has to take over.
    case orphaned(since: Double, nextRequest: Double)
    case failed(LobbyFailure)
    case left
  }

  let localPeer: PeerID
  /// Names the lobby through all its hosts, drawn at random by the first; 0 while this peer has not heard it. It tells
  /// the lobby's traffic from that of another one which the same peers were in before.
  private(set) var lobby: UInt64
  private(set) var role: Role
  var term: UInt32 = 0
  var maximum: Int
  /// In the order of joining, this peer included; it stays readable after the end.
  var members: [LobbyMember] = []
  var data = LobbyData()
  var sessionHost = PeerID.nobody
  var ownData = LobbyData()

  /// Keys of `data` that the other members do not know yet.
  var changedKeys: [[UInt8]] = []
  var ownDataChanged = false
  /// A member said that the host has removed this peer; so a silent host is not a dead one.
  var isLeftBehind = false
  /// Seconds for which a peer may be silent; also how long orphans wait for a new host.
  var pongTimeout: Double
  var nextReconnect = 0.0
  /// Hosts that this lobby lost: only they are told that another is in office, for others may be hosts of other
  /// lobbies.
  var formerHosts: Set<PeerID> = []
  /// The last rival host that was told that this peer is in office.
  var lastRebuffed = (peer: PeerID.nobody, term: UInt32(0))

  /// Opens a lobby with this peer as its host.
  init(hosting localPeer: PeerID, lobby: UInt64, maximum: Int, pongTimeout: Double = 60) {
    self.localPeer = localPeer
    self.lobby = lobby
    self.pongTimeout = pongTimeout
    self.maximum = maximum
    role = .hosting
    term = 1
    members = [LobbyMember(peer: localPeer, endpoint: .sender)]
  }

  /// Enters a lobby; `willConnect` names its host once that is known.
  init(joining localPeer: PeerID, pongTimeout: Double = 60) {
    self.localPeer = localPeer
    self.pongTimeout = pongTimeout
    lobby = 0
    maximum = 0
    role = .joining(host: nil)
  }

  // MARK: What others see

  var state: LobbyState {
    switch role {
    case .joining: .joining
    case .hosting, .member, .orphaned: .joined
    case .failed, .left: .failed
    }
  }

  var isActive: Bool {
    switch role {
    case .failed, .left: false
    default: true
    }
  }

  var isHost: Bool { role == .hosting }

  /// Nobody while unknown.
  var host: PeerID {
    switch role {
    case .hosting: localPeer
    case .member(let host): host
    default: .nobody
    }
  }

  /// Host first, then in the order of joining.
  var memberIDs: [PeerID] {
    let host = host
    let others = members.lazy.map(\.peer).filter { $0 != host }
    return contains(host) ? [host] + others : Array(others)
  }

  func contains(_ peer: PeerID) -> Bool {
    members.contains { $0.peer == peer }
  }

  func index(of peer: PeerID) -> Int? {
    members.firstIndex { $0.peer == peer }
  }

  // MARK: Entering

  /// The host is known and being connected to.
  mutating func willConnect(to host: PeerID, lobby: UInt64) -> [LobbyAction] {
    guard case .joining(nil) = role else { return [] }
    guard host != localPeer else { return fail(.ownLobby) }
    self.lobby = lobby
    role = .joining(host: host)
    return []
  }

  // MARK: Connections

  mutating func linkUp(_ peer: PeerID) -> [LobbyAction] {
    if case .joining(peer) = role { return [.send(.join(lobby: lobby, ownData), to: peer)] }
    guard let index = index(of: peer), members[index].connection != .up else { return [] }
    members[index].connection = .up
    return isHost ? fullState(for: peer) : []
  }

  /// A connection broke (silence) or was closed by the other end.
  mutating func linkDown(_ peer: PeerID, isBroken: Bool, at now: Double) -> [LobbyAction] {
    switch role {
    case .joining(peer): return fail(.hostGone)
    case .hosting: return remove(peer, isBroken ? .lost : .left)
    case .member(peer): return hostGone(at: now)
    case .member, .orphaned:
      if let index = index(of: peer) { members[index].connection = .down }
      return []
    default: return []
    }
  }

  /// No connection came about.
  mutating func linkRefused(_ peer: PeerID, reason: String, at now: Double) -> [LobbyAction] {
    if case .joining(peer) = role { return fail(.connection(reason)) }
    guard contains(peer) else { return [] }
    return [.warn("no connection to lobby member \(peer): \(reason)")] + linkDown(peer, isBroken: true, at: now)
  }

  // MARK: Messages

  /// - Parameter endpoint: Where this peer sees the sender.
  mutating func receive(
    _ message: LobbyMessage, from peer: PeerID, at endpoint: Endpoint, now: Double
  ) -> [LobbyAction] {
    guard isActive, peer != localPeer, peer != .nobody else { return [] }
    switch message {
    case .join(let lobby, let data):
      guard lobby == self.lobby else {
        return [.send(.refuse(.notHost), to: peer), .send(.leave(lobby: lobby), to: peer)]
      }
      return receiveJoin(from: peer, data, at: endpoint)
    case .ownData(let data): return isHost ? setData(of: peer, to: data) : []
    case .leave(let lobby): return lobby == self.lobby ? receiveLeave(from: peer, now: now) : []
    case .state(let snapshot): return receive(snapshot, from: peer, at: endpoint, now: now)
    case .refuse(let refusal): return receive(refusal, from: peer)
    case .removed(let lobby, let term, let reason):
      return lobby == self.lobby ? receiveRemoved(term: term, reason, from: peer) : []
    case .memberJoined(let term, let member):
      return fromHost(peer, term) { machine in machine.add(member, hostAddress: endpoint.address) }
    case .memberLeft(let term, let member, let reason):
      return fromHost(peer, term) { machine in machine.drop(member, reason) }
    case .memberData(let term, let member, let data):
      return fromHost(peer, term) { machine in machine.adoptData(data, of: member) }
    case .data(let term, let changes):
      return fromHost(peer, term) { machine in machine.merge(changes) }
    case .sessionHost(let term, let sessionHost):
      return fromHost(peer, term) { machine in
        machine.sessionHost = sessionHost
        return []
      }
    }
  }

  // MARK: Time

  mutating func advance(to now: Double) -> [LobbyAction] {
    switch role {
    case .orphaned(let since, let nextRequest):
      return advanceOrphan(since: since, nextRequest: nextRequest, now: now)
    case .member, .hosting: return reconnect(at: now)
    default: return []
    }
  }

  /// Leaves the lobby; the other members learn of it with the next transmission.
  mutating func leave() -> [LobbyAction] {
    guard isActive else { return [] }
    var actions = flush()
    for member in others { actions.append(.send(.leave(lobby: lobby), to: member)) }
    if case .joining(let host?) = role { actions += [.send(.leave(lobby: lobby), to: host), .release(host)] }
    actions += end(.left)
    return actions
  }

  mutating func fail(_ failure: LobbyFailure) -> [LobbyAction] {
    guard isActive else { return [] }
    var actions: [LobbyAction] = [.warn("lobby failed: \(failure)")]
    if case .joining(let host?) = role { actions.append(.release(host)) }
    return actions + end(.failed(failure))
  }

  private mutating func end(_ role: Role) -> [LobbyAction] {
    var actions: [LobbyAction] = others.map { .release($0) }
    if isHost { actions.append(.steppedDown) }
    self.role = role
    return actions
  }

  // MARK: Shared by the roles

  var others: [PeerID] {
    members.lazy.map(\.peer).filter { $0 != localPeer }
  }

  mutating func become(_ role: Role) {
    self.role = role
  }

  /// Carries out what the host in office says; a host that was replaced learns that it was.
  private mutating func fromHost(
    _ peer: PeerID, _ term: UInt32, _ body: (inout LobbyMachine) -> [LobbyAction]
  ) -> [LobbyAction] {
    if case .member(peer) = role, term == self.term { return body(&self) }
    return term < self.term && formerHosts.contains(peer) && !contains(peer)
      ? [.send(.removed(lobby: lobby, term: self.term, .lost), to: peer)] : []
  }
}

extension Endpoint {
  /// Stands for whoever sends the message.
  static let sender = Endpoint(address: 0, port: 0)
}
