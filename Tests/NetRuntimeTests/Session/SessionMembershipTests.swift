import Testing

@testable import NetRuntime

@Suite struct SessionMembershipTests {
  @Test(arguments: [false, true])
  func joinersBecomeMembersAndTheHostHearsWhenTheyAreSynchronised(clientServer: Bool) throws {
    let world = try SessionTestWorld.joined(4, clientServer: clientServer)
    let all = world.peers.map(\.id)
    for peer in world.peers {
      #expect(try peer.game.peers == all)
      #expect(try peer.game.host == all[0])
      #expect(try peer.game.isInSession)
      #expect(try Set(peer.game.synchronizedPeers) == Set(all).subtracting([peer.id]))
      #expect(try peer.game.synchronizingPeers.isEmpty)
    }
    #expect(world[0].events.sorted() == ["synced a1", "synced a2", "synced a3"])
    for peer in world.peers.dropFirst() { #expect(peer.events.isEmpty) }
  }

  @Test func anInvitationWaitsForTheSessionToBeCreated() throws {
    let world = try SessionTestWorld(peers: 2)
    world.createSession(0)
    try world[0].game.makeHost()
    let early = try world[0].game.create("token", [("value", .int(1))])
    try world[0].game.addPeer(world[1].id)
    let late = try world[0].game.create("token", [("value", .int(2))])
    try world[0].sendMessage(7, to: world[1].id)
    world.step(30)
    #expect(try world[0].game.synchronizingPeers == [world[1].id])
    world.createSession(1)
    #expect(try !world[1].game.isInSession)
    world[1].drain()
    #expect(try world[1].game.isInSession)
    #expect(world[1].events == ["message 7 from a0"])
    world.step(30)
    #expect(world[1].events.suffix(2) == ["created \(early) by a0", "created \(late) by a0"])
    #expect(world[0].events == ["synced a1"])
  }

  @Test func anInvitationTakenBackIsNotSeen() throws {
    let world = try SessionTestWorld(peers: 2)
    world.createSession(0)
    try world[0].game.makeHost()
    try world[0].game.addPeer(world[1].id)
    world.step(20)
    try world[0].game.shutdownHost()
    world.step(20)
    world.createSession(1)
    world.step(20)
    #expect(world[1].events.isEmpty)
    #expect(try !world[1].game.isInSession)
  }

  @Test func tooMuchHeldTrafficEndsTheLink() throws {
    let world = try SessionTestWorld(peers: 2)
    world.loss = 0
    world.createSession(0)
    try world[0].game.makeHost()
    try world[0].game.addPeer(world[1].id)
    let link = try #require(world[0].links.link(to: world[1].id))
    let big = [UInt8](repeating: 5, count: 30_000)
    for _ in 0..<33 {
      _ = try big.withUnsafeBytes { try world[0].links.sendReliable(.rpc, $0, to: link, share: .script) }
    }
    world.step(20)
    #expect(world[1].overflowed.isEmpty)
    for _ in 0..<2 {
      _ = try big.withUnsafeBytes { try world[0].links.sendReliable(.rpc, $0, to: link, share: .script) }
    }
    world.step(20)
    #expect(world[1].overflowed.count == 1)
  }

  @Test(arguments: [false, true])
  func aLeaverIsNamedUntilItIsRemoved(clientServer: Bool) throws {
    let world = try SessionTestWorld.joined(3, clientServer: clientServer)
    let object = try world[1].game.create("token", [("value", .int(9))])
    world.step(20)
    try world[1].game.leave()
    world.step(20)
    #expect(try world[0].game.wantsToLeave == world[1].id)
    #expect(try world[2].game.wantsToLeave == nil)
    #expect(try world[1].game.isInSession)
    world[0].events = []
    world[2].events = []
    try world[0].game.removePeer(world[1].id)
    #expect(try world[0].game.wantsToLeave == nil)
    var seen: [UInt32] = []
    while let event = try world[0].game.nextRemovalEvent() {
      if case .objectDestroyed(let id, let destroyer) = event {
        #expect(destroyer == world[1].id)
        #expect(try world[0].game.get(id, "value") == .int(9))
        seen.append(id)
      }
    }
    #expect(seen == [object])
    #expect(try !world[0].game.exists(object))
    world.step(20)
    #expect(world[2].events == ["destroyed \(object) by a1"])
    #expect(world[1].events.last == "disconnected from a0")
    #expect(try !world[1].game.isInSession)
    #expect(try world[1].game.get(object, "value") == .int(9))
    try world[1].game.set(object, "value", .int(10))
    #expect(try world[1].game.get(object, "value") == .int(10))
    #expect(try world[2].game.peers == [world[0].id, world[2].id])
  }

  @Test func aBrokenMemberIsNamedOnTheHostOnly() throws {
    let world = try SessionTestWorld.joined(3)
    world.breakLink(0, 2)
    #expect(try world[0].game.brokenConnection == world[2].id)
    #expect(try world[1].game.brokenConnection == nil)
    try world[0].game.removePeer(world[2].id)
    #expect(try world[0].game.brokenConnection == nil)
    #expect(try world[2].game.hostError)
    #expect(try world[2].game.isInSession)
    world.step(149)
    #expect(try world[2].game.isInSession)
    world.step(3)
    #expect(try !world[2].game.isInSession)
    #expect(world[2].events.last == "disconnected from a0")
  }

  @Test func theHostEndsTheSessionForEverybody() throws {
    let world = try SessionTestWorld.joined(3)
    world[0].events = []
    try world[0].game.shutdownHost()
    #expect(try !world[0].game.isInSession)
    world.closeSession(0)
    world.step(20)
    for peer in world.peers.dropFirst() {
      #expect(peer.events == ["disconnected from a0"])
      #expect(try !peer.game.isInSession)
      #expect(try peer.game.peers == [])
    }
    #expect(world[0].events.isEmpty)
  }

  @Test func disconnectingIsSeenByTheHostAsABrokenConnection() throws {
    let world = try SessionTestWorld.joined(2)
    try world[1].game.disconnectFromHost()
    #expect(try !world[1].game.isInSession)
    #expect(world[1].events.isEmpty)
    world.step(20)
    #expect(try world[0].game.brokenConnection == world[1].id)
  }

  @Test(arguments: [false, true])
  func aPeerThatWasRemovedCanComeBack(clientServer: Bool) throws {
    let world = try SessionTestWorld.joined(3, clientServer: clientServer)
    for round in 1...4 {
      let id = try world[1].game.create("token", [("value", .int(Int64(round)))])
      world.step(3)
      try world[0].game.removePeer(world[1].id)
      world[0].drain()
      world.step(15)
      world.closeSession(1)
      world.createSession(1)
      try world[0].game.addPeer(world[1].id)
      #expect(try world.step(until: { try world[0].game.synchronizedPeers.count == 2 }))
      #expect(id <= 2 * 1023)
      world.step(10)
      #expect(try world[2].game.objects(ownedBy: world[1].id).isEmpty)
    }
    let id = try world[1].game.create("token", [("value", .int(77))])
    world.step(20)
    #expect(try world[2].game.get(id, "value") == .int(77))
  }

  @Test func membersThatLeaveDuringAJoinDoNotHangIt() throws {
    let world = try SessionTestWorld.joined(3)
    world.createSession(2)
    world.peers.append(SessionTestPeer(PeerID(rawValue: 0xB0)))
    for index in 0..<3 { world.connect(index, 3) }
    world.createSession(3)
    world.cut = [[world[1].id, world[3].id]]
    try world[0].game.addPeer(world[3].id)
    world.step(60)
    #expect(try world[0].game.synchronizingPeers.contains(world[3].id))
    try world[0].game.removePeer(world[1].id)
    try world[0].game.removePeer(world[2].id)
    world.step(60)
    #expect(try world[0].game.synchronizedPeers == [world[3].id])
  }

  @Test func wrongUseSaysWhatToDo() throws {
    let world = try SessionTestWorld.joined(2)
    func text(_ call: () throws -> Void) -> String {
      do { try call() } catch { return "\(error)" }
      return "no error"
    }
    #expect(text { try world[1].game.addPeer(world[0].id) } == "only the session host may do this, and that is peer a0")
    #expect(text { try world[0].game.addPeer(world[1].id) } == "peer a1 is in the session already")
    #expect(
      text { try world[0].game.addPeer(PeerID(rawValue: 0xF00)) }
        == "there is no working connection to peer f00; it has to share a lobby with this peer first")
    #expect(text { try world[0].game.removePeer(PeerID(rawValue: 0xF00)) } == "peer f00 is not in the session")
    #expect(text { try world[0].game.leave() } == "this peer hosts the session; use shutdown_game_session_host instead")
    #expect(text { try world[0].game.makeHost() }.hasPrefix("this peer is in a game session already"))
    #expect(
      text { try world[1].game.migrateHost() }
        == "the host, peer a0, has not been lost; call this once host_error() is true")
    let fresh = try SessionTestWorld(peers: 1).createSession(0)
    #expect(text { _ = try fresh.create("token") }.hasPrefix("this peer is not in a game session"))
  }

  @Test func aSessionHoldsSixtyFourPeers() throws {
    let world = try SessionTestWorld(peers: 65)
    world.createSession(0)
    try world[0].game.makeHost()
    for index in 1...63 { try world[0].game.addPeer(world[index].id) }
    #expect(throws: SessionError.sessionFull) { try world[0].game.addPeer(world[64].id) }
  }
}
