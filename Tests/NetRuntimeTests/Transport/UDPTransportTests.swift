import Glibc
import Testing

@testable import NetRuntime

private let loopback: UInt32 = 0x7F00_0001

@Suite struct UDPTransportTests {
  /// Loopback delivers within the call that sends, yet not by contract: a short wait keeps the test honest.
  private func wait(for transport: UDPTransport, _ socket: SocketID) {
    guard let descriptor = transport.descriptor(of: socket) else { return }
    var poller = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    _ = poll(&poller, 1, 1000)
  }

  @Test func `a datagram arrives with its source`() throws {
    let transport = try UDPTransport(interface: "lo")
    let sender = try transport.bind(port: 0)
    let receiver = try transport.bind(port: 0)
    #expect(transport.port(of: sender) != 0)
    #expect(transport.receiveBytes(from: receiver) == nil)
    transport.send([1, 2, 3], to: Endpoint(address: loopback, port: transport.port(of: receiver)), from: sender)
    wait(for: transport, receiver)
    let received = try #require(transport.receiveBytes(from: receiver))
    #expect(received.bytes == [1, 2, 3])
    #expect(received.source == Endpoint(address: loopback, port: transport.port(of: sender)))
  }

  @Test func `the loopback interface has its own address and waiting ends with a datagram`() throws {
    let transport = try UDPTransport(interface: "lo")
    #expect(transport.localAddresses == [loopback])
    #expect(try UDPTransport().localAddresses.last.map { $0 >> 24 } == 127)
    let socket = try transport.bind(port: 0)
    transport.send([1], to: Endpoint(address: loopback, port: transport.port(of: socket)), from: socket)
    transport.wait(for: socket, seconds: 10)
    #expect(transport.receiveBytes(from: socket)?.bytes == [1])
    transport.wait(for: socket, seconds: 0)
  }

  @Test func `many datagrams arrive in order and once`() throws {
    let transport = try UDPTransport(interface: "lo")
    let sender = try transport.bind(port: 0)
    let receiver = try transport.bind(port: 0)
    let target = Endpoint(address: loopback, port: transport.port(of: receiver))
    let sent = (0..<100).map { [UInt8($0), 7] }
    for datagram in sent { transport.send(datagram, to: target, from: sender) }
    wait(for: transport, receiver)
    #expect(transport.receiveAll(from: receiver) == sent)
  }

  private func numbered(_ count: Int, each size: Int, last: Int) -> [[UInt8]] {
    (0..<count).map { [UInt8](repeating: UInt8(truncatingIfNeeded: $0), count: $0 == count - 1 ? last : size) }
  }

  @Test(arguments: [(48, 1200, 1200), (10, 100, 40), (2, 7, 1), (1, 9, 9), (0, 9, 9)])
  func `datagrams that are sent together arrive one by one`(count: Int, size: Int, last: Int) throws {
    let transport = try UDPTransport(interface: "lo")
    let sender = try transport.bind(port: 0)
    let receiver = try transport.bind(port: 0)
    let target = Endpoint(address: loopback, port: transport.port(of: receiver))
    let sent = numbered(count, each: size, last: last)
    sent.flatMap { $0 }.withUnsafeBytes { transport.send($0, each: size, to: target, from: sender) }
    transport.send([1, 2], to: target, from: sender)
    wait(for: transport, receiver)
    #expect(transport.receiveAll(from: receiver) == sent + [[1, 2]])
  }

  @Test func `of datagrams that came together the too long ones are skipped`() throws {
    let transport = try UDPTransport(interface: "lo")
    let sender = try transport.bind(port: 0)
    let receiver = try transport.bind(port: 0)
    let target = Endpoint(address: loopback, port: transport.port(of: receiver))
    let bytes = numbered(3, each: 100, last: 40).flatMap { $0 }
    bytes.withUnsafeBytes { transport.send($0, each: 100, to: target, from: sender) }
    wait(for: transport, receiver)
    #expect(transport.receiveBytes(from: receiver, room: 99)?.bytes == [UInt8](repeating: 2, count: 40))
    #expect(transport.receiveBytes(from: receiver) == nil)
  }

  @Test func `what the system does not send together is sent one by one`() throws {
    let transport = try UDPTransport(interface: "lo")
    let sender = try transport.bind(port: 0)
    let receiver = try transport.bind(port: 0)
    let target = Endpoint(address: loopback, port: transport.port(of: receiver))
    // More than it cuts one call into; the second time nobody asks it.
    let sent = numbered(200, each: 2, last: 1)
    for _ in 0..<2 {
      sent.flatMap { $0 }.withUnsafeBytes { transport.send($0, each: 2, to: target, from: sender) }
      wait(for: transport, receiver)
      #expect(transport.receiveAll(from: receiver) == sent)
    }
    #expect(!transport.hasFailed)
  }

  @Test func `a virtual network takes datagrams together, too`() throws {
    let network = VirtualNetwork(seed: 1)
    let (one, two) = (network.addHost(), network.addHost())
    let (sender, receiver) = (try one.bind(port: 0), try two.bind(port: 0))
    let sent = numbered(5, each: 10, last: 3)
    let target = Endpoint(address: two.address, port: two.port(of: receiver))
    sent.flatMap { $0 }.withUnsafeBytes { one.send($0, each: 10, to: target, from: sender) }
    #expect(two.receiveAll(from: receiver) == sent)
  }

  @Test func `a broadcast on lo reaches every socket of the port on this machine`() throws {
    let transport = try UDPTransport(interface: "lo")
    let receiver = try transport.bind(port: 0)
    let sender = try transport.bind(port: 0)
    transport.broadcast([9], toPort: transport.port(of: receiver), from: sender)
    wait(for: transport, receiver)
    let received = try #require(transport.receiveBytes(from: receiver))
    #expect(received.bytes == [9])
    #expect(received.source.address >> 24 == 127)
    #expect(NetworkInterface.all(named: "lo").compactMap(\.broadcastAddress) == [0x7FFF_FFFF])
  }

  @Test func `a taken port is refused with its number`() throws {
    let first = try UDPTransport(interface: "lo")
    let port = first.port(of: try first.bind(port: 0))
    let second = try UDPTransport(interface: "lo")
    #expect(throws: TransportError.portTaken(port)) { try second.bind(port: port) }
    #expect(TransportError.portTaken(port).description == "UDP port \(port) is taken by another program")
  }

  @Test func `a closed socket's port is free again and its id is dead`() throws {
    let transport = try UDPTransport(interface: "lo")
    let socket = try transport.bind(port: 0)
    let port = transport.port(of: socket)
    transport.close(socket)
    #expect(transport.port(of: socket) == 0)
    let again = try transport.bind(port: port)
    #expect(again != socket)
    transport.send([1], to: Endpoint(address: loopback, port: port), from: socket)
    #expect(transport.receiveBytes(from: socket) == nil)
    #expect(!transport.hasFailed)
  }

  @Test func `an interface nobody has is refused`() {
    #expect(throws: TransportError.unknownInterface("no-such-if")) { try UDPTransport(interface: "no-such-if") }
  }

  @Test func `lo sends nothing outside of loopback`() throws {
    let transport = try UDPTransport(interface: "lo")
    let socket = try transport.bind(port: 0)
    // An address of this machine itself, so that a failing test does not send anything away either.
    for own in NetworkInterface.all() where own.address >> 24 != 127 {
      transport.send([1], to: Endpoint(address: own.address, port: transport.port(of: socket)), from: socket)
      #expect(transport.receiveBytes(from: socket) == nil)
    }
  }

  @Test func `too long datagrams are skipped, those behind them arrive`() throws {
    let transport = try UDPTransport(interface: "lo")
    let sender = try transport.bind(port: 0)
    let receiver = try transport.bind(port: 0)
    let target = Endpoint(address: loopback, port: transport.port(of: receiver))
    transport.send([UInt8](repeating: 1, count: 200), to: target, from: sender)
    transport.send([2], to: target, from: sender)
    wait(for: transport, receiver)
    #expect(transport.receiveBytes(from: receiver, room: 100)?.bytes == [2])
    transport.send([UInt8](repeating: 3, count: 1501), to: target, from: sender)
    transport.send([UInt8](repeating: 4, count: 1500), to: target, from: sender)
    wait(for: transport, receiver)
    #expect(transport.receiveAll(from: receiver) == [[UInt8](repeating: 4, count: 1500)])
  }

  @Test func `a socket that dies makes the transport fail`() throws {
    let transport = try UDPTransport(interface: "lo")
    let socket = try transport.bind(port: 0)
    let descriptor = try #require(transport.descriptor(of: socket))
    #expect(transport.receiveBytes(from: socket) == nil)
    #expect(!transport.hasFailed)
    let null = open("/dev/null", O_RDWR)
    _ = dup2(null, descriptor)
    _ = Glibc.close(null)
    #expect(transport.receiveBytes(from: socket) == nil)
    #expect(transport.hasFailed)
  }

  @Test func `datagrams that cannot be sent do not fail the transport`() throws {
    let transport = try UDPTransport(interface: "lo")
    let socket = try transport.bind(port: 0)
    transport.send([1], to: Endpoint(address: loopback, port: 0), from: socket)
    // Nobody listens there.
    let other = try transport.bind(port: 0)
    let port = transport.port(of: other)
    transport.close(other)
    transport.send([1], to: Endpoint(address: loopback, port: port), from: socket)
    #expect(transport.receiveBytes(from: socket) == nil)
    #expect(!transport.hasFailed)
  }
}
