import NetRuntime
import Testing

@Suite struct VirtualTranslatorTests {
  private let network = VirtualNetwork(seed: 1)

  /// What a host behind a translator hears, when it has sent to one port of one host: from there, from another port of that
  /// host, from another host.
  @Test(arguments: TranslatorKind.allCases)
  func eachKindLetsInWhomItShould(_ kind: TranslatorKind) throws {
    let inside = network.addHost(behind: network.addTranslator(kind))
    let socket = try inside.bind(port: 1000)
    let (one, two) = (network.addHost(), network.addHost())
    let (asked, port, stranger) = (try one.bind(port: 1), try one.bind(port: 2), try two.bind(port: 1))
    inside.send([1], to: Endpoint(address: one.address, port: 1), from: socket)
    let source = try #require(one.receiveBytes(from: asked)).source
    #expect(source.address == 0xCB00_7101 && source.port != 1000)
    one.send([1], to: source, from: asked)
    one.send([2], to: source, from: port)
    two.send([3], to: source, from: stranger)
    let heard: [[UInt8]] =
      switch kind {
      case .fullCone: [[1], [2], [3]]
      case .addressRestricted: [[1], [2]]
      case .portRestricted, .symmetric: [[1]]
      }
    #expect(inside.receiveAll(from: socket) == heard)
    inside.send([1], to: Endpoint(address: two.address, port: 1), from: socket)
    let next = try #require(two.receiveBytes(from: stranger)).source
    #expect((next == source) == (kind != .symmetric))
  }

  @Test func networksBehindTranslatorsAreApart() throws {
    let home = network.addTranslator(.fullCone)
    let (one, two) = (network.addHost(behind: home), network.addHost(behind: home))
    let three = network.addHost(behind: network.addTranslator(.fullCone))
    let open = network.addHost()
    #expect([one, two, three].map(\.address) == [0xC0A8_0001, 0xC0A8_0002, 0xC0A8_0001])
    #expect(one.localAddresses == [0xC0A8_0001])
    let sockets = try [one, two, three, open].map { ($0, try $0.bind(port: 9)) }
    let outside = try #require(sockets.last)
    open.send([1], to: Endpoint(address: one.address, port: 9), from: outside.1)
    three.send([2], to: Endpoint(address: two.address, port: 9), from: sockets[2].1)
    one.send([3], to: Endpoint(address: two.address, port: 9), from: sockets[0].1)
    one.broadcast([4], toPort: 9, from: sockets[0].1)
    #expect(sockets.map { $0.0.receiveAll(from: $0.1) } == [[[4]], [[3], [4]], [], []])
    // What goes out does not come back in.
    one.send([5], to: Endpoint(address: 0xCB00_7101, port: 9), from: sockets[0].1)
    #expect(two.receiveAll(from: sockets[1].1).isEmpty)
  }
}
