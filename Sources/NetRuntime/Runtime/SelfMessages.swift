/// Messages that a peer sends to itself: dispatched by its own next receive, with the values that a remote peer would
/// see.
struct SelfMessages {
  private struct Message {
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

  mutating func append(_ body: UnsafeRawBufferPointer) {
    queued.append(Message(start: queuedBytes.count, count: body.count))
    queuedBytes.append(contentsOf: body)
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

  /// Copies the next ready message into `buffer`.
  /// - Returns: Its bytes; nil when there is none.
  mutating func take(into buffer: UnsafeMutableRawBufferPointer) -> Int? {
    guard next < due.count else { return nil }
    let message = due[next]
    next += 1
    dueBytes.withUnsafeBytes {
      buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[message.start..<message.start + message.count]))
    }
    return message.count
  }

  mutating func removeAll() {
    self = SelfMessages()
  }
}
