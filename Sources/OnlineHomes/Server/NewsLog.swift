import NetRuntime

/// The last news of one player, numbered, so that a stream that broke goes on where it was.
struct NewsLog {
  /// One event, encoded once for all who get it.
  struct Event {
    var name: NewsEvent
    var data: [UInt8]
  }

  private var events: [Event] = []
  /// Where the oldest event that is held stands in `events`.
  private var start = 0
  private var size = 0
  /// The number of the newest event; the first one has `base + 1`.
  private(set) var last: UInt64

  /// - Parameter base: Higher than all numbers of a log that this player had before, so that no number of that one
  ///   counts here.
  init(base: UInt64) { last = base }

  /// The numbers below which nothing is held: who has seen this one misses nothing.
  private var floor: UInt64 { last - UInt64(events.count - start) }

  mutating func append(_ event: Event) {
    events.append(event)
    size += event.data.count
    last &+= 1
    while events.count - start > 1, events.count - start > Limits.heldNews || size > Limits.heldNewsSize {
      size -= events[start].data.count
      events[start].data = []
      start += 1
    }
    if start > Limits.heldNews {
      events.removeFirst(start)
      start = 0
    }
  }

  /// Forgets all: who listens next gets everything anew.
  mutating func clear() {
    events.removeAll()
    start = 0
    size = 0
    last &+= 1
  }

  /// What came after a number, the oldest first; nil where some of it is not held any more.
  func events(after number: UInt64) -> [(number: UInt64, event: Event)]? {
    guard number >= floor, number <= last else { return nil }
    let first = start + Int(number - floor)
    return events[first...].enumerated().map { (number + 1 + UInt64($0.offset), $0.element) }
  }

  /// News that are held, and their bytes.
  var held: (count: Int, size: Int) { (events.count - start, size) }
}
