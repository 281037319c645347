import Testing

@testable import NetRuntime

/// Players that are signed out, by another program of theirs or because nothing was heard of them.
@Suite struct PlatformSignOutTests {
  @Test(arguments: [Platform.steam, .psn, .xboxLive])
  func whoWasSignedOutElsewhereIsSignedInAgainByTheNextClient(_ platform: Platform) throws {
    let meeting = try PlatformMeeting("anna", "bob", platform: platform)
    let (world, anna) = (meeting.world, meeting.players[0])
    let waiting = meeting.clients[0].make()
    world.service.signOut(anna.peer)
    #expect(world.run(atMost: 2) { anna.runtime.hasFailed })
    let online = try anna.online
    #expect(online.isSignedOut && !online.isConnected)
    #expect(meeting.lobbies[0].failure == .signedOut(.signedOut) && waiting.state == .failed)
    world.run(20)
    #expect(anna.runtime.hasFailed && anna.directory.signIns == 1, "nobody signs in behind the other program's back")
    #expect(throws: NetworkError.self, "one client at a time") { try anna.start(platform) }
    #expect(anna.directory.signIns == 1)

    try anna.runtime.stopClient()
    #expect(!anna.runtime.hasFailed)
    let client = try anna.start(platform)
    let again = client.enter(meeting.lobbies[1])
    #expect(world.run(atMost: 5) { again.state == .joined && meeting.lobbies[1].members.count == 2 })
    #expect(!anna.runtime.hasFailed && !online.isSignedOut && online.isConnected)
    #expect(world.run(atMost: 5) { client.isConnected(to: meeting.players[1].peer) })
  }

  @Test func aNewClientOfOneThatIsSignedInSignsNobodyIn() throws {
    let meeting = try PlatformMeeting("anna")
    let anna = meeting.players[0]
    try anna.runtime.stopClient()
    _ = try anna.start()
    meeting.world.run(1)
    #expect(anna.directory.signIns == 1)
  }

  @Test func aPlayerThatSignsInElsewhereAgainTakesItsPlaceBack() throws {
    let world = try PlatformWorld()
    let first = try world.add("anna")
    let second = try world.add("anna")
    _ = try first.start()
    world.run(1)
    _ = try second.start()
    #expect(world.run(atMost: 2) { first.runtime.hasFailed && !second.runtime.hasFailed })
    try first.runtime.stopClient()
    _ = try first.start()
    #expect(world.run(atMost: 2) { second.runtime.hasFailed && !first.runtime.hasFailed })
  }

  @Test(arguments: [Platform.steam, .xboxLive])
  func whoWasNotHeardOfLosesWhatItWasInAndSignsInAgain(_ platform: Platform) throws {
    let meeting = try PlatformMeeting("anna", "bob", platform: platform)
    let (world, players, clients) = (meeting.world, meeting.players, meeting.clients)
    world.service.isLost = true
    world.run(13)
    let asked = clients[0].make()
    world.run(1)
    world.service.isLost = false
    #expect(world.run(atMost: 2) { meeting.lobbies.allSatisfy { $0.failure == .signedOut(.expired) } })
    #expect(world.run(atMost: 2) { asked.state == .failed })
    #expect(world.run(atMost: 2) { players.allSatisfy { (try? $0.online.isConnected) == true } })
    for player in players { #expect(!player.runtime.hasFailed && player.directory.signIns == 2) }
    // The clients go on, and can be reached.
    let made = clients[0].make()
    #expect(world.run(atMost: 2) { made.state == .joined })
    let entered = clients[1].enter(made)
    #expect(world.run(atMost: 5) { entered.state == .joined && clients[0].isConnected(to: players[1].peer) })
    #expect(world.entry(asked.id) == nil && world.service.state.entryCount == 1)
  }

  @Test func aContextThatIsLostStaysSoUntilTheClientEnds() throws {
    let meeting = try PlatformMeeting("anna", platform: .psn, kind: .psnRoom)
    let (world, anna) = (meeting.world, meeting.players[0])
    world.service.isLost = true
    world.run(9)
    #expect(!anna.runtime.hasFailed)
    world.run(2)
    #expect(anna.runtime.hasFailed, "PSN's context ends after 10 seconds without it")
    world.service.isLost = false
    world.run(5)
    #expect(anna.runtime.hasFailed)
    #expect(
      anna.warnings.contains(
        "the online service cannot be reached: no answer for 10 seconds: the network cannot be used any more, and "
          + "Network.fatal_error gives true"))
    try anna.runtime.stopClient()
    let client = try anna.start(.psn)
    let room = client.make(kind: .psnRoom)
    #expect(world.run(atMost: 3) { room.state == .joined })
    #expect(!anna.runtime.hasFailed)
  }

  @Test func aServerThatWasForgottenIsOver() throws {
    let world = try PlatformWorld()
    let host = try world.add("host")
    let server = try host.runtime.startSteamServer(
      SteamServerSettings(serverName: "s", maxPlayers: 4), config: world.config)
    #expect(world.run(atMost: 3) { server.state == .connected })
    world.service.isLost = true
    world.run(11)
    #expect(!host.runtime.hasFailed && server.state == .disconnected)
    world.run(2)
    world.service.isLost = false
    #expect(world.run(atMost: 3) { host.runtime.hasFailed })
    #expect(server.state == .disconnected && server.lobby.failure == .signedOut(.expired))
    try host.runtime.stopClient()
    let next = try host.runtime.startSteamServer(
      SteamServerSettings(serverName: "s", maxPlayers: 4), config: world.config)
    #expect(world.run(atMost: 3) { next.state == .connected })
    #expect(!host.runtime.hasFailed)
  }

  @Test func friendsSeeAgainWhatIsShownOnceTheUserIsBack() throws {
    let world = try PlatformWorld()
    world.relations = ["anna": [PeerID(playerName: "bob"): .friend], "bob": [PeerID(playerName: "anna"): .friend]]
    let players = [try world.add("anna"), try world.add("bob")]
    let social = try players.map { try $0.runtime.steamSocial() }
    social[0].setPresence("status", to: "in the menu")
    func seen() -> Bytes? { social[1].presence(players[0].peer, "status") }
    #expect(world.run(atMost: 3) { seen() == "in the menu" && social[1].game(of: players[0].peer) != nil })
    players[0].door.isCutOff = true
    #expect(world.run(atMost: 15) { seen() == nil && social[1].status(players[0].peer) == .offline })
    social[0].setPresence("status", to: "back")
    players[0].door.isCutOff = false
    #expect(world.run(atMost: 3) { seen() == "back" && social[1].game(of: players[0].peer) != nil })
    #expect(world.run(atMost: 3) { social[0].status(players[1].peer) == .online })
    #expect(social[0].relationship(players[1].peer) == .friend)
  }
}
