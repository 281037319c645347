import Testing

@testable import NetRuntime

@Suite struct LANLobbyTests {
  @Test func `the creator is joined, a member and the host at once`() throws {
    let world = LobbyWorld()
    let host = try world.add()
    let lobby = host.client.createLobby(port: LobbyWorld.port, maxMembers: 4)
    #expect(lobby.state == .joined)
    #expect(lobby.members == [host.id])
    #expect(lobby.lobbyHost == host.id)
    #expect(lobby.gameSessionHost == nil)
    #expect(lobby.failureReason == nil)
  }

  @Test func `while joining the host is nobody, then both see each other`() throws {
    let world = try LobbyWorld.lobby(of: 1)
    let peer = try world.add()
    let lobby = peer.client.joinLobby(address: world.address(of: world.peers[0]))
    #expect(lobby.state == .joining)
    #expect(lobby.lobbyHost == .nobody)
    #expect(lobby.members.isEmpty)
    #expect(world.run(atMost: 2) { lobby.state == .joined })
    #expect(world.agree(on: [1, 2]))
    // JOINED implies a connection to the host.
    #expect(world.isMesh([1, 2]))
  }

  @Test(arguments: [
    LinkFaults.none, LinkFaults(latency: 0.1, jitter: 0.04, loss: 0.1, duplication: 0.05, reordering: 0.1),
  ])
  func `many join, agree on the order and are all connected`(faults: LinkFaults) throws {
    let world = LobbyWorld(faults)
    for _ in 0..<8 { try world.add() }
    _ = world.peers[0].client.createLobby(port: LobbyWorld.port, maxMembers: 8)
    for peer in world.peers.dropFirst() {
      _ = peer.client.joinLobby(address: world.address(of: world.peers[0]))
    }
    #expect(world.run(atMost: 20) { world.peers.allSatisfy { $0.lobby.members.count == 8 } })
    #expect(Set(world.peers.map { $0.lobby.members }).count == 1)
    #expect(world.peers.allSatisfy { $0.lobby.lobbyHost.rawValue == 1 && $0.lobby.members[0].rawValue == 1 })
    #expect(world.run(atMost: 20) { world.isMesh(Array(1...8)) })
  }

  @Test func `data set before anybody joined, and after, reaches the members`() throws {
    let world = LobbyWorld()
    let host = try world.add()
    let lobby = host.client.createLobby(port: LobbyWorld.port, maxMembers: 4)
    try lobby.setData(bytes("name"), to: bytes("first"))
    #expect(lobby.data(bytes("name")) == bytes("first"))
    #expect(lobby.data(bytes("other")) == nil)
    let peer = try world.add()
    let joined = peer.client.joinLobby(address: world.address(of: host))
    #expect(world.run(atMost: 2) { joined.state == .joined })
    #expect(joined.data(bytes("name")) == bytes("first"))
    try lobby.setData(bytes("name"), to: bytes("second\0third"))
    try lobby.setData(bytes("map"), to: [])
    world.run(0.2)
    #expect(joined.data(bytes("name")) == bytes("second\0third"))
    #expect(joined.data(bytes("map")) == [])
  }

  @Test func `the session host is told to members and newcomers, and can be taken back`() throws {
    let world = try LobbyWorld.lobby(of: 2)
    let lobby = world.peers[0].lobby
    lobby.setGameSessionHost(PeerID(rawValue: 2))
    #expect(lobby.gameSessionHost?.rawValue == 2)
    let third = try world.add()
    _ = third.client.joinLobby(address: world.address(of: world.peers[0]))
    #expect(world.run(atMost: 2) { world.agree(on: [1, 2, 3]) })
    #expect(world.peers.allSatisfy { $0.lobby.gameSessionHost?.rawValue == 2 })
    lobby.setGameSessionHost(nil)
    world.run(0.2)
    #expect(world.peers.allSatisfy { $0.lobby.gameSessionHost == nil })
  }

  @Test func `the host's data is not a member's to set`() throws {
    let world = try LobbyWorld.lobby(of: 2)
    let member = world.peers[1]
    try member.lobby.setData(bytes("a"), to: bytes("b"))
    member.lobby.setGameSessionHost(member.id)
    member.lobby.kick(world.peers[0].id)
    world.run(0.5)
    #expect(member.lobby.data(bytes("a")) == nil)
    #expect(world.peers[0].lobby.data(bytes("a")) == nil)
    #expect(member.lobby.gameSessionHost == nil)
    #expect(world.agree(on: [1, 2]))
    #expect(
      member.log == [
        "only the lobby host can set lobby data; nothing was changed",
        "only the lobby host can set the game session host; nothing was changed",
        "only the lobby host can kick; nothing was changed",
      ])
  }

  @Test func `member data reaches everybody, newcomers too`() throws {
    let world = try LobbyWorld.lobby(of: 3)
    for peer in world.peers {
      try peer.lobby.setMemberData(bytes("colour"), to: bytes("c\(peer.id)"))
      #expect(peer.lobby.ownData(bytes("colour")) == bytes("c\(peer.id)"))
    }
    let fourth = try world.add()
    _ = fourth.client.joinLobby(address: world.address(of: world.peers[0]))
    world.run(1)
    for peer in world.peers {
      for other in world.peers.prefix(3) {
        #expect(peer.lobby.memberData(other.id, bytes("colour")) == bytes("c\(other.id)"))
      }
      #expect(peer.lobby.memberData(fourth.id, bytes("colour")) == nil)
      #expect(peer.lobby.memberData(PeerID(rawValue: 99), bytes("colour")) == nil)
    }
  }

  @Test func `a kicked member's lobby fails, the others lose it from their lists`() throws {
    let world = try LobbyWorld.lobby(of: 3)
    #expect(!world.peers[0].lobby.kick(at: 3))
    #expect(world.peers[0].lobby.kick(at: 1))
    #expect(world.peers[0].lobby.members.map(\.rawValue) == [1, 3])
    #expect(world.run(atMost: 1) { world.agree(on: [1, 3]) && world.peers[1].lobby.state == .failed })
    #expect(world.peers[1].lobby.failureReason == "kicked by the lobby host")
    world.run(1)
    #expect(world.peers[0].connections.link(to: PeerID(rawValue: 2)) == nil)
    #expect(world.peers[1].connections.linkList.isEmpty)
    #expect(world.isMesh([1, 3]))
    // It may come again.
    let again = world.peers[1].client.joinLobby(address: world.address(of: world.peers[0]))
    #expect(world.run(atMost: 2) { again.state == .joined && world.agree(on: [1, 3, 2]) })
    #expect(world.run(atMost: 2) { world.isMesh([1, 2, 3]) })
  }

  @Test func `the host cannot kick itself`() throws {
    let world = try LobbyWorld.lobby(of: 2)
    world.peers[0].lobby.kick(world.peers[0].id)
    #expect(world.peers[0].lobby.members.count == 2)
    #expect(world.peers[0].log == ["the lobby host cannot kick itself; it can leave the lobby"])
  }

  @Test func `who leaves is gone from the lists, even when its client ends at once`() throws {
    let world = try LobbyWorld.lobby(of: 3)
    let leaver = world.peers[1]
    try leaver.lobby.setMemberData(bytes("last"), to: bytes("words"))
    leaver.lobby.leave()
    leaver.client.shutdown()
    leaver.connections.shutdown(at: world.network.now)
    leaver.isRunning = false
    #expect(world.run(atMost: 0.2) { world.agree(on: [1, 3]) })
    #expect(world.peers[0].connections.link(to: leaver.id) == nil)
    #expect(world.peers[2].connections.link(to: leaver.id) == nil)
  }

  @Test func `a member that dies is lost after the pong timeout`() throws {
    let world = try LobbyWorld.lobby(of: 3, pongTimeout: 2)
    world.kill(world.peers[2])
    // Its last word may be a ping's interval old.
    world.run(0.9)
    #expect(world.agree(on: [1, 2, 3]))
    #expect(world.run(atMost: 2) { world.agree(on: [1, 2]) })
  }

  @Test func `the session host is unset when it leaves the lobby`() throws {
    let world = try LobbyWorld.lobby(of: 3)
    world.peers[0].lobby.setGameSessionHost(PeerID(rawValue: 3))
    world.run(0.2)
    #expect(world.peers[1].lobby.gameSessionHost?.rawValue == 3)
    world.peers[2].lobby.leave()
    world.run(0.2)
    #expect(world.peers[1].lobby.gameSessionHost == nil)
  }

  @Test func `who leaves can join again in the same frame`() throws {
    let world = try LobbyWorld.lobby(of: 3)
    for _ in 0..<3 {
      world.peers[1].lobby.leave()
      let again = world.peers[1].client.joinLobby(address: world.address(of: world.peers[0]))
      #expect(again.state == .joining)
      #expect(world.run(atMost: 3) { world.agree(on: [1, 3, 2]) })
      world.run(3)
      #expect(world.agree(on: [1, 3, 2]))
      #expect(world.isMesh([1, 2, 3]))
    }
  }

  @Test func `a client opens one lobby after another on the same port`() throws {
    let world = try LobbyWorld.lobby(of: 1)
    world.peers[0].lobby.leave()
    let second = world.peers[0].client.createLobby(port: LobbyWorld.port, maxMembers: 2)
    #expect(second.state == .joined)
    #expect(world.peers[0].client.lobby === second)
  }
}
