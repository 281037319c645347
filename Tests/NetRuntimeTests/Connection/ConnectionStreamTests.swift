import Testing

@testable import NetRuntime

@Suite struct ConnectionStreamTests {
  @Test(arguments: 1...30 as ClosedRange<UInt64>)
  func everyMessageArrivesOnceAndInOrder(seed: UInt64) throws {
    let loss = 0.1 + 0.2 * Double(seed % 3) / 2
    let (world, one, two) = try TestWorld.connected(
      seed: seed, LinkFaults(latency: 0.05, jitter: 0.04, loss: loss, duplication: 0.1, reordering: 0.2))
    let random = SeededRandomSource(seed: seed)
    var sent: [[[UInt8]]] = [[], []]
    for frame in 0..<600 {
      for (index, (from, to)) in [(one, two), (two, one)].enumerated() where frame < 300 {
        for _ in 0..<random.next(below: 4) {
          let size = random.next(below: 20) == 0 ? Int(random.next(below: 5000)) : Int(random.next(below: 60))
          let message = numbered(sent[index].count, size: size)
          do {
            try from.send(message, to: to)
            sent[index].append(message)
          } catch SendError.bufferFull {
          } catch {
            Issue.record("\(error): \(one.events) \(two.events)")
            return
          }
        }
      }
      world.step()
    }
    #expect(world.run(atMost: 20) { two.messages.count >= sent[0].count && one.messages.count >= sent[1].count })
    let isComplete = two.messages == sent[0] && one.messages == sent[1]
    #expect(isComplete, "\(two.messages.count) of \(sent[0].count), \(one.messages.count) of \(sent[1].count)")
    #expect(sent[0].count > 100)
    #expect(one.events == [.connected] && two.events == [.connected])
  }

  @Test func urgentDataDoesNotWaitUntilItCountsAsLost() throws {
    for isUrgent in [false, true] {
      let (world, one, two) = try TestWorld.connected(LinkFaults(latency: 0.1))
      world.run(1)
      for number in 0..<6 { try one.send(numbered(number, size: 1000), to: two) }
      // What leaves now is lost.
      world.network.defaultFaults = LinkFaults(latency: 0.1, loss: 1)
      world.run(0.05)
      world.network.defaultFaults = LinkFaults(latency: 0.1)
      if isUrgent { one.connections.repeatUnacknowledged(on: one.link(to: two)) }
      world.run(0.15)
      // As much as the limit lets through, and nothing twice.
      #expect(two.messages.count == (isUrgent ? 3 : 0))
      #expect(world.run(atMost: 2) { two.messages.count == 6 })
      #expect(two.messages == (0..<6).map { numbered($0, size: 1000) })
    }
  }

  @Test func urgentDataIsRepeatedSoManyTimes() throws {
    var settings = TimingSettings()
    settings.pingSend = 100
    let (world, one, two) = try TestWorld.connected(LinkFaults(latency: 0.1), settings: settings)
    world.run(1)
    try one.send(numbered(0, size: 100), to: two)
    world.network.defaultFaults = LinkFaults(latency: 0.1, loss: 1)
    var packets: [Int] = []
    for _ in 0..<Int(Limits.repeats) + 2 {
      let before = world.network.datagramsSent
      one.connections.repeatUnacknowledged(on: one.link(to: two))
      world.run(0.05)
      packets.append(world.network.datagramsSent - before)
    }
    // The first time it was not sent yet; then it goes again, and in the end waits until it counts as lost.
    #expect(packets == [Int](repeating: 1, count: Int(Limits.repeats) + 1) + [0])
  }

  @Test func aShortTimeoutDoesNotEndAnIdleLinkThatLosesPackets() throws {
    var settings = TimingSettings()
    settings.pongTimeout = 1.5
    for seed in 1...20 as ClosedRange<UInt64> {
      let (world, one, two) = try TestWorld.connected(
        seed: seed, LinkFaults(latency: 0.05, loss: 0.15), settings: settings)
      world.run(60)
      #expect(one.events == [.connected] && two.events == [.connected], "seed \(seed)")
    }
  }
}
