/// Messages that may be lost, the most urgent first.
///
/// Waiting makes every message more urgent at the same pace, so the order of two messages never changes: it is that of
/// priority plus time of arrival in units of priority.
struct UnreliableQueue {
  /// A message of priority p + 1 that has waited this much longer, in seconds, is as urgent as one of priority p.
  static let secondsPerPriority = 0.1

  private struct Entry {
    var key: Double
    /// Breaks ties: first come, first served.
    var number: UInt32
    var offset: UInt32
    var size: UInt32
  }

  private let heap: UnsafeMutablePointer<Entry>
  private(set) var count = 0
  private var bytes: UnsafeMutableRawPointer
  private var spare: UnsafeMutableRawPointer
  /// Bytes of messages that wait, and where the next one is written.
  private var waiting = 0
  private var end = 0
  private var nextNumber: UInt32 = 0
  /// Messages that gave way to more urgent ones since the link began.
  private(set) var dropped: UInt64 = 0

  private static let capacity = Limits.unreliableMessages
  private static let space = 2 * Limits.unreliableBytes

  init() {
    heap = .allocate(capacity: Self.capacity + 1)
    bytes = .allocate(byteCount: Self.space, alignment: 16)
    spare = .allocate(byteCount: Self.space, alignment: 16)
  }

  func destroy() {
    heap.deallocate()
    bytes.deallocate()
    spare.deallocate()
  }

  /// Size with head of the most urgent message.
  @inline(__always)
  var nextSize: Int? { count > 0 ? Int(heap[0].size) : nil }

  /// Queues a message, which is at most a datagram long; the least urgent ones give way when there is no room.
  mutating func append(head: UInt32, headSize: Int, body: UnsafeRawBufferPointer, priority: Float, at now: Double) {
    let size = headSize + body.count
    let urgency = priority.isNaN ? 0 : min(max(Double(priority), -1e9), 1e9)
    let entry = Entry(
      key: urgency + now / Self.secondsPerPriority, number: nextNumber, offset: 0, size: UInt32(size))
    nextNumber &+= 1
    while count == Self.capacity || waiting + size > Limits.unreliableBytes {
      let least = leastUrgent
      dropped &+= 1
      if least < 0 || !isBefore(entry, heap[least]) { return }
      remove(at: least)
    }
    if end + size > Self.space { compact() }
    var placed = entry
    placed.offset = UInt32(end)
    MessageHead.write(head, size: headSize, to: bytes + end)
    if let source = body.baseAddress { (bytes + end + headSize).copyMemory(from: source, byteCount: body.count) }
    end += size
    waiting += size
    heap[count] = placed
    count += 1
    siftUp(count - 1)
  }

  /// Takes the most urgent message out, head and body, and writes it.
  mutating func pop(into target: UnsafeMutableRawPointer) {
    guard count > 0 else { return }
    let entry = heap[0]
    target.copyMemory(from: bytes + Int(entry.offset), byteCount: Int(entry.size))
    remove(at: 0)
  }

  mutating func clear() {
    count = 0
    waiting = 0
    end = 0
  }

  private var leastUrgent: Int {
    guard count > 0 else { return -1 }
    // The last of a heap's order is among its leaves.
    var least = count / 2
    for index in count / 2..<count where isBefore(heap[least], heap[index]) { least = index }
    return least
  }

  private mutating func remove(at index: Int) {
    waiting -= Int(heap[index].size)
    count -= 1
    if index < count {
      heap[index] = heap[count]
      siftDown(index)
      siftUp(index)
    }
    if count == 0 { end = 0 }
  }

  /// Copies the waiting messages to the front of the other buffer.
  private mutating func compact() {
    end = 0
    for index in 0..<count {
      let size = Int(heap[index].size)
      (spare + end).copyMemory(from: bytes + Int(heap[index].offset), byteCount: size)
      heap[index].offset = UInt32(end)
      end += size
    }
    (bytes, spare) = (spare, bytes)
  }

  @inline(__always)
  private func isBefore(_ one: Entry, _ other: Entry) -> Bool {
    one.key != other.key ? one.key < other.key : Int32(bitPattern: one.number &- other.number) < 0
  }

  private mutating func siftUp(_ start: Int) {
    var index = start
    while index > 0 {
      let parent = (index - 1) / 2
      guard isBefore(heap[index], heap[parent]) else { return }
      swap(index, parent)
      index = parent
    }
  }

  private mutating func siftDown(_ start: Int) {
    var index = start
    while true {
      var child = 2 * index + 1
      guard child < count else { return }
      if child + 1 < count && isBefore(heap[child + 1], heap[child]) { child += 1 }
      guard isBefore(heap[child], heap[index]) else { return }
      swap(index, child)
      index = child
    }
  }

  private func swap(_ one: Int, _ other: Int) {
    let entry = heap[one]
    heap[one] = heap[other]
    heap[other] = entry
  }
}
