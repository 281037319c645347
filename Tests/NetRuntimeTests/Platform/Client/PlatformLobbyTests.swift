import Testing

@testable import NetRuntime

/// One stay in an entry, and what lobbies are when their client is gone.
@Suite struct PlatformLobbyTests {
  @Test func enteringTwiceIsOneStay() throws {
    let meeting = try PlatformMeeting("anna", "bob")
    let (world, clients) = (meeting.world, meeting.clients)
    let first = meeting.lobbies[1]
    func link() throws -> LinkID? { try meeting.players[1].runtime.connection(to: meeting.players[0].peer) }
    let before = try #require(try link())
    let second = clients[1].enter(first)
    #expect(first.failure == .enteredAnew && second.state == .joining)
    #expect(world.run(atMost: 5) { second.state == .joined })
    world.run(3)
    let after = try link()
    #expect(after == before, "connections stay")
    #expect(second.members == meeting.lobbies[0].members && second.members.count == 2)
    try meeting.players[1].runtime.leave(first)
    world.run(2)
    #expect(second.state == .joined && meeting.lobbies[0].members.count == 2, "leaving the first stay ends nothing")
    try meeting.players[1].runtime.leave(second)
    #expect(world.run(atMost: 2) { meeting.lobbies[0].members.count == 1 })
  }

  @Test func theHostMayEnterItsOwnEntry() throws {
    let meeting = try PlatformMeeting("anna", "bob")
    try meeting.lobbies[0].setData("map", to: "moon")
    let second = meeting.clients[0].enter(meeting.lobbies[0])
    #expect(meeting.world.run(atMost: 5) { second.state == .joined })
    #expect(second.isHost && second.members.count == 2)
  }

  @Test func anEntryThatEndedAndBeganAnewIsKnownAfresh() throws {
    let meeting = try PlatformMeeting("anna", "bob")
    let (world, clients) = (meeting.world, meeting.clients)
    let (anna, bob) = (meeting.players[0], meeting.players[1])
    for number in 0..<6 {
      try meeting.lobbies[0].setData("n", to: Bytes("\(number)"))
      world.run(0.5)
    }
    // Bob hears nothing while he is put out, and the entry ends and begins anew.
    bob.door.isCutOff = true
    world.run(0.2)
    meeting.lobbies[0].change([.drop(bob.peer)])
    world.run(0.5)
    try anna.runtime.leave(meeting.lobbies[0])
    world.run(0.5)
    #expect(world.entry(meeting.lobbies[0].id) == nil)
    var draft = DirectoryEntry(id: meeting.lobbies[0].id, kind: .steamLobby, title: "test", host: .nobody, maximum: 4)
    draft.data = ["new": "yes"]
    let anew = clients[0].createLobby(draft)
    #expect(world.run(atMost: 3) { anew.state == .joined })
    let entered = clients[1].enter(meeting.lobbies[1])
    #expect(entered.data("n") == "5", "what he knows")
    bob.door.isCutOff = false
    #expect(world.run(atMost: 5) { entered.state == .joined })
    #expect(entered.data("new") == "yes" && entered.data("n") == nil)
    try anew.setData("new", to: "still")
    #expect(world.run(atMost: 2) { entered.data("new") == "still" })
  }

  /// Has what a face may have: an answer that is still to come, and holds the lobby.
  @Test func aLobbyOutlivesItsClient() throws {
    let world = try PlatformWorld()
    let anna = try world.add("anna")
    weak var client: PlatformClient?
    var lobby: PlatformLobby?
    var answers = 0
    do {
      let started = try anna.start()
      client = started
      let made = started.make()
      #expect(world.run(atMost: 3) { made.state == .joined })
      try made.setData("a", to: "1")
      try anna.online.ask(.friends) { _ in
        made.setGameSessionHost(PeerID(rawValue: 7))
        made.kick(PeerID(rawValue: 7))
        made.change([.setClosed(true)])
        made.answered(.success(.entry(made.entry)))
        made.adopt(made.entry)
        made.departed(.ended)
        made.signedOut(.expired)
        made.fail(.noAnswer)
        made.leave()
        made.sendChanges()
        made.advance(to: 1e9)
        answers += 1
      }
      lobby = made
    }
    try anna.runtime.stopClient()
    anna.runtime.stopLingering()
    #expect(client == nil, "nothing holds the client")
    world.run(2)
    #expect(answers == 1)
    #expect(lobby?.state == .failed && lobby?.members == [anna.peer])
    try lobby?.setData("a", to: "2")
    #expect(lobby?.data("a") == "1")
  }

  @Test func aClientThatWasShutDownEntersNothing() throws {
    let meeting = try PlatformMeeting("anna", "bob")
    let (world, client) = (meeting.world, meeting.clients[1])
    try meeting.players[1].runtime.stopClient()
    world.run(1)
    let entered = client.enter(meeting.lobbies[0])
    let made = client.make()
    world.run(3)
    #expect(entered.state == .failed && made.state == .failed)
    #expect(meeting.lobbies[0].members == [meeting.players[0].peer] && world.service.state.entryCount == 1)
  }

  @Test func aRuntimeThatIsDroppedLeavesNothingToCall() throws {
    let world = try PlatformWorld()
    weak var client: PlatformClient?
    var online: OnlineService?
    do {
      let anna = try world.add("anna")
      client = try anna.start()
      online = try anna.online
      world.run(1)
      world.remove(anna)
    }
    #expect(client == nil)
    world.service.signOut(PeerID(playerName: "anna"))
    world.run(1)
    online?.pump()
    #expect(online?.isSignedOut == true)
  }
}
