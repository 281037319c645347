import CAllocationCounter
import Testing

@testable import NetRuntime

@Suite struct ConnectionAllocationTests {
  private final class Source: StateSource {
    func hasState(for link: LinkID) -> Bool { true }

    func writeState(
      for link: LinkID, into buffer: UnsafeMutableRawBufferPointer, records: inout [UInt64], at now: Double
    ) -> Int {
      for record in 0..<8 as Range<UInt64> { records.append(record) }
      return min(buffer.count, 100)
    }
    func stateAcknowledged(_ records: UnsafeBufferPointer<UInt64>, on link: LinkID) {}
    func stateLost(_ records: UnsafeBufferPointer<UInt64>, on link: LinkID) {}
  }

  @Test func theCounterCounts() {
    let before = allocation_count()
    let memory = UnsafeMutableRawPointer.allocate(byteCount: 100, alignment: 8)
    #expect(allocation_count() > before)
    memory.deallocate()
  }

  @Test(.enabled(if: isOptimised, "counts in release only"))
  func nothingIsAllocatedAPacketOrAMessage() throws {
    let (world, one, two) = try TestWorld.connected(
      seed: 6, LinkFaults(latency: 0.02, jitter: 0.01, loss: 0.05, duplication: 0.05, reordering: 0.05))
    let source = Source()
    let body = UnsafeMutableRawBufferPointer.allocate(byteCount: 24, alignment: 8)
    body.initializeMemory(as: UInt8.self, repeating: 7)
    defer { body.deallocate() }
    var delivered = 0
    func frames(_ count: Int) throws {
      let ends = [(one, two, one.link(to: two)), (two, one, two.link(to: one))]
      for _ in 0..<count {
        world.network.advance(to: world.network.now + 1.0 / 60)
        for (peer, _, link) in ends {
          peer.connections.receive(at: world.network.now)
          while peer.connections.nextDelivery() != nil { delivered += 1 }
          for _ in 0..<10 where peer.connections.reliableBytesLeft(on: link) > 100 {
            try peer.connections.sendReliable(.rpc, UnsafeRawBufferPointer(body), to: link, share: .script)
            try peer.connections.sendUnreliable(.rpc, UnsafeRawBufferPointer(body), priority: 1, to: link)
          }
          peer.connections.transmit(at: world.network.now, state: source)
        }
      }
    }
    try frames(1200)
    delivered = 0
    let before = allocation_count()
    try frames(600)
    let allocations = allocation_count() - before
    #expect(delivered > 10_000)
    // The list of both ends, once.
    #expect(allocations <= 2, "\(allocations) allocations for \(delivered) messages")
  }
}
