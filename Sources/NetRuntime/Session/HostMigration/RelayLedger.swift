/// Reliable messages between two clients, which the host passes on: numbered for each pair, and kept by the sender
/// until the host says that the target has them. So a new host can be given those that died with the old one, and the
/// target knows those that it has.
struct RelayLedger {
  /// What waits for word from one target: messages one behind the other, each with its length in front.
  private struct Outbox {
    var target: UInt32
    /// The number of the first message that is kept, and of the next one.
    var first: UInt32 = 1
    var next: UInt32 = 1
    var bytes: [UInt8] = []
    var head = 0
  }

  /// Bytes of the length in front of each message.
  private static let prefix = 4

  private var outboxes: [Outbox] = []
  /// The last number that came from each source.
  private var taken: [(source: UInt32, number: UInt32)] = []

  // MARK: Sender

  /// Bytes that are kept for a target.
  func bytesKept(for target: UInt32) -> Int {
    for outbox in outboxes where outbox.target == target { return outbox.bytes.count - outbox.head }
    return 0
  }

  /// Bytes that a message takes while it is kept.
  static func size(of body: UnsafeRawBufferPointer) -> Int { body.count + prefix }

  /// The number of the next message to a target.
  func nextNumber(for target: UInt32) -> UInt32 {
    for outbox in outboxes where outbox.target == target { return outbox.next }
    return 1
  }

  /// Keeps a message and numbers it.
  mutating func keep(_ body: UnsafeRawBufferPointer, for target: UInt32) -> UInt32 {
    let place: Int
    if let found = outboxes.firstIndex(where: { $0.target == target }) {
      place = found
    } else {
      place = outboxes.count
      outboxes.append(Outbox(target: target))
    }
    withUnsafeBytes(of: UInt32(body.count)) { outboxes[place].bytes.append(contentsOf: $0) }
    outboxes[place].bytes.append(contentsOf: body)
    defer { outboxes[place].next &+= 1 }
    return outboxes[place].next
  }

  /// The target has all messages up to a number.
  mutating func delivered(upTo number: UInt32, to target: UInt32) {
    guard let place = outboxes.firstIndex(where: { $0.target == target }) else { return }
    while outboxes[place].head < outboxes[place].bytes.count, outboxes[place].first <= number {
      outboxes[place].head += Self.prefix + RelayLedger.count(outboxes[place].bytes, at: outboxes[place].head)
      outboxes[place].first += 1
    }
    let head = outboxes[place].head
    if head == outboxes[place].bytes.count {
      outboxes[place].bytes.removeAll(keepingCapacity: true)
      outboxes[place].head = 0
    } else if head > 4096, head * 2 > outboxes[place].bytes.count {
      outboxes[place].bytes.removeFirst(head)
      outboxes[place].head = 0
    }
  }

  /// What is kept for each target, in the order of sending.
  func forEachKept(_ use: (_ target: UInt32, _ number: UInt32, _ body: UnsafeRawBufferPointer) -> Void) {
    for outbox in outboxes {
      var position = outbox.head
      var number = outbox.first
      while position < outbox.bytes.count {
        let count = RelayLedger.count(outbox.bytes, at: position)
        position += Self.prefix
        outbox.bytes.withUnsafeBytes {
          use(outbox.target, number, UnsafeRawBufferPointer(rebasing: $0[position..<position + count]))
        }
        position += count
        number &+= 1
      }
    }
  }

  private static func count(_ bytes: [UInt8], at position: Int) -> Int {
    Int(bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: position, as: UInt32.self) })
  }

  // MARK: Target

  /// Whether a message is the next one of its source; it counts as taken then.
  mutating func take(_ number: UInt32, from source: UInt32) -> Bool {
    guard let place = taken.firstIndex(where: { $0.source == source }) else {
      guard number == 1 else { return false }
      taken.append((source, number))
      return true
    }
    guard number == taken[place].number &+ 1 else { return false }
    taken[place].number = number
    return true
  }

  /// A member is gone for good.
  mutating func forget(_ join: UInt32) {
    outboxes.removeAll { $0.target == join }
    taken.removeAll { $0.source == join }
  }

  mutating func removeAll() {
    outboxes.removeAll()
    taken.removeAll()
  }
}

/// Relayed messages on their way from the host to one client: whose they were, to tell the senders once they arrived.
struct RelaysInFlight {
  private var entries: [(source: UInt8, number: UInt32, offset: UInt64)] = []
  private var head = 0

  mutating func append(source: UInt8, number: UInt32, offset: UInt64) {
    entries.append((source, number, offset))
  }

  /// Takes out all that arrived; of each source slot only the latest is told.
  mutating func arrived(acknowledged: UInt64, _ tell: (_ source: UInt8, _ number: UInt32) -> Void) {
    let start = head
    while head < entries.count, entries[head].offset <= acknowledged { head += 1 }
    guard head > start else { return }
    var told: UInt64 = 0
    for index in stride(from: head - 1, through: start, by: -1) {
      let bit = UInt64(1) << UInt64(entries[index].source)
      if told & bit != 0 { continue }
      told |= bit
      tell(entries[index].source, entries[index].number)
    }
    if head == entries.count {
      removeAll()
    } else if head > 64, head * 2 > entries.count {
      entries.removeFirst(head)
      head = 0
    }
  }

  /// A member is gone, and its slot may become another's.
  mutating func forget(source: UInt8) {
    entries.removeSubrange(..<head)
    head = 0
    entries.removeAll { $0.source == source }
  }

  mutating func removeAll() {
    entries.removeAll(keepingCapacity: true)
    head = 0
  }
}
