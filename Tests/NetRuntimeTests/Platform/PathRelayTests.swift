import Testing

@testable import NetRuntime

@Suite struct PathRelayTests {
  /// Two peers that have only the relay, connected over it.
  private func connected(
    faults: LinkFaults = LinkFaults(latency: 0.02), rate: Int = Limits.relayRate
  ) throws -> (PathWorld, PathPeer, PathPeer) {
    let world = PathWorld(seed: 1, faults)
    try world.addRelay(rate: rate)
    let pair = try [1, 2].map { try world.add($0, behind: world.network.addTranslator(.symmetric)) }
    world.run(1)
    for peer in pair { peer.connects = true }
    world.introduce(pair[0], pair[1])
    #expect(world.run(atMost: 8) { pair.allSatisfy { $0.events == [.connected] } })
    return (world, pair[0], pair[1])
  }

  @Test func theLongestDatagramsPass() throws {
    let (world, one, two) = try connected()
    let message = numbered(7, size: 20_000)
    try one.send(message, to: two)
    #expect(world.run(atMost: 2) { two.received == [message] })
    try two.send(message, to: one)
    #expect(world.run(atMost: 2) { one.received == [message] })
    #expect(Limits.packetSize + Limits.relayOverhead <= 1280 - 28)
    #expect(Limits.relayOverhead == PathWire.relayHeadSize + RelayKey.size)
  }

  @Test func theRoundTripOverTheRelayIsMeasured() throws {
    let (world, one, two) = try connected()
    world.run(2)
    #expect((0.08...0.14).contains(try #require(one.finder.ping(two.id))))
  }

  @Test func aLossyRelayServesToo() throws {
    let (world, one, two) = try connected(faults: LinkFaults(latency: 0.03, loss: 0.1))
    try one.send(numbered(1, size: 5000), to: two)
    #expect(world.run(atMost: 5) { two.received.count == 1 })
  }

  @Test func aRelayThatWasStartedAnewIsFoundAgain() throws {
    let (world, one, two) = try connected()
    try #require(world.relay).host.close(world.relay!.socket)
    let host = try #require(world.relay?.host)
    world.relay = (
      RelayServer(
        transport: host, socket: try host.bind(port: PathWorld.relayPort),
        secret: Array("a secret of the server".utf8), random: SeededRandomSource(seed: 7), at: world.network.now), host,
      SocketID(rawValue: 1)
    )
    try one.send([5], to: two)
    #expect(world.run(atMost: 14) { two.received == [[5]] })
    #expect(one.events == [.connected])
  }

  @Test func aPlayersRateIsKept() throws {
    let (world, one, two) = try connected(rate: 20_000)
    let server = try #require(world.relay?.server)
    let before = server.counts.bytes
    for index in 0..<10 { try one.send(numbered(index, size: 3000), to: two) }
    let endpoint = try #require(one.found(two))
    for _ in 0..<300 {
      for _ in 0..<5 { one.transport.send([UInt8](repeating: 16, count: 1000), to: endpoint, from: one.socket) }
      world.step()
    }
    #expect(server.counts.overRate > 0)
    #expect(server.counts.bytes - before < 5 * 20_000 + UInt64(2 * Limits.relayBurst))
  }

  @Test func onlyPlayersThatAcceptEachOtherReachEachOther() throws {
    let (world, one, two) = try connected()
    let server = try #require(world.relay?.server)
    let third = try world.add(3)
    world.run(1)
    third.finder.find(one.id, [])
    world.run(1)
    #expect(server.counts.players == 3)
    #expect(third.found(one) == nil)
    // Whom one end has forgotten, it hears no more; but the last words of their connection were heard.
    two.finder.find(third.id, [])
    two.finder.forget(one.id)
    two.connections.close(try #require(two.connections.link(to: one.id)))
    let endpoint = try #require(one.found(two))
    #expect(world.run(atMost: 1) { one.events.last == .closed(.remoteClose) })
    world.run(PathTimes.tunnelIdle + 3)
    let passed = server.counts.datagrams
    for _ in 0..<10 { one.transport.send([16, 0], to: endpoint, from: one.socket) }
    world.run(0.05)
    #expect(server.counts.datagrams == passed)
    #expect(server.counts.refused >= 10)
  }

  @Test func silentPlayersAreForgotten() throws {
    let (world, one, two) = try connected()
    let server = try #require(world.relay?.server)
    #expect(server.counts.players == 2)
    one.connections.close(try #require(one.connections.link(to: two.id)))
    world.run(1)
    one.finder.setServer(nil)
    two.finder.forget(one.id)
    world.run(PathTimes.relayIdle + PathTimes.tunnelIdle + 4)
    #expect(server.counts.players == 0)
  }

  @Test func withoutThePlayersKeyNobodyRegisters() throws {
    let world = PathWorld()
    try world.addRelay()
    let one = try world.add(1)
    one.finder.setServer(
      RelayGrant(endpoint: world.relayEndpoint, key: RelayKey(of: one.id, secret: [UInt8](repeating: 1, count: 32))))
    one.finder.find(PeerID(rawValue: 2), [])
    world.run(3)
    #expect(world.relay?.server.counts.players == 0)
    #expect(one.finder.relay?.address != nil)
  }

  /// A registration that somebody overheard is of no use elsewhere.
  @Test func aRegistrationHoldsForItsAddressOnly() throws {
    let network = VirtualNetwork(seed: 1)
    let host = network.addHost()
    let server = RelayServer(
      transport: host, socket: try host.bind(port: 7780), secret: [1], random: SeededRandomSource(seed: 1))
    let player = network.addHost()
    let thief = network.addHost()
    let (playerSocket, thiefSocket) = (try player.bind(port: 1), try thief.bind(port: 1))
    let relay = Endpoint(address: host.address, port: 7780)
    let key = server.grant(for: PeerID(rawValue: 5), at: relay).key
    var client = RelayClient(server.grant(for: PeerID(rawValue: 5), at: relay))
    var registration: [UInt8] = []
    client.advance(to: 0, hasPeers: true, random: SeededRandomSource(seed: 2)) { action in
      guard case .ask(let nonce) = action else { return }
      player.send(Self.question(nonce), to: relay, from: playerSocket)
    }
    server.receive(at: 0)
    let answer = try #require(player.receiveBytes(from: playerSocket))
    let datagram = answer.bytes.withUnsafeBytes { PathDatagram($0, key: nil) }
    guard case .address(let nonce, let endpoint, let challenge)? = datagram else { return #expect(Bool(false)) }
    #expect(endpoint == Endpoint(address: player.address, port: 1))
    let isNew = client.located(nonce, at: endpoint, challenge: challenge, now: 0)
    #expect(isNew)
    client.advance(to: 0, hasPeers: true, random: SeededRandomSource(seed: 3)) { action in
      guard case .register(let nonce, let challenge) = action else { return }
      registration = Self.registration(5, nonce, challenge, key: key)
    }
    thief.send(registration, to: relay, from: thiefSocket)
    server.receive(at: 0)
    #expect(server.counts.players == 0)
    player.send(registration, to: relay, from: playerSocket)
    server.receive(at: 0)
    #expect(server.counts.players == 1)
    #expect(player.receiveBytes(from: playerSocket)?.bytes.count == PathWire.registeredSize)
    // And not for ever.
    server.forget(PeerID(rawValue: 5))
    player.send(registration, to: relay, from: playerSocket)
    server.receive(at: 61)
    #expect(server.counts.players == 0)
  }

  private static func question(_ nonce: UInt64) -> [UInt8] {
    HandshakeWire.encoded(capacity: 64) { writer in
      PathWire.writeHead(.whereAmI, &writer)
      writer.write(nonce)
      writer.pad(to: PathWire.addressSize)
    }
  }

  static func registration(
    _ player: UInt64, _ nonce: UInt64, _ challenge: UInt64, key: RelayKey, peers: [UInt64] = [9]
  ) -> [UInt8] {
    HandshakeWire.encoded(capacity: 1200) { writer in
      PathWire.writeHead(.register, detail: UInt16(peers.count), &writer)
      writer.write(player)
      writer.write(nonce)
      writer.write(challenge)
      for peer in peers { writer.write(peer) }
      key.sign(&writer)
    }
  }

  @Test func aRelayHasRoomForSoManyPlayers() {
    var table = RelayTable(rate: 1000)
    let key = RelayKey(of: PeerID(rawValue: 1), secret: [UInt8](repeating: 1, count: 32))
    func insert(_ id: UInt64, at now: Double) -> Bool {
      let endpoint = Endpoint(address: UInt32(truncatingIfNeeded: id), port: 1)
      return table.insert(PeerID(rawValue: id), key: key, at: endpoint, accepting: [], now: now)
    }
    let taken = (1...Limits.relayPlayers).count { insert(UInt64($0), at: 0) }
    #expect(taken == Limits.relayPlayers)
    let isTaken = insert(1 << 20, at: 1)
    #expect(!isTaken)
    #expect(table.count == Limits.relayPlayers)
    let isTakenLater = insert(1 << 20, at: PathTimes.relayIdle)
    #expect(isTakenLater)
    #expect(table.count == 1)
  }

  @Test func soManyPeersAreReachedOverTheRelay() throws {
    var tunnel = RelayTunnel()
    let opened = (1...Limits.relayedPeers).compactMap { tunnel.open(PeerID(rawValue: UInt64($0))) }
    #expect(Set(opened).count == Limits.relayedPeers)
    let another = tunnel.open(PeerID(rawValue: 1000))
    #expect(another == nil)
    let old = try #require(tunnel.endpoint(of: PeerID(rawValue: 3)))
    tunnel.release(PeerID(rawValue: 3), at: 0)
    let isClosed = [PathTimes.tunnelIdle, PathTimes.tunnelIdle + 0.1].map { tunnel.closeUnused(at: $0) }
    #expect(isClosed == [false, true])
    let reopened = tunnel.open(PeerID(rawValue: 1000))
    let new = try #require(reopened)
    #expect(new != old && new.port == old.port && RelayTunnel.contains(new))
  }

  @Test func aGrantIsWrittenAndReadAndShowsNoKey() throws {
    let key = try #require(RelayKey(hexadecimal: "000102030405060708090a0b0c0d0eFF"))
    #expect(key.hexadecimal == "000102030405060708090a0b0c0d0eff")
    #expect(!"\(key)".contains("0d0e"))
    #expect(RelayKey(hexadecimal: "00") == nil && RelayKey(hexadecimal: String(repeating: "g", count: 32)) == nil)
  }
}
