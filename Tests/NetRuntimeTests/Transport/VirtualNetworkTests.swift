import NetRuntime
import Testing

/// Two hosts with a socket each on port 1000.
private struct Pair {
  let network: VirtualNetwork
  let a: VirtualTransport
  let b: VirtualTransport
  let socketA: SocketID
  let socketB: SocketID

  init(seed: UInt64 = 1, _ faults: LinkFaults = .none) throws {
    network = VirtualNetwork(seed: seed)
    network.defaultFaults = faults
    a = network.addHost()
    b = network.addHost()
    socketA = try a.bind(port: 1000)
    socketB = try b.bind(port: 1000)
  }

  func send(_ bytes: [UInt8]) {
    a.send(bytes, to: Endpoint(address: b.address, port: 1000), from: socketA)
  }

  func sendBack(_ bytes: [UInt8]) {
    b.send(bytes, to: Endpoint(address: a.address, port: 1000), from: socketB)
  }

  func received() -> [[UInt8]] { b.receiveAll(from: socketB) }
}

@Suite struct VirtualNetworkTests {
  @Test func `without faults a datagram arrives at once with its source`() throws {
    let pair = try Pair()
    pair.send([1, 2])
    let received = try #require(pair.b.receiveBytes(from: pair.socketB))
    #expect(received.bytes == [1, 2])
    #expect(received.source == Endpoint("10.0.0.1:1000"))
    #expect(pair.b.receiveBytes(from: pair.socketB) == nil)
  }

  @Test func `latency holds a datagram back`() throws {
    let pair = try Pair(LinkFaults(latency: 0.1))
    pair.send([1])
    pair.network.advance(to: 0.099)
    #expect(pair.received().isEmpty)
    pair.network.advance(to: 0.1)
    #expect(pair.received() == [[1]])
  }

  @Test func `jitter spreads arrivals between latency minus and plus jitter`() throws {
    let pair = try Pair(LinkFaults(latency: 0.1, jitter: 0.04))
    for index in 0..<100 { pair.send([UInt8(index)]) }
    pair.network.advance(to: 0.06)
    #expect(pair.received().count < 5)
    pair.network.advance(to: 0.1)
    let half = pair.received()
    #expect((25...75).contains(half.count))
    #expect(half != half.sorted { $0[0] < $1[0] })
    pair.network.advance(to: 0.1401)
    #expect(pair.received().count + half.count >= 95)
  }

  @Test func `equal latency keeps the order`() throws {
    let pair = try Pair(LinkFaults(latency: 0.1))
    let sent = (0..<200).map { [UInt8($0)] }
    for datagram in sent { pair.send(datagram) }
    pair.network.advance(to: 1)
    #expect(pair.received() == sent)
  }

  @Test func `loss and duplication come as often as asked`() throws {
    let lossy = try Pair(LinkFaults(loss: 0.1))
    for _ in 0..<1000 { lossy.send([1]) }
    #expect((850...950).contains(lossy.received().count))
    let doubling = try Pair(LinkFaults(duplication: 0.2))
    for _ in 0..<1000 { doubling.send([1]) }
    #expect((1140...1260).contains(doubling.received().count))
  }

  @Test func `reordering lets later datagrams overtake`() throws {
    let pair = try Pair(LinkFaults(latency: 0.05, reordering: 0.3))
    for index in 0..<50 {
      pair.network.advance(to: Double(index) * 0.01)
      pair.send([UInt8(index)])
    }
    pair.network.advance(to: 10)
    let received = pair.received().map { $0[0] }
    #expect(received.sorted() == Array(0..<50))
    #expect(received != received.sorted())
  }

  @Test func `bandwidth spaces datagrams and a full queue drops`() throws {
    let pair = try Pair(LinkFaults(bandwidth: 1000, queueLimit: 500))
    for _ in 0..<10 { pair.send([UInt8](repeating: 1, count: 100)) }
    pair.network.advance(to: 0.1)
    #expect(pair.received().count == 1)
    pair.network.advance(to: 0.35)
    #expect(pair.received().count == 2)
    pair.network.advance(to: 5)
    #expect(pair.received().count == 2)
    // The other direction has its own bandwidth.
    pair.sendBack([UInt8](repeating: 1, count: 100))
    pair.network.advance(to: 5.1)
    #expect(pair.a.receiveAll(from: pair.socketA).count == 1)
  }

  @Test func `faults of a direction come before those of a host and those before the default`() throws {
    let pair = try Pair(LinkFaults(loss: 1))
    pair.send([1])
    #expect(pair.received().isEmpty)
    pair.network.setFaults(LinkFaults.none, for: pair.b.host)
    pair.send([2])
    pair.sendBack([2])
    #expect(pair.received() == [[2]])
    #expect(pair.a.receiveAll(from: pair.socketA) == [[2]])
    pair.network.setFaults(LinkFaults(loss: 1), from: pair.a.host, to: pair.b.host)
    pair.send([3])
    pair.sendBack([3])
    #expect(pair.received().isEmpty)
    #expect(pair.a.receiveAll(from: pair.socketA) == [[3]])
    pair.network.setFaults(nil, from: pair.a.host, to: pair.b.host)
    pair.network.setFaults(nil, for: pair.b.host)
    pair.sendBack([4])
    #expect(pair.a.receiveAll(from: pair.socketA).isEmpty)
  }

  @Test func `a broadcast reaches every host, the sender too`() throws {
    let pair = try Pair()
    let third = pair.network.addHost()
    let other = try third.bind(port: 2000)
    pair.a.broadcast([5], toPort: 1000, from: pair.socketA)
    #expect(pair.a.receiveAll(from: pair.socketA) == [[5]])
    #expect(pair.received() == [[5]])
    #expect(third.receiveAll(from: other).isEmpty)
  }

  @Test func `ports are a host's own, a taken one is refused, and free ones are found`() throws {
    let pair = try Pair()
    #expect(throws: TransportError.portTaken(1000)) { try pair.a.bind(port: 1000) }
    let free = try pair.a.bind(port: 0)
    let another = try pair.a.bind(port: 0)
    #expect(pair.a.port(of: free) >= 49_152)
    #expect(pair.a.port(of: free) != pair.a.port(of: another))
    pair.a.close(pair.socketA)
    _ = try pair.a.bind(port: 1000)
  }

  @Test func `a killed host neither sends nor receives, what it sent before still arrives`() throws {
    let pair = try Pair(LinkFaults(latency: 0.1))
    pair.send([1])
    pair.sendBack([2])
    pair.network.kill(pair.a.host)
    #expect(pair.a.hasFailed)
    #expect(!pair.b.hasFailed)
    pair.send([3])
    pair.network.advance(to: 1)
    #expect(pair.received() == [[1]])
    #expect(pair.a.receiveAll(from: pair.socketA).isEmpty)
    #expect(throws: TransportError.self) { try pair.a.bind(port: 5) }
  }

  @Test func `a cut off host comes back`() throws {
    let pair = try Pair()
    pair.network.setCutOff(true, host: pair.a.host)
    pair.send([1])
    pair.sendBack([1])
    pair.a.send([7], to: Endpoint(address: pair.a.address, port: 1000), from: pair.socketA)
    #expect(pair.a.receiveAll(from: pair.socketA) == [[7]])
    pair.network.setCutOff(false, host: pair.a.host)
    pair.send([2])
    #expect(pair.received() == [[2]])
  }

  @Test func `datagrams over the limit are dropped, the longest one arrives whole`() throws {
    let pair = try Pair()
    let longest = (0..<Limits.datagramSize).map { UInt8(truncatingIfNeeded: $0) }
    pair.send(longest + [0])
    pair.send(longest)
    #expect(pair.received() == [longest])
    pair.send([1, 2, 3])
    pair.send([4])
    #expect(pair.b.receiveBytes(from: pair.socketB, room: 2)?.bytes == [4])
  }

  @Test func `a socket nobody reads drops what is over its queue`() throws {
    let pair = try Pair()
    for _ in 0..<Limits.virtualSocketQueue + 10 { pair.send([1]) }
    #expect(pair.received().count == Limits.virtualSocketQueue)
    #expect(pair.network.datagramsLost == 10)
  }

  @Test func `the same seed gives the same run, another seed another`() throws {
    func run(seed: UInt64) throws -> [[UInt8]] {
      let pair = try Pair(
        seed: seed, LinkFaults(latency: 0.05, jitter: 0.03, loss: 0.2, duplication: 0.2, reordering: 0.2))
      var received: [[UInt8]] = []
      for index in 0..<200 {
        pair.network.advance(to: Double(index) * 0.005)
        pair.send([UInt8(index)])
        received += pair.received()
      }
      return received
    }
    #expect(try run(seed: 5) == run(seed: 5))
    #expect(try run(seed: 5) != run(seed: 6))
  }

  @Test func `a datagram to the loopback address stays on its host`() throws {
    let pair = try Pair()
    pair.a.send([1], to: Endpoint(address: 0x7F00_0001, port: 1000), from: pair.socketA)
    let received = try #require(pair.a.receiveBytes(from: pair.socketA))
    #expect(received.source == Endpoint("127.0.0.1:1000"))
    #expect(pair.received().isEmpty)
  }
}
