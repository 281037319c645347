import Glibc
import Testing

@testable import NetRuntime

/// Limits of the connections and of lobbies that no script can reach, each pushed over its edge.
@Suite struct LimitsReachedTests {
  // MARK: Connections

  @Test func aTransmitSendsSoManyDatagramsAndALinkRemembersSoManyPackets() throws {
    let (world, one, two) = try TestWorld.connected(
      schema: .buffers(send: 1 << 24, receive: 1 << 24), settings: TimingSettings(maxTransmitRate: 0, resend: 100))
    one.connections.setSendRate(.infinity, burst: 1e12, of: one.link(to: two))
    world.network.kill(two.transport.host)
    for _ in 0..<100 { try one.send([UInt8](repeating: 1, count: 32_000), to: two) }
    var counts: [Int] = []
    for _ in 0..<6 {
      let before = world.network.datagramsSent
      one.transmit(at: world.network.now)
      counts.append(world.network.datagramsSent - before)
    }
    #expect(
      counts.prefix(3) == [Limits.datagramsPerTransmit, Limits.datagramsPerTransmit, Limits.datagramsPerTransmit])
    let sent = counts.reduce(0, +)
    #expect(sent > Limits.packetsInFlight - 8 && sent <= Limits.packetsInFlight, "\(counts)")
    #expect(Limits.segmentsInFlight >= Limits.packetsInFlight)
  }

  @Test func aFloodOfDeliveriesStaysInTheSocket() throws {
    let (world, one, two) = try TestWorld.connected(
      schema: .buffers(send: 1 << 24, receive: 1 << 24), settings: TimingSettings(maxTransmitRate: 0))
    one.connections.setSendRate(.infinity, burst: 1e12, of: one.link(to: two))
    for _ in 0..<100 { try one.send([UInt8](repeating: 1, count: 32_000), to: two) }
    for _ in 0..<20 {
      one.receive(at: world.network.now)
      one.transmit(at: world.network.now)
      world.network.advance(to: world.network.now + 0.01)
      two.connections.receive(at: world.network.now)
      two.transmit(at: world.network.now)
    }
    let waiting = two.connections.inbox.pointee.count
    #expect(waiting >= Limits.inboxBytes && waiting < Limits.inboxBytes + 2 * Limits.messageSize)
    world.run(3)
    #expect(two.messages.count == 100)
  }

  @Test func aHugeReceiveWindowIsNotBelieved() throws {
    let (_, one, two) = try TestWorld.connected(schema: .buffers(send: 4096, receive: 1 << 26))
    let link = try #require(one.connections.table.pointee[one.link(to: two)])
    #expect(link.pointee.remoteWindow == Limits.receiveWindow)
  }

  @Test func aTinyReceiveBufferIsMadeLarger() throws {
    let (world, one, two) = try TestWorld.connected(schema: .buffers(send: 32_768, receive: 0))
    let link = try #require(one.connections.table.pointee[one.link(to: two)])
    #expect(link.pointee.remoteWindow == Limits.leastReceiveWindow)
    try one.send([UInt8](repeating: 3, count: 2000), to: two)
    world.run(3)
    #expect(two.messages.map(\.count) == [2000])
  }

  @Test func unreliableBytesAreLimited() {
    var messages = UnreliableQueue()
    defer { messages.destroy() }
    let body = [UInt8](repeating: 1, count: 1000)
    let size = 1002
    for _ in 0..<100 {
      body.withUnsafeBytes {
        messages.append(head: MessageHead.value(.rpc, length: 1000), headSize: 2, body: $0, priority: 1, at: 0)
      }
    }
    #expect(messages.count == Limits.unreliableBytes / size)
    #expect(messages.dropped == UInt64(100 - Limits.unreliableBytes / size))
  }

  @Test func noDatagramIsLongerThanAPacket() throws {
    let world = TestWorld()
    let one = try world.add(1)
    let two = try world.add(2)
    let middle = world.network.addHost()
    let (toTwo, toOne) = (try middle.bind(port: 2), try middle.bind(port: 1))
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1500, alignment: 8)
    defer { buffer.deallocate() }
    one.connections.connect(to: two.id, at: Endpoint(address: middle.address, port: 2))
    var longest = 0
    for frame in 0..<120 {
      if frame == 30 {
        try one.send([UInt8](repeating: 9, count: 20_000), to: two)
        for _ in 0..<20 { try one.sendUnreliable([UInt8](repeating: 9, count: 700), to: two) }
      }
      world.step()
      for (from, to, target) in [(toTwo, toOne, two), (toOne, toTwo, one)] {
        while let datagram = middle.receive(into: buffer, from: from) {
          longest = max(longest, datagram.count)
          middle.send(UnsafeRawBufferPointer(rebasing: buffer[..<datagram.count]), to: target.endpoint, from: to)
        }
      }
    }
    #expect(two.messages.contains { $0.count == 20_000 })
    #expect(longest <= Limits.packetSize && longest > Limits.packetSize - 100, "\(longest)")
  }

  @Test func strangersThatCompareSchemasAreLimited() throws {
    let world = TestWorld()
    let host = try world.add(1)
    var others: [TestPeer] = []
    for number in 0..<UInt64(Limits.schemaChecks + 2) {
      var schema = SchemaFacts.plain
      schema.hash = 100 + number
      schema.differences = { _ in ["they differ"] }
      let peer = try world.add(10 + number, schema: schema)
      peer.connections.connect(to: host.id, at: host.endpoint)
      others.append(peer)
    }
    world.run(12)
    let told = others.count { $0.events == [.refused(.schemaMismatch(differences: ["they differ"]))] }
    #expect(told == Limits.schemaChecks)
    // The others learn it too, without the list.
    #expect(others.count { $0.events == [.refused(.schemaMismatch(differences: []))] } == 2)
    #expect(host.events.isEmpty)
  }

  /// How many datagrams a socket holds that nobody reads, next to one that asked the system for nothing.
  @Test func aSocketsReceiveBufferIsLargerThanTheSystemsDefault() throws {
    let transport = try UDPTransport(interface: "lo")
    let sender = try transport.bind(port: 0)
    let large = try transport.bind(port: 0)
    let plain = socket(AF_INET, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
    defer { close(plain) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let port = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { name in
        bind(plain, name, length) == 0 && getsockname(plain, name, &length) == 0
      }
    }
    try #require(port)
    let datagram = [UInt8](repeating: 1, count: 1400)
    for target in [transport.port(of: large), UInt16(bigEndian: address.sin_port)] {
      for _ in 0..<6000 {
        datagram.withUnsafeBytes { transport.send($0, to: Endpoint(address: 0x7F00_0001, port: target), from: sender) }
      }
    }
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1500, alignment: 8)
    defer { buffer.deallocate() }
    var counts = (large: 0, plain: 0)
    while transport.receive(into: buffer, from: large) != nil { counts.large += 1 }
    while recv(plain, buffer.baseAddress, 1500, 0) > 0 { counts.plain += 1 }
    #expect(counts.plain > 0 && counts.large > counts.plain, "\(counts)")
  }

  // MARK: Lobbies

  @Test func peersThatDoNotJoinAreLimited() throws {
    let world = try LobbyWorld.lobby(of: 1)
    let host = world.peers[0]
    let endpoint = Endpoint(address: host.transport.address, port: host.transport.port(of: host.socket))
    for _ in 0..<Limits.pendingJoins + 2 { try world.add().connections.connect(to: host.id, at: endpoint) }
    world.run(1)
    #expect(host.connections.linkList.count == Limits.pendingJoins)
    #expect(host.log.count == 2)
    #expect(host.log.allSatisfy { $0.hasSuffix("is sent away: 32 peers are connected without having joined") })
  }

  @Test func aLobbyPortIsReadSoOftenInAFrame() throws {
    let world = try LobbyWorld.lobby(of: 1)
    let host = world.peers[0]
    let asker = world.network.addHost()
    let socket = try asker.bind(port: 0)
    for nonce in 0..<UInt64(Limits.lobbyDatagramsPerUpdate + 44) {
      LANDatagram.query(nonce: nonce).encoded.withUnsafeBytes {
        asker.send($0, to: Endpoint(address: host.transport.address, port: LobbyWorld.port), from: socket)
      }
    }
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1500, alignment: 8)
    defer { buffer.deallocate() }
    var answers: [Int] = []
    for _ in 0..<3 {
      world.step()
      world.network.advance(to: world.network.now)
      var count = 0
      while asker.receive(into: buffer, from: socket) != nil { count += 1 }
      answers.append(count)
    }
    #expect(answers == [Limits.lobbyDatagramsPerUpdate, 44, 0])
  }

  @Test func aBrowserListsSoManyLobbies() throws {
    let world = LobbyWorld()
    let peer = try world.add()
    let crowd = world.network.addHost()
    let socket = try crowd.bind(port: LobbyWorld.port)
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1500, alignment: 8)
    defer { buffer.deallocate() }
    peer.client.browser.refresh(port: LobbyWorld.port)
    world.step()
    world.step()
    let question = try #require(crowd.receive(into: buffer, from: socket))
    let bytes = UnsafeRawBufferPointer(rebasing: buffer[..<question.count])
    guard case .query(let nonce) = LANDatagram(encoded: bytes) else {
      Issue.record("the browser asked something else")
      return
    }
    for host in 1...UInt64(Limits.browserLobbies + 10) {
      let info = LANLobbyInfo(
        nonce: nonce, cookie: 0, host: PeerID(rawValue: 1000 + host), lobby: host, schemaHash: 7, gamePort: 5,
        members: 1, maximum: 8,
        revision: 1, dataCount: 0, data: [])
      LANDatagram.info(info).encoded.withUnsafeBytes { crowd.send($0, to: question.source, from: socket) }
    }
    world.run(1.5)
    #expect(peer.client.browser.count == Limits.browserLobbies)
  }
}
