import Testing

@testable import NetRuntime

/// One end behind a faulty transport, the other on the bare network.
private final class Scene {
  let network = VirtualNetwork(seed: 1)
  let bad: FaultyTransport
  let plain: VirtualTransport
  let badSocket: SocketID
  let plainSocket: SocketID
  let plainEnd = Endpoint(address: VirtualNetwork.address(of: 1), port: 5000)
  let badEnd = Endpoint(address: VirtualNetwork.address(of: 0), port: 5000)

  init() throws {
    let network = network
    bad = FaultyTransport(network.addHost(), now: { network.now }, random: SeededRandomSource(seed: 7))
    plain = network.addHost()
    badSocket = try bad.bind(port: 5000)
    plainSocket = try plain.bind(port: 5000)
  }

  func step(_ seconds: Double) {
    network.advance(to: network.now + seconds)
    bad.advance { _ in nil }
  }

  func send(_ count: Int = 1, size: Int = 1) {
    for number in 0..<count {
      bad.send(
        [UInt8(truncatingIfNeeded: number)] + [UInt8](repeating: 0, count: size - 1), to: plainEnd, from: badSocket)
    }
  }

  func answer(_ count: Int = 1, size: Int = 1) {
    for number in 0..<count {
      let bytes = [UInt8(truncatingIfNeeded: number)] + [UInt8](repeating: 0, count: size - 1)
      plain.send(bytes, to: badEnd, from: plainSocket)
    }
  }

  var sent: [[UInt8]] { plain.receiveAll(from: plainSocket) }
  var received: [[UInt8]] { bad.receiveAll(from: badSocket) }
}

@Suite struct FaultyTransportTests {
  @Test func datagramsSentTogetherAreEachTreatedAsOne() throws {
    let scene = try Scene()
    let bytes: [UInt8] = [0, 0, 1, 1, 2]
    bytes.withUnsafeBytes { scene.bad.send($0, each: 2, to: scene.plainEnd, from: scene.badSocket) }
    #expect(scene.sent == [[0, 0], [1, 1], [2]])

    scene.bad.setFaults(TransportFaults(latency: 0.1...0.1), of: nil)
    bytes.withUnsafeBytes { scene.bad.send($0, each: 2, to: scene.plainEnd, from: scene.badSocket) }
    #expect(scene.sent.isEmpty)
    scene.step(0.11)
    #expect(scene.sent == [[0, 0], [1, 1], [2]])
  }

  @Test func withoutFaultsEverythingPassesAtOnce() throws {
    let scene = try Scene()
    scene.send(3)
    scene.answer(2)
    #expect(scene.sent == [[0], [1], [2]])
    #expect(scene.received == [[0], [1]])
    scene.bad.broadcast([9], toPort: 5000, from: scene.badSocket)
    #expect(scene.sent == [[9]])
  }

  @Test func lossHoldsBothWays() throws {
    let scene = try Scene()
    scene.bad.setFaults(TransportFaults(loss: 0.25), of: nil)
    var (out, back) = (0, 0)
    for _ in 0..<20 {
      scene.send(100)
      scene.answer(100)
      out += scene.sent.count
      back += scene.received.count
    }
    #expect(1400...1600 ~= out && 1400...1600 ~= back)
    scene.bad.setFaults(TransportFaults(loss: 1), of: nil)
    scene.send(100)
    scene.answer(100)
    scene.bad.broadcast([9], toPort: 5000, from: scene.badSocket)
    #expect(scene.sent.isEmpty && scene.received.isEmpty)
    scene.bad.reset()
    scene.send(2)
    #expect(scene.sent == [[0], [1]])
  }

  @Test func latencyDelaysBothWaysWithinItsRange() throws {
    let scene = try Scene()
    scene.bad.setFaults(TransportFaults(latency: 0.1...0.2), of: nil)
    scene.send(100)
    scene.bad.broadcast([200], toPort: 5000, from: scene.badSocket)
    scene.answer(100)
    #expect(scene.received.isEmpty)
    scene.step(0.0999)
    #expect(scene.sent.isEmpty && scene.received.isEmpty)
    scene.step(0.05)
    let (early, earlyBack) = (scene.sent, scene.received)
    #expect(30...70 ~= early.count && 30...70 ~= earlyBack.count)
    #expect(early != early.sorted { $0[0] < $1[0] })
    scene.step(0.0502)
    #expect(Set(early + scene.sent) == Set((0..<100).map { [$0] } + [[200]]))
    #expect(Set(earlyBack + scene.received) == Set((0..<100).map { [$0] }))
  }

  @Test func equalLatenciesKeepTheOrder() throws {
    let scene = try Scene()
    scene.bad.setFaults(TransportFaults(latency: 0.05...0.05), of: nil)
    scene.send(50)
    scene.answer(50)
    #expect(scene.received.isEmpty)
    scene.step(0.051)
    #expect(scene.sent == (0..<50).map { [$0] })
    #expect(scene.received == (0..<50).map { [$0] })
  }

  @Test func whatIsHeldStillArrivesWhenFaultsEnd() throws {
    let scene = try Scene()
    scene.bad.setFaults(TransportFaults(latency: 0.05...0.05), of: nil)
    scene.send()
    scene.answer()
    #expect(scene.received.isEmpty)
    scene.bad.reset()
    scene.step(0.06)
    #expect(scene.sent == [[0]])
    #expect(scene.received == [[0]])
  }

  @Test func closingSendsWhatIsHeld() throws {
    let scene = try Scene()
    let other = try scene.bad.bind(port: 5001)
    scene.bad.setFaults(TransportFaults(latency: 1...1), of: nil)
    scene.send(2)
    scene.bad.send([77], to: scene.plainEnd, from: other)
    scene.bad.close(scene.badSocket)
    #expect(scene.sent == [[0], [1]])
    #expect(scene.received.isEmpty)
    scene.step(1.01)
    #expect(scene.sent == [[77]])
  }

  @Test func duplicationDoubles() throws {
    let scene = try Scene()
    scene.bad.setFaults(TransportFaults(duplication: 1), of: nil)
    scene.send(2)
    scene.answer(2)
    #expect(scene.sent == [[0], [0], [1], [1]])
    #expect(scene.received == [[0], [0], [1], [1]])
  }

  @Test func outagesComeAndGo() throws {
    let scene = try Scene()
    scene.bad.setFaults(TransportFaults(outages: .init(loss: 1, pass: 2, start: 0)), of: nil)
    var passed: [Bool] = []
    for _ in 0..<9 {
      scene.send()
      scene.answer()
      let (there, here) = (scene.sent.count, scene.received.count)
      #expect(there == here)
      passed.append(there == 1)
      scene.step(1)
    }
    #expect(passed == [false, true, true, false, true, true, false, true, true])
  }

  @Test func bandwidthIsLimitedWithAQueue() throws {
    let scene = try Scene()
    // 100 datagrams a second each way: 972 bytes and 28 of headers.
    scene.bad.limits = (100_000, 100_000)
    scene.send(200, size: 972)
    scene.answer(200, size: 972)
    var (out, back) = ([Int](), [Int]())
    for _ in 0..<10 {
      _ = scene.received
      scene.step(0.1001)
      out.append(scene.sent.count)
      back.append(scene.received.count)
    }
    // Half a second's worth waits; the rest is lost.
    #expect(out.prefix(5) == [10, 10, 10, 10, 10] && back.prefix(5) == [10, 10, 10, 10, 10])
    #expect(50...51 ~= out.reduce(0, +) && 50...51 ~= back.reduce(0, +))
  }

  @Test func soManyDatagramsAreHeld() throws {
    let scene = try Scene()
    scene.bad.setFaults(TransportFaults(latency: 1...1), of: nil)
    scene.send(9000)
    scene.step(1.01)
    // The virtual socket's own queue is shorter; what was lost is counted there.
    #expect(scene.network.datagramsSent == 8192)
  }

  @Test func faultsOfOnePeerAreItsOwn() throws {
    let network = VirtualNetwork(seed: 1)
    let bad = FaultyTransport(network.addHost(), now: { network.now }, random: SeededRandomSource(seed: 7))
    let socket = try bad.bind(port: 5000)
    let others = try (1...2).map { _ in
      let transport = network.addHost()
      return (transport, try transport.bind(port: 5000))
    }
    func reached() -> [Bool] {
      for host in 1...2 {
        bad.send([1], to: Endpoint(address: VirtualNetwork.address(of: host), port: 5000), from: socket)
      }
      return others.map { !$0.0.receiveAll(from: $0.1).isEmpty }
    }
    let peer = PeerID(rawValue: 0xab)
    bad.setFaults(TransportFaults(loss: 1), of: peer)
    #expect(reached() == [true, true])
    bad.advance { $0 == peer ? Endpoint(address: VirtualNetwork.address(of: 2), port: 5000) : nil }
    #expect(reached() == [true, false])
    // What is said about the peer comes before what is said about all.
    bad.setFaults(TransportFaults(loss: 1), of: nil)
    bad.setFaults(TransportFaults(loss: 0), of: peer)
    bad.advance { $0 == peer ? Endpoint(address: VirtualNetwork.address(of: 2), port: 5000) : nil }
    #expect(reached() == [false, true])
    #expect(bad.peersWithFaults == [peer])
    bad.reset()
    #expect(reached() == [true, true])
  }
}
