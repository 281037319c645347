import CAllocationCounter
import Testing

@testable import NetRuntime

/// Sessions over real connections on the virtual network.
@Suite struct SessionConnectionTests {
  private func world(_ count: Int, clientServer: Bool) throws -> LinkedWorld {
    let text = SessionTestWorld.schema.split(separator: "TOPOLOGY", omittingEmptySubsequences: false)
      .joined(separator: clientServer ? "client-server" : "peer-to-peer")
    let faults = LinkFaults(latency: 0.03, jitter: 0.02, loss: 0.1, duplication: 0.05, reordering: 0.05)
    let world = try LinkedWorld(count, schema: text, faults)
    for index in 1..<count { try world.peers[0].session.addPeer(world.peers[index].id) }
    return world
  }

  @Test(arguments: [false, true])
  func membersAgreeOverABadNetwork(clientServer: Bool) throws {
    let world = try world(4, clientServer: clientServer)
    world.run(4)
    #expect(world.peers[0].session.synchronizedPeers.count == 3)
    let random = SeededRandomSource(seed: 8)
    for round in 0..<120 {
      for peer in world.peers where peer.session.isInSession {
        let own = peer.session.objects(ownedBy: peer.connections.localPeer)
        if own.count < 10 {
          _ = try peer.session.create("avatar", [("score", .int(Int64(round)))])
        } else {
          let id = own[Int(random.next(below: UInt64(own.count)))]
          try peer.session.set(id, "score", .int(Int64(random.next(below: 1000))))
          try peer.session.set(id, "label", .string([UInt8](repeating: 1, count: Int(random.next(below: 700)))))
          if random.next(below: 8) == 0 { try peer.session.destroyObject(id) }
        }
      }
      world.step()
    }
    world.run(5)
    let expected = try world.peers[0].session.snapshot()
    #expect(expected.count > 20)
    for peer in world.peers { #expect(try peer.session.snapshot() == expected) }
  }

  @Test(.enabled(if: isOptimised, "counts in release only"), arguments: [false, true])
  func nothingIsAllocatedAFieldUpdate(clientServer: Bool) throws {
    let world = try world(3, clientServer: clientServer)
    world.run(4)
    var ids: [[UInt32]] = []
    for peer in world.peers { ids.append(try (0..<20).map { _ in try peer.session.create("token") }) }
    world.run(2)
    let words = UnsafeMutableRawBufferPointer.allocate(byteCount: 16, alignment: 8)
    words.initializeMemory(as: UInt8.self, repeating: 0)
    defer { words.deallocate() }
    func frames(_ count: Int) throws {
      for frame in 0..<count {
        words.storeBytes(of: UInt16(frame % 1000), as: UInt16.self)
        for index in world.peers.indices {
          for id in ids[index] {
            try world.peers[index].session.setField(
              id, field: 0, packed: BitReader(UnsafeRawBufferPointer(words), bitOffset: 0, bitCount: 10))
          }
        }
        world.step()
      }
    }
    try frames(400)
    let before = allocation_count()
    try frames(200)
    let allocations = allocation_count() - before
    // 200 frames, 3 peers, 20 objects: 12,000 changes go out to two peers each.
    #expect(allocations <= 8, "\(allocations) allocations")
  }
}
