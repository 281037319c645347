import Testing

@testable import NetRuntime

/// State without end: fills whatever room a datagram has.
final class EndlessState: StateSource {
  /// Bytes a transmit at most, in one block.
  var bytesPerTransmit = Int.max
  var isOn = true
  private var writtenAt = -1.0

  func hasState(for link: LinkID) -> Bool { isOn && bytesPerTransmit == .max }

  func writeState(
    for link: LinkID, into buffer: UnsafeMutableRawBufferPointer, records: inout [UInt64], at now: Double
  ) -> Int {
    guard isOn, bytesPerTransmit == .max || now > writtenAt else { return 0 }
    writtenAt = now
    let count = min(buffer.count, bytesPerTransmit)
    for index in 0..<count { buffer[index] = UInt8(truncatingIfNeeded: index) }
    return count
  }

  func stateAcknowledged(_ records: UnsafeBufferPointer<UInt64>, on link: LinkID) {}
  func stateLost(_ records: UnsafeBufferPointer<UInt64>, on link: LinkID) {}
}

/// Two to four peers on virtual links of limited bandwidth, the first of which sends without end.
struct QualityWorld {
  let world: TestWorld
  let sender: TestPeer
  let receivers: [TestPeer]
  let state = EndlessState()

  /// - Parameter kbps: What each way carries.
  init(
    _ quality: QualityOfService?, receivers count: Int = 1, kbps: Double, seed: UInt64 = 1, latency: Double = 0.02,
    jitter: Double = 0, loss: Double = 0, queueSeconds: Double = 0.4
  ) throws {
    let world = TestWorld(seed: seed)
    let sender = try world.add(1)
    let receivers = try (0..<count).map { try world.add(UInt64(2 + $0)) }
    (self.world, self.sender, self.receivers) = (world, sender, receivers)
    for receiver in receivers { sender.connections.connect(to: receiver.id, at: receiver.endpoint) }
    #expect(world.run(atMost: 5) { sender.events.count == receivers.count })
    world.run(0.5)
    var faults = LinkFaults(latency: latency, jitter: jitter, loss: loss, bandwidth: kbps * 125)
    faults.queueLimit = Int(kbps * 125 * queueSeconds)
    world.network.defaultFaults = faults
    sender.connections.qualityOfService = quality
    sender.state = state
  }

  func statistics(_ receiver: Int = 0) throws -> LinkStatistics {
    try #require(sender.connections.statistics(of: sender.link(to: receivers[receiver])))
  }

  /// Bytes a second, as the other end counts them, over a time from now.
  func delivered(_ receiver: Int = 0, over seconds: Double) throws -> Double {
    try delivered(over: seconds)[receiver]
  }

  func delivered(over seconds: Double) throws -> [Double] {
    func counts() throws -> [UInt64] {
      try receivers.map { try #require($0.connections.statistics(of: $0.link(to: sender))).receivedBytes }
    }
    let before = try counts()
    for receiver in receivers { receiver.entries.removeAll(keepingCapacity: true) }
    world.run(seconds)
    return zip(before, try counts()).map { Double($1 - $0) / seconds }
  }
}

@Suite struct QualityOfServiceTests {
  private static let wide = QualityOfService(minimumKbps: 16, initialKbps: 256, maximumTotalKbps: 100_000)

  @Test(arguments: [128.0, 512.0, 2000.0], [0.005, 0.1])
  func itSettlesAtWhatTheWayCarries(kbps: Double, latency: Double) throws {
    let quality = QualityOfService(minimumKbps: 16, initialKbps: min(2 * kbps, 512), maximumTotalKbps: 100_000)
    let play = try QualityWorld(quality, kbps: kbps, latency: latency)
    play.world.run(kbps > 1000 ? 12 : 4)
    let lostBefore = play.world.network.datagramsLost
    let sentBefore = try play.statistics().sentPackets
    var longest = 0.0
    let rate = try play.delivered(over: 5)
    for _ in 0..<300 {
      play.world.step()
      longest = max(longest, try play.statistics().queueingDelay ?? 1)
    }
    #expect(rate[0] > 0.8 * kbps * 125 && rate[0] < 1.1 * kbps * 125, "\(rate) of \(kbps * 125)")
    let sent = try play.statistics().sentPackets - sentBefore
    #expect(play.world.network.datagramsLost - lostBefore <= Int(sent) / 50)
    #expect(longest < 0.15, "\(longest) s of queue")
  }

  @Test func itFollowsAWayThatNarrowsAndWidens() throws {
    let play = try QualityWorld(Self.wide, kbps: 1000)
    play.world.run(8)
    play.world.network.defaultFaults.bandwidth = 200 * 125
    play.world.run(4)
    let narrow = try play.delivered(over: 4)[0]
    #expect(narrow > 20_000 && narrow < 27_000, "\(narrow)")
    let queueing = try #require(try play.statistics().queueingDelay)
    #expect(queueing < 0.15)
    play.world.network.defaultFaults.bandwidth = 1000 * 125
    play.world.run(15)
    let wide = try play.delivered(over: 3)[0]
    #expect(wide > 90_000, "\(wide)")
  }

  @Test(arguments: [0.02, 0.05])
  func randomLossIsNoCongestion(loss: Double) throws {
    let play = try QualityWorld(Self.wide, kbps: 1000, seed: 7, jitter: 0.01, loss: loss)
    play.world.run(12)
    let rate = try play.delivered(over: 5)[0]
    #expect(rate > 0.75 * 125_000, "\(rate)")
  }

  @Test func aWayThatGetsLongerIsNoQueue() throws {
    let play = try QualityWorld(Self.wide, kbps: 500, latency: 0.02)
    play.world.run(6)
    play.world.network.defaultFaults.latency = 0.15
    play.world.run(6)
    let rate = try play.delivered(over: 4)[0]
    #expect(rate > 0.7 * 62_500, "\(rate)")
  }

  @Test func itGrowsOnlyWithWhatIsSent() throws {
    let play = try QualityWorld(Self.wide, kbps: 10_000)
    play.state.bytesPerTransmit = 200
    play.world.run(20)
    // 30 blocks of 200 bytes a second are far below the initial 32,000 bytes a second.
    let idle = try play.statistics().sendLimit
    #expect(idle < 45_000, "\(idle)")
    play.state.bytesPerTransmit = .max
    play.world.run(10)
    #expect(try play.statistics().sendLimit > 200_000)
  }

  @Test func itStaysWithinItsLimits() throws {
    let quality = QualityOfService(minimumKbps: 100, initialKbps: 200, maximumTotalKbps: 400)
    let wide = try QualityWorld(quality, kbps: 5000)
    wide.world.run(10)
    let most = try wide.delivered(over: 5)[0]
    #expect(most > 47_000 && most < 50_500, "\(most)")
    // Half of the minimum fits through.
    let narrow = try QualityWorld(quality, kbps: 50)
    for _ in 0..<600 {
      narrow.world.step()
      #expect(try narrow.statistics().sendLimit >= 12_500)
    }
  }

  @Test func linksShareTheTotalFairly() throws {
    let quality = QualityOfService(minimumKbps: 16, initialKbps: 300, maximumTotalKbps: 600)
    let play = try QualityWorld(quality, receivers: 3, kbps: 5000)
    play.world.run(5)
    let rates = try play.delivered(over: 5)
    #expect(rates.allSatisfy { $0 > 23_500 && $0 < 26_500 }, "\(rates)")
    #expect(rates.reduce(0, +) < 76_000)
  }

  @Test func aNarrowLinkLeavesItsShareToTheOthers() throws {
    let quality = QualityOfService(minimumKbps: 16, initialKbps: 200, maximumTotalKbps: 800)
    let play = try QualityWorld(quality, receivers: 2, kbps: 5000)
    var narrow = LinkFaults(latency: 0.02, bandwidth: 100 * 125)
    narrow.queueLimit = 5000
    play.world.network.setFaults(narrow, from: play.sender.transport.host, to: play.receivers[0].transport.host)
    play.world.run(8)
    let rates = try play.delivered(over: 5)
    #expect(rates[0] > 9_000 && rates[0] < 13_500, "\(rates)")
    #expect(rates[1] > 80_000 && rates.reduce(0, +) < 101_000, "\(rates)")
  }

  @Test func twoLinksOnOneWayComeToTheSame() throws {
    var one = RateController(rate: 20_000, at: 0)
    var two = RateController(rate: 60_000, at: 0)
    // A queue of its own model: both links' bytes wait in it, and each gets its part of 64,000 bytes a second.
    var (queued, received) = (0.0, SIMD2<Double>.zero)
    for step in 1...3000 {
      let now = Double(step) * 0.033
      let offered = SIMD2(one.rate, two.rate)
      queued = max(0, queued + (offered.sum() - 64_000) * 0.033)
      let carried = queued > 0 ? 64_000 : offered.sum()
      received += offered / offered.sum() * carried * 0.033
      one.wasLimited(at: now)
      two.wasLimited(at: now)
      let arrival = PathMeter.ticks(now + 50 + queued / 64_000)
      func tell(_ link: inout RateController, _ bytes: Double) {
        link.report(
          sentAt: now, arrival: arrival, received: UInt32(bytes), datagram: 1200, range: 1000...1e6, at: now + 0.05)
      }
      tell(&one, received[0])
      tell(&two, received[1])
    }
    #expect(abs(one.capacity - two.capacity) < 0.3 * two.capacity, "\(one.capacity) \(two.capacity)")
    #expect(queued / 64_000 < 0.1)
  }

  @Test func aLinkThatIsTakenOutIsSentToAtTheFixedRate() throws {
    let quality = QualityOfService(minimumKbps: 16, initialKbps: 100, maximumTotalKbps: 200)
    let play = try QualityWorld(quality, kbps: 5000)
    let link = play.sender.link(to: play.receivers[0])
    play.world.run(3)
    play.sender.connections.setAdaptive(false, link: link)
    let fixed = try play.statistics()
    #expect(!fixed.isAdaptive && fixed.sendLimit == RateLimiter.defaultRate)
    let free = try play.delivered(over: 2)[0]
    #expect(free > 0.9 * RateLimiter.defaultRate, "\(free)")
    play.sender.connections.setAdaptive(true, link: link)
    let again = try play.statistics()
    #expect(again.isAdaptive && again.sendLimit == 12_500)
    let adapted = try play.delivered(over: 2)[0]
    #expect(adapted < 30_000, "\(adapted)")
    // Other limits hold at once, and what was learned stays within them.
    play.sender.connections.qualityOfService = QualityOfService(
      minimumKbps: 10, initialKbps: 50, maximumTotalKbps: 80)
    #expect(try play.statistics().sendLimit == 10_000)
    play.sender.connections.qualityOfService = nil
    #expect(try play.statistics().sendLimit == RateLimiter.defaultRate)
  }

  @Test func whoIsNotAskedReportsNothing() throws {
    let play = try QualityWorld(nil, kbps: 5000)
    play.world.run(1)
    #expect(try play.statistics().queueingDelay == nil)
    play.sender.connections.qualityOfService = Self.wide
    play.world.run(1)
    #expect(try play.statistics().queueingDelay != nil)
  }
}
