import Glibc
import Testing

@testable import NetRuntime

/// The same lobby over real sockets of the loopback interface; only the clock is virtual.
@Suite struct LANOverUDPTests {
  private final class Peer {
    let transport: UDPTransport
    let connections: Connections
    let client: LANClient

    init(_ id: UInt64) throws {
      let transport = try UDPTransport(interface: "lo")
      let socket = try transport.bind(port: 0)
      let connections = Connections(
        transport: transport, socket: socket, localPeer: PeerID(rawValue: id), schema: .plain,
        random: SystemRandomSource())
      self.transport = transport
      self.connections = connections
      client = try LANClient(
        transport: transport, links: connections,
        control: LobbyLinkControl(
          connect: { connections.connect(to: $0, at: $1) }, release: { connections.close($0) },
          endpoint: { connections.endpoint(of: $0) }),
        gamePort: transport.port(of: socket), schemaHash: 0, random: SystemRandomSource(), log: { _, _ in })
    }

    func update(at now: Double) {
      connections.receive(at: now)
      client.receive(at: now)
      while true {
        if let delivery = connections.nextDelivery() {
          client.handle(delivery, at: now)
        } else if let (link, peer, event) = connections.nextLinkEvent() {
          switch event {
          case .connected: client.linkConnected(link, peer: peer, at: now)
          case .broken: client.linkBroken(link, peer: peer, at: now)
          case .closed: client.linkClosed(link, peer: peer, at: now)
          case .refused(let reason): client.linkRefused(link, peer: peer, reason: "\(reason)", at: now)
          }
        } else {
          break
        }
      }
      client.advance(to: now)
      client.transmit(at: now)
      connections.transmit(at: now, state: nil)
    }
  }

  private func run(_ peers: [Peer], from now: inout Double, until condition: () -> Bool) -> Bool {
    for _ in 0..<300 {
      if condition() { return true }
      now += 0.02
      for peer in peers { peer.update(at: now) }
    }
    return condition()
  }

  @Test func `two find each other by broadcast on lo, meet, and go on when the host leaves`() throws {
    let host = try Peer(1)
    let guest = try Peer(2)
    // A free port, found by asking for any.
    let probe = try host.transport.bind(port: 0)
    let port = host.transport.port(of: probe)
    host.transport.close(probe)
    let lobby = host.client.createLobby(port: port, maxMembers: 4)
    #expect(lobby.state == .joined)
    #expect(guest.client.createLobby(port: port, maxMembers: 4).state == .failed)
    try lobby.setData([1], to: [2])
    var now = 0.0
    guest.client.browser.refresh(port: port)
    #expect(run([host, guest], from: &now) { !guest.client.browser.isRefreshing })
    let listing = try #require(guest.client.browser.lobby(at: 0))
    #expect(listing.address == Endpoint(address: 0x7F00_0001, port: port))
    #expect(listing.data[[1]] == [2])
    let joined = guest.client.joinLobby(address: listing.address.description, port: port)
    #expect(run([host, guest], from: &now) { joined.state == .joined && lobby.members.count == 2 })
    lobby.leave()
    #expect(run([host, guest], from: &now) { joined.isHost })
    #expect(joined.members == [PeerID(rawValue: 2)])
    // It answers on the same port now.
    host.client.browser.refresh(port: port)
    #expect(run([host, guest], from: &now) { !host.client.browser.isRefreshing })
    #expect(host.client.browser.lobby(at: 0)?.host == PeerID(rawValue: 2))
  }
}
