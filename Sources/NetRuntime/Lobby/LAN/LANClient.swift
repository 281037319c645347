/// This peer on the local network: its lobby browser and the lobby that it is in.
public final class LANClient {
  private let node: LANNode
  /// Asks for lobbies and hears the answers.
  private let socket: SocketID
  public let browser: LANLobbyBrowser
  /// The lobby opened or entered last; nil before that.
  public private(set) var lobby: LANLobby?

  /// - Parameters:
  ///   - gamePort: The UDP port of the connections, which lobbies tell to newcomers.
  ///   - schemaHash: `NetworkConfig.hash`.
  public init(
    transport: any Transport, links: any PeerLinks, control: LobbyLinkControl, gamePort: UInt16, schemaHash: UInt64,
    random: any RandomSource, log: @escaping Log
  ) throws(TransportError) {
    node = LANNode(
      transport: transport, links: links, control: control, gamePort: gamePort, schemaHash: schemaHash,
      random: random, log: log)
    socket = try transport.bind(port: 0)
    browser = LANLobbyBrowser(node: node, socket: socket)
  }

  /// Seconds for which a peer may be silent; orphaned members wait as long for a new lobby host. 60 by default.
  public var pongTimeout: Double {
    get { node.pongTimeout }
    set {
      node.pongTimeout = newValue
      lobby?.machine.pongTimeout = newValue
    }
  }

  /// Sees the datagrams of the lobby ports; nil for nobody.
  public var tap: (any PacketTap)? {
    get { node.tap }
    set { node.tap = newValue }
  }

  /// Opens a lobby with this peer as its host. When the port is taken, or a lobby is joined already, the lobby is in
  /// state FAILED.
  /// - Parameter maxMembers: Members including the host, 1...`Limits.lobbyMembers`.
  public func createLobby(port: UInt16, maxMembers: Int) -> LANLobby {
    enter { LANLobby(host: node, port: port, maxMembers: maxMembers) }
  }

  /// Enters a lobby.
  /// - Parameters:
  ///   - address: "ip:port" as a browser gives it.
  ///   - port: The lobby port of this peer, opened when it becomes the lobby's host; nil or 0 for any free one, on
  ///     which browsers do not look.
  public func joinLobby(address: String, port: UInt16? = nil) -> LANLobby {
    enter {
      guard let endpoint = Endpoint(address), endpoint.port != 0 else {
        return LANLobby(failed: .badAddress(address), node: node)
      }
      return LANLobby(join: endpoint, ownPort: port ?? 0, node: node, socket: socket)
    }
  }

  private func enter(_ make: () -> LANLobby) -> LANLobby {
    if let lobby, lobby.isActive { return LANLobby(failed: .alreadyInLobby, node: node) }
    let new = make()
    lobby = new
    return new
  }

  /// Leaves the lobby and closes the sockets; the client is of no use after that.
  public func shutdown() {
    lobby?.leave()
    node.transport.close(socket)
  }

  /// Whether a peer may be a member of the lobby that this peer is in. Only its host knows for sure: others may hear of
  /// a newcomer by the newcomer itself first.
  public func mayBeMember(_ peer: PeerID) -> Bool {
    guard let lobby, lobby.isActive else { return false }
    return !lobby.isHost || lobby.contains(peer)
  }

  /// Whether a lobby needs the connection to a peer.
  public func uses(_ peer: PeerID) -> Bool {
    guard let lobby, lobby.isActive else { return false }
    return lobby.contains(peer) || lobby.machine.role == .joining(host: peer)
  }

  /// Whether a connection waits for its peer to join, and has time left.
  public func isAwaited(_ link: LinkID) -> Bool { node.strangers.contains(link) }

  // MARK: - In the course of an update

  /// Reads the lobby's sockets.
  public func receive(at now: Double) {
    node.receive(from: socket) { datagram, source in
      switch datagram {
      case .info(let info):
        browser.receive(info, from: source)
        lobby?.receive(info, from: source, at: now)
      case .chunk(let chunk): browser.receive(chunk)
      case .query, .queryMore: break
      }
    }
    lobby?.receive(at: now)
  }

  /// Takes a message of channel `.lobby`.
  public func handle(_ delivery: Delivery, at now: Double) {
    if let lobby, lobby.isActive {
      lobby.handle(delivery, at: now)
      return
    }
    // Someone believes that this peer is in a lobby.
    let answers: [LobbyMessage]
    switch LobbyMessage(encoded: delivery.body) {
    // To a newcomer the first says all; the second is for a member that has lost its host and waits for this peer to
    // take over, because it has not heard that it left.
    case .join(let lobby, _): answers = [.refuse(.notHost), .leave(lobby: lobby)]
    case .state(let snapshot): answers = [.leave(lobby: snapshot.lobby)]
    default: return
    }
    for answer in answers {
      _ = try? answer.encoded.withUnsafeBytes {
        try node.links.sendReliable(.lobby, $0, to: delivery.link, share: .engine)
      }
    }
  }

  public func linkConnected(_ link: LinkID, peer: PeerID, at now: Double) {
    if let lobby, lobby.linkConnected(link, peer: peer, at: now) { return }
    guard !node.strangers.add(link, peer, at: now) else { return }
    node.log(.warnings, "peer \(peer) is sent away: \(Limits.pendingJoins) peers are connected without having joined")
    node.control.release(link)
  }

  /// The other end fell silent.
  public func linkBroken(_ link: LinkID, peer: PeerID, at now: Double) {
    lobby?.linkDown(link, peer: peer, isBroken: true, at: now)
  }

  /// The other end closed the connection.
  public func linkClosed(_ link: LinkID, peer: PeerID, at now: Double) {
    lobby?.linkDown(link, peer: peer, isBroken: false, at: now)
  }

  /// A connection that the lobby asked for did not come about.
  /// - Parameter reason: Why, for a game designer to read; it becomes part of the lobby's `failureReason`.
  public func linkRefused(_ link: LinkID, peer: PeerID, reason: String, at now: Double) {
    lobby?.linkRefused(link, peer: peer, reason: reason, at: now)
  }

  /// Does what is due by now; after the deliveries of an update.
  public func advance(to now: Double) {
    lobby?.advance(to: now)
    node.strangers.forget { link, peer in
      node.links.state(of: link) != .connected || lobby?.isActive == true && lobby?.contains(peer) == true
    }
    while let stranger = node.strangers.nextOverdue(at: now) {
      node.log(.messages, "peer \(stranger.peer) is sent away: it connected and did not join")
      node.control.release(stranger.link)
    }
  }

  /// Queues what was set since the last time, and asks for lobbies; before the connections transmit.
  public func transmit(at now: Double) {
    lobby?.transmit(at: now)
    browser.transmit(at: now)
  }
}
