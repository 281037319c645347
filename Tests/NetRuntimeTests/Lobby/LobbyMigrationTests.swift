import Testing

@testable import NetRuntime

@Suite struct LobbyMigrationTests {
  @Test func `when the host leaves the longest-standing member takes over at once, with all data`() throws {
    let world = try LobbyWorld.lobby(of: 4)
    try world.peers[0].lobby.setData(bytes("map"), to: bytes("dust"))
    for peer in world.peers { try peer.lobby.setMemberData(bytes("n"), to: bytes("m\(peer.id)")) }
    world.peers[0].lobby.setGameSessionHost(PeerID(rawValue: 3))
    world.run(0.5)
    world.peers[0].lobby.leave()
    #expect(world.run(atMost: 0.3) { world.agree(on: [2, 3, 4]) })
    for peer in world.peers.dropFirst() {
      #expect(peer.lobby.data(bytes("map")) == bytes("dust"))
      #expect(peer.lobby.gameSessionHost?.rawValue == 3)
      for member in peer.lobby.members {
        #expect(peer.lobby.memberData(member, bytes("n")) == bytes("m\(member)"))
      }
    }
    // The new host's word counts, and it is found on the lobby port.
    try world.peers[1].lobby.setData(bytes("map"), to: bytes("office"))
    let newcomer = try world.add()
    let lobby = newcomer.client.joinLobby(address: world.address(of: world.peers[1]))
    #expect(world.run(atMost: 3) { world.agree(on: [2, 3, 4, 5]) })
    #expect(lobby.data(bytes("map")) == bytes("office"))
    #expect(world.peers[3].lobby.data(bytes("map")) == bytes("office"))
    #expect(world.run(atMost: 3) { world.isMesh([2, 3, 4, 5]) })
  }

  @Test func `a new host opens the lobby port that it gave when it joined, or a free one`() throws {
    let world = try LobbyWorld.lobby(of: 2)
    let third = try world.add()
    let lobby = third.client.joinLobby(address: world.address(of: world.peers[0]))
    _ = world.run(atMost: 2) { world.agree(on: [1, 2, 3]) }
    let seeker = try world.add()
    func found() -> [PeerID] {
      seeker.client.browser.refresh(port: LobbyWorld.port)
      _ = world.run(atMost: 2) { !seeker.client.browser.isRefreshing }
      return (0..<seeker.client.browser.count).compactMap { seeker.client.browser.lobby(at: $0)?.host }
    }
    #expect(found().map(\.rawValue) == [1])
    world.peers[0].lobby.leave()
    world.run(0.5)
    #expect(found().map(\.rawValue) == [2])
    world.peers[1].lobby.leave()
    world.run(0.5)
    #expect(found().isEmpty)
    #expect(lobby.isHost)
    let socket = try #require(lobby.lobbyPort?.socket)
    let joined = seeker.client.joinLobby(address: world.address(of: third, port: third.transport.port(of: socket)))
    #expect(world.run(atMost: 2) { joined.state == .joined })
  }

  @Test func `a new host whose lobby port is taken keeps trying`() throws {
    let world = try LobbyWorld.lobby(of: 2)
    let blocker = try world.peers[1].transport.bind(port: LobbyWorld.port)
    world.peers[0].lobby.leave()
    world.run(0.5)
    #expect(world.peers[1].lobby.isHost)
    #expect(world.peers[1].lobby.lobbyPort == nil)
    #expect(
      world.peers[1].log == [
        "browsers cannot find the lobby: UDP port 10000 is taken by another program; trying again every second"
      ])
    world.peers[1].transport.close(blocker)
    world.run(1)
    #expect(world.peers[1].lobby.lobbyPort != nil)
    #expect(world.peers[1].log.count == 1)
  }

  @Test func `when the host dies the others go on within the pong timeout`() throws {
    let world = try LobbyWorld.lobby(of: 3, pongTimeout: 3)
    try world.peers[0].lobby.setData(bytes("map"), to: bytes("dust"))
    world.peers[0].lobby.setGameSessionHost(PeerID(rawValue: 1))
    world.run(0.5)
    world.kill(world.peers[0])
    #expect(world.run(atMost: 4) { world.agree(on: [2, 3]) })
    #expect(world.peers[2].lobby.data(bytes("map")) == bytes("dust"))
    // A session's host that is gone is not what newcomers should wait for.
    #expect(world.peers[2].lobby.gameSessionHost == nil)
  }

  @Test func `the last one left is the host of a lobby of one`() throws {
    let world = try LobbyWorld.lobby(of: 2, pongTimeout: 2)
    world.kill(world.peers[0])
    #expect(world.run(atMost: 3) { world.agree(on: [2]) })
    #expect(world.peers[1].lobby.isHost)
  }

  @Test func `host and successor die together, the third takes over`() throws {
    let world = try LobbyWorld.lobby(of: 4, pongTimeout: 2)
    world.kill(world.peers[0])
    world.kill(world.peers[1])
    #expect(world.run(atMost: 6) { world.agree(on: [3, 4]) })
  }

  @Test func `the host leaves and its successor dies in the same moment`() throws {
    let world = try LobbyWorld.lobby(of: 4, pongTimeout: 2)
    world.kill(world.peers[1])
    world.peers[0].lobby.leave()
    world.run(0.2)
    // Nobody knows yet that the successor is dead.
    #expect(world.peers[2].lobby.lobbyHost == .nobody)
    #expect(world.peers[2].lobby.state == .joined)
    #expect(world.run(atMost: 6) { world.agree(on: [3, 4]) })
  }

  @Test func `three hosts leave one after another`() throws {
    let world = try LobbyWorld.lobby(of: 5)
    for index in 0..<3 {
      try world.peers[index].lobby.setData(bytes("host"), to: bytes("\(index)"))
      world.peers[index].lobby.leave()
      world.run(0.5)
    }
    #expect(world.agree(on: [4, 5]))
    #expect(world.peers[4].lobby.data(bytes("host")) == bytes("2"))
    #expect(world.peers[4].lobby.machine.term == 4)
  }

  @Test func `member data set while nobody hosts is not lost`() throws {
    let world = try LobbyWorld.lobby(of: 3, pongTimeout: 2)
    world.kill(world.peers[0])
    world.run(0.5)
    try world.peers[2].lobby.setMemberData(bytes("late"), to: bytes("word"))
    #expect(world.run(atMost: 4) { world.agree(on: [2, 3]) })
    world.run(0.2)
    #expect(world.peers[1].lobby.memberData(PeerID(rawValue: 3), bytes("late")) == bytes("word"))
  }

  @Test func `someone the host let in just before it died comes back by asking the successor`() throws {
    let world = try LobbyWorld.lobby(of: 2, pongTimeout: 2)
    // The successor does not hear the host, so it never learns of the newcomer.
    world.network.setFaults(LinkFaults(loss: 1), from: 0, to: 1)
    let newcomer = try world.add()
    let lobby = newcomer.client.joinLobby(address: world.address(of: world.peers[0]))
    #expect(world.run(atMost: 1) { lobby.state == .joined })
    #expect(!world.peers[1].lobby.contains(newcomer.id))
    world.run(0.2)
    world.kill(world.peers[0])
    #expect(world.run(atMost: 6) { world.agree(on: [2, 3]) })
    #expect(lobby.state == .joined)
  }

  @Test func `a joiner whose host dies before it answers does not stay on the successor's list`() throws {
    let world = try LobbyWorld.lobby(of: 2, pongTimeout: 2)
    let joiner = try world.add()
    let lobby = joiner.client.joinLobby(address: world.address(of: world.peers[0]))
    #expect(world.run(atMost: 1) { joiner.connections.link(to: PeerID(rawValue: 1)) != nil })
    #expect(
      world.run(atMost: 1) {
        joiner.connections.link(to: PeerID(rawValue: 1)).map { joiner.connections.state(of: $0) } == .connected
      })
    // The host hears JOIN and tells member 2; the joiner does not hear the host.
    world.network.setFaults(LinkFaults(loss: 1), from: 0, to: 2)
    #expect(world.run(atMost: 1) { world.peers[1].lobby.contains(joiner.id) })
    world.kill(world.peers[0])
    #expect(world.run(atMost: 12) { lobby.state == .failed })
    #expect(lobby.failureReason == "the lobby's host went away before it answered")
    #expect(world.run(atMost: 12) { world.agree(on: [2]) })
  }

  @Test func `a member that nobody has reached yet is no successor for long`() throws {
    let world = try LobbyWorld.lobby(of: 2, pongTimeout: 2)
    world.kill(world.peers[1])
    let newcomer = try world.add()
    let lobby = newcomer.client.joinLobby(address: world.address(of: world.peers[0]))
    #expect(world.run(atMost: 1) { lobby.state == .joined })
    world.peers[0].lobby.leave()
    world.run(0.2)
    #expect(lobby.lobbyHost == .nobody)
    #expect(world.run(atMost: 1.5) { lobby.isHost })
    // Once the attempt to connect is given up, the list is right too.
    #expect(world.run(atMost: 15) { lobby.members == [newcomer.id] })
  }

  @Test(arguments: [false, true])
  func `a member that left unheard is not waited for`(entersAnother: Bool) throws {
    let world = try LobbyWorld.lobby(of: 2, pongTimeout: 2)
    // The newcomer and the member do not hear each other for a while.
    world.network.setFaults(LinkFaults(loss: 1), from: 1, to: 2)
    world.network.setFaults(LinkFaults(loss: 1), from: 2, to: 1)
    let newcomer = try world.add()
    let lobby = newcomer.client.joinLobby(address: world.address(of: world.peers[0]))
    #expect(world.run(atMost: 1) { lobby.members.count == 3 })
    world.peers[1].lobby.leave()
    world.kill(world.peers[0])
    if entersAnother { _ = world.peers[1].client.joinLobby(address: "10.0.0.99:10000") }
    world.network.setFaults(nil, from: 1, to: 2)
    world.network.setFaults(nil, from: 2, to: 1)
    #expect(world.run(atMost: 4.5) { lobby.isHost && lobby.members == [newcomer.id] })
  }

  @Test func `a member cut off from everybody goes on alone, the others without it`() throws {
    let world = try LobbyWorld.lobby(of: 3, pongTimeout: 2)
    world.network.setCutOff(true, host: 2)
    #expect(world.run(atMost: 6) { world.peers[2].lobby.members.count == 1 && world.peers[0].lobby.members.count == 2 })
    #expect(world.peers[2].lobby.lobbyHost == world.peers[2].id)
    #expect(world.peers[0].lobby.members.map(\.rawValue) == [1, 2])
    #expect(world.peers[1].lobby.members.map(\.rawValue) == [1, 2])
  }

  @Test func `a member whose way to the host alone breaks is left behind and says so`() throws {
    let world = try LobbyWorld.lobby(of: 3, pongTimeout: 2)
    world.network.setFaults(LinkFaults(loss: 1), from: 0, to: 2)
    world.network.setFaults(LinkFaults(loss: 1), from: 2, to: 0)
    #expect(world.run(atMost: 8) { world.peers[2].lobby.state == .failed })
    #expect(
      world.peers[2].lobby.failureReason
        == "the connection to the lobby broke, and the other members went on without this peer")
    #expect(world.agree(on: [1, 2]))
  }

  @Test func `two members that lose each other stay in the lobby and connect again`() throws {
    let world = try LobbyWorld.lobby(of: 3, pongTimeout: 2)
    let one = world.peers[1]
    let link = try #require(one.connections.link(to: PeerID(rawValue: 3)))
    one.connections.close(link)
    world.run(0.5)
    #expect(!world.isMesh([1, 2, 3]))
    #expect(world.run(atMost: 7) { world.isMesh([1, 2, 3]) })
    #expect(world.agree(on: [1, 2, 3]))
  }

  @Test func `a peer that comes back after a crash takes its old place's name at the end of the list`() throws {
    let world = try LobbyWorld.lobby(of: 3, pongTimeout: 20)
    world.kill(world.peers[1])
    world.run(4)
    let again = try world.add(id: 2)
    let lobby = again.client.joinLobby(address: world.address(of: world.peers[0]))
    #expect(world.run(atMost: 10) { lobby.state == .joined })
    #expect(world.run(atMost: 5) { world.agree(on: [1, 3, 2]) })
    #expect(world.run(atMost: 5) { world.isMesh([1, 2, 3]) })
  }

  /// Joins, leaves, kills and data by dice; at the end all that are left agree.
  @Test(arguments: Array(1...9) + [322, 332, 366]) func `random lobbies agree in the end`(seed: UInt64) throws {
    let random = SeededRandomSource(seed: seed)
    let faults = LinkFaults(latency: 0.05, jitter: 0.03, loss: 0.08, duplication: 0.05, reordering: 0.05)
    let world = try LobbyWorld.lobby(of: 3, maximum: 16, seed: seed, faults, pongTimeout: 3)
    for _ in 0..<12 {
      let inside = world.peers.filter { $0.isRunning && $0.lobby.state == .joined }
      guard let host = inside.first(where: { $0.lobby.isHost }) else {
        world.run(1)
        continue
      }
      switch random.next(below: 6) {
      case 0 where inside.count > 2: inside[Int(random.next(below: UInt64(inside.count)))].lobby.leave()
      case 1 where inside.count > 2: world.kill(inside[Int(random.next(below: UInt64(inside.count)))])
      case 2: try host.lobby.setData(bytes("k\(random.next(below: 4))"), to: bytes("\(random.next())"))
      case 3:
        let member = inside[Int(random.next(below: UInt64(inside.count)))]
        try member.lobby.setMemberData(bytes("k"), to: bytes("\(random.next())"))
      default:
        let peer = try world.add()
        _ = peer.client.joinLobby(address: world.address(of: host))
      }
      world.run(random.nextUnit())
    }
    // Those whose host died while they joined have failed; whoever is joined counts.
    world.run(15)
    let inside = world.peers.filter { $0.isRunning && $0.lobby.state == .joined }
    let first = try #require(inside.first)
    #expect(Set(inside.map(\.id)) == Set(first.lobby.members), "seed \(seed)")
    for peer in inside {
      #expect(peer.lobby.members == first.lobby.members, "seed \(seed)")
      #expect(peer.lobby.lobbyHost == first.lobby.lobbyHost)
      #expect(peer.lobby.allData == first.lobby.allData)
      for member in first.lobby.members {
        #expect(peer.lobby.memberData(member, bytes("k")) == first.lobby.memberData(member, bytes("k")))
      }
    }
    #expect(world.isMesh(inside.map(\.id.rawValue)), "seed \(seed)")
  }
}
