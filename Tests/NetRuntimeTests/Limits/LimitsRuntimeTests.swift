import Testing

@testable import NetRuntime

@Suite struct LimitsRuntimeTests {
  @Test func formerPeersAreForgottenAtLast() throws {
    let network = VirtualNetwork(seed: 1)
    let config = try NetworkConfig.parse("messages = { hello = {} }", file: "test")
    var runtimes: [NetworkRuntime] = []
    for number in 1...2 as ClosedRange<UInt64> {
      let runtime = NetworkRuntime(
        .init(
          transport: network.addHost(), random: SeededRandomSource(seed: number), now: { network.now },
          log: { _, _ in }))
      try runtime.startLAN(config: config, gamePort: 0, peer: PeerID(rawValue: number))
      runtimes.append(runtime)
    }
    let strangers = (0..<Limits.knownPeers).map { PeerID(rawValue: 1000 + UInt64($0)) }
    for stranger in strangers { runtimes[0].knownPeers[stranger] = Endpoint(address: 1, port: 1) }
    _ = try runtimes[0].createLobby(port: 10_000, maxMembers: 4)
    let address = Endpoint(address: VirtualNetwork.address(of: 0), port: 10_000).description
    let lobby = try runtimes[1].joinLobby(address: address, ownPort: nil)
    for _ in 0..<120 {
      network.advance(to: network.now + 1.0 / 60)
      for runtime in runtimes {
        runtime.receive()
        while runtime.nextEvent() != nil {}
        runtime.transmit()
      }
    }
    #expect(lobby.state == .joined)
    #expect(runtimes[0].knownPeers.keys.map(\.rawValue) == [2])
  }
}
