import CAllocationCounter
import Testing

@testable import NetRuntime

@Suite struct PathTransportTests {
  private let network = VirtualNetwork(seed: 1)
  private let transport: PathTransport
  private let other: VirtualTransport
  private let socket: SocketID
  private let otherSocket: SocketID
  private let here: Endpoint
  private let there: Endpoint

  init() throws {
    let host = network.addHost()
    transport = PathTransport(host)
    other = network.addHost()
    socket = try transport.bind(port: 5000)
    otherSocket = try other.bind(port: 5000)
    here = Endpoint(address: host.address, port: 5000)
    there = Endpoint(address: other.address, port: 5000)
    transport.watch(socket)
  }

  private let probe = [0x53, 0x57, 0x41, 0x59, 1, 1, 0, 0] + [UInt8](repeating: 7, count: 32)

  @Test func theGamesDatagramsPassUntouched() throws {
    let datagrams = [[], [0x53], [0x53, 0x57, 0x41, 0x59], [16] + [UInt8](repeating: 3, count: 1199)]
    for datagram in datagrams { other.send(datagram, to: here, from: otherSocket) }
    #expect(transport.receiveAll(from: socket) == datagrams)
    for datagram in datagrams { transport.send(datagram, to: there, from: socket) }
    #expect(other.receiveAll(from: otherSocket) == datagrams)
    let together = [UInt8](repeating: 1, count: 250)
    together.withUnsafeBytes { transport.send($0, each: 100, to: there, from: socket) }
    #expect(other.receiveAll(from: otherSocket).map(\.count) == [100, 100, 50])
  }

  @Test func datagramsOfPathFindingAreTakenOutOfTheGameSocketOnly() throws {
    let lobby = try transport.bind(port: 5001)
    for port in [5000, 5001] as [UInt16] {
      other.send(probe, to: Endpoint(address: here.address, port: port), from: otherSocket)
    }
    other.send([16], to: here, from: otherSocket)
    #expect(transport.receiveAll(from: socket) == [[16]])
    #expect(transport.receiveAll(from: lobby) == [probe])
    #expect(transport.nextPathDatagram().map { Array($0.bytes) } == probe)
    #expect(transport.nextPathDatagram() == nil)
  }

  @Test func onlyTheRelaySpeaksForRelayedPeers() throws {
    let key = RelayKey(of: PeerID(rawValue: 1), secret: [UInt8](repeating: 9, count: 32))
    transport.tunnel.use(RelayGrant(endpoint: there, key: key))
    let friend = PeerID(rawValue: 2)
    let opened = transport.tunnel.open(friend)
    let way = try #require(opened)
    func relayed(_ peer: UInt64, key: RelayKey) -> [UInt8] {
      HandshakeWire.encoded(capacity: 100) { writer in
        PathWire.writeHead(.relayed, &writer)
        writer.write(peer)
        writer.write([16, 1, 2])
        key.sign(&writer)
      }
    }
    let stranger = network.addHost()
    let strangerSocket = try stranger.bind(port: 5000)
    stranger.send(relayed(2, key: key), to: here, from: strangerSocket)
    other.send(relayed(3, key: key), to: here, from: otherSocket)
    let wrong = RelayKey(of: PeerID(rawValue: 2), secret: [UInt8](repeating: 9, count: 32))
    other.send(relayed(2, key: wrong), to: here, from: otherSocket)
    other.send(Array(relayed(2, key: key).dropLast()), to: here, from: otherSocket)
    #expect(transport.receiveAll(from: socket).isEmpty)
    other.send(relayed(2, key: key), to: here, from: otherSocket)
    let received = try #require(transport.receiveBytes(from: socket))
    #expect(received.bytes == [16, 1, 2] && received.source == way)
  }

  @Test func anEndpointThatNobodyHasSendsNothing() throws {
    transport.send([16], to: Endpoint(address: 5, port: 1), from: socket)
    let opened = transport.tunnel.open(PeerID(rawValue: 2))
    let way = try #require(opened)
    transport.send([16], to: way, from: socket)
    #expect(network.datagramsSent == 0)
  }

  @Test(.enabled(if: isOptimised, "counts in release only"))
  func nothingIsAllocatedADatagram() throws {
    let key = RelayKey(of: PeerID(rawValue: 1), secret: [UInt8](repeating: 9, count: 32))
    transport.tunnel.use(RelayGrant(endpoint: there, key: key))
    let opened = transport.tunnel.open(PeerID(rawValue: 2))
    let way = try #require(opened)
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 2048, alignment: 8)
    defer { buffer.deallocate() }
    buffer.initializeMemory(as: UInt8.self, repeating: 16)
    let datagram = UnsafeRawBufferPointer(rebasing: buffer[..<1200])
    let allocations = probe.withUnsafeBytes { probe in
      func round() {
        transport.send(datagram, to: there, from: socket)
        transport.send(datagram, to: way, from: socket)
        while other.receive(into: buffer, from: otherSocket) != nil {}
        other.send(datagram, to: here, from: otherSocket)
        other.send(probe, to: here, from: otherSocket)
        while transport.receive(into: buffer, from: socket) != nil {}
        while transport.nextPathDatagram() != nil {}
      }
      for _ in 0..<100 { round() }
      let before = allocation_count()
      for _ in 0..<1000 { round() }
      return allocation_count() - before
    }
    #expect(allocations == 0)
  }
}
