import Testing

@testable import NetRuntime

/// The literals come from scripts/wire_vectors.py, which was written from docs/wire.md and knows nothing of this code.
@Suite struct PathWireTests {
  private typealias Runs = ConnectionWireTests.Runs
  private typealias Recorder = ConnectionWireTests.Recorder

  private func finder(
    _ id: UInt64, _ network: VirtualNetwork, runsFrom: UInt8
  ) throws -> (PathFinder, PathTransport, Recorder, SocketID) {
    let recorder = Recorder(network.addHost())
    let transport = PathTransport(recorder)
    let socket = try transport.bind(port: 5000)
    let finder = PathFinder(
      transport: transport, socket: socket, localPeer: PeerID(rawValue: id), random: Runs(from: runsFrom),
      log: { _, _ in })
    return (finder, transport, recorder, socket)
  }

  @Test func aSearchForAWayIsWhatTheSpecificationSays() throws {
    let network = VirtualNetwork(seed: 1)
    let fromRelay = Recorder(network.addHost())
    let relaySocket = try fromRelay.bind(port: 7780)
    let server = RelayServer(
      transport: fromRelay, socket: relaySocket, secret: Array("a secret of the server".utf8), random: Runs(from: 0x30))
    let relay = Endpoint(address: 0x0A00_0001, port: 7780)
    let (one, oneTransport, fromOne, oneSocket) = try finder(1, network, runsFrom: 0x10)
    let (two, twoTransport, fromTwo, twoSocket) = try finder(2, network, runsFrom: 0x20)
    one.setServer(server.grant(for: one.localPeer, at: relay))
    func step() {
      server.receive(at: 0)
      #expect(oneTransport.receiveAll(from: oneSocket).isEmpty)
      one.receive(at: 0)
      #expect(twoTransport.receiveAll(from: twoSocket).isEmpty)
      two.receive(at: 0)
    }
    two.find(one.localPeer, [])
    one.transmit(at: 0)
    step()
    #expect(fromOne.sent.map(hexadecimal) == [Self.whereAmI])
    #expect(fromRelay.sent.map(hexadecimal) == [Self.address])
    one.find(two.localPeer, [Endpoint(address: 0x0A00_0003, port: 5000)])
    one.transmit(at: 0)
    #expect(fromOne.sent.map(hexadecimal).dropFirst().prefix(2) == [Self.register, Self.probe])
    step()
    #expect(fromRelay.sent.map(hexadecimal).last == Self.registered)
    #expect(fromTwo.sent.map(hexadecimal) == [Self.answer])

    // Over the relay, once the other end has registered, too.
    two.setServer(server.grant(for: two.localPeer, at: relay))
    two.transmit(at: 0)
    step()
    step()
    two.transmit(at: 0)
    step()
    let way = try #require(oneTransport.tunnel.endpoint(of: two.localPeer))
    oneTransport.send([16] + Array("hello".utf8), to: way, from: oneSocket)
    #expect(fromOne.sent.map(hexadecimal).last == Self.relay)
    server.receive(at: 0)
    #expect(fromRelay.sent.map(hexadecimal).last == Self.relayed)
    let received = try #require(twoTransport.receiveBytes(from: twoSocket))
    #expect(received.bytes == [16] + Array("hello".utf8))
    #expect(received.source == twoTransport.tunnel.endpoint(of: one.localPeer))
  }

  private static let whereAmI =
    "5357415901020000111111111111111100000000000000000000000000000000"
  private static let probe =
    "5357415901010000010000000000000002000000000000000000a040280d1e940000000000000000"
  private static let address =
    "535741590103000011111111111111111311111b99020000390081a611cb7818"
  private static let answer =
    "5357415901010000020000000000000001000000000000000000d074ce981e400000a040280d1e94"
  private static let register =
    "535741590104010001000000000000001212121212121212390081a611cb78180200000000000000dd9d6bb5c47e61c0"
    + "d0c883902836390c"
  private static let registered =
    "53574159010500001212121212121212748ad61b023fda5ac84e46c7f911f4e9"
  private static let relay =
    "535741590106000002000000000000001068656c6c6f71c519a2f6876630f184c687cf81dd8e"
  private static let relayed =
    "535741590107000001000000000000001068656c6c6f3fa585158bd74098f865f6f46e412bd6"
}
