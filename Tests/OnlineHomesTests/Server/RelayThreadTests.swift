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

    @Test func aServerMayHaveNone() async throws {
      let server = try await TestServer(store: TestStore()) { $0.hasRelay = false }
      #expect(try await server.signIn(1).relay == nil)
      #expect(try await server.call(.GET, "/metrics").text.contains("relay") == false)
      await server.stop()
    }
  }
}
