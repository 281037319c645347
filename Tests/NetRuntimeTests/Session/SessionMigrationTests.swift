import Testing

@testable import NetRuntime

/// The host is gone, and another peer takes the session over. How it dies at any moment of any exchange is the proof's:
/// `network-proof --host-kills`.
@Suite struct SessionMigrationTests {
  /// The host's connections all fall silent.
  private func lose(_ host: Int, in world: SessionTestWorld) {
    for other in world.peers.indices where other != host {
      world.cut.insert([world[host].id, world[other].id])
      world.breakLink(host, other)
    }
  }

  private func hasHost(_ host: Int, _ members: [Int], in world: SessionTestWorld) throws -> Bool {
    try members.allSatisfy { try world[$0].game.host == world[host].id && !world[$0].game.hostError }
  }

  @Test(arguments: [false, true]) func theLowestCallerHosts(clientServer: Bool) throws {
    let world = try SessionTestWorld.joined(5, clientServer: clientServer)
    let hosts = try world[0].game.create("avatar", [("score", .int(7))])
    let own = try world[3].game.create("token", [("value", .int(3))])
    world.step(20)
    lose(0, in: world)
    for index in [4, 2, 3] { try world[index].game.migrateHost() }
    #expect(try world.step(until: { try hasHost(2, [1, 2, 3, 4], in: world) }))
    try world[2].game.set(hosts, "score", .int(8))
    try world[3].game.set(own, "value", .int(4))
    world.step(60)
    let truth = try world[2].game.snapshot()
    #expect(truth.count == 2)
    for index in 1...4 {
      #expect(try world[index].game.snapshot() == truth)
      #expect(try world[index].game.owner(of: hosts) == world[2].id)
      #expect(try world[index].game.get(hosts, "score") == .int(8))
      #expect(try world[index].game.get(own, "value") == .int(4))
      #expect(try world[index].game.otherPeers.count == 3)
    }
    #expect(world[4].warnings.contains("peer \(world[2].id) takes over the game session, not this peer"))
    #expect(!world[2].warnings.contains { $0.contains("takes over") })
  }

  @Test(arguments: [false, true]) func aSilentSurvivorIsLeftBehindAndOut(clientServer: Bool) throws {
    let world = try SessionTestWorld.joined(4, clientServer: clientServer)
    let lost = try world[3].game.create("token")
    world.step(20)
    lose(0, in: world)
    for other in [1, 2] { world.cut.insert([world[3].id, world[other].id]) }
    try world[1].game.migrateHost()
    let start = world.now
    #expect(try world.step(until: { try hasHost(1, [1, 2], in: world) }))
    #expect(world.now - start < 1.2)
    #expect(try world[1].game.otherPeers == [world[2].id])
    world.step(20)
    #expect(try !world[2].game.exists(lost))
    // It hears of it once it is back.
    world.cut = world.cut.filter { $0.contains(world[0].id) }
    #expect(try world.step(until: { try !world[3].game.isInSession }))
    #expect(world[3].events.last == "disconnected from \(world[0].id)")
  }

  @Test(arguments: [false, true], [false, true])
  func whomTheWinnersLastWordNeverReachedStaysIn(clientServer: Bool, callsAgain: Bool) throws {
    let world = try SessionTestWorld.joined(5, clientServer: clientServer)
    let id = try world[0].game.create("token")
    world.step(20)
    lose(0, in: world)
    for index in [1, 3, 4] { try world[index].game.migrateHost() }
    #expect(try world.step(until: { try world[1].game.isHost }))
    world.cut(1, 3)
    #expect(try world.step(until: { try hasHost(1, [1, 2, 4], in: world) }))
    #expect(try world[3].game.hostError)
    // Its claim is heard by those whose host has not fallen silent yet, and by those whose host has.
    if callsAgain { world.step(40) }
    lose(1, in: world)
    try world[4].game.migrateHost()
    #expect(try world.step(until: { try hasHost(3, [2, 3, 4], in: world) }))
    world.step(60)
    for index in 2...4 {
      #expect(try world[index].game.owner(of: id) == world[3].id)
      #expect(try world[index].game.otherPeers.count == 2)
    }
  }

  @Test func aHostThatLivesIsNotOverruled() throws {
    let world = try SessionTestWorld.joined(4)
    // Only the connection between the host and one client is gone.
    world.breakLink(0, 1)
    try world[1].game.migrateHost()
    world.step(200)
    #expect(try hasHost(0, [2, 3], in: world))
    #expect(try world[1].game.isInSession)
    world.step(150)
    #expect(try !world[1].game.isInSession)
    #expect(world[1].events.last == "disconnected from \(world[0].id)")
  }

  @Test(arguments: [false, true]) func halvesGoTheirOwnWays(clientServer: Bool) throws {
    let world = try SessionTestWorld.joined(6, clientServer: clientServer)
    lose(0, in: world)
    for one in [1, 2] { for other in [3, 4, 5] { world.cut.insert([world[one].id, world[other].id]) } }
    for index in [1, 3, 5] { try world[index].game.migrateHost() }
    world.step(60)
    #expect(try hasHost(1, [1, 2], in: world))
    #expect(try hasHost(3, [3, 4, 5], in: world))
    #expect(try world[2].game.otherPeers == [world[1].id])
    #expect(try world[4].game.otherPeers.count == 2)
    // They hear each other again, and stay apart.
    world.cut = world.cut.filter { $0.contains(world[0].id) }
    world.step(60)
    #expect(try world[1].game.otherPeers == [world[2].id])
    #expect(try world[3].game.otherPeers.count == 2)
  }

  @Test func messagesOutliveTheHostThatCarriedThem() throws {
    let world = try SessionTestWorld.joined(4, clientServer: true)
    for number in 1...20 { try world[2].sendMessage(UInt32(number), to: world[3].id) }
    world.step(2)
    lose(0, in: world)
    for number in 21...30 { try world[2].sendMessage(UInt32(number), to: world[3].id) }
    for number in 1...5 { try world[3].sendMessage(UInt32(number), to: world[1].id) }
    try world[1].game.migrateHost()
    world.step(60)
    for number in 31...35 { try world[2].sendMessage(UInt32(number), to: world[3].id) }
    world.step(60)
    #expect(world[3].received[world[2].id] == Array(1...35))
    #expect(world[1].received[world[3].id] == Array(1...5))
    #expect(try world[2].game.relayBytesLeft(to: world[3].id) == 32768)
  }

  @Test func joinsGoOnFarAbove() throws {
    let world = try SessionTestWorld.joined(4)
    lose(0, in: world)
    try world[1].game.migrateHost()
    #expect(try world.step(until: { try hasHost(1, [1, 2, 3], in: world) }))
    try world[1].game.removePeer(world[3].id)
    world.step(30)
    world.closeSession(3)
    world.createSession(3)
    try world[1].game.addPeer(world[3].id)
    world.step(60)
    #expect(try world[3].game.membership.ownJoin > 1 << 20)
    #expect(try world[3].game.membership.hostSlot == 1)
    #expect(try world[1].game.synchronizedPeers.count == 2)
  }

  // MARK: Limits

  @Test func aPaperIsBounded() throws {
    let world = try SessionTestWorld.joined(2)
    let game = try world[0].game
    let piece = [UInt8](repeating: 0, count: Limits.electionPieceBytes)
    for index in 0...(Limits.electionBytes / piece.count) {
      var writer = ElectionMessage.head(.claim, session: game.membership.session, sender: 1)
      writer.write((index == 0 ? 1 : 0) as UInt8)
      writer.write(piece)
      let link = try #require(world[0].links.link(to: world[1].id))
      let delivery = SessionTestDelivery(
        link: link, peer: world[1].id, channel: .session, isReliable: true, packet: 1, bytes: writer.bytes)
      #expect(game.migration.unfinished.count == (index == 0 ? 0 : 1))
      world.hand(delivery, to: world[0])
    }
    #expect(game.migration.unfinished.isEmpty)
    #expect(world[0].warnings.last?.hasPrefix("ignored a piece of a message about the session's host") == true)
  }

  @Test func soManyRemovalsAreRemembered() {
    var membership = SessionMembership()
    for join in 1...UInt32(Limits.rememberedRemovals + 1) { membership.noteRemoval(of: join) }
    #expect(membership.removed.count == Limits.rememberedRemovals)
    #expect(membership.removed.first == 2)
  }

  @Test func papersReadBackAndNoPrefixOfThemDoes() throws {
    let layouts = try SessionTestWorld.joined(1)[0].game.layouts
    let member = MemberInfo(peer: PeerID(rawValue: 5), slot: 3, join: 9, isSynced: true)
    let view = SurvivorView(reign: 2, own: member, formerHosts: [0], removed: [4, 5], members: [])
    let version = ObjectVersion(creator: 3, count: 8)
    var claim = ByteWriter()
    claim.write(ElectionClaim(view: view, number: 7, inventory: [.init(id: 8, version: version, hash: 6)]))
    var ballot = ElectionBallot(view: view, number: 7, codes: [.differs])
    ballot.destroyed = [(4, version)]
    var vote = ByteWriter()
    vote.write(ballot)
    var commit = ByteWriter()
    commit.write(
      ElectionCommit(reign: 3, lastJoin: 1 << 20, formerHosts: [0], number: 7, members: [member], kept: [true, false]))
    var tooHigh = view
    tooHigh.reign = Limits.joins
    var wrong = ByteWriter()
    wrong.write(ElectionClaim(view: tooHigh, number: 7, inventory: []))
    wrong.bytes.withUnsafeBytes { bytes in
      var reader = ByteReader(bytes)
      #expect(reader.claim() == nil)
    }
    let readers: [(ByteWriter, (inout ByteReader) -> Bool)] = [
      (claim, { $0.claim()?.inventory.first?.hash == 6 }), (vote, { $0.ballot(layouts)?.destroyed.first?.id == 4 }),
      (commit, { $0.commit()?.kept == [true, false] }),
    ]
    for (writer, read) in readers {
      for count in 0...writer.bytes.count {
        writer.bytes[..<count].withUnsafeBytes { bytes in
          var reader = ByteReader(bytes)
          let isRead = read(&reader)
          #expect(isRead == (count == writer.bytes.count))
        }
      }
    }
  }
}
