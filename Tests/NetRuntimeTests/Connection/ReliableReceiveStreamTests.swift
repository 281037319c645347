import Testing

@testable import NetRuntime

@Suite struct ReliableReceiveStreamTests {
  /// A stream in pieces that arrive in a random order, while the window grows to what each needs.
  @Test(arguments: 1...20 as ClosedRange<UInt64>)
  func whatCameEarlyStaysWhenTheWindowWidens(seed: UInt64) {
    let random = SeededRandomSource(seed: seed)
    var bytes: [UInt8] = []
    for number in 0..<400 {
      let size = 1 + Int(random.next() % 100)
      let head = UInt32(size) << 2
      bytes += head < 128 ? [UInt8(head)] : [UInt8(head & 127 | 128), UInt8(head >> 7)]
      bytes += [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: size)
    }
    var pieces: [Range<Int>] = []
    var start = 0
    while start < bytes.count {
      let end = min(bytes.count, start + 1 + Int(random.next() % 300))
      pieces.append(start..<end)
      start = end
    }
    // Each swaps with one not too far away, so that bytes arrive in order for a while, too.
    for index in pieces.indices.dropLast() where random.next() % 2 == 0 {
      pieces.swapAt(index, min(pieces.count - 1, index + Int(random.next() % 60)))
    }
    var stream = ReliableReceiveStream(window: 1024)
    defer { stream.destroy() }
    var numbers: [UInt8] = []
    for piece in pieces {
      bytes.withUnsafeBytes { whole in
        while stream.receive(
          offsetLow: UInt32(piece.lowerBound), whole.baseAddress! + piece.lowerBound, count: piece.count,
          deliver: { _, body in
            #expect(Set(body).count == 1)
            numbers.append(body[0])
          }) == .streamBeyondWindow
        {
          stream.widen(to: 2 * stream.window)
        }
      }
    }
    #expect(stream.received == UInt64(bytes.count))
    #expect(numbers == (0..<400).map { UInt8(truncatingIfNeeded: $0) })
    #expect(stream.window > 1024)
  }
}
