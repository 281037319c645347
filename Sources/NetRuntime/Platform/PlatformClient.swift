/// This peer on a gaming platform: the lobbies, rooms, sessions and servers that it is in, and the connections to their
/// members.
public final class PlatformClient: LobbyLayer {
  public let platform: Platform
  public let online: OnlineService
  public let localPeer: PeerID
  /// The ways to other peers.
  public let paths: PathFinder
  /// Those that were made or entered and have not been left, failed ones too.
  public private(set) var lobbies: [PlatformLobby] = []
  /// What a face hears of: changes that concern one of this machine's players.
  public var onChange: ((DirectoryChange, PeerID) -> Void)?
  /// Called once a frame with the time, when the lobbies have heard their news.
  public var onAdvance: ((Double) -> Void)?

  let links: any PeerLinks
  let control: LobbyLinkControl
  let log: Log
  var pongTimeout = 60.0
  var tap: (any PacketTap)?
  /// The time of the frame.
  var now = 0.0
  var routes: [PeerID: Route] = [:]
  var strangers = Strangers()
  /// Peers that said hello before the directory told of them.
  var unwelcomed: [(peer: PeerID, link: LinkID, entry: EntryID)] = []
  /// Members changed, so that the routes have to be looked at.
  var hasChangedEntries = false
  private var publishedRevision: UInt64?
  /// Whether scripts see this peer's id: on PSN only once it has entered a room.
  var showsPeer: Bool
  /// Since when the service cannot be reached; nil while it can.
  private(set) var outageStart: Double?

  init(
    platform: Platform, online: OnlineService, links: any PeerLinks, control: LobbyLinkControl, paths: PathFinder,
    log: @escaping Log
  ) {
    self.platform = platform
    self.online = online
    self.links = links
    self.control = control
    self.paths = paths
    self.log = log
    localPeer = links.localPeer
    showsPeer = platform != .psn
    online.listeners[ObjectIdentifier(self)] = { [unowned self] in take($0, for: $1) }
    publish()
  }

  /// Whether the player was signed out for good.
  public var hasFailed: Bool { online.signOutReason(of: localPeer) != nil }

  /// An id for a new entry.
  public func newEntryID() -> EntryID { EntryID(rawValue: online.drawID()) }

  // MARK: - Entries

  /// Makes an entry with a player as its host. It comes back at once, in state CREATING.
  /// - Parameters:
  ///   - entry: With the id that it shall have; its host is the player.
  ///   - player: One of this machine's; nil for the one that the client plays for.
  public func createLobby(
    _ entry: DirectoryEntry, memberData: [Bytes: Bytes] = [:], as player: PeerID? = nil
  ) -> PlatformLobby {
    let player = player ?? localPeer
    var draft = entry
    draft.host = player
    if draft.kind != .steamServer { draft.members = [member(player, memberData)] }
    let lobby = PlatformLobby(draft, as: player, client: self, phase: .creating)
    lobbies.append(lobby)
    online.ask(.create(entry: draft, peer: localPeer, memberData: memberData), as: player) { [weak lobby] in
      lobby?.answered($0)
    }
    return lobby
  }

  /// Enters an entry. It comes back at once, in state JOINING.
  public func joinLobby(
    _ id: EntryID, kind: DirectoryEntry.Kind, password: Bytes? = nil, memberData: [Bytes: Bytes] = [:],
    as player: PeerID? = nil
  ) -> PlatformLobby {
    let player = player ?? localPeer
    let unknown = DirectoryEntry(id: id, kind: kind, title: "", host: .nobody, maximum: 0)
    let lobby = PlatformLobby(unknown, as: player, client: self, phase: .asking)
    lobbies.append(lobby)
    let request = DirectoryRequest.join(id, password: password, peer: localPeer, memberData: memberData)
    online.ask(request, as: player) { [weak lobby] in lobby?.answered($0) }
    return lobby
  }

  /// Leaves an entry; where this player hosts it, the one who is in it for the longest follows.
  public func leave(_ lobby: PlatformLobby) {
    lobby.leave()
    lobbies.removeAll { $0 === lobby }
    updateRoutes()
  }

  private func member(_ player: PeerID, _ data: [Bytes: Bytes]) -> DirectoryEntry.Member {
    let name = player == online.user.id ? online.user.name : ""
    return .init(
      player: player, peer: localPeer, name: name, run: online.run(of: player) ?? 0, data: data,
      endpoints: paths.localEndpoints)
  }

  // MARK: - News

  private func take(_ change: DirectoryChange, for player: PeerID) {
    switch change {
    case .entry(let entry):
      for lobby in lobbies where lobby.id == entry.id && lobby.player == player { lobby.adopt(entry) }
    case .left(let id, let reason):
      for lobby in lobbies where lobby.id == id && lobby.player == player { lobby.departed(reason) }
    case .acquaintance, .invitation, .ticket: break
    }
    onChange?(change, player)
  }

  func entriesChanged() { hasChangedEntries = true }

  /// Tells the directory where this peer can be reached.
  private func publish() {
    guard publishedRevision != paths.endpointsRevision else { return }
    publishedRevision = paths.endpointsRevision
    online.ask(.publish(endpoints: Array(paths.localEndpoints.prefix(Limits.playerEndpoints))), as: localPeer)
  }

  // MARK: - LobbyLayer

  func uses(_ peer: PeerID) -> Bool { routes[peer] != nil }

  func mayBeMember(_ peer: PeerID) -> Bool {
    lobbies.contains { $0.isActive && (!$0.isHost || $0.contains(peer)) }
  }

  func receive(at now: Double) {
    self.now = now
    paths.setServer(online.relay(for: localPeer))
    paths.receive(at: now)
    takePaths()
    if hasChangedEntries { updateRoutes() }
  }

  func advance(to now: Double) {
    self.now = now
    outageStart = online.isLost ? outageStart ?? now : nil
    for lobby in lobbies {
      if let reason = online.signOutReason(of: lobby.player) { lobby.fail(.signedOut(reason)) }
      lobby.advance(to: now)
    }
    if hasChangedEntries { updateRoutes() }
    retryRoutes()
    sendStrangersAway()
    onAdvance?(now)
  }

  func transmit(at now: Double) {
    self.now = now
    publish()
    for lobby in lobbies { lobby.sendChanges() }
    paths.transmit(at: now)
    online.pump()
  }

  func shutdown() {
    for lobby in lobbies { lobby.leave() }
    lobbies.removeAll()
    updateRoutes()
    online.ask(.publish(endpoints: []), as: localPeer)
    if platform == .steamServer { online.signOut(localPeer) }
    online.listeners[ObjectIdentifier(self)] = nil
  }
}
