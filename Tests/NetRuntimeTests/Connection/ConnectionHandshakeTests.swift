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

  @Test func connectsInSpiteOfLoss() throws {
    for seed in 1...20 as ClosedRange<UInt64> {
      _ = try TestWorld.connected(
        seed: seed, LinkFaults(latency: 0.1, jitter: 0.04, loss: 0.3, duplication: 0.2, reordering: 0.2))
    }
  }
}
