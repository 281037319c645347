import Testing

@testable import NetRuntime

@Suite struct ConnectionBufferTests {
  @Test func aFullBufferNamesTheNumbersAndLosesNothingElse() throws {
    let (world, one, two) = try TestWorld.connected(schema: .buffers(send: 1000, receive: 32768))
    let link = one.link(to: two)
    #expect(one.connections.reliableBytesLeft(on: link) == 1000)
    try one.send([UInt8](repeating: 1, count: 598), to: two)
    #expect(one.connections.reliableBytesLeft(on: link) == 400)
    #expect(throws: SendError.bufferFull(needed: 401, left: 400)) {
      try one.send([UInt8](repeating: 2, count: 399), to: two)
    }
    try one.send([UInt8](repeating: 3, count: 398), to: two)
    #expect(one.connections.reliableBytesLeft(on: link) == 0)
    // The engine's own share has room all the same.
    try one.send([UInt8](repeating: 4, count: 20_000), to: two, share: .engine)
    #expect(one.connections.reliableBytesLeft(on: link) == 0)
    world.run(2)
    #expect(two.messages.map(\.count) == [598, 398, 20_000])
    #expect(one.connections.reliableBytesLeft(on: link) == 1000)
  }

  @Test func sharesAreCountedApart() throws {
    let (world, one, two) = try TestWorld.connected(
      seed: 9, LinkFaults(latency: 0.03, loss: 0.2), schema: .buffers(send: 4000, receive: 32768))
    let random = SeededRandomSource(seed: 9)
    for number in 0..<400 {
      let share: BufferShare = random.next(below: 2) == 0 ? .engine : .script
      do {
        try one.send(numbered(number, size: Int(random.next(below: 300)) + 4), to: two, share: share)
      } catch {
        #expect(share == .script)
      }
      if number % 3 == 0 { world.step() }
    }
    world.run(8)
    #expect(one.connections.reliableBytesLeft(on: one.link(to: two)) == 4000)
  }

  @Test func messagesOfEverySizeUpToTheLimit() throws {
    let (world, one, two) = try TestWorld.connected(
      seed: 3, LinkFaults(latency: 0.01, loss: 0.1), schema: .buffers(send: 1 << 20, receive: 4096))
    let sizes = [0, 1, 31, 32, 1100, 1137, 1138, 1139, 1140, 4095, 4096, 4097, 32_767, 32_768]
    for size in sizes { try one.send([UInt8](repeating: 7, count: size), to: two) }
    #expect(throws: SendError.tooLong(32_769)) { try one.send([UInt8](repeating: 7, count: 32_769), to: two) }
    #expect(throws: SendError.tooLong(32_769)) {
      try one.sendUnreliable([UInt8](repeating: 7, count: 32_769), to: two)
    }
    world.run(9)
    #expect(two.messages.map(\.count) == sizes)
  }

  @Test func theSenderIsHeldBackByASmallReceiveWindow() throws {
    let (world, one, two) = try TestWorld.connected(
      seed: 4, LinkFaults(latency: 0.02, jitter: 0.01, loss: 0.2, reordering: 0.3),
      schema: .buffers(send: 1 << 20, receive: 1500))
    for number in 0..<300 { try one.send(numbered(number, size: 100), to: two) }
    world.run(30)
    let isComplete = two.messages == (0..<300).map { numbered($0, size: 100) }
    #expect(isComplete, "\(two.messages.count) messages")
    #expect(two.events == [.connected])
  }

  @Test func theAcknowledgedOffsetReachesWhatWasSent() throws {
    let (world, one, two) = try TestWorld.connected(LinkFaults(latency: 0.05))
    let offset = try one.send([1, 2, 3], to: two)
    let link = one.link(to: two)
    #expect(one.connections.acknowledgedOffset(of: link) < offset)
    world.run(0.04)
    #expect(one.connections.acknowledgedOffset(of: link) < offset)
    world.run(0.3)
    #expect(one.connections.acknowledgedOffset(of: link) == offset)
  }

  @Test func anEngineBacklogBreaksTheLink() throws {
    let (world, one, two) = try TestWorld.connected()
    world.network.kill(two.transport.host)
    let block = [UInt8](repeating: 0, count: 32_768)
    for _ in 0..<(Limits.engineBacklog / block.count + 1) { _ = try? one.send(block, to: two, share: .engine) }
    world.step()
    #expect(one.events == [.connected, .broken(.backlog)])
  }

  @Test func morePacketsInFlightThanAreRemembered() throws {
    let (world, one, two) = try TestWorld.connected(
      LinkFaults(latency: 1), settings: TimingSettings(maxTransmitRate: 0, resend: 5))
    world.frame = 0.0005
    var sent: [[UInt8]] = []
    for number in 0..<3000 {
      let message = numbered(number, size: 5)
      try one.send(message, to: two)
      try two.send(message, to: one)
      sent.append(message)
      world.step()
    }
    world.frame = 1.0 / 60
    world.run(9)
    let isComplete = two.messages == sent && one.messages == sent
    #expect(isComplete, "\(two.messages.count), \(one.messages.count)")
  }

  @Test func manyPacketsBetweenTwoTransmitsAreAllAcknowledged() throws {
    // Over 65 packets in one go: more than one acknowledgement can tell of.
    let (world, one, two) = try TestWorld.connected(
      schema: .buffers(send: 1 << 20, receive: 1 << 20), settings: TimingSettings(maxTransmitRate: 0.5))
    one.connections.setSendRate(.infinity, burst: 1e9, of: one.link(to: two))
    world.run(2)
    for number in 0..<200 { try one.send(numbered(number, size: 1100), to: two) }
    let before = world.network.datagramsSent
    world.run(1.1)
    #expect(two.messages.count == 200)
    #expect(one.connections.acknowledgedOffset(of: one.link(to: two)) == UInt64(200 * 1102))
    // Nothing was sent twice: 200 datagrams' worth, their acknowledgements, and pings.
    #expect(world.network.datagramsSent - before < 215, "\(world.network.datagramsSent - before) datagrams")
  }
}
