import Testing

@testable import NetRuntime

/// What becomes of lobbies while the service is lost, or does not answer.
@Suite struct PlatformOutageTests {
  @Test(arguments: [Platform.steam, .psn, .xboxLive])
  func aServiceThatDoesNotAnswerFailsALobbyAndLeavesNothingBehind(_ platform: Platform) throws {
    let meeting = try PlatformMeeting("anna", "bob", platform: platform)
    let (world, clients) = (meeting.world, meeting.clients)
    // Longer than a lobby waits: what was asked is done all the same.
    world.service.latency = 40...40
    let made = clients[0].make()
    let other = clients[1].make()
    let entered = clients[1].enter(made)
    world.run(29.5)
    #expect(made.state == .creating && entered.state == .joining)
    world.run(1)
    for lobby in [made, other, entered] { #expect(lobby.state == .failed && lobby.failure == .noAnswer) }
    #expect(meeting.players[0].warnings.contains { $0.hasSuffix("the online service has not answered for 30 seconds") })
    var wasThere = false
    for _ in 0..<50 {
      world.run(1)
      wasThere = wasThere || world.entry(made.id) != nil
    }
    #expect(wasThere, "the service did what it was asked")
    #expect(world.entry(made.id) == nil && world.entry(other.id) == nil)
    #expect(meeting.lobbies.allSatisfy { $0.state == .joined }, "who is in already stays")
  }

  @Test func aShortOutageWhileEnteringOnlyTakesTime() throws {
    let meeting = try PlatformMeeting("anna", "bob")
    let world = meeting.world
    let carl = try world.add("carl")
    let client = try carl.start()
    world.run(1)
    let made = client.make()
    let entered = client.enter(meeting.lobbies[0])
    world.service.isLost = true
    world.run(8)
    #expect(made.state == .creating && entered.state == .joining)
    world.service.isLost = false
    #expect(world.run(atMost: 5) { made.state == .joined && entered.state == .joined })
    #expect(meeting.lobbies[0].members.count == 3)
  }

  @Test func changesAndDeparturesOfAnOutageComeAfterIt() throws {
    let meeting = try PlatformMeeting("anna", "bob", "carl")
    let (world, lobbies) = (meeting.world, meeting.lobbies)
    world.service.isLost = true
    world.run(1)
    try lobbies[0].setData("map", to: "moon")
    try lobbies[1].setMemberData("ready", to: "1")
    try meeting.players[1].runtime.leave(lobbies[1])
    try meeting.players[2].runtime.stopClient()
    #expect(lobbies[0].data("map") == "moon")
    world.run(5)
    #expect(lobbies[0].state == .joined && world.entry(lobbies[0].id)?.members.count == 3)
    world.service.isLost = false
    #expect(world.run(atMost: 3) { lobbies[0].members == [meeting.players[0].peer] })
    #expect(world.entry(lobbies[0].id)?.data == ["map": "moon"])
    #expect(lobbies[0].data("map") == "moon")
  }

  @Test func thereIsAlwaysRoomToLeave() throws {
    let meeting = try PlatformMeeting("anna", "bob")
    let (world, anna) = (meeting.world, meeting.players[0])
    let online = try anna.online
    let ticket = MatchTicket(
      id: 9, entry: meeting.lobbies[0].id, hopper: Hopper(title: "t", name: "h", minimumPlayers: 3, maximumPlayers: 4),
      timeout: 60, keepsSession: true)
    online.ask(.startTicket(ticket))
    world.run(1)
    #expect(world.service.state.tickets[9] != nil)
    world.service.isLost = true
    world.run(0.1)
    var refusals = 0
    for _ in 0..<Limits.unansweredRequests + 5 {
      online.ask(.friends) { if case .failure(.tooManyRequests) = $0 { refusals += 1 } }
    }
    world.run(0.1)
    #expect(refusals >= 5)
    online.ask(.deleteTicket(9))
    try anna.runtime.leave(meeting.lobbies[0])
    world.service.isLost = false
    #expect(world.run(atMost: 3) { meeting.lobbies[1].members == [meeting.players[1].peer] })
    #expect(world.service.state.tickets[9] == nil)
  }

  @Test func whoeverHostsNextTakesThoseInThatAreEntering() throws {
    for count in 1...2 {
      let meeting = count == 1 ? try PlatformMeeting("anna") : try PlatformMeeting("anna", "bob")
      let (world, anna) = (meeting.world, meeting.players[0])
      let carl = try world.add("carl")
      let client = try carl.start()
      world.run(1)
      // Nobody gets through to the host, so that it leaves while carl is looking for it.
      world.network.setCutOff(true, host: 0)
      let entered = client.enter(meeting.lobbies[0])
      #expect(world.run(atMost: 2) { if case .connecting = entered.phase { true } else { false } })
      try anna.runtime.leave(meeting.lobbies[0])
      #expect(world.run(atMost: 5) { entered.state == .joined }, "\(count) members were there")
      #expect(entered.lobbyHost == (count == 1 ? carl.peer : meeting.players[1].peer))
      #expect(entered.members.count == count)
    }
  }
}
