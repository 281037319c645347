import Testing

@testable import NetRuntime

@Suite struct LANLobbyFailureTests {
  @Test func `a taken port fails at once`() throws {
    let world = LobbyWorld()
    let peer = try world.add()
    _ = try peer.transport.bind(port: 10_001)
    let lobby = peer.client.createLobby(port: 10_001, maxMembers: 2)
    #expect(lobby.state == .failed)
    #expect(lobby.failureReason == "lobby port 10001 is taken by another program or lobby on this machine")
    #expect(peer.log == ["lobby failed: lobby port 10001 is taken by another program or lobby on this machine"])
    // Another port still works.
    #expect(peer.client.createLobby(port: 10_002, maxMembers: 2).state == .joined)
  }

  @Test func `a second lobby fails, the first goes on`() throws {
    let world = try LobbyWorld.lobby(of: 2)
    let second = world.peers[0].client.createLobby(port: 10_001, maxMembers: 2)
    let third = world.peers[1].client.joinLobby(address: world.address(of: world.peers[0]))
    #expect(second.state == .failed)
    #expect(third.failureReason == "this peer is in a LAN lobby already; leave that one first")
    world.run(0.5)
    #expect(world.agree(on: [1, 2]))
  }

  @Test func `nobody at the address fails within five seconds`() throws {
    let world = LobbyWorld()
    let peer = try world.add()
    let lobby = peer.client.joinLobby(address: "10.0.0.77:10000")
    world.run(4.5)
    #expect(lobby.state == .joining)
    world.run(1)
    #expect(lobby.state == .failed)
    #expect(lobby.failureReason == "no lobby answered at 10.0.0.77:10000")
  }

  @Test(arguments: ["", "nonsense", "10.0.0.1", "10.0.0.1:0", "10.0.0.1:99999", "10.0.0:10000"])
  func `what is no address fails at once`(text: String) throws {
    let world = LobbyWorld()
    let lobby = try world.add().client.joinLobby(address: text)
    #expect(lobby.state == .failed)
    #expect(lobby.failureReason == "expected an address like \"192.168.0.7:10000\", got \"\(text)\"")
  }

  @Test func `a full lobby refuses with its size`() throws {
    let world = try LobbyWorld.lobby(of: 2, maximum: 2)
    let peer = try world.add()
    let lobby = peer.client.joinLobby(address: world.address(of: world.peers[0]))
    #expect(world.run(atMost: 2) { lobby.state == .failed })
    #expect(lobby.failureReason == "the lobby is full (2 members)")
    world.run(0.5)
    #expect(world.agree(on: [1, 2]))
    #expect(world.peers[0].connections.link(to: peer.id) == nil)
  }

  @Test func `another secret is named as the reason`() throws {
    let world = LobbyWorld()
    let host = try world.add(secret: bytes("open sesame"))
    _ = host.client.createLobby(port: LobbyWorld.port, maxMembers: 4)
    let lobby = try world.add(secret: bytes("open barley")).client.joinLobby(address: world.address(of: host))
    #expect(world.run(atMost: 10) { lobby.state == .failed })
    #expect(lobby.failureReason == "could not connect to the lobby's host: wrong shared secret")
    let friend = try world.add(secret: bytes("open sesame"))
    let joined = friend.client.joinLobby(address: world.address(of: host))
    #expect(world.run(atMost: 2) { joined.state == .joined })
  }

  @Test func `another schema is named with its differences`() throws {
    let world = LobbyWorld()
    let host = try world.add()
    _ = host.client.createLobby(port: LobbyWorld.port, maxMembers: 4)
    let other = SchemaFacts(hash: 77, canonicalText: "other") { _ in ["message `hit` is only here"] }
    let lobby = try world.add(schema: other).client.joinLobby(address: world.address(of: host))
    #expect(world.run(atMost: 10) { lobby.state == .failed })
    #expect(
      lobby.failureReason
        == "could not connect to the lobby's host: the network configs differ: message `hit` is only here")
    #expect(host.lobby.members.count == 1)
  }

  @Test func `the peer id of the host is not a joiner's`() throws {
    let world = try LobbyWorld.lobby(of: 1)
    let twin = try world.add(id: 1)
    let lobby = twin.client.joinLobby(address: world.address(of: world.peers[0]))
    #expect(world.run(atMost: 2) { lobby.state == .failed })
    #expect(lobby.failureReason == "the lobby's host has the same peer id as this peer")
  }

  @Test func `a member's id is refused to a stranger`() throws {
    let world = try LobbyWorld.lobby(of: 2)
    let twin = try world.add(id: 2)
    let lobby = twin.client.joinLobby(address: world.address(of: world.peers[0]))
    #expect(world.run(atMost: 20) { lobby.state == .failed })
    #expect(lobby.failureReason == "could not connect to the lobby's host: another peer already has this peer id")
    #expect(world.peers[0].lobby.members.count == 2)
  }

  @Test func `a host that leaves while somebody joins fails the join with a reason`() throws {
    let world = LobbyWorld(LinkFaults(latency: 0.05))
    let host = try world.add()
    let lobby = host.client.createLobby(port: LobbyWorld.port, maxMembers: 4)
    let joiner = try world.add().client.joinLobby(address: world.address(of: host))
    world.run(0.15)
    #expect(joiner.state == .joining)
    lobby.leave()
    #expect(world.run(atMost: 10) { joiner.state == .failed })
    #expect(joiner.failureReason == "the peer at this address does not host the lobby any more; refresh the browser")
  }

  @Test func `who connects and never joins is sent away`() throws {
    let world = try LobbyWorld.lobby(of: 1)
    let host = world.peers[0]
    let stranger = try world.add()
    stranger.connections.connect(
      to: host.id, at: Endpoint(address: host.transport.address, port: host.transport.port(of: host.socket)))
    world.run(5)
    #expect(host.connections.link(to: stranger.id) != nil)
    world.run(6)
    #expect(host.connections.link(to: stranger.id) == nil)
  }

  @Test func `data beyond the limits is refused and changes nothing`() throws {
    let world = try LobbyWorld.lobby(of: 2)
    let lobby = world.peers[0].lobby
    let room = Limits.lobbyDataSize - 3 - 1
    try lobby.setData(bytes("k"), to: [UInt8](repeating: 1, count: room))
    #expect(throws: LobbyDataError.full(needed: room + 8, limit: Limits.lobbyDataSize)) {
      try lobby.setData(bytes("l"), to: [])
    }
    #expect(throws: LobbyDataError.keyTooLong(256)) { try lobby.setData([UInt8](repeating: 1, count: 256), to: []) }
    #expect(throws: LobbyDataError.full(needed: Limits.memberDataSize + 1, limit: Limits.memberDataSize)) {
      try lobby.setMemberData(bytes("k"), to: [UInt8](repeating: 1, count: Limits.memberDataSize - 3))
    }
    world.run(1)
    #expect(world.peers[1].lobby.data(bytes("k"))?.count == room)
    #expect(world.peers[1].lobby.data(bytes("l")) == nil)
  }

  @Test func `sixteen kilobytes of data and full member data reach a newcomer whole`() throws {
    let world = try LobbyWorld.lobby(of: 3)
    for index in 0..<Limits.lobbyKeys {
      try world.peers[0].lobby.setData(bytes("key\(index)"), to: [UInt8](repeating: UInt8(index), count: 50))
    }
    #expect(throws: LobbyDataError.tooManyKeys) { try world.peers[0].lobby.setData(bytes("one more"), to: []) }
    for peer in world.peers {
      try peer.lobby.setMemberData(bytes("k"), to: [UInt8](repeating: 7, count: Limits.memberDataSize - 4))
    }
    let newcomer = try world.add()
    let lobby = newcomer.client.joinLobby(address: world.address(of: world.peers[0]))
    #expect(world.run(atMost: 5) { lobby.state == .joined })
    world.run(2)
    #expect(lobby.allData == world.peers[0].lobby.allData)
    for peer in world.peers.prefix(3) {
      #expect(lobby.memberData(peer.id, bytes("k"))?.count == Limits.memberDataSize - 4)
    }
  }
}
