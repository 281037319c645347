import Testing

@testable import NetRuntime

@Suite struct LANLobbyBrowserTests {
  private func refresh(_ peer: LobbyPeer, in world: LobbyWorld) -> Bool {
    peer.client.browser.refresh(port: LobbyWorld.port)
    return world.run(atMost: 2) { !peer.client.browser.isRefreshing }
  }

  @Test func `a search ends by itself between half a second and one, even if nobody answers`() throws {
    let world = LobbyWorld()
    let peer = try world.add()
    let browser = peer.client.browser
    #expect(!browser.isRefreshing)
    browser.refresh(port: LobbyWorld.port)
    #expect(browser.isRefreshing)
    world.run(0.5)
    #expect(browser.isRefreshing)
    world.run(0.5)
    #expect(!browser.isRefreshing)
    #expect(browser.count == 0)
    #expect(browser.lobby(at: 0) == nil)
    #expect(browser.lobby(at: -1) == nil)
  }

  @Test func `lobbies are listed once each, with address and data`() throws {
    let world = LobbyWorld()
    for index in 0..<3 {
      let lobby = try world.add().client.createLobby(port: LobbyWorld.port, maxMembers: 4 + index)
      try lobby.setData(bytes("name"), to: bytes("lobby \(index)"))
    }
    let peer = try world.add()
    #expect(refresh(peer, in: world))
    let browser = peer.client.browser
    #expect(browser.count == 3)
    let found = (0..<3).compactMap { browser.lobby(at: $0) }.sorted { $0.host < $1.host }
    #expect(found.map(\.address.description) == ["10.0.0.1:10000", "10.0.0.2:10000", "10.0.0.3:10000"])
    #expect(found.map { $0.data[bytes("name")] } == [bytes("lobby 0"), bytes("lobby 1"), bytes("lobby 2")])
    #expect(found.map(\.maximum) == [4, 5, 6])
    #expect(found.map(\.members) == [1, 1, 1])
    // The address is one to join.
    let lobby = peer.client.joinLobby(address: found[1].address.description)
    #expect(world.run(atMost: 2) { lobby.state == .joined })
    #expect(lobby.lobbyHost.rawValue == 2)
  }

  @Test func `the list can be read while refreshing and keeps its order and what answers again`() throws {
    let world = LobbyWorld(LinkFaults(latency: 0.02))
    let first = try world.add()
    let second = try world.add()
    for host in [first, second] { _ = host.client.createLobby(port: LobbyWorld.port, maxMembers: 4) }
    let peer = try world.add()
    let browser = peer.client.browser
    browser.refresh(port: LobbyWorld.port)
    #expect(world.run(atMost: 0.2) { browser.count == 2 })
    #expect(browser.isRefreshing)
    _ = world.run(atMost: 2) { !browser.isRefreshing }
    let order = [browser.lobby(at: 0)?.host, browser.lobby(at: 1)?.host]
    first.lobby.leave()
    browser.refresh(port: LobbyWorld.port)
    world.run(0.3)
    #expect([browser.lobby(at: 0)?.host, browser.lobby(at: 1)?.host] == order)
    _ = world.run(atMost: 2) { !browser.isRefreshing }
    #expect(browser.count == 1)
    #expect(browser.lobby(at: 0)?.host == second.id)
  }

  @Test func `refresh while refreshing does nothing, and again at once afterwards works for ever`() throws {
    let world = LobbyWorld()
    _ = try world.add().client.createLobby(port: LobbyWorld.port, maxMembers: 4)
    let peer = try world.add()
    let browser = peer.client.browser
    browser.refresh(port: LobbyWorld.port)
    world.run(0.3)
    browser.refresh(port: 1)
    #expect(browser.count == 1)
    for _ in 0..<5 {
      #expect(world.run(atMost: 2) { !browser.isRefreshing })
      #expect(browser.count == 1)
      browser.refresh(port: LobbyWorld.port)
      #expect(browser.count == 1)
    }
  }

  @Test func `another port lists other lobbies`() throws {
    let world = LobbyWorld()
    _ = try world.add().client.createLobby(port: LobbyWorld.port, maxMembers: 4)
    let peer = try world.add()
    #expect(refresh(peer, in: world))
    #expect(peer.client.browser.count == 1)
    peer.client.browser.refresh(port: 10_001)
    #expect(peer.client.browser.count == 0)
    _ = world.run(atMost: 2) { !peer.client.browser.isRefreshing }
    #expect(peer.client.browser.count == 0)
  }

  @Test(arguments: [0.0, 0.3]) func `sixteen kilobytes of data come whole, part by part`(loss: Double) throws {
    let world = LobbyWorld(LinkFaults(latency: 0.01, loss: loss))
    let lobby = try world.add().client.createLobby(port: LobbyWorld.port, maxMembers: 4)
    for index in 0..<16 {
      try lobby.setData(bytes("k\(index)"), to: [UInt8](repeating: UInt8(index), count: 1000))
    }
    let peer = try world.add()
    // With loss a search may end too early; the next one goes on from nothing and is as likely to succeed.
    for _ in 0..<5 where peer.client.browser.count == 0 { #expect(refresh(peer, in: world)) }
    #expect(peer.client.browser.lobby(at: 0)?.data == lobby.allData)
  }

  @Test func `data that changes while its parts come is never mixed`() throws {
    let world = LobbyWorld(LinkFaults(latency: 0.03))
    let lobby = try world.add().client.createLobby(port: LobbyWorld.port, maxMembers: 4)
    let browser = try world.add().client.browser
    browser.refresh(port: LobbyWorld.port)
    for round in 0..<60 {
      for index in 0..<5 {
        try lobby.setData(bytes("k\(index)"), to: [UInt8](repeating: UInt8(round / 7), count: 1000))
      }
      world.step()
      guard let data = browser.lobby(at: 0)?.data else { continue }
      #expect(Set(data.entries.map { $0.value[0] }).count == 1)
    }
    #expect(browser.count == 1)
  }

  @Test func `no answer is longer than its question, and none is given to others' packets`() throws {
    let world = LobbyWorld()
    let host = try world.add()
    let lobby = host.client.createLobby(port: LobbyWorld.port, maxMembers: 4)
    try lobby.setData(bytes("k"), to: [UInt8](repeating: 1, count: 16_000))
    let transport = world.network.addHost()
    let socket = try transport.bind(port: 5)
    let target = Endpoint(address: host.transport.address, port: LobbyWorld.port)
    let question = LANDatagram.query(nonce: 3).encoded
    #expect(question.count == LANDatagram.size)
    transport.send(question, to: target, from: socket)
    world.step()
    let answer = try #require(transport.receiveBytes(from: socket)?.bytes)
    #expect(answer.count <= question.count)
    guard case .info(let info)? = answer.withUnsafeBytes({ LANDatagram(encoded: $0) }) else {
      Issue.record("no answer to a question")
      return
    }
    let more = LANDatagram.queryMore(
      nonce: 4, cookie: info.cookie, revision: info.revision, offset: UInt16(LANLobbyInfo.room)
    ).encoded
    transport.send(more, to: target, from: socket)
    world.step()
    let chunk = try #require(transport.receiveBytes(from: socket)?.bytes)
    #expect(more.count == LANDatagram.size && chunk.count <= more.count)
    // A question cut short, padded with something else's tail, of another version; a cookie of another address.
    transport.send(Array(question.dropLast()), to: target, from: socket)
    transport.send(question + [0], to: target, from: socket)
    transport.send([1, 2, 3], to: target, from: socket)
    transport.send([], to: target, from: socket)
    var other = question
    other[4] = 99
    transport.send(other, to: target, from: socket)
    let elsewhere = try transport.bind(port: 6)
    transport.send(more, to: target, from: elsewhere)
    world.step()
    #expect(transport.receiveBytes(from: socket) == nil)
    #expect(transport.receiveBytes(from: elsewhere) == nil)
  }

  @Test func `answers nobody asked for are not listed`() throws {
    let world = LobbyWorld()
    let peer = try world.add()
    let liar = world.network.addHost()
    let socket = try liar.bind(port: 7)
    let info = LANLobbyInfo(
      nonce: 1, cookie: 0, host: PeerID(rawValue: 5), lobby: 1, schemaHash: 0, gamePort: 1, members: 1, maximum: 2,
      revision: 0,
      dataCount: 0, data: [])
    peer.client.browser.refresh(port: LobbyWorld.port)
    world.run(0.1)
    for port in UInt16(49_152)..<49_160 {
      liar.send(LANDatagram.info(info).encoded, to: Endpoint(address: peer.transport.address, port: port), from: socket)
    }
    world.run(0.1)
    #expect(peer.client.browser.count == 0)
  }

  @Test func `a cookie holds for its address and a minute at most`() {
    let cookies = AddressCookie(random: SeededRandomSource(seed: 1))
    let here = Endpoint(address: 1, port: 2)
    let cookie = cookies.make(for: here, at: 1000)
    #expect(cookies.isValid(cookie, from: here, at: 1000))
    #expect(cookies.isValid(cookie, from: here, at: 1029))
    #expect(!cookies.isValid(cookie, from: here, at: 1060))
    #expect(!cookies.isValid(cookie, from: Endpoint(address: 1, port: 3), at: 1000))
    #expect(!cookies.isValid(cookie, from: Endpoint(address: 2, port: 2), at: 1000))
    let others = AddressCookie(random: SeededRandomSource(seed: 2))
    #expect(!others.isValid(cookie, from: here, at: 1000))
  }
}
