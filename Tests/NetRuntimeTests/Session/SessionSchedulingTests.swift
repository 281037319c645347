import Testing

@testable import NetRuntime

/// Which objects are updated first, and that nothing waits for ever, over real connections.
@Suite struct SessionSchedulingTests {
  private static let schema = """
    network_type = "client-server"
    types = { frame = { type = "int" min = 0 max = 65535 } place = { type = "vector3" } text = { type = "string" } }
    objects = {
      runner = { fields = [ { name = "frame" type = "frame" } ] }
      urgent = { fields = [ { name = "frame" type = "frame" } { name = "place" type = "place" } ] priority = 0.1 }
      calm = { fields = [ { name = "frame" type = "frame" } ] priority = 10 }
      slow = { fields = [ { name = "frame" type = "frame" } ] update_rate = 0.5 }
      chest = { fields = [ { name = "place" type = "place" } { name = "text" type = "text" } ] }
    }
    """

  /// A host and clients, of which those after `members` have not been added yet; 60 frames a second.
  private func world(_ count: Int, members: Int, kbps: Double?) throws -> LinkedWorld {
    let world = try LinkedWorld(count, schema: Self.schema, LinkFaults(latency: 0.03))
    world.frame = 1.0 / 60
    world.run(0.5)
    if let kbps {
      let quality = QualityOfService(minimumKbps: kbps / 2, initialKbps: kbps, maximumTotalKbps: kbps)
      world.peers[0].connections.qualityOfService = quality
    }
    for index in 1..<members { try world.peers[0].session.addPeer(world.peers[index].id) }
    world.run(1)
    #expect(world.peers[0].session.synchronizedPeers.count == members - 1)
    return world
  }

  private func frame(_ peer: LinkedPeer, _ id: UInt32) throws -> Int? {
    guard peer.session.exists(id), case .int(let value)? = try peer.session.get(id, "frame") else { return nil }
    return Int(value)
  }

  @Test(arguments: [256.0, nil])
  func playGoesOnBesideALateJoin(kbps: Double?) throws {
    let world = try world(3, members: 2, kbps: kbps)
    let (host, client, newcomer) = (world.peers[0], world.peers[1], world.peers[2])
    let runner = try host.session.create("runner")
    for number in 0..<2000 {
      _ = try host.session.create("chest", [("text", .string([UInt8](repeating: 7, count: number % 20)))])
    }
    world.run(20)
    #expect(client.created.count == 2001)

    try host.session.addPeer(newcomer.id)
    var oldest = [0, 0]
    var latest = 0.0
    var asked: [Double] = []
    var frames = 0
    var hasRunner = 0
    while host.session.synchronizedPeers.count < 2, frames < 3000 {
      frames += 1
      try host.session.set(runner, "frame", .int(Int64(frames)))
      if frames % 15 == 0 {
        asked.append(world.network.now)
        try host.send([UInt8(asked.count & 0xFF), 1, 2, 3], to: newcomer)
      }
      world.step()
      if let seen = try frame(client, runner) { oldest[0] = max(oldest[0], frames - seen) }
      if let seen = try frame(newcomer, runner) {
        hasRunner += 1
        // Its creation has to be acknowledged before updates follow.
        if hasRunner > 15 { oldest[1] = max(oldest[1], frames - seen) }
      }
    }
    for (index, message) in newcomer.messages.enumerated() { latest = max(latest, message.time - asked[index]) }
    let seconds = Double(frames) / 60
    #expect(newcomer.created.count == 2001 && newcomer.created.first == runner)
    #expect(hasRunner > 20 && newcomer.messages.count >= frames / 15 - 1)
    // On the way it is for 2 frames, and for as much until the next transmit: within 0.2 s it has to be there.
    #expect(oldest.allSatisfy { $0 <= 12 }, "\(oldest) frames old")
    #expect(latest < 0.2, "\(latest) s for a message")
    #expect(seconds < (kbps == nil ? 3 : 12), "\(seconds) s to join")
  }

  @Test func noObjectWaitsLongerThanTheBound() throws {
    let world = try world(2, members: 2, kbps: 64)
    let (host, client) = (world.peers[0], world.peers[1])
    let urgent = try (0..<60).map { _ in try host.session.create("urgent") }
    let calm = try (0..<3).map { _ in try host.session.create("calm") }
    world.run(5)
    var longest = 0
    var changed = 0
    var waiting: Int? = nil
    var seen = 0
    for number in 1...7200 {
      for id in urgent {
        try host.session.set(id, "frame", .int(Int64(number)))
        try host.session.set(id, "place", .vector3([Float(number), Float(id), 0]))
      }
      if waiting == nil {
        changed = number
        for id in calm { try host.session.set(id, "frame", .int(Int64(number))) }
        waiting = number
      }
      world.step()
      if try calm.allSatisfy({ try frame(client, $0) == changed }) {
        longest = max(longest, number - (waiting ?? number))
        waiting = nil
        seen += 1
      }
    }
    if let waiting { longest = max(longest, 7200 - waiting) }
    // docs/scheduling.md: 2/r * sum of b(j) * (1 + p(i)/p(j)). An urgent object's change takes 17 bytes, a calm one's
    // 5; of 8,000 bytes a second, datagrams of 400 leave updates 320 of 400.
    let bytes = 60 * 17.0 * (1 + 10 / 0.1) + 3 * 5 * 2
    let bound = 2 / (8000 * 0.8) * bytes + 9 * 0.05
    #expect(seen >= 2, "\(seen) updates of the calm ones")
    #expect(Double(longest) / 60 <= bound, "\(Double(longest) / 60) s, bound \(bound) s")
    // What is urgent is far ahead.
    let ages = try urgent.map { 7200 - (try frame(client, $0) ?? 0) }
    #expect(ages.max() ?? 999 < 60, "\(ages.max() ?? 999) frames")
  }

  @Test func theScriptSetsPrioritiesForEachPeer() throws {
    let world = try world(3, members: 3, kbps: 48)
    let (host, one, two) = (world.peers[0], world.peers[1], world.peers[2])
    let ids = try (0..<200).map { _ in try host.session.create("runner") }
    let (first, second) = (ids[10], ids[20])
    try host.session.setPriority(first, for: one.id, 0.02)
    try host.session.setPriority(second, for: two.id, 0.02)
    world.run(8)
    var ages = [[0, 0], [0, 0]]
    for number in 1...900 {
      for id in ids { try host.session.set(id, "frame", .int(Int64(number))) }
      world.step()
      guard number > 300 else { continue }
      for (row, peer) in [one, two].enumerated() {
        for (column, id) in [first, second].enumerated() { ages[row][column] += number - (try frame(peer, id) ?? 0) }
      }
    }
    #expect(ages[0][0] * 2 < ages[0][1] && ages[1][1] * 2 < ages[1][0], "\(ages)")
  }

  @Test func updateRateIsTheLeastTimeBetweenUpdates() throws {
    let world = try world(2, members: 2, kbps: nil)
    let (host, client) = (world.peers[0], world.peers[1])
    let slow = try host.session.create("slow")
    world.run(1)
    var times: [Double] = []
    var last = 0
    for number in 1...600 {
      try host.session.set(slow, "frame", .int(Int64(number)))
      world.step()
      if let seen = try frame(client, slow), seen != last {
        last = seen
        times.append(world.network.now)
      }
    }
    let gaps = zip(times, times.dropFirst()).map { $1 - $0 }
    #expect(gaps.count > 15 && gaps.allSatisfy { $0 > 0.48 && $0 < 0.56 }, "\(gaps)")
  }

  @Test func aPriorityOutlivesOwnersAndLinksButNotItsObject() throws {
    var queue = UpdateQueue()
    let config = try NetworkConfig.parse(Self.schema, file: "test")
    let table = ObjectTable(ObjectLayouts(config))
    let type = try #require(config.objectIndex(named: "runner"))
    let owner = ObjectOwner(slot: 0, peer: PeerID(rawValue: 1), join: 0)
    let other = ObjectOwner(slot: 1, peer: PeerID(rawValue: 2), join: 1)
    let version = ObjectVersion(birth: 1)
    let row = try #require(table.insert(id: 1, type: type, owner: owner, version: version))
    let usual = queue.priority(row, table)
    queue.setPriority(0.25, of: table.ref(row), birth: 1)
    table.transfer(row, to: other, version.changedByOwner)
    queue.append(table.ref(row), at: 1)
    #expect(queue.priority(row, table) == 0.25)
    queue.forgetSent()
    #expect(queue.isEmpty && queue.priority(row, table) == 0.25)
    table.remove(row)
    #expect(table.insert(id: 2, type: type, owner: owner, version: ObjectVersion(birth: 2)) == row)
    queue.append(table.ref(row), at: 2)
    #expect(queue.priority(row, table) == usual)
    queue.setPriority(0.5, of: table.ref(row), birth: 2)
    queue.removeAll()
    #expect(queue.priority(row, table) == usual)
  }

  @Test func aPriorityStaysWithAnObjectThatChangesHands() throws {
    let world = try SessionTestWorld.joined(3, clientServer: true)
    let id = try world[1].game.create("token", [("value", .int(3))])
    world.step(30)
    let game = try world[0].game
    try game.setPriority(id, for: world[2].id, 0.25)
    for (from, to) in [(1, 0), (0, 1)] {
      try world[from].migrate(id, to: world[to])
      world.step(30)
      let row = try #require(game.table.row(of: id))
      let slot = try #require(game.membership.member(world[2].id)?.slot)
      #expect(game.table.rows[row].ownerPeer == world[to].id)
      #expect(game.traffic[Int(slot)].updates.priority(row, game.table) == 0.25)
    }
  }

  @Test func aLostUpdateHasWaitedSinceItWasSent() throws {
    var queue = UpdateQueue()
    let config = try NetworkConfig.parse(Self.schema, file: "test")
    let table = ObjectTable(ObjectLayouts(config))
    let type = try #require(config.objectIndex(named: "runner"))
    let rows = try (1...2).map { number in
      try #require(
        table.insert(
          id: UInt32(number), type: type, owner: ObjectOwner(slot: 0, peer: PeerID(rawValue: 1), join: 0),
          version: ObjectVersion(birth: UInt64(number))))
    }
    queue.append(table.ref(rows[0]), at: 1)
    queue.wrote(table.ref(rows[0]), stoppedAt: nil, at: 2)
    queue.append(table.ref(rows[1]), at: 3)
    queue.append(table.ref(rows[0]), at: 4)
    queue.wasLost(table.ref(rows[0]))
    queue.rank(table, at: 4)
    #expect(queue.next() == table.ref(rows[0]))
  }
}
