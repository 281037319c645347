import Testing

@testable import NetRuntime

/// Recordings in whose middle the host dies and another peer takes the session over.
@Suite struct HostEndRecordingTests {
  /// A game of which the survivors go on without their host.
  private struct Game {
    let world: RecordedWorld
    /// What scripts saw at the end, by peer.
    let last: [String]
    static let survivors = 1...3

    init(topology: String, seed: UInt64, faults: LinkFaults = .none) throws {
      let schema = DumpReaderTests.schema.replacing("peer-to-peer", with: topology)
      let world = try RecordedWorld(schema, count: 4, seed: seed, faults: faults)
      for peer in world.peers { peer.runtime.timing.pongTimeout = 2 }
      try world.play()
      let random = SeededRandomSource(seed: seed)
      try Game.step(world, 60 + Int(random.next() % 30), random)
      world.network.kill(0)
      world.dead = [0]
      try Game.step(world, 360, random)
      world.step(60)
      last = world.peers.map { $0.runtime.session.map { ReplayTests.picture($0, world.config) } ?? "" }
      world.finish()
      self.world = world
    }

    private static func step(_ world: RecordedWorld, _ frames: Int, _ random: SeededRandomSource) throws {
      try world.step(frames) { try act(world, $0, $1, random) }
    }

    private static func act(
      _ world: RecordedWorld, _ index: Int, _ runtime: NetworkRuntime, _ random: SeededRandomSource
    ) throws {
      guard let session = runtime.session, session.isInSession else { return }
      if session.hostError, random.next() % 8 == 0 { try session.migrateHost() }
      let own = session.objects(ownedBy: world.id(index))
      if random.next() % 10 == 0, own.count < 5 { _ = try session.createObject(type: 0) { _ in } }
      if random.next() % 60 == 0, let last = own.last { try session.destroyObject(last) }
      if random.next() % 40 == 0, let first = session.objects(ownedBy: world.id(index)).first,
        let other = session.otherPeers.last
      {
        try session.migrateObject(first, to: other)
        while let event = session.nextMigrationEvent() { world.peers[index].events.append(describe(event)) }
      }
      for id in session.objects(ownedBy: world.id(index)) where random.next() % 4 == 0 {
        try ReplayTests.set(session, world.config, id, Int(random.next() % 1000))
      }
      if random.next() % 5 == 0, let other = session.otherPeers.first {
        let name = world.config.messageIndex(named: "hit") ?? 0
        var message = try runtime.beginMessage(name)
        _ = message.writeInt(Int64(random.next() % 1000), world.config.codecs(ofMessage: name)[0])
        try runtime.send(message, index: name, to: other)
      }
    }
  }

  @Test(arguments: ["peer-to-peer", "client-server"], [1, 2, 3] as [UInt64])
  func everyBitIsBooked(topology: String, seed: UInt64) throws {
    let faults = LinkFaults(latency: 0.04, jitter: 0.02, loss: 0.1, duplication: 0.1, reordering: 0.1)
    let game = try Game(topology: topology, seed: seed, faults: faults)
    for index in Game.survivors {
      let peer = game.world.peers[index]
      #expect(peer.runtime.session?.isInSession == true && peer.runtime.session?.host != game.world.id(0))
      let analysis = try DumpAnalysis(try DumpReader(path: peer.dump.path), title: "game")
      try expectWhole(analysis, peer.wire)
      let page = analysis.audit.ledger.sum()
      #expect(page.bits[analysis.audit.accounts.overhead(.unreadable)] == 0)
      #expect(page.counts[analysis.audit.accounts.object(0, .ownership)] > 0)
    }
  }

  @Test(arguments: ["peer-to-peer", "client-server"], 1...8 as ClosedRange<UInt64>)
  func replaysGoOn(topology: String, seed: UInt64) throws {
    let game = try Game(topology: topology, seed: seed)
    for index in Game.survivors {
      #expect(game.world.peers[index].runtime.session?.isInSession == true)
      var last = ""
      let result = try ReplayTests.replay(game.world, index) {
        if !$0.isOver { last = ReplayTests.picture($0.session, game.world.config) }
      }
      #expect(last == game.last[index])
      let own = game.world.id(index)
      let events = ReplayTests.foreign(result.events, own)
      let seen = ReplayTests.foreign(game.world.peers[index].events, own)
      // What was given away in the frame in which it was created is seen when the creation is, with its first packet.
      func isGift(_ event: String) -> Bool { event.hasPrefix("objectMigratedAway") }
      #expect(events.filter { !isGift($0) } == seen.filter { !isGift($0) })
      #expect(events.filter(isGift).sorted() == seen.filter(isGift).sorted())
    }
  }
}
