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
  /// Not before this time, after the directory did not take it.
  private var nextPublish = 0.0
  /// Whether it was shut down: answers that come later make it enter nothing any more.
  private var hasEnded = false
  /// Whether scripts see this peer's id: on PSN only once it has entered a room.
  var showsPeer: Bool
  /// Since when the service cannot be reached; nil while it can.
  private var outageStart: Double?
  /// Why the client is of no use any more, until it is shut down.
  private(set) var contextLoss: DirectoryError?

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
    online.listen(self) { [weak self] in self?.take($0) }
    publish()
  }

  /// Whether the client has lost its place at the service for good, and has to be shut down: the player was signed out,
  /// as it is by signing in elsewhere. On Steam and Xbox Live one of whom nothing was heard for a while is signed in
  /// again by itself, and has lost only what it was in; PSN loses its context by that, and by an outage of
  /// `Limits.psnLostContextTime`, and a server its entry.
  public var hasFailed: Bool { contextLoss != nil }

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
    guard !hasEnded else { return PlatformLobby(draft, as: player, client: self, phase: .left) }
    takePlace(of: draft.id, player)
    let lobby = PlatformLobby(draft, as: player, client: self, phase: .creating(deadline: nil))
    lobbies.append(lobby)
    online.ask(.create(entry: draft, peer: localPeer, memberData: memberData), as: player) { [weak lobby] in
      lobby?.answered($0)
    }
    return lobby
  }

  /// Enters an entry. It comes back at once, in state JOINING. A lobby by which the player is in it already fails: there
  /// is one for each stay, so that leaving one does not end another.
  public func joinLobby(
    _ id: EntryID, kind: DirectoryEntry.Kind, password: Bytes? = nil, memberData: [Bytes: Bytes] = [:],
    as player: PeerID? = nil
  ) -> PlatformLobby {
    let player = player ?? localPeer
    // What is known of it stays, and with it the connections.
    let known = takePlace(of: id, player) ?? DirectoryEntry(id: id, kind: kind, title: "", host: .nobody, maximum: 0)
    guard !hasEnded else { return PlatformLobby(known, as: player, client: self, phase: .left) }
    let lobby = PlatformLobby(known, as: player, client: self, phase: .asking(deadline: nil))
    lobbies.append(lobby)
    let request = DirectoryRequest.join(id, password: password, peer: localPeer, memberData: memberData)
    online.ask(request, as: player) { [weak lobby] in lobby?.answered($0) }
    return lobby
  }

  /// Ends the lobby by which a player is in an entry, without leaving that.
  /// - Returns: What the directory has said of the entry.
  @discardableResult
  private func takePlace(of id: EntryID, _ player: PeerID) -> DirectoryEntry? {
    guard let former = lobbies.first(where: { $0.isActive && $0.id == id && $0.player == player }) else { return nil }
    former.sendChanges()
    former.fail(.enteredAnew)
    return former.mirror.confirmed
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

  private func take(_ event: OnlineService.Event) {
    switch event {
    case .change(let change, let player): take(change, for: player)
    case .signedIn: break
    case .signedOut(let player, let reason):
      for lobby in lobbies where lobby.player == player { lobby.signedOut(reason) }
      guard player == localPeer else { break }
      // The next run has to say anew where it is.
      publishedRevision = nil
      if reason != .expired || platform.endsWithExpiry { contextLoss = contextLoss ?? reason }
    }
  }

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
    guard publishedRevision != paths.endpointsRevision, contextLoss == nil, now >= nextPublish else { return }
    publishedRevision = paths.endpointsRevision
    let endpoints = Array(paths.localEndpoints.prefix(Limits.playerEndpoints))
    online.ask(.publish(endpoints: endpoints), as: localPeer) { [weak self] answer in
      guard case .failure = answer, let self else { return }
      publishedRevision = nil
      nextPublish = self.now + Limits.entryChangeRetryInterval
    }
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
    if platform == .psn, contextLoss == nil, let outageStart, now - outageStart >= Limits.psnLostContextTime {
      contextLoss = .unavailable("no answer for \(Int(Limits.psnLostContextTime)) seconds")
    }
    for lobby in lobbies { lobby.advance(to: now) }
    if hasChangedEntries { updateRoutes() }
    retryRoutes()
    sendStrangersAway()
    onAdvance?(now)
  }

  func transmit(at now: Double) {
    self.now = now
    publish()
    for lobby in lobbies { lobby.transmitChanges(at: now) }
    paths.transmit(at: now)
    online.pump()
  }

  func shutdown() {
    hasEnded = true
    online.stopListening(ObjectIdentifier(self))
    for lobby in lobbies { lobby.leave() }
    lobbies.removeAll()
    updateRoutes()
    if contextLoss == nil { online.ask(.publish(endpoints: []), as: localPeer) }
    if platform == .steamServer { online.signOut(localPeer) }
  }
}
