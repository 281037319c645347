import Testing

@testable import NetRuntime

@Suite struct PathFinderTests {
  @Test func peersOnOneNetworkFindEachOtherAtOnce() throws {
    let (world, one, two) = try PathWorld.pair(nil, nil, hasRelay: false)
    world.introduce(one, two)
    #expect(world.run(atMost: 0.3) { one.found(two) != nil && two.found(one) != nil })
    #expect(one.news == [.found(two.id, Endpoint(address: two.host.address, port: 5000))])
    let ping = try #require(one.finder.ping(two.id))
    #expect((0.04...0.08).contains(ping))
  }

  @Test func twoBehindOneTranslatorTakeTheirOwnNetwork() throws {
    let world = PathWorld()
    try world.addRelay()
    let home = world.network.addTranslator(.portRestricted)
    let one = try world.add(1, behind: home)
    let two = try world.add(2, behind: home)
    #expect(world.run(atMost: 5) { one.finder.localEndpoints.count == 2 && two.finder.localEndpoints.count == 2 })
    world.introduce(one, two)
    #expect(world.run(atMost: 0.5) { one.found(two) != nil && two.found(one) != nil })
    #expect(one.found(two) == Endpoint("192.168.0.2:5000"))
    #expect(two.found(one) == Endpoint("192.168.0.1:5000"))
  }

  /// Which doors two translators open for each other, or whether only the relay is left.
  @Test(
    arguments: TranslatorKind.allCases.flatMap { one in TranslatorKind.allCases.map { (one, $0) } }
      + TranslatorKind.allCases.map { ($0, nil as TranslatorKind?) })
  func translatorsArePassedWhereThatIsPossible(_ one: TranslatorKind, _ other: TranslatorKind?) throws {
    let (world, first, second) = try PathWorld.pair(one, other)
    first.connects = true
    world.introduce(first, second)
    let isClosed = [one, other] == [.symmetric, .symmetric] || [one, other] == [.symmetric, .portRestricted]
    let isClosedToo = [one, other] == [.portRestricted, .symmetric]
    #expect(world.run(atMost: 4) { first.found(second) != nil && second.found(first) != nil })
    #expect(first.isRelayed(to: second) == (isClosed || isClosedToo))
    #expect(second.isRelayed(to: first) == (isClosed || isClosedToo))
    #expect(world.run(atMost: 2) { second.events == [.connected] })
    try first.send([1, 2, 3], to: second)
    #expect(world.run(atMost: 1) { second.received == [[1, 2, 3]] })
  }

  @Test func aLossyWayIsFoundAllTheSame() throws {
    for seed in 1...20 as ClosedRange<UInt64> {
      let (world, one, two) = try PathWorld.pair(
        seed: seed, .portRestricted, .portRestricted, faults: LinkFaults(latency: 0.05, jitter: 0.02, loss: 0.1))
      world.introduce(one, two)
      #expect(world.run(atMost: 3) { one.found(two) != nil && two.found(one) != nil })
      #expect(!one.isRelayed(to: two) && !two.isRelayed(to: one))
    }
  }

  @Test func aSearchThatNobodyAnswersFailsAndIsMadeGoodLater() throws {
    let world = PathWorld()
    let one = try world.add(1)
    let two = try world.add(2)
    one.finder.find(two.id, [])
    #expect(!world.run(atMost: 5.9) { !one.news.isEmpty })
    #expect(world.run(atMost: 0.3) { one.news == [.failed(two.id)] })
    two.finder.find(one.id, one.finder.localEndpoints)
    #expect(world.run(atMost: 1) { one.found(two) != nil })
    #expect(one.news.count == 2)
  }

  @Test func whoComesLateIsLetInByTheDoorsThatAreOpen() throws {
    let (world, one, two) = try PathWorld.pair(.portRestricted, .portRestricted)
    one.finder.find(two.id, two.finder.localEndpoints)
    world.run(5)
    two.finder.find(one.id, one.finder.localEndpoints)
    #expect(world.run(atMost: 1) { two.found(one) != nil })
    #expect(!two.isRelayed(to: one))
  }

  @Test func candidatesMayComeLater() throws {
    let (world, one, two) = try PathWorld.pair(nil, nil, hasRelay: false)
    one.finder.find(two.id, [])
    world.run(4)
    one.finder.find(two.id, two.finder.localEndpoints)
    #expect(world.run(atMost: 0.5) { one.found(two) != nil })
  }

  @Test func aLostWayIsLookedForAgainWhereAsked() throws {
    let (world, one, two) = try PathWorld.pair(nil, nil, hasRelay: false)
    world.introduce(one, two)
    world.run(1)
    one.finder.find(two.id, two.finder.localEndpoints)
    world.step()
    #expect(one.news.count == 2 && one.news[0] == one.news[1])
    world.network.setCutOff(true, host: two.host.host)
    world.run(4)
    one.finder.find(two.id, two.finder.localEndpoints)
    #expect(one.found(two) == nil)
    world.network.setCutOff(false, host: two.host.host)
    #expect(world.run(atMost: 1) { one.found(two) != nil })
    #expect(one.news.count == 3)
  }

  @Test func aForgottenPeerHasNoWay() throws {
    let (world, one, two) = try PathWorld.pair(nil, nil)
    world.introduce(one, two)
    world.run(1)
    one.finder.forget(two.id)
    #expect(one.found(two) == nil && one.finder.ping(two.id) == nil)
    let sent = world.network.datagramsSent
    two.finder.forget(one.id)
    world.run(3)
    #expect(world.network.datagramsSent == sent)
  }

  @Test func probesAreSentOnTheirSchedule() throws {
    let world = PathWorld()
    let one = try world.add(1)
    one.finder.find(
      PeerID(rawValue: 2), [Endpoint(address: 0x0A00_0063, port: 9), Endpoint(address: 0x0A00_0062, port: 9)])
    world.run(8)
    #expect((58...62).contains(world.network.datagramsSent))
  }

  @Test func aStrangersRoundTripIsMeasured() throws {
    let world = PathWorld(seed: 1, LinkFaults(latency: 0.1))
    let one = try world.add(1)
    let two = try world.add(2)
    one.finder.probe(Endpoint(address: two.host.address, port: 5000), id: two.id)
    #expect(world.run(atMost: 0.5) { one.finder.ping(two.id) != nil })
    #expect((0.2...0.25).contains(try #require(one.finder.ping(two.id))))
    #expect(one.news.isEmpty)
  }

  @Test func localEndpointsFollowTheServersWord() throws {
    let world = PathWorld()
    try world.addRelay()
    let one = try world.add(1, behind: world.network.addTranslator(.fullCone))
    #expect(one.finder.localEndpoints == [Endpoint("192.168.0.1:5000")])
    let revision = one.finder.endpointsRevision
    #expect(world.run(atMost: 1) { one.finder.endpointsRevision > revision })
    #expect(one.finder.localEndpoints.map(\.address) == [0xC0A8_0001, 0xCB00_7101])
    one.finder.setServer(nil)
    #expect(one.finder.localEndpoints == [Endpoint("192.168.0.1:5000")])
    #expect(one.finder.endpointsRevision == revision + 2)
  }
}
