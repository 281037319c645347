import Testing

@testable import NetRuntime

/// Steam's lobbies and servers as players have them, over a directory in memory.
@Suite struct SteamWorldTests {
  private static func client(_ player: PlatformPlayer) throws -> SteamClient {
    try player.runtime.startSteamClient(config: player.config, social: player.runtime.steamSocial())
  }

  private static func server(_ player: PlatformPlayer, maximum: Int = 4) throws -> SteamGameServer {
    try player.runtime.startSteamServer(
      SteamServerSettings(serverName: "castle", maxPlayers: maximum), config: player.config)
  }

  private static func events(_ server: SteamGameServer) -> [SteamGameServer.Event] {
    var events: [SteamGameServer.Event] = []
    while let event = server.nextEvent() { events.append(event) }
    return events
  }

  @Test func lobbiesAreFoundAndEntered() throws {
    let world = try PlatformWorld()
    let anna = try world.add("anna")
    let bob = try world.add("bob")
    let host = try Self.client(anna)
    let guest = try Self.client(bob)
    let lobby = host.createLobby(.public, maximum: 4)
    let hidden = host.createLobby(.private, maximum: 4)
    #expect(world.run(atMost: 3) { lobby.state == .joined && hidden.state == .joined })
    try lobby.setData("mode", to: "duel")
    world.run(1)
    let browser = guest.lobbyBrowser
    for (mode, count) in [("siege", 0), ("duel", 1)] {
      browser.clearFilters()
      try browser.addFilter("mode", .equal, text: Bytes(mode))
      browser.refresh()
      #expect(browser.isRefreshing && world.run(atMost: 3) { !browser.isRefreshing })
      #expect(browser.lobbies.count == count)
    }
    let found = try #require(browser.lobbies.first)
    let entered = guest.joinLobby(found.id)
    #expect(world.run(atMost: 5) { entered.state == .joined })
    #expect(entered.data("mode") == "duel" && entered.members == [anna.peer, bob.peer])
    let stranger = guest.joinLobby(hidden.id)
    #expect(world.run(atMost: 5) { stranger.failure == .refused(.notInvited) })
  }

  @Test func playersOfAServerComeAndGoAndHearOfItsEnd() throws {
    let world = try PlatformWorld()
    let (host, anna, bob) = (try world.add("host"), try world.add("anna"), try world.add("bob"))
    let server = try Self.server(host, maximum: 1)
    let clients = [try Self.client(anna), try Self.client(bob)]
    #expect(world.run(atMost: 3) { server.state == .connected })
    let browser = clients[0].serverBrowser
    browser.refresh(.internet)
    #expect(world.run(atMost: 3) { !browser.isRefreshing })
    let place = try #require(browser.rows.first?.info.place)
    let address = Endpoint(address: place.address, port: place.queryPort)
    let entered = clients[0].joinServer(address, password: nil)
    #expect(world.run(atMost: 5) { entered.state == .joined && server.members == [anna.peer] })
    let expected: [SteamGameServer.Event] = [
      .slotRequested(reserver: anna.peer, peers: [anna.peer], invitee: .nobody), .memberAdded(anna.peer),
    ]
    #expect(Self.events(server) == expected)
    let late = clients[1].joinServer(address, password: nil)
    #expect(world.run(atMost: 5) { late.state == .failed })
    #expect(late.failReason == .serverIsFull)
    server.remove(anna.peer)
    #expect(world.run(atMost: 5) { entered.state == .failed && server.members.isEmpty })
    let again = clients[1].joinServer(address, password: nil)
    #expect(world.run(atMost: 5) { again.state == .joined })
    try host.runtime.stopClient()
    #expect(world.run(atMost: 5) { again.state == .failed })
    #expect(again.failReason == .timeout)
  }

  @Test func aServerIsSilentlyLookedForInAnOutageAndGoneAfterIt() throws {
    let world = try PlatformWorld()
    let (host, anna) = (try world.add("host"), try world.add("anna"))
    let server = try Self.server(host)
    let client = try Self.client(anna)
    #expect(world.run(atMost: 3) { server.state == .connected })
    world.service.isLost = true
    world.run(0.5)
    #expect(Self.events(server) == [.disconnected])
    let address = try #require(Endpoint("10.0.0.1:27016"))
    let lobby = client.joinServer(address, password: nil)
    world.run(9)
    #expect(lobby.state == .joining)
    world.run(2)
    #expect(lobby.state == .failed && lobby.failReason == .timeout)
    world.service.isLost = false
    world.run(3)
    #expect(server.state == .connected && server.members.isEmpty)
    #expect(world.entry(server.lobby.id)?.members.isEmpty == true, "nobody came in after all")
    // A client that ends while it looks enters nothing.
    let held = client.joinServer(address, password: nil)
    try anna.runtime.stopClient()
    world.run(3)
    #expect(held.state == .failed || held.state == .joining)
    #expect(world.entry(server.lobby.id)?.members.isEmpty == true)
  }
}
