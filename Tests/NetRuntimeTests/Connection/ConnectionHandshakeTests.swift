import Testing

@testable import NetRuntime

@Suite struct ConnectionHandshakeTests {
  @Test func connectsBothEnds() throws {
    let (_, one, two) = try TestWorld.connected()
    #expect(one.connections.state(of: one.link(to: two)) == .connected)
    #expect(two.connections.state(of: two.link(to: one)) == .connected)
    #expect(two.connections.peer(of: two.link(to: one)) == one.id)
  }

  @Test func messagesQueuedBeforeTheHandshakeEndsArriveAfterIt() throws {
    let world = TestWorld()
    let one = try world.add(1)
    let two = try world.add(2)
    one.connections.connect(to: two.id, at: two.endpoint)
    try one.send([1, 2, 3], to: two)
    world.run(1)
    #expect(
      two.entries == [
        .event(one.id, .connected),
        .message(.init(peer: one.id, channel: .rpc, isReliable: true, body: [1, 2, 3])),
      ])
  }

  @Test func bothEndsAtOnceGetOneLink() throws {
    for seed in 1...20 as ClosedRange<UInt64> {
      let world = TestWorld(seed: seed, LinkFaults(latency: 0.05, jitter: 0.03, loss: 0.2, duplication: 0.1))
      let one = try world.add(1)
      let two = try world.add(2)
      one.connections.connect(to: two.id, at: two.endpoint)
      two.connections.connect(to: one.id, at: one.endpoint)
      try one.send([1], to: two)
      try two.send([2], to: one)
      world.run(9)
      #expect(one.events == [.connected], "seed \(seed)")
      #expect(two.events == [.connected], "seed \(seed)")
      #expect(one.messages == [[2]] && two.messages == [[1]], "seed \(seed)")
    }
  }

  @Test func aPeerThatConnectsFromElsewhereTakesTheLinkThatLooksForIt() throws {
    for (first, second) in [(1, 2), (2, 1)] as [(UInt64, UInt64)] {
      let world = TestWorld()
      let one = try world.add(first)
      let two = try world.add(second)
      one.connections.connect(to: two.id, at: Endpoint(address: 0x0A00_0063, port: 4000))
      try one.send([1], to: two)
      let link = one.link(to: two)
      two.connections.connect(to: one.id, at: one.endpoint)
      world.run(4)
      #expect(one.events == [.connected] && two.events == [.connected])
      #expect(two.messages == [[1]])
      #expect(one.link(to: two) == link && one.connections.endpoint(of: link) == two.endpoint)
    }
  }

  @Test func theLinkThatIsAskedForWhileThePeersHandshakeIsPendingIsTheOne() throws {
    for (first, second) in [(1, 2), (2, 1)] as [(UInt64, UInt64)] {
      let world = TestWorld(seed: 1, LinkFaults(latency: 0.1))
      let one = try world.add(first)
      let two = try world.add(second)
      one.connections.connect(to: two.id, at: two.endpoint)
      #expect(world.run(atMost: 1) { two.connections.pending.count == 1 })
      two.connections.connect(to: one.id, at: one.endpoint)
      let link = two.link(to: one)
      try two.send([2], to: one)
      world.run(4)
      #expect(one.events == [.connected] && two.events == [.connected])
      #expect(one.messages == [[2]] && two.link(to: one) == link)
    }
  }

  /// Each end may answer the other's attempt before it hears of its own: one link comes of it, and no message is lost.
  @Test(arguments: UInt64(1)...60)
  func bothEndsAtOnceOverABadNetwork(seed: UInt64) throws {
    let world = TestWorld(
      seed: seed, LinkFaults(latency: 0.1, jitter: 0.09, loss: 0.4, duplication: 0.2, reordering: 0.2))
    let one = try world.add(1, seed: seed)
    let two = try world.add(2, seed: seed + 1000)
    one.connections.connect(to: two.id, at: two.endpoint)
    world.run(Double(seed % 8) * 0.1)
    two.connections.connect(to: one.id, at: one.endpoint)
    try one.send([1], to: two)
    try two.send([2], to: one)
    #expect(world.run(atMost: 15) { !one.messages.isEmpty && !two.messages.isEmpty })
    try one.send([3], to: two)
    try two.send([4], to: one)
    #expect(world.run(atMost: 15) { one.messages == [[2], [4]] && two.messages == [[1], [3]] })
    #expect(one.events == [.connected] && two.events == [.connected])
  }

  @Test func connectsInSpiteOfLoss() throws {
    for seed in 1...20 as ClosedRange<UInt64> {
      _ = try TestWorld.connected(
        seed: seed, LinkFaults(latency: 0.1, jitter: 0.04, loss: 0.3, duplication: 0.2, reordering: 0.2))
    }
  }
}

// MARK: - Refusals

@Suite struct ConnectionRefusalTests {
  /// What becomes of peer 1's attempt to reach peer 2.
  private func outcome(_ one: TestPeer, _ two: TestPeer, _ world: TestWorld, _ seconds: Double = 12) -> [LinkEvent] {
    one.connections.connect(to: two.id, at: two.endpoint)
    world.run(seconds)
    return one.events
  }

  @Test func wrongSecret() throws {
    let world = TestWorld()
    let one = try world.add(1, secret: [1])
    let two = try world.add(2, secret: [2])
    #expect(outcome(one, two, world, 1) == [.refused(.wrongSecret)])
    #expect(two.entries.isEmpty)
    #expect(one.connections.link(to: two.id) == nil)
  }

  @Test func secretOnOneSideOnly() throws {
    let world = TestWorld()
    #expect(outcome(try world.add(1, secret: [1]), try world.add(2), world, 1) == [.refused(.wrongSecret)])
  }

  @Test func sameSecret() throws {
    let world = TestWorld()
    #expect(outcome(try world.add(1, secret: [1]), try world.add(2, secret: [1]), world, 1) == [.connected])
  }

  @Test func nobodyThere() throws {
    let world = TestWorld()
    let one = try world.add(1)
    one.connections.connect(to: PeerID(rawValue: 9), at: Endpoint(address: 0x0A00_0063, port: 4000))
    world.run(9)
    #expect(one.events.isEmpty)
    world.run(2)
    #expect(one.events == [.refused(.noAnswer)])
  }

  @Test func anotherPeerThere() throws {
    let world = TestWorld()
    let one = try world.add(1)
    let two = try world.add(2)
    one.connections.connect(to: PeerID(rawValue: 3), at: two.endpoint)
    world.run(1)
    #expect(one.events == [.refused(.wrongPeer)])
  }

  @Test func anotherVersion() throws {
    let world = TestWorld()
    let one = try world.add(1)
    let two = try world.add(2)
    let bare = world.network.addHost()
    let socket = try bare.bind(port: 5000)
    one.connections.connect(to: two.id, at: Endpoint(address: bare.address, port: 5000))
    world.step()
    world.step()
    // Peer 1's HELLO, as a later version would send it, given to peer 2: the answer goes back to peer 1.
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1500, alignment: 8)
    defer { buffer.deallocate() }
    let hello = try #require(bare.receive(into: buffer, from: socket))
    buffer[6] = UInt8(HandshakeWire.version) + 1
    bare.send(UnsafeRawBufferPointer(rebasing: buffer[0..<hello.count]), to: two.endpoint, from: socket)
    world.step()
    let answer = try #require(bare.receive(into: buffer, from: socket))
    #expect(answer.count < hello.count)
    #expect(Array(buffer[0..<8]) == [5] + Array("SLNET".utf8) + [UInt8(HandshakeWire.version), 0])
    buffer[6] = UInt8(HandshakeWire.version) + 1
    bare.send(UnsafeRawBufferPointer(rebasing: buffer[0..<answer.count]), to: one.endpoint, from: socket)
    world.step()
    #expect(one.events == [.refused(.version(here: HandshakeWire.version, there: HandshakeWire.version + 1))])
  }

  private func schema(_ hash: UInt64, _ text: String) -> SchemaFacts {
    SchemaFacts(hash: hash, canonicalText: text) { there in ["\(text.count) here", "\(there.count) there"] }
  }

  @Test func anotherSchema() throws {
    for loss in [0, 0.3] {
      let world = TestWorld(seed: 3, LinkFaults(latency: 0.03, loss: loss))
      let one = try world.add(1, schema: schema(1, "short"))
      let two = try world.add(2, schema: schema(2, String(repeating: "long", count: 5000)))
      one.connections.connect(to: two.id, at: two.endpoint)
      try one.send([1, 2, 3], to: two)
      world.run(9)
      #expect(one.entries == [.event(two.id, .refused(.schemaMismatch(differences: ["5 here", "20000 there"])))])
      #expect(two.entries.isEmpty)
      #expect(two.connections.link(to: one.id) == nil && one.connections.link(to: two.id) == nil)
    }
  }

  @Test func anotherSchemaWhenBothTry() throws {
    let world = TestWorld()
    let one = try world.add(1, schema: schema(1, "short"))
    let two = try world.add(2, schema: schema(2, "shorter"))
    one.connections.connect(to: two.id, at: two.endpoint)
    two.connections.connect(to: one.id, at: one.endpoint)
    world.run(9)
    #expect(one.events == [.refused(.schemaMismatch(differences: ["5 here", "7 there"]))])
    #expect(two.events == [.refused(.schemaMismatch(differences: ["7 here", "5 there"]))])
  }

  @Test func strangerWithATakenID() throws {
    let (world, one, two) = try TestWorld.connected()
    let stranger = try world.add(1, seed: 99)
    stranger.connections.connect(to: two.id, at: two.endpoint)
    world.run(8)
    #expect(stranger.events == [.refused(.idTaken)])
    #expect(one.events == [.connected] && two.events == [.connected])
  }

  @Test func restartedPeerTakesItsPlaceAfterThreeSeconds() throws {
    let (world, one, two) = try TestWorld.connected()
    world.run(1)
    world.network.kill(one.transport.host)
    world.peers.removeAll { $0 === one }
    let restarted = try world.add(1, seed: 99)
    restarted.connections.connect(to: two.id, at: two.endpoint)
    world.run(1.9)
    #expect(two.events == [.connected])
    world.run(3)
    #expect(restarted.events == [.connected])
    #expect(two.events == [.connected, .broken(.replaced), .closed(.replaced), .connected])
    try restarted.send([5], to: two)
    world.run(0.2)
    #expect(two.messages == [[5]])
  }

  @Test func ownID() throws {
    let world = TestWorld()
    let one = try world.add(1)
    let two = try world.add(1, seed: 2)
    one.connections.connect(to: two.id, at: two.endpoint)
    world.run(6)
    #expect(one.events == [.refused(.idTaken)])
  }
}
