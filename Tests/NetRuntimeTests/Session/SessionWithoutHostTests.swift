import Testing

@testable import NetRuntime

/// What members do while the session has no host, and what comes late to it.
@Suite struct SessionWithoutHostTests {
  /// Four or more peers whose network loses nothing, and the member that stays behind with its vote.
  private func calm(_ count: Int = 4, clientServer: Bool) throws -> SessionTestWorld {
    let world = try SessionTestWorld.joined(count, clientServer: clientServer)
    world.loss = 0
    world.latency = 0.02...0.02
    return world
  }

  private func lose(_ host: Int, in world: SessionTestWorld) {
    for other in world.peers.indices where other != host {
      world.cut.insert([world[host].id, world[other].id])
      world.breakLink(host, other)
    }
  }

  /// 1 claims, and waits for the vote of 3, which is late.
  private func holdElection(in world: SessionTestWorld) throws {
    lose(0, in: world)
    world.held = [[world[3].id, world[1].id]]
    try world[1].game.migrateHost()
    world.step(8)
    #expect(try !world[1].game.isHost)
  }

  private func finishElection(in world: SessionTestWorld) throws {
    world.held = []
    #expect(try world.step(until: { try world[1].game.isHost }))
    world.step(120)
  }

  /// Who owns an object, by each survivor.
  private func owners(_ id: UInt32, _ world: SessionTestWorld) throws -> [PeerID?] {
    try (1...3).map { try world[$0].game.exists(id) ? try world[$0].game.owner(of: id) : nil }
  }

  @Test(arguments: [false, true])
  func aGiftBetweenVoteAndCommitArrives(clientServer: Bool) throws {
    let world = try calm(clientServer: clientServer)
    let id = try world[2].game.create("token", [("value", .int(3))])
    world.step(30)
    try holdElection(in: world)
    try world[2].migrate(id, to: world[3])
    try finishElection(in: world)
    #expect(try owners(id, world) == [PeerID?](repeating: world[3].id, count: 3))
    #expect(world[3].events.contains("got \(id) of a2"))
  }

  @Test(arguments: [false, true])
  func aGiftToALostHostStays(clientServer: Bool) throws {
    let world = try calm(clientServer: clientServer)
    let id = try world[2].game.create("token", [("value", .int(3))])
    world.step(30)
    try holdElection(in: world)
    try world[2].migrate(id, to: world[0])
    #expect(world[2].warnings.last == "object \(id) stays here: the session's host, peer a0, is gone")
    try finishElection(in: world)
    #expect(try owners(id, world) == [PeerID?](repeating: world[2].id, count: 3))
    #expect(!world[2].events.contains("lost \(id) to a0"))
  }

  @Test(arguments: [false, true])
  func theWinnersOwnGiftArrives(clientServer: Bool) throws {
    let world = try calm(clientServer: clientServer)
    let id = try world[1].game.create("token", [("value", .int(3))])
    world.step(30)
    try holdElection(in: world)
    try world[1].migrate(id, to: world[2])
    try finishElection(in: world)
    #expect(try owners(id, world) == [PeerID?](repeating: world[2].id, count: 3))
  }

  @Test(arguments: [false, true])
  func whatIsMadeAndGivenAwayMeanwhileArrives(clientServer: Bool) throws {
    let world = try calm(clientServer: clientServer)
    try holdElection(in: world)
    let id = try world[2].game.create("token", [("value", .int(3))])
    try world[2].migrate(id, to: world[3])
    try finishElection(in: world)
    #expect(try owners(id, world) == [PeerID?](repeating: world[3].id, count: 3))
  }

  @Test(arguments: [false, true])
  func giftsInTheGapLeaveAllAgreed(clientServer: Bool) throws {
    for seed in 1...30 as ClosedRange<UInt64> {
      let world = try SessionTestWorld.joined(5, clientServer: clientServer, seed: seed)
      for peer in world.peers { for _ in 0..<4 { _ = try peer.game.create("token") } }
      world.step(30)
      lose(0, in: world)
      for index in 1...3 { try world[index].game.migrateHost() }
      let random = SeededRandomSource(seed: seed &* 77)
      func hasHost() throws -> Bool {
        try (1...4).allSatisfy { try world[$0].game.host == world[1].id && !world[$0].game.hostError }
      }
      var frames = 0
      while try !hasHost(), frames < 60 {
        frames += 1
        world.step()
        for peer in world.peers.dropFirst() where random.next(below: 3) == 0 {
          let own = try peer.game.objects(ownedBy: peer.id)
          guard !own.isEmpty, try peer.game.isInSession else { continue }
          let id = own[Int(random.next(below: UInt64(own.count)))]
          try peer.migrate(id, to: world[1 + Int(random.next(below: 4))])
        }
      }
      world.step(200)
      let truth = try world[1].game.snapshot()
      #expect(truth.count == 20, "seed \(seed)")
      for index in 2...4 { #expect(try world[index].game.snapshot() == truth, "seed \(seed), peer \(index)") }
    }
  }

  @Test func anObjectEndsWhereItsHostAndItsNewOwnerDie() throws {
    let world = try calm(clientServer: true)
    let id = try world[1].game.create("token", [("value", .int(3))])
    world.step(30)
    try world[1].migrate(id, to: world[2])
    world.step(30)
    world.held = [[world[2].id, world[0].id]]
    try world[2].migrate(id, to: world[3])
    world.step(2)
    lose(0, in: world)
    lose(3, in: world)
    try world[1].game.migrateHost()
    #expect(try world.step(until: { try world[1].game.isHost }))
    world.step(120)
    #expect(try !world[1].game.exists(id) && !world[2].game.exists(id))
  }

  @Test(arguments: [false, true])
  func aLongValueThatOneSurvivorHasReachesAll(clientServer: Bool) throws {
    let world = try calm(clientServer: clientServer)
    let id = try world[0].game.create("avatar", [("label", .string(Array("short".utf8)))])
    world.step(30)
    world.held = [[world[0].id, world[1].id], [world[0].id, world[3].id]]
    let long = FieldValue.string([UInt8](repeating: 65, count: 1500))
    try world[0].game.set(id, "label", long)
    world.step(20)
    #expect(try world[2].game.get(id, "label") == long)
    world.cut(0, 1)
    world.cut(0, 3)
    lose(0, in: world)
    world.held = []
    try world[1].game.migrateHost()
    #expect(try world.step(until: { try world[1].game.isHost }))
    world.step(120)
    for index in 1...3 { #expect(try world[index].game.get(id, "label") == long) }
  }

  @Test(arguments: [false, true])
  func aSessionObjectThatIsMadeAfterTheHostsEndNoticesIt(clientServer: Bool) throws {
    let world = try SessionTestWorld(peers: 3, clientServer: clientServer)
    world.createSession(0)
    world.createSession(1)
    try world[0].game.makeHost()
    for index in [1, 2] { try world[0].game.addPeer(world[index].id) }
    world.step(30)
    lose(0, in: world)
    world.step(30)
    world.createSession(2)
    #expect(try world.step(until: { try world[2].game.hostError || !world[2].game.isInSession }))
  }

  // MARK: Lies

  private func claim(_ view: SurvivorView, from: Int, to: Int, number: UInt64, in world: SessionTestWorld) throws {
    var writer = ElectionMessage.head(.claim, session: try world[to].game.membership.session, sender: view.own.join)
    writer.write(3 as UInt8)
    writer.write(ElectionClaim(view: view, number: 1, inventory: []))
    let link = try #require(world[to].links.link(to: world[from].id))
    world.hand(
      SessionTestDelivery(
        link: link, peer: world[from].id, channel: .session, isReliable: true, packet: 100 + number,
        bytes: writer.bytes), to: world[to])
  }

  @Test func aClaimNamesSoManyFormerHosts() throws {
    let world = try calm(3, clientServer: false)
    lose(0, in: world)
    try world[1].game.migrateHost()
    let member = try #require(try world[1].game.membership.member(world[2].id))
    for count in [64, 65, 255] {
      let own = MemberInfo(peer: world[2].id, slot: member.slot, join: member.info.join)
      let hosts = (1000..<1000 + count).map { UInt32($0) }
      let view = SurvivorView(reign: 0, own: own, formerHosts: hosts, removed: [], members: [])
      try claim(view, from: 2, to: 1, number: UInt64(count), in: world)
      #expect(try world[1].game.migration.formerHosts.count == 64)
    }
    world.step(60)
    #expect(try world[1].game.isHost)
  }

  @Test func aPeerClaimsUnderOneJoinOnly() throws {
    let world = try SessionTestWorld(peers: 4, clientServer: true)
    for index in 0..<3 { world.createSession(index) }
    try world[0].game.makeHost()
    for index in [1, 2] { try world[0].game.addPeer(world[index].id) }
    world.step(60)
    for number in 0..<500 as Range<UInt32> {
      let own = MemberInfo(peer: world[3].id, slot: 9, join: 100 + number)
      let view = SurvivorView(reign: 0, own: own, formerHosts: [], removed: [], members: [])
      try claim(view, from: 3, to: 1, number: UInt64(number), in: world)
    }
    #expect(try world[1].game.migration.offers.count <= 1)
  }
}
