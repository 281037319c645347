import Testing

@testable import NetRuntime

@Suite struct ConnectionStatisticsTests {
  @Test func bytesAndPacketsOfBothEndsAgree() throws {
    let (world, one, two) = try TestWorld.connected(LinkFaults(latency: 0.03))
    for number in 0..<120 {
      try one.sendUnreliable(numbered(number, size: 200), to: two)
      world.step()
    }
    world.run(0.5)
    let there = try #require(one.connections.statistics(of: one.link(to: two)))
    let here = try #require(two.connections.statistics(of: two.link(to: one)))
    #expect(there.sentBytes == here.receivedBytes && there.sentPackets == here.receivedPackets)
    #expect(here.sentBytes == there.receivedBytes && here.sentPackets == there.receivedPackets)
    // 37 bytes of packet and 28 of outer headers each, and the messages.
    #expect(there.sentBytes >= there.sentPackets * 65 + 120 * 203)
    #expect(there.loss == 0 && there.queueingDelay == nil && !there.isAdaptive)
    #expect(there.roundTrip > 0.06 && there.roundTrip < 0.12, "\(there.roundTrip)")
    #expect(there.jitter < 0.03)
  }

  @Test func theRateIsThatOfTheLastSecond() throws {
    var meter = TrafficMeter()
    for step in 0..<300 { meter.add(100, at: Double(step) / 100) }
    #expect(abs(meter.perSecond(at: 3) - 10_000) < 200)
    #expect(abs(meter.perSecond(at: 3.5) - 5000) < 800)
    #expect(meter.perSecond(at: 5) == 0)
    #expect(meter.total == 30_000 && meter.count == 300)
  }

  @Test func lossIsMeasured() throws {
    let (world, one, two) = try TestWorld.connected(seed: 4, LinkFaults(latency: 0.02, loss: 0.2))
    for number in 0..<600 {
      try one.sendUnreliable(numbered(number, size: 20), to: two)
      world.step()
    }
    let loss = try #require(one.connections.statistics(of: one.link(to: two))).loss
    #expect(loss > 0.08 && loss < 0.35, "\(loss)")
  }

  @Test func whatWaitsIsCounted() throws {
    let (world, one, two) = try TestWorld.connected()
    try one.send([UInt8](repeating: 1, count: 5000), to: two)
    try one.send([UInt8](repeating: 1, count: 500), to: two, share: .engine)
    try one.sendUnreliable([1], to: two)
    let before = try #require(one.connections.statistics(of: one.link(to: two)))
    #expect(before.reliableBytesWaiting == 5505 && before.reliableBytesUnsent == 5505)
    #expect(before.unreliableMessagesWaiting == 1)
    world.run(0.5)
    let after = try #require(one.connections.statistics(of: one.link(to: two)))
    #expect(after.reliableBytesWaiting == 0 && after.reliableBytesUnsent == 0 && after.unreliableMessagesWaiting == 0)
    #expect(one.connections.statistics(of: LinkID(index: 200, generation: 9)) == nil)
  }
}
