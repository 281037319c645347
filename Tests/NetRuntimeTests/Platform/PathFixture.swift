import Testing

@testable import NetRuntime

/// A peer that finds its ways itself, and connects by them.
final class PathPeer {
  let host: VirtualTransport
  let transport: PathTransport
  let socket: SocketID
  let connections: Connections
  let finder: PathFinder
  var news: [PathNews] = []
  var received: [[UInt8]] = []
  var events: [LinkEvent] = []
  var lines: [LogLine] = []
  /// Connects to whom a way was found.
  var connects = false

  init(_ host: VirtualTransport, id: UInt64, at now: Double) throws {
    self.host = host
    transport = PathTransport(host)
    socket = try transport.bind(port: 5000)
    let peer = PeerID(rawValue: id)
    connections = Connections(
      transport: transport, socket: socket, localPeer: peer, schema: .plain, random: SeededRandomSource(seed: id),
      at: now)
    var note: (LogLine) -> Void = { _ in }
    finder = PathFinder(
      transport: transport, socket: socket, localPeer: peer, random: SeededRandomSource(seed: id + 1000),
      log: { _, line in note(line()) })
    note = { [weak self] in self?.lines.append($0) }
  }

  var id: PeerID { finder.localPeer }

  func receive(at now: Double) {
    connections.receive(at: now)
    while true {
      if let delivery = connections.nextDelivery() {
        received.append(Array(delivery.body))
      } else if let (_, _, event) = connections.nextLinkEvent() {
        events.append(event)
      } else {
        break
      }
    }
    finder.receive(at: now)
  }

  func transmit(at now: Double) {
    finder.transmit(at: now)
    while let news = finder.next() {
      self.news.append(news)
      if connects, case .found(let peer, let endpoint) = news { connections.connect(to: peer, at: endpoint) }
    }
    connections.transmit(at: now, state: nil)
  }

  func send(_ bytes: [UInt8], to peer: PathPeer) throws {
    let link = try #require(connections.link(to: peer.id))
    try bytes.withUnsafeBytes { _ = try connections.sendReliable(.rpc, $0, to: link, share: .script) }
  }

  func found(_ peer: PathPeer) -> Endpoint? { finder.path(to: peer.id) }

  func isRelayed(to peer: PathPeer) -> Bool { found(peer).map(RelayTunnel.contains) ?? false }
}

/// Peers that find each other on a virtual network, with or without a server's relay.
final class PathWorld: FrameWorld {
  let network: VirtualNetwork
  var peers: [PathPeer] = []
  var relay: (server: RelayServer, host: VirtualTransport, socket: SocketID)?
  static let relayPort: UInt16 = 7780

  init(seed: UInt64 = 1, _ faults: LinkFaults = LinkFaults(latency: 0.02)) {
    network = VirtualNetwork(seed: seed)
    network.defaultFaults = faults
  }

  @discardableResult
  func addRelay(rate: Int = Limits.relayRate) throws -> RelayServer {
    let host = network.addHost()
    let socket = try host.bind(port: Self.relayPort)
    let server = RelayServer(
      transport: host, socket: socket, secret: Array("a secret of the server".utf8),
      random: SeededRandomSource(seed: 99), rate: rate, at: network.now)
    relay = (server, host, socket)
    return server
  }

  var relayEndpoint: Endpoint { Endpoint(address: relay?.host.address ?? 0, port: Self.relayPort) }

  func add(_ id: UInt64, behind translator: VirtualNetwork.TranslatorID? = nil) throws -> PathPeer {
    let host = translator.map { network.addHost(behind: $0) } ?? network.addHost()
    let peer = try PathPeer(host, id: id, at: network.now)
    if let relay { peer.finder.setServer(relay.server.grant(for: peer.id, at: relayEndpoint)) }
    peers.append(peer)
    return peer
  }

  func step() {
    network.advance(to: network.now + 1.0 / 60)
    relay?.server.receive(at: network.now)
    for peer in peers { peer.receive(at: network.now) }
    for peer in peers { peer.transmit(at: network.now) }
  }

  /// Has two peers look for each other, as the directory's news would.
  func introduce(_ one: PathPeer, _ other: PathPeer) {
    one.finder.find(other.id, other.finder.localEndpoints)
    other.finder.find(one.id, one.finder.localEndpoints)
  }

  /// Two peers behind a translator each, or on the open network where there is none, that know their addresses.
  static func pair(
    seed: UInt64 = 1, _ one: TranslatorKind?, _ other: TranslatorKind?, faults: LinkFaults = LinkFaults(latency: 0.02),
    hasRelay: Bool = true
  ) throws -> (PathWorld, PathPeer, PathPeer) {
    let world = PathWorld(seed: seed, faults)
    if hasRelay { try world.addRelay() }
    let pair = try [one, other].enumerated().map { index, kind in
      try world.add(UInt64(index + 1), behind: kind.map { world.network.addTranslator($0) })
    }
    if hasRelay {
      #expect(world.run(atMost: 5) { pair.allSatisfy { $0.finder.relay?.address != nil } })
    }
    return (world, pair[0], pair[1])
  }
}
