import NetRuntime
import Testing

@Suite struct LogTests {
  private let peer = PeerID(rawValue: 0xab)
  private let other = PeerID(rawValue: 0xcd)

  @Test func aLineKnowsWhatItIsAbout() {
    let plain: LogLine = "nothing in particular"
    #expect(plain == LogLine("nothing in particular"))
    let line: LogLine = "peer \(peer) took \(object: 17) and \(object: 18) from \(other), \(3) times"
    #expect(line == LogLine("peer ab took object 17 and object 18 from cd, 3 times", peer: peer, object: 17))
    let inner: LogLine = "lost \(object: 5) of peer \(other)"
    #expect(("so: \(inner)" as LogLine) == LogLine("so: lost object 5 of peer cd", peer: other, object: 5))
    #expect(("\(peer): \(inner)" as LogLine).peer == peer)
  }
}

/// Two peers in a lobby, whose log the test reads.
@Suite struct RuntimeLogTests {
  private final class Peer {
    var lines: [(level: LogLevel, line: LogLine)] = []
    var shown = LogLevel.messages
    private(set) var runtime: NetworkRuntime!

    init(_ network: VirtualNetwork, seed: UInt64) {
      var environment = NetworkRuntime.Environment(
        transport: network.addHost(), random: SeededRandomSource(seed: seed), now: { network.now },
        log: { [unowned self] level, line in if level <= shown { lines.append((level, line())) } })
      environment.shownLog = { [unowned self] in shown }
      runtime = NetworkRuntime(environment)
    }

    func texts(_ level: LogLevel) -> [String] { lines.filter { $0.level == level }.map(\.line.text) }
  }

  private let network = VirtualNetwork(seed: 1)
  private let peers: [Peer]

  init() throws {
    let network = network
    peers = (1...2).map { Peer(network, seed: $0) }
    let config = try NetworkConfig.parse(
      Array("messages = { hit = { args = [] } look = { args = [] reliable = false } }".utf8), file: "test")
    for (index, peer) in peers.enumerated() {
      try peer.runtime.startLAN(config: config, peer: PeerID(rawValue: UInt64(index) + 0xa1))
    }
    _ = try peers[0].runtime.createLobby(port: 7000, maxMembers: 4)
    _ = try peers[1].runtime.joinLobby(address: "10.0.0.1:7000", ownPort: nil)
    step(60)
  }

  private func step(_ frames: Int) {
    for _ in 0..<frames {
      network.advance(to: network.now + 1.0 / 60)
      for peer in peers {
        peer.runtime.receive()
        while peer.runtime.nextEvent() != nil {}
        peer.runtime.transmit()
      }
    }
  }

  private func send(_ name: String) throws {
    let index = try #require(peers[0].runtime.config?.messages.firstIndex { $0.name == name })
    let message = try peers[0].runtime.beginMessage(index)
    try peers[0].runtime.send(message, index: index, to: PeerID(rawValue: 0xa2))
    step(10)
  }

  @Test func messagesAreNamedAtBothEnds() throws {
    try send("hit")
    try send("look")
    #expect(peers[0].texts(.messages).suffix(2) == ["sent `hit` to peer a2", "sent `look` to peer a2"])
    #expect(peers[1].texts(.messages).suffix(2) == ["received `hit` from peer a1", "received `look` from peer a1"])
    #expect(peers[1].lines.last?.line.peer == PeerID(rawValue: 0xa1))
  }

  @Test func someMessagesCanBeLeftOut() throws {
    for peer in peers { try peer.runtime.ignoreInLog(message: "look") }
    try send("look")
    try send("hit")
    try send("look")
    #expect(peers[0].texts(.messages).last == "sent `hit` to peer a2")
    #expect(peers[1].texts(.messages).last == "received `hit` from peer a1")
    #expect(!peers.contains { $0.texts(.messages).contains { $0.contains("look") } })
    #expect(throws: NetworkError.unknownMessage("loot", nearest: "look")) {
      try peers[0].runtime.ignoreInLog(message: "loot")
    }
    #expect(throws: NetworkError.unknownMessage("x", nearest: nil)) { try peers[0].runtime.ignoreInLog(message: "x") }
  }

  @Test func packetsAreToldWhereSpewIsShownOnly() throws {
    step(60)
    #expect(peers[0].texts(.spew).isEmpty)
    peers[0].shown = .spew
    try send("hit")
    #expect(peers[0].texts(.spew).contains { $0.hasPrefix("sent packet ") })
    #expect(peers[0].texts(.spew).contains { $0.hasPrefix("received packet ") })
    peers[0].shown = .warnings
    step(1)
    peers[0].lines = []
    try send("hit")
    #expect(peers[0].lines.isEmpty)
  }
}
