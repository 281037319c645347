import Testing

@testable import NetRuntime

/// A member of a session over real connections.
final class LinkedPeer {
  let connections: Connections
  let gate = SessionGate()
  let session: GameSession
  let endpoint: Endpoint
  /// Objects of others, in the order in which they came.
  var created: [UInt32] = []
  /// Messages outside of the session, with the time of their arrival.
  var messages: [(time: Double, body: [UInt8])] = []

  init(_ network: VirtualNetwork, _ config: NetworkConfig, id: UInt64) throws {
    let transport = network.addHost()
    let socket = try transport.bind(port: 0)
    endpoint = Endpoint(address: transport.address, port: transport.port(of: socket))
    connections = Connections(
      transport: transport, socket: socket, localPeer: PeerID(rawValue: id), schema: .plain, sharedSecret: nil,
      random: SeededRandomSource(seed: id), settings: TimingSettings(), at: network.now)
    session = GameSession(
      links: connections, config: config, gate: gate, random: SeededRandomSource(seed: id), log: { _, _ in })
  }

  var id: PeerID { connections.localPeer }

  func receive(at now: Double) {
    connections.receive(at: now)
    while true {
      if let delivery = connections.nextDelivery() {
        if delivery.channel == .rpc {
          messages.append((now, Array(delivery.body)))
        } else {
          session.handle(delivery, at: now)
        }
      } else if let (link, peer, event) = connections.nextLinkEvent() {
        if event == .connected { session.linkConnected(link, peer: peer, at: now) }
      } else {
        return
      }
      while let event = session.nextEvent() {
        if case .objectCreated(let id, _) = event { created.append(id) }
      }
    }
  }

  func transmit(at now: Double) {
    session.flush(at: now)
    connections.transmit(at: now, state: session)
  }

  func send(_ body: [UInt8], to peer: LinkedPeer) throws {
    let link = try #require(connections.link(to: peer.id))
    _ = try body.withUnsafeBytes { try connections.sendReliable(.rpc, $0, to: link, share: .script) }
  }
}

/// Peers that are all connected, on a virtual network; the first hosts a session.
final class LinkedWorld: FrameWorld {
  let network: VirtualNetwork
  let peers: [LinkedPeer]
  /// Seconds a frame.
  var frame = 1.0 / 30

  init(_ count: Int, schema: String, _ faults: LinkFaults) throws {
    let network = VirtualNetwork(seed: 3)
    network.defaultFaults = faults
    let config = try NetworkConfig.parse(schema, file: "test")
    let peers = try (0..<count).map { try LinkedPeer(network, config, id: UInt64($0 + 1)) }
    for one in 0..<count {
      for other in one + 1..<count { peers[one].connections.connect(to: peers[other].id, at: peers[other].endpoint) }
    }
    try peers[0].session.makeHost()
    (self.network, self.peers) = (network, peers)
  }

  func step() {
    network.advance(to: network.now + frame)
    for peer in peers { peer.receive(at: network.now) }
    for peer in peers { peer.transmit(at: network.now) }
  }
}
