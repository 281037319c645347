import Testing

@testable import NetRuntime

/// A source with one number to tell: each block carries the number, and its record, until one is acknowledged.
private final class Counter: StateSource {
  var latest: UInt64 = 0
  var isDirty = false
  var acknowledged: [UInt64] = []
  var lost: [UInt64] = []
  var capacities: [Int] = []

  func set(_ value: UInt64) {
    latest = value
    isDirty = true
  }

  func hasState(for link: LinkID) -> Bool { true }

  func writeState(
    for link: LinkID, into buffer: UnsafeMutableRawBufferPointer, records: inout [UInt64], at now: Double
  ) -> Int {
    capacities.append(buffer.count)
    guard isDirty else { return 0 }
    isDirty = false
    buffer.storeBytes(of: latest, as: UInt64.self)
    records.append(latest)
    return 8
  }

  func stateAcknowledged(_ records: UnsafeBufferPointer<UInt64>, on link: LinkID) { acknowledged += records }

  func stateLost(_ records: UnsafeBufferPointer<UInt64>, on link: LinkID) {
    lost += records
    if records.contains(latest) { isDirty = true }
  }
}

@Suite struct ConnectionStateTests {
  private func number(_ body: [UInt8]) -> UInt64 {
    body.withUnsafeBytes { $0.count == 8 ? $0.loadUnaligned(as: UInt64.self) : 0 }
  }

  @Test(arguments: 1...10 as ClosedRange<UInt64>)
  func theLatestStateArrivesAndEveryRecordHasAFate(seed: UInt64) throws {
    let (world, one, two) = try TestWorld.connected(
      seed: seed, LinkFaults(latency: 0.04, jitter: 0.02, loss: 0.3, duplication: 0.1, reordering: 0.1))
    let counter = Counter()
    one.state = counter
    for value in 1...200 as ClosedRange<UInt64> {
      counter.set(value)
      world.step()
    }
    world.run(4)
    #expect(two.messages.map(number).max() == 200)
    #expect(
      two.entries.allSatisfy { entry in
        if case .message(let received) = entry { return received.channel == .session && !received.isReliable }
        return true
      })
    #expect(!counter.lost.isEmpty)
    // Sent at most every second frame, so not each value was; what was sent has exactly one fate a packet.
    #expect(counter.acknowledged.contains(200))
    #expect(Set(counter.acknowledged).count == counter.acknowledged.count)
  }

  @Test func stateGetsWhatTheStreamLeavesOfADatagram() throws {
    let (world, one, two) = try TestWorld.connected()
    let counter = Counter()
    one.state = counter
    try one.send([UInt8](repeating: 1, count: 500), to: two)
    counter.set(1)
    world.run(0.1)
    #expect(two.messages.count == 2)
    let first = try #require(counter.capacities.first)
    #expect(first < FrameKind.capacity - 500 && first > FrameKind.capacity - 530)
  }

  @Test func anotherSourceHearsNothingOfItsPredecessorsPackets() throws {
    let (world, one, _) = try TestWorld.connected(LinkFaults(latency: 0.1))
    let old = Counter()
    one.state = old
    old.set(77)
    world.run(0.05)
    let new = Counter()
    one.state = new
    world.run(1)
    #expect(old.acknowledged.isEmpty && new.acknowledged.isEmpty && new.lost.isEmpty)
  }

  @Test func recordsStayInOnePieceAndKeepTheirNumbers() {
    let random = SeededRandomSource(seed: 3)
    var records = StateRecords()
    defer { records.destroy() }
    var kept: [(start: UInt64, values: [UInt64])] = []
    var next: UInt64 = 0
    for _ in 0..<2000 {
      let values = (0..<random.next(below: 40)).map { _ in
        next += 1
        return next
      }
      let oldest = kept.first?.start ?? records.next
      kept.append((values.withUnsafeBufferPointer { records.append($0, oldest: oldest) }, values))
      while kept.count > Int(random.next(below: 20)) {
        let (start, values) = kept.removeFirst()
        #expect(Array(records.records(from: start, count: UInt32(values.count))) == values)
      }
    }
  }
}
