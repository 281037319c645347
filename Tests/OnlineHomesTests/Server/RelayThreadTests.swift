import NIOCore
import NetRuntime
import Testing

@testable import OnlineHomes

extension NetworkedTests {
  @Suite("The server's relay")
  struct RelayThreadTests {
    @Test func playersGetTheirKeysAndTheyLast() async throws {
      let store = TestStore()
      var server = try await TestServer(store: store)
      let port = server.port
      let anna = ClientPlayer(try server.address, 1)
      let bob = ClientPlayer(try server.address, 2)
      #expect(anna.directory.relay(for: anna.id) == nil, "not signed in yet")
      #expect(await anna.waits { _ in anna.directory.relay(for: anna.id) != nil })
      #expect(await bob.waits { _ in bob.directory.relay(for: bob.id) != nil })
      let grant = try #require(anna.directory.relay(for: anna.id))
      #expect(grant.endpoint == Endpoint("127.0.0.1:\(port)"))
      #expect(grant.key != bob.directory.relay(for: bob.id)?.key)
      await server.stop()
      #expect(anna.directory.relay(for: anna.id) == grant, "it stays while the service is lost")
      server = try await TestServer(store: store, port: port)
      let again = try await server.signIn(1)
      #expect(again.relay == RelayOffer(port: port, key: grant.key))
      await server.stop()
    }

    @Test func itIsReachedWhereTheServerIs() throws {
      for address in ["127.0.0.1", "127.3.4.5", "::1"] { #expect(try RelayThread.interface(with: address) == "lo") }
      for address in ["0.0.0.0", "::"] { #expect(try RelayThread.interface(with: address) == nil) }
      for device in try System.enumerateDevices() {
        guard let address = device.address?.ipAddress, address != "::1" else { continue }
        #expect(try RelayThread.interface(with: address) == device.name)
      }
      #expect(throws: TransportError.unknownInterface("192.0.2.1")) { try RelayThread.interface(with: "192.0.2.1") }
    }

    @Test func itListens() async throws {
      let server = try await TestServer(store: TestStore()) { $0.relayHost = "relay.example.org" }
      #expect(try await server.signIn(1).relay?.host == "relay.example.org")
      let transport = try UDPTransport(interface: "lo")
      let socket = try transport.bind(port: 0)
      let words = Array("no datagram of a game".utf8)
      let endpoint = Endpoint(address: 0x7f00_0001, port: UInt16(server.port))
      words.withUnsafeBytes { transport.send($0, to: endpoint, from: socket) }
      var counted = false
      for _ in 0..<600 where !counted {
        let metrics = try await server.call(.GET, "/metrics").text
        counted = metrics.contains("stingray_relay_dropped_total{why=\"refused\"} 1\n")
        if !counted { try await Task.sleep(for: .milliseconds(20)) }
      }
      #expect(counted)
      await server.stop()
    }

    @Test func whoSignsOutIsForgotten() async throws {
      let server = try await TestServer(store: TestStore())
      let session = try await server.signIn(1)
      let key = try #require(session.relay?.key)
      let transport = PathTransport(try UDPTransport(interface: "lo"))
      let socket = try transport.bind(port: 0)
      let finder = PathFinder(
        transport: transport, socket: socket, localPeer: PeerID(rawValue: 1), random: SystemRandomSource(),
        log: { _, _ in })
      let endpoint = Endpoint(address: 0x7f00_0001, port: UInt16(server.port))
      finder.setServer(RelayGrant(endpoint: endpoint, key: key))
      finder.find(PeerID(rawValue: 2), [])
      let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 2048, alignment: 8)
      defer { buffer.deallocate() }
      var isKnown = false
      for _ in 0..<600 where !isKnown {
        while transport.receive(into: buffer, from: socket) != nil {}
        finder.receive(at: SharedClock.now)
        finder.transmit(at: SharedClock.now)
        try await Task.sleep(for: .milliseconds(20))
        isKnown = try await server.call(.GET, "/metrics").text.contains("stingray_relay_players 1\n")
      }
      #expect(isKnown)
      #expect(try await server.call(.POST, "/v1/sign-out", token: session.token).status == 204)
      #expect(try await server.call(.GET, "/metrics").text.contains("stingray_relay_players 0\n"))
      await server.stop()
    }

    @Test func aServerMayHaveNone() async throws {
      let server = try await TestServer(store: TestStore()) { $0.hasRelay = false }
      #expect(try await server.signIn(1).relay == nil)
      #expect(try await server.call(.GET, "/metrics").text.contains("relay") == false)
      await server.stop()
    }
  }
}
