import CAllocationCounter
import Testing

@testable import NetRuntime

/// Sessions over real connections on the virtual network.
@Suite struct SessionConnectionTests {
  private final class Peer {
    let connections: Connections
    let gate = SessionGate()
    let session: GameSession
    let endpoint: Endpoint
    var created = 0

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

    func receive(at now: Double) {
      connections.receive(at: now)
      while true {
        if let delivery = connections.nextDelivery() {
          session.handle(delivery, at: now)
        } else if let (link, peer, event) = connections.nextLinkEvent() {
          if event == .connected { session.linkConnected(link, peer: peer, at: now) }
        } else {
          return
        }
        while let event = session.nextEvent() {
          if case .objectCreated = event { created += 1 }
        }
      }
    }

    func transmit(at now: Double) {
      session.flush(at: now)
      connections.transmit(at: now, state: session)
    }
  }

  private final class World {
    let network: VirtualNetwork
    var peers: [Peer] = []

    init(_ count: Int, clientServer: Bool) throws {
      network = VirtualNetwork(seed: 3)
      network.defaultFaults = LinkFaults(latency: 0.03, jitter: 0.02, loss: 0.1, duplication: 0.05, reordering: 0.05)
      let text = SessionTestWorld.schema.split(separator: "TOPOLOGY", omittingEmptySubsequences: false)
        .joined(separator: clientServer ? "client-server" : "peer-to-peer")
      let config = try NetworkConfig.parse(text, file: "test")
      for index in 0..<count { peers.append(try Peer(network, config, id: UInt64(index + 1))) }
      for one in 0..<count {
        for other in one + 1..<count {
          peers[one].connections.connect(to: PeerID(rawValue: UInt64(other + 1)), at: peers[other].endpoint)
        }
      }
      try peers[0].session.makeHost()
      for index in 1..<count { try peers[0].session.addPeer(PeerID(rawValue: UInt64(index + 1))) }
    }

    func step() {
      network.advance(to: network.now + 1.0 / 30)
      for peer in peers { peer.receive(at: network.now) }
      for peer in peers { peer.transmit(at: network.now) }
    }

    func run(_ seconds: Double) {
      let end = network.now + seconds
      while network.now < end { step() }
    }
  }

  @Test(arguments: [false, true])
  func membersAgreeOverABadNetwork(clientServer: Bool) throws {
    let world = try World(4, clientServer: clientServer)
    world.run(4)
    #expect(world.peers[0].session.synchronizedPeers.count == 3)
    let random = SeededRandomSource(seed: 8)
    for round in 0..<120 {
      for peer in world.peers where peer.session.isInSession {
        let own = peer.session.objects(ownedBy: peer.connections.localPeer)
        if own.count < 10 {
          _ = try peer.session.create("avatar", [("score", .int(Int64(round)))])
        } else {
          let id = own[Int(random.next(below: UInt64(own.count)))]
          try peer.session.set(id, "score", .int(Int64(random.next(below: 1000))))
          try peer.session.set(id, "label", .string([UInt8](repeating: 1, count: Int(random.next(below: 700)))))
          if random.next(below: 8) == 0 { try peer.session.destroyObject(id) }
        }
      }
      world.step()
    }
    world.run(5)
    let expected = try world.peers[0].session.snapshot()
    #expect(expected.count > 20)
    for peer in world.peers { #expect(try peer.session.snapshot() == expected) }
  }

  /// Without the optimiser generic calls allocate; the count means something in release only.
  private static var isOptimised: Bool {
    var isOptimised = true
    assert(
      {
        isOptimised = false
        return true
      }())
    return isOptimised
  }

  @Test(.enabled(if: isOptimised, "counts in release only"), arguments: [false, true])
  func nothingIsAllocatedAFieldUpdate(clientServer: Bool) throws {
    let world = try World(3, clientServer: clientServer)
    world.run(4)
    var ids: [[UInt32]] = []
    for peer in world.peers { ids.append(try (0..<20).map { _ in try peer.session.create("token") }) }
    world.run(2)
    let words = UnsafeMutableRawBufferPointer.allocate(byteCount: 16, alignment: 8)
    words.initializeMemory(as: UInt8.self, repeating: 0)
    defer { words.deallocate() }
    func frames(_ count: Int) throws {
      for frame in 0..<count {
        words.storeBytes(of: UInt16(frame % 1000), as: UInt16.self)
        for index in world.peers.indices {
          for id in ids[index] {
            try world.peers[index].session.setField(
              id, field: 0, packed: BitReader(UnsafeRawBufferPointer(words), bitOffset: 0, bitCount: 10))
          }
        }
        world.step()
      }
    }
    try frames(400)
    let before = allocation_count()
    try frames(200)
    let allocations = allocation_count() - before
    // 200 frames, 3 peers, 20 objects: 12,000 changes go out to two peers each.
    #expect(allocations <= 8, "\(allocations) allocations")
  }
}
