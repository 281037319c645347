import Testing

@testable import NetRuntime

/// Who connects and is no member.
@Suite struct LobbyStrangerTests {
  /// Connects a new peer to the first one past all lobbies.
  private func knock(on host: LobbyPeer, in world: LobbyWorld) throws -> LobbyPeer {
    let stranger = try world.add()
    stranger.connections.connect(
      to: host.id, at: Endpoint(address: host.transport.address, port: host.transport.port(of: host.socket)))
    #expect(world.run(atMost: 2) { isConnected(host, to: stranger) && isConnected(stranger, to: host) })
    // From here on it says nothing: it would send the host away, too.
    stranger.isRunning = false
    return stranger
  }

  private func isConnected(_ peer: LobbyPeer, to other: LobbyPeer) -> Bool {
    peer.connections.link(to: other.id).map { peer.connections.state(of: $0) == .connected } ?? false
  }

  @Test func `a peer in no lobby sends them away in time`() throws {
    let world = LobbyWorld(pongTimeout: 60)
    let peer = try world.add()
    let stranger = try knock(on: peer, in: world)
    world.run(Limits.pendingJoinTime - 2)
    #expect(isConnected(peer, to: stranger))
    world.run(3)
    #expect(peer.connections.linkList.isEmpty)
  }

  @Test func `a lobby that ends hands them on`() throws {
    let world = try LobbyWorld.lobby(of: 1, pongTimeout: 60)
    let host = world.peers[0]
    let stranger = try knock(on: host, in: world)
    host.lobby.leave()
    world.run(1)
    #expect(isConnected(host, to: stranger))
    // A lobby that is opened meanwhile looks after them.
    _ = host.client.createLobby(port: LobbyWorld.port, maxMembers: 4)
    world.run(Limits.pendingJoinTime)
    #expect(host.connections.linkList.isEmpty)
  }

  @Test func `a member begins to connect to a newcomer when it hears of it`() throws {
    var faults = LinkFaults.none
    faults.latency = 0.1
    let world = try LobbyWorld.lobby(of: 2, faults)
    let newcomer = try world.add()
    _ = newcomer.client.joinLobby(address: world.address(of: world.peers[0]))
    let member = world.peers[1]
    #expect(world.run(atMost: 5) { member.lobby.contains(newcomer.id) })
    #expect(member.connections.link(to: newcomer.id) != nil)
    #expect(world.run(atMost: 2) { world.isMesh([1, 2, 3]) && world.agree(on: [1, 2, 3]) })
    #expect(member.connections.linkList.count == 2)
  }
}
