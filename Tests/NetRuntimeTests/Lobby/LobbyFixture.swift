@testable import NetRuntime

/// One peer with real connections on a virtual host, run as the runtime runs it.
final class LobbyPeer {
  let transport: VirtualTransport
  let socket: SocketID
  let connections: Connections
  let client: LANClient
  var isRunning = true

  /// Warnings that were logged.
  var log: [String] { lines.warnings }

  private final class Lines {
    var warnings: [String] = []
  }
  private let lines = Lines()

  init(_ network: VirtualNetwork, id: UInt64, secret: [UInt8]?, schema: SchemaFacts, pongTimeout: Double) throws {
    transport = network.addHost()
    socket = try transport.bind(port: 0)
    var settings = TimingSettings()
    settings.pongTimeout = pongTimeout
    let random = SeededRandomSource(seed: UInt64(transport.host) << 32 | id)
    let connections = Connections(
      transport: transport, socket: socket, localPeer: PeerID(rawValue: id), schema: schema, sharedSecret: secret,
      random: random, settings: settings, at: network.now)
    self.connections = connections
    let control = LobbyLinkControl(
      connect: { connections.connect(to: $0, at: $1) }, release: { connections.close($0) },
      endpoint: { connections.endpoint(of: $0) })
    let lines = lines
    client = try LANClient(
      transport: transport, links: connections, control: control, gamePort: transport.port(of: socket),
      schemaHash: schema.hash, random: random,
      log: { level, text in if level == .warnings { lines.warnings.append(text().text) } })
    client.pongTimeout = pongTimeout
  }

  var id: PeerID { connections.localPeer }
  var lobby: LANLobby { client.lobby ?? client.joinLobby(address: "there is none") }

  func receive(at now: Double) {
    connections.receive(at: now)
    client.receive(at: now)
    while true {
      if let delivery = connections.nextDelivery() {
        if delivery.channel == .lobby { client.handle(delivery, at: now) }
      } else if let (link, peer, event) = connections.nextLinkEvent() {
        switch event {
        case .connected: client.linkConnected(link, peer: peer, at: now)
        case .broken: client.linkBroken(link, peer: peer, at: now)
        case .closed: client.linkClosed(link, peer: peer, at: now)
        case .refused(let reason):
          client.linkRefused(link, peer: peer, reason: reason.description, at: now)
        }
      } else {
        break
      }
    }
    client.advance(to: now)
  }

  func transmit(at now: Double) {
    client.transmit(at: now)
    connections.transmit(at: now, state: nil)
  }
}

/// A virtual network with peers that run frame by frame; peer ids count from 1.
final class LobbyWorld: FrameWorld {
  static let port: UInt16 = 10_000

  let network: VirtualNetwork
  private(set) var peers: [LobbyPeer] = []
  var frame = 1.0 / 60
  let pongTimeout: Double

  init(seed: UInt64 = 1, _ faults: LinkFaults = .none, pongTimeout: Double = 5) {
    network = VirtualNetwork(seed: seed)
    network.defaultFaults = faults
    self.pongTimeout = pongTimeout
  }

  @discardableResult
  func add(secret: [UInt8]? = nil, schema: SchemaFacts = .plain, id: UInt64? = nil) throws -> LobbyPeer {
    let peer = try LobbyPeer(
      network, id: id ?? UInt64(peers.count + 1), secret: secret, schema: schema, pongTimeout: pongTimeout)
    peers.append(peer)
    return peer
  }

  func step() {
    network.advance(to: network.now + frame)
    for peer in peers where peer.isRunning {
      peer.receive(at: network.now)
      peer.transmit(at: network.now)
    }
  }

  /// Ends a peer's process without a word.
  func kill(_ peer: LobbyPeer) {
    peer.isRunning = false
    network.kill(peer.transport.host)
  }

  func address(of peer: LobbyPeer, port: UInt16 = LobbyWorld.port) -> String {
    Endpoint(address: peer.transport.address, port: port).description
  }

  /// A lobby hosted by the first of several peers, which joined in order.
  static func lobby(
    of count: Int, maximum: Int = 8, seed: UInt64 = 1, _ faults: LinkFaults = .none, pongTimeout: Double = 5
  ) throws -> LobbyWorld {
    let world = LobbyWorld(seed: seed, faults, pongTimeout: pongTimeout)
    let host = try world.add()
    _ = host.client.createLobby(port: port, maxMembers: maximum)
    for _ in 1..<max(1, count) {
      let peer = try world.add()
      let lobby = peer.client.joinLobby(address: world.address(of: host), port: port)
      _ = world.run(atMost: 10) { lobby.state != .joining }
    }
    // The last one's connections to the others.
    world.run(1)
    return world
  }

  /// Whether all running peers see these members, by number, host first.
  func agree(on members: [UInt64]) -> Bool {
    let expected = members.map(PeerID.init(rawValue:))
    return peers.allSatisfy { peer in
      !peer.isRunning || !expected.contains(peer.id)
        || (peer.lobby.members == expected && peer.lobby.lobbyHost == expected[0] && peer.lobby.state == .joined)
    }
  }

  /// Whether all running peers among these are connected to each other.
  func isMesh(_ members: [UInt64]) -> Bool {
    let among = peers.filter { $0.isRunning && members.contains($0.id.rawValue) }
    return among.allSatisfy { one in
      among.allSatisfy { other in
        one === other
          || one.connections.link(to: other.id).map { one.connections.state(of: $0) == .connected } ?? false
      }
    }
  }
}

func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }
