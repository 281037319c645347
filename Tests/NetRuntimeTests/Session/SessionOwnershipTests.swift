import Testing

@testable import NetRuntime

/// Objects that change hands while the network reorders what is said of it.
@Suite struct SessionOwnershipTests {
  /// Whether all peers have the same objects, with one owner and the same values each.
  private func agree(_ world: SessionTestWorld, _ count: Int? = nil) throws -> Bool {
    let all = try world.peers.compactMap { $0.session?.isInSession == true ? try $0.game.snapshot() : nil }
    return all.allSatisfy { $0 == all[0] } && (count == nil || all[0].count == count)
  }

  private func owners(_ world: SessionTestWorld, _ id: UInt32) -> [PeerID?] {
    world.peers.map { try? $0.session?.owner(of: id) }
  }

  @Test(arguments: [false, true])
  func anOwnerGivesItsObjectAway(clientServer: Bool) throws {
    let world = try SessionTestWorld.joined(4, clientServer: clientServer)
    let id = try world[1].game.create("avatar", [("score", .int(5))])
    world.step(20)
    try world[1].game.set(id, "score", .int(6))
    for peer in world.peers { peer.events = [] }
    try world[1].migrate(id, to: world[2])
    #expect(world[1].events == ["lost \(id) to a2"])
    #expect(
      text { try world[1].game.set(id, "score", .int(7)) } == "object \(id) is owned by peer a2, not by this peer")
    #expect(try world.step(until: { try world[2].game.owner(of: id) == world[2].id }))
    #expect(world[2].events == ["got \(id) of a1"])
    #expect(try world[2].game.get(id, "score") == .int(6))
    try world[2].game.set(id, "score", .int(8))
    #expect(try world.step(until: { try agree(world, 1) && world[3].game.get(id, "score") == .int(8) }))
    for value in 10..<30 {
      try world[2].game.set(id, "score", .int(Int64(value)))
      world.step()
    }
    #expect(try world.step(until: { try agree(world, 1) && world[1].game.get(id, "score") == .int(29) }))
    #expect(world[0].events == [] && world[3].events == [] && world[1].events.count == 1)
    // And back, and on by the host.
    try world[2].migrate(id, to: world[1])
    #expect(try world.step(until: { owners(world, id) == [PeerID?](repeating: world[1].id, count: 4) }))
    try world[0].migrate(id, to: world[3])
    #expect(world[0].events == [])
    #expect(try world.step(until: { owners(world, id) == [PeerID?](repeating: world[3].id, count: 4) }))
    #expect(world[1].events == ["lost \(id) to a2", "got \(id) of a2", "lost \(id) to a3"])
    try world[0].migrate(id, to: world[0])
    #expect(world[0].events == ["got \(id) of a3"])
    try world[0].game.set(id, "score", .int(44))
    #expect(try world.step(until: { try agree(world, 1) && world[3].game.get(id, "score") == .int(44) }))
    #expect(world.peers.allSatisfy { $0.warnings.isEmpty })
  }

  @Test(arguments: [false, true])
  func theHostsChoiceBeatsTheOwners(clientServer: Bool) throws {
    for seed in 1...10 as ClosedRange<UInt64> {
      let world = try SessionTestWorld.joined(5, clientServer: clientServer, seed: seed)
      let id = try world[1].game.create("avatar")
      world.step(20)
      for peer in world.peers { peer.events = [] }
      try world[1].migrate(id, to: world[2])
      if seed.isMultiple(of: 2) { world.step(Int(seed)) }
      try world[0].migrate(id, to: world[3])
      #expect(try world.step(until: { owners(world, id) == [PeerID?](repeating: world[3].id, count: 5) }))
      world.step(30)
      #expect(try agree(world, 1))
      #expect(world[1].events == ["lost \(id) to a2"])
      #expect([[], ["got \(id) of a1", "lost \(id) to a3"]].contains(world[2].events))
      #expect(world[3].events.count == 1 && world[3].events[0].hasPrefix("got \(id)"))
    }
  }

  @Test(arguments: [false, true])
  func theHostsChoiceBringsADestroyedObjectBack(clientServer: Bool) throws {
    let world = try SessionTestWorld.joined(4, clientServer: clientServer)
    let id = try world[1].game.create("avatar", [("score", .int(5))])
    world.step(20)
    for peer in world.peers { peer.events = [] }
    try world[1].game.destroyObject(id)
    try world[0].migrate(id, to: world[2])
    #expect(try world.step(until: { owners(world, id) == [PeerID?](repeating: world[2].id, count: 4) }))
    world.step(60)
    #expect(try agree(world, 1))
    #expect(world[2].events.last?.hasPrefix("got \(id)") == true)
    // Its id is not another's while it lives, and free again once it is gone.
    #expect(try world[1].game.create("token") == id + 1)
    try world[2].game.destroyObject(id)
    world.step(270)
    #expect(try agree(world, 1))
    #expect(try world[1].game.create("token") == id)
  }

  @Test func aChainOfOwnersIsSeenInAnyOrder() throws {
    let orders = [[1, 2, 3], [1, 3, 2], [2, 1, 3], [2, 3, 1], [3, 1, 2], [3, 2, 1]]
    for (order, destroys) in orders.flatMap({ [($0, false), ($0, true)] }) {
      let world = try SessionTestWorld.joined(5)
      world.loss = 0
      for sender in order { world.held.insert([world[sender].id, world[4].id]) }
      let id = try world[1].game.create("avatar", [("score", .int(5))])
      world.step(10)
      try world[1].migrate(id, to: world[2])
      world.step(10)
      try world[2].game.set(id, "score", .int(6))
      world.step(10)
      try world[2].migrate(id, to: world[3])
      world.step(10)
      if destroys { try world[3].game.destroyObject(id) }
      #expect(try !world[4].game.exists(id))
      for sender in order {
        world.held.remove([world[sender].id, world[4].id])
        world.step(10)
      }
      #expect(try agree(world, destroys ? 0 : 1), "\(order)")
      #expect(world[4].events.filter { $0.hasPrefix("created") }.count <= 1)
    }
  }

  @Test(arguments: [false, true])
  func aMessageDoesNotOvertakeAMigration(clientServer: Bool) throws {
    let world = try SessionTestWorld.joined(4, clientServer: clientServer)
    for round in 0..<20 as Range<UInt32> {
      let id = try world[1].game.create("avatar")
      if round.isMultiple(of: 2) { world.step(20) }
      world[2].events = []
      try world[1].migrate(id, to: world[2])
      try world[1].sendMessage(round, to: world[2].id)
      #expect(try world.step(until: { world[2].events.contains("message \(round) from a1") }))
      let events = world[2].events.filter { $0 != "created \(id) by a1" && $0 != "created \(id) by a0" }
      #expect(events.count == 2 && events[0].hasPrefix("got \(id)"), "\(world[2].events)")
    }
  }

  @Test(arguments: [false, true])
  func valuesOfAnEarlierTimeAsOwnerAreDiscarded(clientServer: Bool) throws {
    for seed in 1...8 as ClosedRange<UInt64> {
      let world = try SessionTestWorld.joined(3, clientServer: clientServer, seed: seed)
      world.latency = 0.01...0.5
      let id = try world[1].game.create("avatar")
      world.step(30)
      var value = 0
      for round in 0..<60 {
        let owner = world.peers.first { (try? $0.game.owner(of: id)) == $0.id }
        if let owner {
          value += 1
          try owner.game.set(id, "score", .int(Int64(value)))
          if value % 5 == 0 { try owner.game.set(id, "label", .string([UInt8](repeating: UInt8(value), count: 900))) }
          if round % 3 == 0 { try owner.migrate(id, to: world[(round / 3 + Int(seed)) % 3]) }
        }
        world.step(Int(seed) % 4)
      }
      world.step(60)
      #expect(try agree(world, 1))
      #expect(try world[0].game.get(id, "score") == .int(Int64(value)))
    }
  }

  @Test func anObjectOutlivesTheGiverThatLeftBeforeTheNewOwnerHeard() throws {
    let world = try SessionTestWorld.joined(4)
    world.loss = 0
    let id = try world[1].game.create("avatar", [("score", .int(5))])
    world.step(20)
    world.held.insert([world[1].id, world[2].id])
    try world[1].migrate(id, to: world[2])
    world.step(20)
    #expect(owners(world, id) == [world[2].id, world[2].id, world[1].id, world[2].id])
    world.closeSession(1)
    world.step(5)
    try world[0].game.removePeer(world[1].id)
    world[0].drain()
    world.step(30)
    #expect(try agree(world, 1))
    #expect(try world[2].game.owner(of: id) == world[2].id)
    #expect(
      world[2].events.suffix(3) == ["destroyed \(id) by a1", "created \(id) by a0", "got \(id) of a0"]
        || world[2].events.suffix(3) == ["destroyed \(id) by a1", "created \(id) by a3", "got \(id) of a3"])
  }

  @Test(arguments: [false, true])
  func objectsOfALeaverStayWhereTheyWereGivenToFirst(clientServer: Bool) throws {
    let world = try SessionTestWorld.joined(4, clientServer: clientServer)
    var ids: [UInt32] = []
    for index in 0..<6 { ids.append(try world[1].game.create("avatar", [("score", .int(Int64(index)))])) }
    world.step(20)
    for (index, id) in ids.enumerated() where index < 4 { try world[0].migrate(id, to: world[index % 2 * 2]) }
    try world[0].game.removePeer(world[1].id)
    world.step(60)
    #expect(try agree(world, 4))
    #expect(try world[2].game.objects(ownedBy: world[2].id) == [ids[1], ids[3]])
    // One that is given to somebody who has just left ends, too.
    let last = try world[2].game.create("token")
    world.step(20)
    try world[2].migrate(last, to: world[3])
    try world[0].game.removePeer(world[3].id)
    world.step(60)
    #expect(try agree(world, 4))
  }

  @Test func theIdOfAnObjectThatEndedWithItsOwnerRestsFirst() throws {
    let world = try SessionTestWorld.joined(3)
    let given = try world[1].game.create("token")
    world.step(20)
    try world[1].migrate(given, to: world[2])
    world.step(20)
    try world[0].game.removePeer(world[2].id)
    world[0].drain()
    world.step(60)
    #expect(try !world[1].game.exists(given))
    let next = try world[1].game.create("token")
    #expect(next != given)
    world.step(120)
    #expect(try world[1].game.create("token") == given)
  }

  @Test func anOwnObjectWhoseEndComesBeforeTheNewsOfItsTakingIsTakenAwayFirst() throws {
    let world = try SessionTestWorld.joined(3)
    let id = try world[1].game.create("token")
    world.step(20)
    world[1].events = []
    let row = try #require(try world[1].game.table.row(of: id))
    let version = try world[1].game.table.rows[row].version.changedByHost.changedByOwner
    var bytes = [UInt8](repeating: 0, count: 64)
    let count = bytes.withUnsafeMutableBytes { buffer in
      var writer = BitWriter(buffer)
      SessionMessage.write(.destroy, number: id, to: &writer)
      writer.write(0, bits: 8)
      version.write(to: &writer)
      return writer.flush()
    }
    let link = try #require(world[1].links.link(to: world[0].id))
    world.hand(
      SessionTestDelivery(
        link: link, peer: world[0].id, channel: .session, isReliable: true, packet: 1 << 20,
        bytes: Array(bytes[..<count])), to: world[1])
    #expect(world[1].events == ["lost \(id) to a0", "destroyed \(id) by a0"])
    #expect(try !world[1].game.exists(id))
  }

  @Test(arguments: [false, true])
  func aNewcomerHearsOfTheEndOfAnObjectWhoseGiftItHadNotHeardOf(clientServer: Bool) throws {
    let world = try SessionTestWorld.joined(3, clientServer: clientServer)
    world.loss = 0
    let given = try world[1].game.create("token")
    for _ in 0..<200 { _ = try world[1].game.create("avatar", [("label", .string([UInt8](repeating: 7, count: 900)))]) }
    world.step(60)
    world.peers.append(SessionTestPeer(PeerID(rawValue: 0xA3)))
    for index in 0..<3 { world.connect(index, 3) }
    world.createSession(3)
    try world[0].game.addPeer(world[3].id)
    #expect(try world.step(until: { try world[3].game.exists(given) }))
    try world[1].migrate(given, to: world[2])
    #expect(try world.step(until: { try world[0].game.owner(of: given) == world[2].id }))
    try world[0].game.removePeer(world[2].id)
    world[0].drain()
    #expect(try world.step(until: { try agree(world, 200) }))
    #expect(world[3].events.contains("destroyed \(given) by a2"))
  }

  @Test(arguments: [false, true])
  func aNewcomerGetsEachObjectOnceWithItsOwner(clientServer: Bool) throws {
    for seed in 1...12 as ClosedRange<UInt64> {
      let world = try SessionTestWorld.joined(3, clientServer: clientServer, seed: seed)
      var ids: [UInt32] = []
      for index in 0..<40 {
        ids.append(try world[index % 3].game.create("avatar", [("label", .string([UInt8](repeating: 7, count: 300)))]))
      }
      world.step(30)
      world.peers.append(SessionTestPeer(PeerID(rawValue: 0xA3)))
      for index in 0..<3 { world.connect(index, 3) }
      world.createSession(3)
      try world[0].game.addPeer(world[3].id)
      var synced: [String]?
      world[0].onEvent = { event in
        if case .objectSyncDone = event { synced = try? world[3].game.snapshot() }
      }
      for round in 0..<40 {
        let id = ids[round]
        if let owner = world.peers.first(where: { (try? $0.game.owner(of: id)) == $0.id }) {
          try owner.migrate(id, to: world[(round + Int(seed)) % 3])
        }
        if round % 3 == 0 { world.step() }
      }
      #expect(try world.step(until: { synced != nil }))
      #expect(synced?.count == 40)
      world.step(40)
      #expect(try agree(world, 40))
      let created = world[3].events.filter { $0.hasPrefix("created") }.map { $0.split(separator: " ")[1] }
      #expect(created.count == 40 && Set(created).count == 40)
      #expect(!world[3].events.contains { $0.hasPrefix("destroyed") })
    }
  }

  @Test func aRemadeConnectionEndsWhatWasDestroyedMeanwhile() throws {
    let world = try SessionTestWorld.joined(3)
    let kept = try world[1].game.create("token")
    let gone = try world[1].game.create("token")
    let given = try world[1].game.create("token")
    world.step(20)
    world.breakLink(1, 2)
    try world[1].game.destroyObject(gone)
    try world[1].migrate(given, to: world[0])
    world.step(20)
    #expect(try world[2].game.exists(gone))
    world.connect(1, 2)
    #expect(try world.step(until: { try agree(world, 2) }))
    #expect(try world[2].game.objects(ownedBy: world[1].id) == [kept])
    #expect(world[2].events.filter { $0.hasPrefix("destroyed") } == ["destroyed \(gone) by a1"])
  }

  @Test(arguments: [false, true])
  func onlyOwnersAndTheHostMayGive(clientServer: Bool) throws {
    let world = try SessionTestWorld.joined(3, clientServer: clientServer)
    let id = try world[1].game.create("token")
    world.step(20)
    #expect(
      text { try world[2].migrate(id, to: world[2]) }
        == "object \(id) is owned by peer a1; only its owner and the session host, peer a0, may give it away")
    let stranger = SessionTestPeer(PeerID(rawValue: 0xF00))
    #expect(text { try world[1].migrate(id, to: stranger) } == "peer f00 is not in the session")
    #expect(text { try world[1].migrate(77, to: world[2]) } == "object 77 does not exist")
    try world[1].migrate(id, to: world[1])
    try world[0].migrate(id, to: world[1])
    world.step(20)
    #expect(world.peers.allSatisfy { !$0.events.contains { $0.hasPrefix("got") || $0.hasPrefix("lost") } })
    try world[1].game.disconnectFromHost()
    #expect(text { try world[1].migrate(id, to: world[2]) }.hasPrefix("this game session is over"))
  }

  @Test(arguments: [false, true])
  func newcomersGetSlotsWhoseIDsAreInUse(clientServer: Bool) throws {
    var membership = SessionMembership()
    membership.becomeHost(PeerID(rawValue: 1), session: 1)
    #expect(membership.add(PeerID(rawValue: 2), ids: { $0 == 1 ? 1 : 0 })?.slot == 2)
    #expect(membership.add(PeerID(rawValue: 3), ids: { $0 == 5 ? Limits.usedIDs : 9999 })?.slot == 5)
    #expect(membership.add(PeerID(rawValue: 4), ids: { _ in Limits.usedIDs + 1 }) == nil)
    // In a session where every slot has an object of an earlier member.
    let world = try SessionTestWorld.joined(3, clientServer: clientServer)
    world.loss = 0
    var kept: [UInt32] = []
    for _ in 0..<70 {
      let id = try world[1].game.create("token")
      kept.append(id)
      world.step(8)
      try world[0].migrate(id, to: world[2])
      try world[0].game.removePeer(world[1].id)
      world[0].drain()
      world.step(8)
      world.closeSession(1)
      world.createSession(1)
      try world[0].game.addPeer(world[1].id)
      #expect(try world.step(until: { try world[1].game.isInSession && world[0].game.synchronizedPeers.count == 2 }))
    }
    #expect(Set(kept).count == 70)
    #expect(try agree(world, 70))
    let last = try #require(kept.last { ObjectIDs.slot(of: $0) == (try? world[1].game.membership.ownSlot) })
    try world[2].game.destroyObject(last)
    world.step(270)
    #expect(try agree(world, 69))
    #expect(try (0..<5).contains { _ in try world[1].game.create("token") == last })
  }

  private func text(_ body: () throws -> Void) -> String {
    do {
      try body()
      return "nothing"
    } catch {
      return "\(error)"
    }
  }
}
