import Testing

@testable import NetRuntime

@Suite struct ConnectionLifeTests {
  // MARK: Keep-alive

  @Test func pingIsTheRoundTrip() throws {
    let (world, one, two) = try TestWorld.connected(LinkFaults(latency: 0.05))
    world.run(8)
    // 100 ms on the way, and up to a transmit's wait at either end.
    #expect(one.connections.ping(two.id) > 0.1 && one.connections.ping(two.id) < 0.2)
    #expect(two.connections.ping(one.id) > 0.1 && two.connections.ping(one.id) < 0.2)
    #expect(one.connections.ping(PeerID(rawValue: 99)) == 0)
  }

  @Test func anIdleLinkSendsPingsAndTheirAnswersOnly() throws {
    let (world, _, _) = try TestWorld.connected()
    world.run(2)
    let before = world.network.datagramsSent
    world.run(10)
    // Each end pings about once a second; ping, answer, and an acknowledgement of the answer.
    let sent = world.network.datagramsSent - before
    #expect(sent > 20 && sent <= 66, "\(sent) datagrams")
  }

  @Test func pingTimesFollowTheSettings() throws {
    let clock = TimingSettings(pingSend: 3, pingResend: 0.25)
    let (world, one, two) = try TestWorld.connected(settings: clock)
    world.run(0.5)
    var before = world.network.datagramsSent
    world.run(9)
    #expect(world.network.datagramsSent - before <= 24)
    // Unanswered, each end asks every quarter of a second.
    world.network.setCutOff(true, host: two.transport.host)
    world.run(3)
    before = world.network.datagramsSent
    world.run(4)
    let asked = world.network.datagramsSent - before
    #expect(asked >= 28 && asked <= 36, "\(asked) datagrams")
    _ = one
  }

  @Test func silenceBreaksTheLinkAfterThePongTimeout() throws {
    let (world, one, two) = try TestWorld.connected(settings: TimingSettings(pongTimeout: 5))
    world.run(1)
    world.network.kill(two.transport.host)
    world.run(3.9)
    #expect(one.events == [.connected])
    world.run(2)
    #expect(one.events == [.connected, .broken(.timeout)])
    let link = one.link(to: two)
    #expect(one.connections.state(of: link) == .broken)
    #expect(throws: SendError.notConnected) { try one.send([1], to: two) }
    one.connections.close(link)
    world.step()
    world.step()
    #expect(one.events == [.connected, .broken(.timeout), .closed(.localClose)])
    #expect(one.connections.link(to: two.id) == nil && one.connections.peer(of: link) == .nobody)
  }

  // MARK: Closing

  @Test(arguments: [0, 0.2, 0.4])
  func closingFlushesWhatIsQueued(loss: Double) throws {
    let (world, one, two) = try TestWorld.connected(seed: 5, LinkFaults(latency: 0.02, loss: loss))
    for number in 0..<300 { try one.send(numbered(number, size: 60), to: two) }
    one.connections.close(one.link(to: two))
    #expect(one.connections.link(to: two.id) == nil)
    world.run(5)
    #expect(one.events == [.connected, .closed(.localClose)])
    #expect(two.messages.count == 300)
    #expect(two.entries.last == .event(one.id, .closed(.remoteClose)))
    #expect(two.connections.linkList.isEmpty)
    #expect(one.connections.table.pointee.end == 0 && two.connections.table.pointee.end == 0)
  }

  @Test func closingIntoTheVoidEnds() throws {
    let (world, one, two) = try TestWorld.connected()
    world.network.kill(two.transport.host)
    try one.send([1], to: two)
    one.connections.close(one.link(to: two))
    world.run(2.2)
    #expect(one.connections.table.pointee.end == 0)
  }

  @Test func bothCloseAtOnce() throws {
    let (world, one, two) = try TestWorld.connected(LinkFaults(latency: 0.05))
    one.connections.close(one.link(to: two))
    two.connections.close(two.link(to: one))
    world.run(4)
    #expect(one.events == [.connected, .closed(.localClose)] && two.events == [.connected, .closed(.localClose)])
    #expect(one.connections.table.pointee.end == 0 && two.connections.table.pointee.end == 0)
  }

  @Test func shutdownSendsWhatIsQueuedAndSaysGoodbyeAtOnce() throws {
    let (world, one, two) = try TestWorld.connected()
    for number in 0..<200 { try one.send(numbered(number, size: 50), to: two) }
    one.connections.shutdown(at: world.network.now)
    world.peers.removeAll { $0 === one }
    one.receive(at: world.network.now)
    #expect(one.events == [.connected, .closed(.localClose)])
    world.step()
    #expect(two.messages.count == 200)
    #expect(two.entries.last == .event(one.id, .closed(.remoteShutdown)))
  }

  @Test func aProgramThatGoesOnAfterShutdownGetsItsLastDataAcross() throws {
    for seed in 1...10 as ClosedRange<UInt64> {
      let (world, one, two) = try TestWorld.connected(seed: seed, LinkFaults(latency: 0.02, loss: 0.3))
      for number in 0..<200 { try one.send(numbered(number, size: 50), to: two) }
      one.connections.shutdown(at: world.network.now)
      #expect(!one.connections.isFinished)
      #expect(one.connections.connect(to: two.id, at: two.endpoint) == nil)
      #expect(world.run(atMost: 3) { one.connections.isFinished })
      world.run(2)
      #expect(two.messages.count == 200, "seed \(seed)")
      #expect(two.events == [.connected, .closed(.remoteShutdown)], "seed \(seed)")
    }
  }

  @Test func shutdownIsNoticedEvenIfDataWasLost() throws {
    for seed in 1...20 as ClosedRange<UInt64> {
      let (world, one, two) = try TestWorld.connected(seed: seed, LinkFaults(latency: 0.02, loss: 0.3))
      for number in 0..<200 { try one.send(numbered(number, size: 50), to: two) }
      one.connections.shutdown(at: world.network.now)
      world.peers.removeAll { $0 === one }
      world.run(1.5)
      // All three goodbyes may be lost too, rarely.
      if two.events.count == 2 { #expect(two.events == [.connected, .closed(.remoteShutdown)]) }
      #expect(two.messages == (0..<two.messages.count).map { numbered($0, size: 50) })
    }
  }

  @Test func aPeerThatClosedCanConnectAgain() throws {
    let (world, one, two) = try TestWorld.connected()
    let first = one.link(to: two)
    one.connections.close(first)
    one.connections.connect(to: two.id, at: two.endpoint)
    try one.send([8], to: two)
    world.run(3)
    #expect(one.events == [.connected, .closed(.localClose), .connected])
    #expect(two.messages == [[8]])
    #expect(two.connections.linkList.count == 1 && one.connections.linkList.count == 1)
    #expect(one.link(to: two) != first)
  }

  @Test func connectingTwiceGivesTheSameLink() throws {
    let (_, one, two) = try TestWorld.connected()
    #expect(one.connections.connect(to: two.id, at: two.endpoint) == one.link(to: two))
  }

  @Test func linksAreLimited() throws {
    let world = TestWorld()
    let one = try world.add(1)
    for id in 0..<UInt64(Limits.links) {
      #expect(one.connections.connect(to: PeerID(rawValue: 100 + id), at: Endpoint(address: 1, port: 1)) != nil)
    }
    #expect(one.connections.connect(to: PeerID(rawValue: 9), at: Endpoint(address: 1, port: 1)) == nil)
  }

  // MARK: Transmitting

  @Test func transmitsNoMoreOftenThanTheRateSays() throws {
    let (world, one, two) = try TestWorld.connected(settings: TimingSettings(maxTransmitRate: 0.1))
    world.run(0.5)
    let before = world.network.datagramsSent
    for _ in 0..<60 {
      try one.send([1], to: two)
      world.step()
    }
    let sent = world.network.datagramsSent - before
    #expect(sent >= 16 && sent <= 22, "\(sent) datagrams")
    try one.send([2], to: two)
    one.connections.transmit(at: world.network.now, state: nil, isForced: true)
    world.peers = [two]
    world.step()
    #expect(two.messages.last == [2])
  }

  @Test func aHandshakeDoesNotWaitForTheRate() throws {
    let world = TestWorld()
    let one = try world.add(1, settings: TimingSettings(maxTransmitRate: 5))
    let two = try world.add(2, settings: TimingSettings(maxTransmitRate: 5))
    world.run(1)
    one.connections.connect(to: two.id, at: two.endpoint)
    world.run(0.2)
    #expect(one.events == [.connected] && two.events == [.connected])
  }

  @Test func theSendRateIsKept() throws {
    let (world, one, two) = try TestWorld.connected(schema: .buffers(send: 1 << 20, receive: 1 << 20))
    one.connections.setSendRate(20_000, burst: 2400, of: one.link(to: two))
    for number in 0..<500 { try one.send(numbered(number, size: 1000), to: two) }
    world.run(5)
    #expect(two.messages.count > 80 && two.messages.count < 105, "\(two.messages.count) messages")
  }
}
