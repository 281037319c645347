import Testing

@testable import NetRuntime

/// One peer's connections on a virtual host, and everything they told.
final class TestPeer {
  struct Received: Equatable {
    let peer: PeerID
    let channel: MessageChannel
    let isReliable: Bool
    let body: [UInt8]
  }

  enum Entry: Equatable {
    case message(Received)
    case event(PeerID, LinkEvent)
  }

  let transport: VirtualTransport
  let socket: SocketID
  let connections: Connections
  var entries: [Entry] = []
  weak var state: (any StateSource)?

  init(
    _ network: VirtualNetwork, id: UInt64, schema: SchemaFacts = .plain, secret: [UInt8]? = nil, seed: UInt64? = nil,
    settings: TimingSettings = TimingSettings()
  ) throws {
    transport = network.addHost()
    socket = try transport.bind(port: 0)
    connections = Connections(
      transport: transport, socket: socket, localPeer: PeerID(rawValue: id), schema: schema, sharedSecret: secret,
      random: SeededRandomSource(seed: seed ?? id), settings: settings, at: network.now)
  }

  var id: PeerID { connections.localPeer }
  var endpoint: Endpoint { Endpoint(address: transport.address, port: transport.port(of: socket)) }

  func receive(at now: Double) {
    connections.receive(at: now)
    while true {
      if let delivery = connections.nextDelivery() {
        entries.append(
          .message(
            Received(
              peer: delivery.peer, channel: delivery.channel, isReliable: delivery.isReliable,
              body: Array(delivery.body))))
      } else if let (_, peer, event) = connections.nextLinkEvent() {
        entries.append(.event(peer, event))
      } else {
        return
      }
    }
  }

  func transmit(at now: Double) {
    connections.transmit(at: now, state: state)
  }

  var events: [LinkEvent] {
    entries.compactMap { entry in
      if case .event(_, let event) = entry { return event }
      return nil
    }
  }

  var messages: [[UInt8]] {
    entries.compactMap { entry in
      if case .message(let received) = entry { return received.body }
      return nil
    }
  }

  func link(to peer: TestPeer) -> LinkID { connections.link(to: peer.id) ?? LinkID(index: .max, generation: 0) }

  @discardableResult
  func send(
    _ body: [UInt8], to peer: TestPeer, channel: MessageChannel = .rpc, share: BufferShare = .script
  ) throws -> UInt64 {
    try body.withUnsafeBytes { try connections.sendReliable(channel, $0, to: link(to: peer), share: share) }
  }

  func sendUnreliable(_ body: [UInt8], to peer: TestPeer, priority: Float = 1) throws {
    try body.withUnsafeBytes {
      try connections.sendUnreliable(.rpc, $0, priority: priority, to: link(to: peer))
    }
  }
}

/// A virtual network whose peers run frame by frame.
final class TestWorld: FrameWorld {
  let network: VirtualNetwork
  var peers: [TestPeer] = []
  /// Seconds a frame.
  var frame = 1.0 / 60

  init(seed: UInt64 = 1, _ faults: LinkFaults = .none) {
    network = VirtualNetwork(seed: seed)
    network.defaultFaults = faults
  }

  @discardableResult
  func add(
    _ id: UInt64, schema: SchemaFacts = .plain, secret: [UInt8]? = nil, seed: UInt64? = nil,
    settings: TimingSettings = TimingSettings()
  ) throws -> TestPeer {
    let peer = try TestPeer(network, id: id, schema: schema, secret: secret, seed: seed, settings: settings)
    peers.append(peer)
    return peer
  }

  func step() {
    network.advance(to: network.now + frame)
    for peer in peers { peer.receive(at: network.now) }
    for peer in peers { peer.transmit(at: network.now) }
  }

  /// Two peers, 1 connected to 2.
  static func connected(
    seed: UInt64 = 1, _ faults: LinkFaults = .none, schema: SchemaFacts = .plain,
    settings: TimingSettings = TimingSettings()
  ) throws -> (TestWorld, TestPeer, TestPeer) {
    let world = TestWorld(seed: seed, faults)
    let one = try world.add(1, schema: schema, settings: settings)
    let two = try world.add(2, schema: schema, settings: settings)
    one.connections.connect(to: two.id, at: two.endpoint)
    #expect(world.run(atMost: 9) { one.events == [.connected] && two.events == [.connected] })
    return (world, one, two)
  }
}

extension SchemaFacts {
  static var plain: SchemaFacts { SchemaFacts(hash: 7, canonicalText: "plain") { _ in ["unexpected"] } }

  static func buffers(send: Int, receive: Int) -> SchemaFacts {
    var facts = plain
    facts.reliableSendBufferSize = send
    facts.reliableReceiveBufferSize = receive
    return facts
  }
}

/// A message whose content tells its number and size.
func numbered(_ number: Int, size: Int) -> [UInt8] {
  (0..<max(size, 4)).map { index in
    index < 4 ? UInt8(truncatingIfNeeded: number >> (index * 8)) : UInt8(truncatingIfNeeded: number &* 31 &+ index)
  }
}
