import Testing

@testable import NetRuntime

/// Peers that connect, talk, close and restart as they please over a bad network.
@Suite struct ConnectionSoakTests {
  /// What one link's life looks like from one end: events in order, and messages that count up from 0.
  private func check(_ peer: TestPeer, _ seed: UInt64) {
    var isConnected: [PeerID: Bool] = [:]
    var lastNumber: [PeerID: Int] = [:]
    for entry in peer.entries {
      switch entry {
      case .event(let other, .connected):
        #expect(isConnected[other] != true, "seed \(seed): connected twice")
        isConnected[other] = true
        lastNumber[other] = nil
      case .event(let other, .broken):
        #expect(isConnected[other] == true, "seed \(seed): broken before it was connected")
      case .event(let other, .closed), .event(let other, .refused):
        isConnected[other] = false
      case .message(let received):
        #expect(isConnected[received.peer] == true, "seed \(seed): message without a connection")
        let number = Int(received.body[0]) | Int(received.body[1]) << 8
        // A link's first message has any number; those after it count up without a gap.
        if let last = lastNumber[received.peer] { #expect(number == last + 1, "seed \(seed): \(last) then \(number)") }
        lastNumber[received.peer] = number
      }
    }
  }

  @Test(arguments: 1...40 as ClosedRange<UInt64>)
  func everyLinkKeepsItsPromises(seed: UInt64) throws {
    let random = SeededRandomSource(seed: seed)
    let world = TestWorld(
      seed: seed, LinkFaults(latency: 0.05, jitter: 0.03, loss: 0.1, duplication: 0.1, reordering: 0.1))
    let settings = TimingSettings(pongTimeout: 4)
    for id in 1...4 as ClosedRange<UInt64> { try world.add(id, settings: settings) }
    var retired: [TestPeer] = []
    var numbers: [[UInt64]: Int] = [:]
    for _ in 0..<1500 {
      let one = world.peers[Int(random.next(below: 4))]
      let two = world.peers[Int(random.next(below: 4))]
      if one !== two {
        switch random.next(below: 100) {
        case 0: one.connections.close(one.link(to: two))
        case 1...8: one.connections.connect(to: two.id, at: two.endpoint)
        case 9 where random.next(below: 8) == 0:
          // Killed and started again with the same id.
          world.network.kill(one.transport.host)
          retired.append(one)
          world.peers.removeAll { $0 === one }
          try world.add(one.id.rawValue, seed: random.next(), settings: settings)
          for (pair, _) in numbers where pair[0] == one.id.rawValue { numbers[pair] = nil }
        case 10...90 where one.connections.link(to: two.id) != nil:
          let pair = [one.id.rawValue, two.id.rawValue]
          let number = numbers[pair, default: 0]
          let size = random.next(below: 30) == 0 ? 3000 : Int(random.next(below: 80))
          if (try? one.send(numbered(number, size: size), to: two)) != nil { numbers[pair] = number + 1 }
        default: break
        }
        for link in one.connections.linkList where one.connections.state(of: link) == .broken {
          one.connections.close(link)
        }
      }
      world.step()
    }
    for peer in world.peers + retired { check(peer, seed) }
    // Once all close, nothing is left anywhere.
    for peer in world.peers { for link in peer.connections.linkList { peer.connections.close(link) } }
    world.run(15)
    for peer in world.peers {
      #expect(peer.connections.linkList.isEmpty)
      #expect(peer.connections.table.pointee.end == 0, "seed \(seed)")
      #expect(peer.connections.initiators.isEmpty && peer.connections.fetches.isEmpty)
    }
  }
}
