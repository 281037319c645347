import Testing

@testable import NetRuntime

/// The literals come from scripts/wire_vectors.py, which was written from docs/wire.md and knows nothing of this code.
@Suite struct ConnectionWireTests {
  /// What each draws is a run of one number, and the next draw's number is one more.
  final class Runs: RandomSource {
    private var number: UInt8
    init(from number: UInt8) { self.number = number }

    func next() -> UInt64 {
      defer { number += 1 }
      return UInt64(number) &* 0x0101_0101_0101_0101
    }

    func fill(_ buffer: UnsafeMutableRawBufferPointer) {
      buffer.initializeMemory(as: UInt8.self, repeating: number)
      number += 1
    }
  }

  /// Passes everything on and keeps what was sent.
  final class Recorder: Transport {
    let inner: VirtualTransport
    var sent: [[UInt8]] = []
    init(_ inner: VirtualTransport) { self.inner = inner }

    var hasFailed: Bool { inner.hasFailed }
    func bind(port: UInt16) throws(TransportError) -> SocketID { try inner.bind(port: port) }
    func port(of socket: SocketID) -> UInt16 { inner.port(of: socket) }
    func send(_ datagram: UnsafeRawBufferPointer, to destination: Endpoint, from socket: SocketID) {
      sent.append(Array(datagram))
      inner.send(datagram, to: destination, from: socket)
    }
    func broadcast(_ datagram: UnsafeRawBufferPointer, toPort port: UInt16, from socket: SocketID) {}
    func receive(into buffer: UnsafeMutableRawBufferPointer, from socket: SocketID) -> ReceivedDatagram? {
      inner.receive(into: buffer, from: socket)
    }
    func close(_ socket: SocketID) { inner.close(socket) }
  }

  private func peer(_ id: UInt64, _ network: VirtualNetwork, runsFrom: UInt8) throws -> (Connections, Recorder) {
    let recorder = Recorder(network.addHost())
    let socket = try recorder.bind(port: 49_152)
    let connections = Connections(
      transport: recorder, socket: socket, localPeer: PeerID(rawValue: id), schema: .plain,
      random: Runs(from: runsFrom))
    connections.offeredCiphers = .chaCha20Poly1305
    return (connections, recorder)
  }

  @Test func aConversationIsWhatTheSpecificationSays() throws {
    let network = VirtualNetwork(seed: 1)
    let (one, fromOne) = try peer(1, network, runsFrom: 0x10)
    let (two, fromTwo) = try peer(2, network, runsFrom: 0x20)
    let link = try #require(one.connect(to: PeerID(rawValue: 2), at: Endpoint(address: 0x0A00_0002, port: 49_152)))
    try Array("ping".utf8).withUnsafeBytes { _ = try one.sendReliable(.rpc, $0, to: link, share: .script) }
    one.transmit(at: 0, state: nil)
    two.receive(at: 0)
    one.receive(at: 0)
    two.receive(at: 0)
    one.receive(at: 0)
    two.receive(at: 0)
    two.transmit(at: 0, state: nil)
    #expect(fromOne.sent.map(hexadecimal) == [Self.hello, Self.connect, Self.data1])
    #expect(fromTwo.sent.map(hexadecimal) == [Self.cookie, Self.accept, Self.data2])
    #expect(two.nextLinkEvent()?.event == .connected)
    #expect(two.nextDelivery().map { Array($0.body) } == Array("ping".utf8))
    // With quality of service.
    one.receive(at: 1.5)
    one.qualityOfService = QualityOfService(minimumKbps: 8, initialKbps: 64, maximumTotalKbps: 128)
    try Array("m".utf8).withUnsafeBytes { try one.sendUnreliable(.rpc, $0, priority: 1, to: link) }
    one.transmit(at: 1.5, state: nil)
    two.receive(at: 2)
    two.transmit(at: 2, state: nil)
    #expect(fromOne.sent.last.map(hexadecimal) == Self.data3)
    #expect(fromTwo.sent.last.map(hexadecimal) == Self.data4)
  }

  private static let hello =
    "01534c4e45540200131313131313131301000000000000000200000000000000070000000000000001"
    + String(repeating: "00", count: 215)
  private static let cookie =
    "02534c4e45540200131313131313131321c8537cc1f3d10243629ea49a7a7b76"
  private static let connect =
    "03534c4e4554020013131313131313130100000000000000020000000000000007000000000000000100000021c8537c"
    + "c1f3d10243629ea49a7a7b7618a6f8c1a7fddf22bd410138f79f7298cd38d1d0a542d4266d556be8609d88623f2698e3"
    + "4cc4e8b5f05fbe599c76581fcc2401650ea69238e1c1d9022c37c4256c86e2ef00b00af209391748d2b705e4dc365b99"
    + "0e04ffb07d2072325870f82603d91fd4892b48f5"
    + String(repeating: "00", count: 92)
  private static let accept =
    "04534c4e4554020013131313131313139a4503a98ab10fe8d354c9c42cbd0c9d7944f52e7d14d8ea59775e7dc9e3bf4b"
    + "16aad48644cdf2ef00522de6e04eb513c03d458f2c4940463aa8a768d113acf618b41b4bdd16cc42ed6879453fd2bafb"
    + "9b690e80f46f32631223077d44bf4807ba3990bd9f7b7e9015bd353e881959227f"
  private static let data1 =
    "1000002222010000003cc714942472fd1aafdaf1812ed2d3689f6ad121bdfa131545fb7183a0c6dcb3fd92b294278536"
    + "d2ece189"
  private static let data3 =
    "100000222202000000119978435ce03bdb70959d0ae749c188d634a296dc2869401b808af24693ebe64715bb"
  private static let data4 =
    "100000121202000000a7ea25491e69a6a875a9462bc3c748fd0144282f438e5afb64cb6dde5b8929e2dbb932dd90493f"
  private static let data2 =
    "10000012120100000060d9d005b375f643a3bad0b697f9a67bce7dfb41cd3b2c65bd58814898271e5d7a2b"
}
