import Glibc
import Testing

@testable import NetRuntime

/// A network that dies when the test says so.
private final class MortalTransport: Transport {
  let inner: any Transport
  var hasFailed = false

  init(_ inner: any Transport) { self.inner = inner }

  func bind(port: UInt16) throws(TransportError) -> SocketID { try inner.bind(port: port) }
  func port(of socket: SocketID) -> UInt16 { inner.port(of: socket) }
  func send(_ datagram: UnsafeRawBufferPointer, to destination: Endpoint, from socket: SocketID) {
    inner.send(datagram, to: destination, from: socket)
  }
  func broadcast(_ datagram: UnsafeRawBufferPointer, toPort port: UInt16, from socket: SocketID) {
    inner.broadcast(datagram, toPort: port, from: socket)
  }
  func receive(into buffer: UnsafeMutableRawBufferPointer, from socket: SocketID) -> ReceivedDatagram? {
    inner.receive(into: buffer, from: socket)
  }
  func close(_ socket: SocketID) { inner.close(socket) }
}

@Suite struct FatalErrorTests {
  private final class Log {
    var warnings: [String] = []
  }

  private func start(_ transport: any Transport, _ log: Log) throws -> NetworkRuntime {
    let runtime = NetworkRuntime(
      .init(
        transport: transport, random: SeededRandomSource(seed: 1), now: { 0 },
        log: { level, line in if level == .warnings { log.warnings.append(line().text) } }))
    #expect(!runtime.hasFailed)
    try runtime.startLAN(config: try NetworkConfig.parse(Array("messages = { a = {} }".utf8), file: "test"))
    return runtime
  }

  private func frame(_ runtime: NetworkRuntime) {
    runtime.receive()
    while runtime.nextEvent() != nil {}
    runtime.transmit()
  }

  @Test func aFailedTransportIsFatalWhileAClientRuns() throws {
    let transport = MortalTransport(VirtualNetwork(seed: 1).addHost())
    let log = Log()
    let runtime = try start(transport, log)
    frame(runtime)
    #expect(!runtime.hasFailed && log.warnings.isEmpty)
    transport.hasFailed = true
    frame(runtime)
    frame(runtime)
    #expect(runtime.hasFailed)
    #expect(
      log.warnings == ["a socket died: the network cannot be used any more, and Network.fatal_error gives true"])
    try runtime.stopClient()
    #expect(!runtime.hasFailed)
  }

  @Test func aDeadSocketOfTheSystemIsFatal() throws {
    let transport = try UDPTransport(interface: "lo")
    let log = Log()
    let runtime = try start(transport, log)
    frame(runtime)
    #expect(!runtime.hasFailed)
    // What is no socket any more fails as a dead one does; closing it would give its number to others.
    let descriptor = try #require(transport.descriptor(of: SocketID(rawValue: 0)))
    let nothing = open("/dev/null", O_RDWR | O_CLOEXEC)
    #expect(dup2(nothing, descriptor) == descriptor)
    close(nothing)
    frame(runtime)
    #expect(runtime.hasFailed)
  }
}
