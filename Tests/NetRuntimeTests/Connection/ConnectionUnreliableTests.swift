import Testing

@testable import NetRuntime

@Suite struct ConnectionUnreliableTests {
  @Test func arrivesUnderItsChannelAndMayBeLost() throws {
    let (world, one, two) = try TestWorld.connected(seed: 2, LinkFaults(loss: 0.2))
    for number in 0..<200 {
      try one.sendUnreliable(numbered(number, size: 20), to: two)
      world.step()
      world.step()
    }
    world.run(1)
    #expect(two.messages.count > 100 && two.messages.count < 200)
    let numbers = two.messages.map { Int($0[0]) }
    #expect(numbers == numbers.sorted() && Set(numbers).count == numbers.count)
  }

  @Test func aMessageNoDatagramHoldsGoesOnTheStream() throws {
    let (world, one, two) = try TestWorld.connected()
    try one.sendUnreliable([UInt8](repeating: 5, count: 5000), to: two)
    try one.sendUnreliable([UInt8](repeating: 6, count: 1000), to: two)
    world.run(0.5)
    #expect(two.messages.map(\.count).sorted() == [1000, 5000])
  }

  @Test func theLongestThatFitsADatagramIsSent() throws {
    let (world, one, two) = try TestWorld.connected()
    let longest = [UInt8](repeating: 5, count: FrameKind.unreliableSize - 2)
    try one.sendUnreliable(longest, to: two)
    world.run(0.1)
    #expect(two.entries.last == .message(.init(peer: one.id, channel: .rpc, isReliable: false, body: longest)))
  }

  private func queue(_ queue: inout UnreliableQueue, _ number: Int, size: Int = 4, priority: Float, at now: Double) {
    numbered(number, size: size).withUnsafeBytes { body in
      let head = MessageHead.value(.rpc, length: body.count)
      queue.append(head: head, headSize: MessageHead.size(head), body: body, priority: priority, at: now)
    }
  }

  private func drain(_ queue: inout UnreliableQueue) -> [Int] {
    var numbers: [Int] = []
    var buffer = [UInt8](repeating: 0, count: 1200)
    while let size = queue.nextSize {
      buffer.withUnsafeMutableBytes { queue.pop(into: $0.baseAddress!) }
      let head = size > 128 ? 2 : 1
      numbers.append(Int(buffer[head]) | Int(buffer[head + 1]) << 8)
    }
    return numbers
  }

  @Test func theMostUrgentComesFirstAndEqualsInTheirOrder() {
    var messages = UnreliableQueue()
    defer { messages.destroy() }
    for (number, priority) in [3, 1, 2, 1, 0.5, 3].enumerated() {
      queue(&messages, number, priority: Float(priority), at: 0)
    }
    #expect(drain(&messages) == [4, 1, 3, 2, 0, 5])
  }

  @Test func waitingMakesUrgent() {
    var messages = UnreliableQueue()
    defer { messages.destroy() }
    queue(&messages, 0, priority: 5, at: 0)
    queue(&messages, 1, priority: 1, at: 0.3)
    queue(&messages, 2, priority: 1, at: 0.5)
    #expect(drain(&messages) == [1, 0, 2])
  }

  @Test func aFullQueueDropsTheLeastUrgent() {
    var messages = UnreliableQueue()
    defer { messages.destroy() }
    for number in 0..<Limits.unreliableMessages { queue(&messages, number, priority: Float(number % 7), at: 0) }
    #expect(messages.count == Limits.unreliableMessages && messages.dropped == 0)
    queue(&messages, 9000, priority: 100, at: 0)
    #expect(messages.dropped == 1)
    queue(&messages, 9001, priority: -1, at: 0)
    #expect(messages.dropped == 2 && messages.count == Limits.unreliableMessages)
    let numbers = drain(&messages)
    #expect(numbers.first == 9001 && !numbers.contains(9000))
    // The last of those with the largest number gave way.
    #expect(!numbers.contains(Limits.unreliableMessages - 1 - (Limits.unreliableMessages - 1 - 6) % 7))
  }

  @Test func agreesWithASortedListInSpiteOfCompaction() {
    let random = SeededRandomSource(seed: 4)
    var messages = UnreliableQueue()
    defer { messages.destroy() }
    var model: [(key: Double, number: Int)] = []
    var buffer = [UInt8](repeating: 0, count: 1200)
    var time = 0.0
    for number in 0..<4000 {
      time += 0.01
      let priority = Float(random.next(below: 5))
      if model.count < 60 {
        queue(&messages, number, size: Int(random.next(below: 1000)) + 4, priority: priority, at: time)
        model.append((Double(priority) + time / UnreliableQueue.secondsPerPriority, number))
      }
      if random.next(below: 3) > 0, let size = messages.nextSize {
        buffer.withUnsafeMutableBytes { messages.pop(into: $0.baseAddress!) }
        let least = model.indices.min { (model[$0].key, model[$0].number) < (model[$1].key, model[$1].number) }!
        let (_, expected) = model.remove(at: least)
        let head = size > 32 ? (buffer[0] >= 0x80 ? 2 : 1) : 1
        #expect(Array(buffer[head..<size]) == numbered(expected, size: size - head))
      }
    }
  }
}
