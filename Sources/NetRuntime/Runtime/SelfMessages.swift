/// Messages that a peer sends to itself: dispatched by its own next receive, with the values that a remote peer would see.
struct SelfMessages {
  private struct Message {
    var index: Int
    var start: Int
    var count: Int
  }

  private var queued: [Message] = []
  private var queuedBytes: [UInt8] = []
  private var due: [Message] = []
  private var dueBytes: [UInt8] = []
  private var next = 0

  /// Bytes that wait for the next receive.
  var byteCount: Int { queuedBytes.count }

  mutating func append(message index: Int, arguments: UnsafeRawBufferPointer) {
    queued.append(Message(index: index, start: queuedBytes.count, count: arguments.count))
    queuedBytes.append(contentsOf: arguments)
  }

  /// Makes what was queued until now ready to be taken; what is queued from now on waits for the next call.
  mutating func beginReceive() {
    guard next == due.count, !queued.isEmpty else { return }
    swap(&due, &queued)
    swap(&dueBytes, &queuedBytes)
    queued.removeAll(keepingCapacity: true)
    queuedBytes.removeAll(keepingCapacity: true)
    next = 0
  }

  /// Copies the next ready message's packed arguments into `buffer`.
  mutating func take(into buffer: UnsafeMutableRawBufferPointer) -> (index: Int, byteCount: Int)? {
    guard next < due.count else { return nil }
    let message = due[next]
    next += 1
    dueBytes.withUnsafeBytes { buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[message.start..<message.start + message.count])) }
    return (message.index, message.count)
  }

  mutating func removeAll() {
    self = SelfMessages()
  }
}
