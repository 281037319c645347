import Testing

@testable import NetRuntime

/// What goes first when a link's rate is short.
@Suite struct SchedulingTests {
  /// Two peers of which the first may send so many bytes a second.
  private func narrow(
    _ rate: Double, schema: SchemaFacts = .buffers(send: 1 << 20, receive: 32_768)
  ) throws -> (TestWorld, TestPeer, TestPeer) {
    let (world, one, two) = try TestWorld.connected(LinkFaults(latency: 0.02), schema: schema)
    one.connections.setSendRate(rate, burst: 2400, of: one.link(to: two))
    world.run(0.5)
    return (world, one, two)
  }

  /// Bytes of each kind that came: reliable, unreliable, state, and the largest blocks of state.
  private func sums(_ peer: TestPeer) -> (reliable: Int, unreliable: Int, state: Int, blocks: Int) {
    var sums = (reliable: 0, unreliable: 0, state: 0, blocks: 0)
    for case .message(let message) in peer.entries {
      if message.isReliable {
        sums.reliable += message.body.count
      } else if message.channel == .session {
        sums.state += message.body.count
        if message.body.count > Limits.stateTurnBytes - 10 { sums.blocks += 1 }
      } else {
        sums.unreliable += message.body.count
      }
    }
    return sums
  }

  @Test(arguments: [4000.0, 16_000.0, 32_000.0])
  func everyKindOfDataHasItsTurn(rate: Double) throws {
    let (world, one, two) = try narrow(rate)
    let state = EndlessState()
    one.state = state
    for number in 0..<1000 { try one.send(numbered(number, size: 1000), to: two) }
    two.entries.removeAll()
    let before = try #require(one.connections.statistics(of: one.link(to: two))).sentPackets
    for _ in 0..<600 {
      // Each as long as an unreliable message can be.
      if one.connections.statistics(of: one.link(to: two))?.unreliableMessagesWaiting ?? 9 < 3 {
        try one.sendUnreliable([UInt8](repeating: 1, count: FrameKind.unreliableSize - 3), to: two)
      }
      world.step()
    }
    let packets = Int(try #require(one.connections.statistics(of: one.link(to: two))).sentPackets - before)
    let came = sums(two)
    // Some packets are pings and acknowledgements only.
    let rounds = min(packets, Int(rate * 10 / 1300)) / Int(Limits.datagramsPerTurn) - 2
    #expect(came.blocks >= rounds, "\(came) of \(rounds) rounds")
    #expect(came.unreliable >= rounds * 1100, "\(came) of \(rounds) rounds")
    #expect(came.reliable > came.unreliable && came.reliable > came.state / 2, "\(came)")
  }

  @Test func reliableDataComesFirst() throws {
    let (world, one, two) = try narrow(16_000)
    for number in 0..<20 { try one.sendUnreliable(numbered(number, size: 200), to: two, priority: 0) }
    try one.send([7], to: two)
    world.run(0.12)
    #expect(two.entries.contains { if case .message(let message) = $0 { message.isReliable } else { false } })
    #expect(two.messages.count < 20)
  }

  @Test func acknowledgementsAndPingsAlwaysGo() throws {
    let (world, one, two) = try narrow(1)
    for number in 0..<50 { try one.send(numbered(number, size: 1000), to: two) }
    world.run(1)
    // Nothing of its own fits any more, and what the other end sends is acknowledged all the same.
    for number in 0..<100 {
      try two.send(numbered(number, size: 300), to: one)
      world.step()
    }
    world.run(2)
    #expect(one.messages.count == 100)
    let there = try #require(two.connections.statistics(of: two.link(to: one)))
    #expect(there.reliableBytesWaiting == 0 && there.loss < 0.01)
    #expect(two.connections.ping(one.id) > 0.03 && two.connections.ping(one.id) < 0.12)
    #expect(one.connections.ping(two.id) > 0.03 && one.connections.ping(two.id) < 0.12)
  }

  @Test func theDefaultRateIsKept() throws {
    let (world, one, two) = try TestWorld.connected(schema: .buffers(send: 1 << 24, receive: 1 << 24))
    world.run(1)
    for number in 0..<1000 { try one.send(numbered(number, size: 10_000), to: two) }
    let traffic = { one.connections.statistics(of: one.link(to: two))?.sentBytes ?? 0 }
    let start = traffic()
    world.step()
    world.step()
    let burst = Int(traffic() - start)
    #expect(burst >= Limits.sendBurst && burst < Limits.sendBurst + 2 * 1300, "\(burst)")
    world.run(5)
    let rate = Double(Int(traffic() - start) - burst) / 5
    #expect(abs(rate - Double(Limits.sendRate)) < 10_000, "\(rate)")
    #expect(RateLimiter.defaultRate == Double(Limits.sendRate))
  }

  @Test func aTransmitSendsItsPartAndNoMore() throws {
    let (world, one, two) = try narrow(32_000)
    let state = EndlessState()
    one.state = state
    one.connections.qualityOfService = QualityOfService(
      minimumKbps: 256, initialKbps: 256, maximumTotalKbps: 256)
    world.run(2)
    var most = 0
    for _ in 0..<120 {
      let before = try #require(one.connections.statistics(of: one.link(to: two))).sentBytes
      world.step()
      most = max(most, Int(try #require(one.connections.statistics(of: one.link(to: two))).sentBytes - before))
    }
    // 32,000 bytes a second in 30 transmits, and a datagram of at least 400 bytes may go over it.
    #expect(most < 1067 + 400 + 65, "\(most)")
    // After a pause, half as much more.
    world.frame = 0.5
    world.step()
    world.frame = 1.0 / 60
    let before = try #require(one.connections.statistics(of: one.link(to: two))).sentBytes
    world.step()
    world.step()
    let burst = Int(try #require(one.connections.statistics(of: one.link(to: two))).sentBytes - before)
    #expect(burst < 3300, "\(burst)")
  }

  @Test func bulkLeavesHalfToOthers() throws {
    let (world, one, two) = try narrow(32_000)
    let link = one.link(to: two)
    var (bulk, script) = (0, 0)
    func play(_ seconds: Double, withScript: Bool) throws {
      (bulk, script) = (0, 0)
      two.entries.removeAll()
      for _ in 0..<Int(seconds * 60) {
        while one.connections.bulkBytesLeft(on: link) > 0 { try one.send(numbered(1, size: 50), to: two, share: .bulk) }
        let waiting = try #require(one.connections.statistics(of: link)).reliableBytesUnsent
        if withScript && waiting < 4000 { for _ in 0..<8 { try one.send(numbered(2, size: 50), to: two) } }
        world.step()
      }
      bulk = two.messages.count { $0[0] == 1 }
      script = two.messages.count { $0[0] == 2 }
    }
    try play(2, withScript: true)
    try play(5, withScript: true)
    #expect(bulk * 2 > script && script * 2 > bulk, "\(bulk) bulk, \(script) others")
    try play(2, withScript: false)
    try play(5, withScript: false)
    #expect(bulk > 1600, "\(bulk) bulk alone")
  }
}
