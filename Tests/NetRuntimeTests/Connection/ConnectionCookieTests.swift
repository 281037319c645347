import Testing

@testable import NetRuntime

@Suite struct ConnectionCookieTests {
  private let source = Endpoint(address: 0x0A00_0001, port: 1234)
  private let hello = [UInt8](0..<43)

  @Test func holdsForItsHelloAndSourceOnly() {
    let jar = CookieJar(secret: [UInt8](repeating: 1, count: 32), at: 0)
    let cookie = jar.bake(for: hello, from: source)
    #expect(cookie.count == CookieJar.size)
    #expect(jar.accepts(cookie, for: hello, from: source))
    #expect(!jar.accepts(cookie, for: Array(hello.reversed()), from: source))
    #expect(!jar.accepts(cookie, for: hello, from: Endpoint(address: source.address, port: 1235)))
    #expect(!jar.accepts(cookie, for: hello, from: Endpoint(address: source.address + 1, port: 1234)))
    #expect(!jar.accepts([], for: hello, from: source))
  }

  @Test func holdsForOneToTwoRotations() {
    var jar = CookieJar(secret: [UInt8](repeating: 1, count: 32), at: 0)
    let cookie = jar.bake(for: hello, from: source)
    jar.rotate(at: 29) { _ = $0.initializeMemory(as: UInt8.self, repeating: 2) }
    #expect(jar.accepts(cookie, for: hello, from: source))
    jar.rotate(at: 30) { _ = $0.initializeMemory(as: UInt8.self, repeating: 2) }
    #expect(jar.bake(for: hello, from: source) != cookie)
    #expect(jar.accepts(cookie, for: hello, from: source))
    jar.rotate(at: 60) { _ = $0.initializeMemory(as: UInt8.self, repeating: 3) }
    #expect(!jar.accepts(cookie, for: hello, from: source))
  }

  @Test func aLongPauseOutdatesBothSecrets() {
    var jar = CookieJar(secret: [UInt8](repeating: 1, count: 32), at: 0)
    let cookie = jar.bake(for: hello, from: source)
    jar.rotate(at: 100) { _ = $0.initializeMemory(as: UInt8.self, repeating: 2) }
    #expect(!jar.accepts(cookie, for: hello, from: source))
  }

  @Test func everyAnswerIsSmallerThanTheRequest() {
    let answers = [HandshakeWire.cookieSize, HandshakeWire.acceptSize, HandshakeWire.refuseSize]
    #expect(answers.allSatisfy { $0 <= HandshakeWire.requestSize })
    let fields = 1 + HandshakeWire.helloFieldsSize - 1 + CookieJar.size
    #expect(fields + NoiseIX.firstOverhead + HandshakeWire.connectPayloadSize <= HandshakeWire.requestSize)
  }

  @Test func aForgedSourceGetsNoLink() throws {
    // A HELLO and a CONNECT with a made-up cookie: whoever does not receive the cookie cannot go on.
    let world = TestWorld()
    let two = try world.add(2)
    let bare = world.network.addHost()
    let socket = try bare.bind(port: 5000)
    let hello = Hello(
      nonce: 1, initiator: PeerID(rawValue: 5), responder: two.id, schemaHash: 7, ciphers: .chaCha20Poly1305)
    var noise = NoiseInitiator(
      statics: KeyPair(secret: [UInt8](repeating: 1, count: 32)),
      ephemeral: KeyPair(secret: [UInt8](repeating: 2, count: 32)), preSharedKey: NoiseIX.preSharedKey(of: nil),
      prologue: hello.prologue)
    let first = noise.first(payload: ConnectPayload(connectionID: 1, receiveWindow: 1000).bytes)
    let connect = hello.connect(cookie: [UInt8](repeating: 7, count: 16), noise: first)
    connect.withUnsafeBytes { bare.send($0, to: two.endpoint, from: socket) }
    world.run(1)
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1500, alignment: 8)
    defer { buffer.deallocate() }
    #expect(bare.receive(into: buffer, from: socket) == nil)
    // The same with the right cookie is answered.
    hello.datagram.withUnsafeBytes { bare.send($0, to: two.endpoint, from: socket) }
    world.run(1)
    #expect(bare.receive(into: buffer, from: socket)?.count == HandshakeWire.cookieSize)
    hello.connect(cookie: Array(buffer[16..<32]), noise: first).withUnsafeBytes {
      bare.send($0, to: two.endpoint, from: socket)
    }
    world.run(1)
    #expect(bare.receive(into: buffer, from: socket)?.count == HandshakeWire.acceptSize)
    #expect(two.entries.isEmpty)
  }

  @Test func pendingHandshakesAreBounded() throws {
    let world = TestWorld()
    let two = try world.add(2)
    // Peers that never confirm: their answers are lost.
    world.network.setFaults(LinkFaults(loss: 0), for: two.transport.host)
    for id in 10..<200 as Range<UInt64> {
      let peer = try TestPeer(world.network, id: id)
      peer.connections.connect(to: two.id, at: two.endpoint)
      peer.transmit(at: world.network.now)
      world.network.advance(to: world.network.now + 0.001)
      two.receive(at: world.network.now)
      peer.receive(at: world.network.now)
      peer.connections.receive(at: world.network.now)
      two.receive(at: world.network.now)
    }
    #expect(two.connections.pending.count == Limits.pendingHandshakes)
    #expect(two.entries.isEmpty)
    world.peers = [two]
    world.run(11)
    #expect(two.connections.pending.count == 0)
  }
}
