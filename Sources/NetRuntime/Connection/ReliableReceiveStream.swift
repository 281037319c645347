import Glibc

/// The receiving end of the reliable ordered stream: holds what came early, and cuts what is in order into messages.
struct ReliableReceiveStream {
  /// Everything before has arrived and was taken apart.
  private(set) var received: UInt64 = 0
  /// Bytes from `received` on in which pieces are taken.
  private(set) var window: Int
  /// Bytes that came before their turn, and a bit for each: it stays exact whatever the order of arrival.
  private var early: ByteRing?
  private var arrived: UnsafeMutablePointer<UInt64>?
  private var earlyBytes = 0
  /// The start of a message whose rest is missing.
  private let partial: UnsafeMutableRawPointer
  private var partialCount = 0
  private static let partialCapacity = Limits.messageSize + MessageHead.maximumSize

  init(window: Int) {
    self.window = window
    partial = .allocate(byteCount: Self.partialCapacity, alignment: 16)
  }

  func destroy() {
    early?.destroy()
    free(arrived)
    partial.deallocate()
  }

  /// Takes a piece of the stream; every message that it completes goes to `deliver`.
  /// - Returns: What is wrong with the piece, if anything.
  @inline(__always)
  mutating func receive(
    offsetLow: UInt32, _ bytes: UnsafeRawPointer, count: Int,
    deliver: (MessageChannel, UnsafeRawBufferPointer) -> Void
  ) -> PacketFault? {
    let offset = expand(offsetLow, near: received)
    let end = offset &+ UInt64(count)
    if offset == received && earlyBytes == 0 {
      guard count <= window else { return .streamBeyondWindow }
      received = end
      return cut(UnsafeRawBufferPointer(start: bytes, count: count), deliver: deliver)
    }
    return receiveOutOfOrder(offset, bytes, count: count, deliver: deliver)
  }

  private mutating func receiveOutOfOrder(
    _ offset: UInt64, _ bytes: UnsafeRawPointer, count: Int,
    deliver: (MessageChannel, UnsafeRawBufferPointer) -> Void
  ) -> PacketFault? {
    let end = offset &+ UInt64(count)
    guard end >= offset, end <= received &+ UInt64(window) else { return .streamBeyondWindow }
    guard end > received else { return nil }
    let start = max(offset, received)
    let fresh = UnsafeRawBufferPointer(start: bytes + Int(start - offset), count: Int(end - start))
    guard ensureEarly() else { return .streamBeyondWindow }
    early?.write(fresh, at: start)
    mark(from: start, to: end)
    return drain(deliver: deliver)
  }

  /// Takes apart what has become in order.
  private mutating func drain(deliver: (MessageChannel, UnsafeRawBufferPointer) -> Void) -> PacketFault? {
    while earlyBytes > 0, let ring = early {
      let count = marked(from: received)
      guard count > 0 else { return nil }
      let piece = ring.contiguous(from: received, limit: count)
      unmark(from: received, to: received &+ UInt64(piece.count))
      received &+= UInt64(piece.count)
      if let fault = cut(piece, deliver: deliver) { return fault }
    }
    return nil
  }

  // MARK: Messages

  @inline(__always)
  private mutating func cut(
    _ bytes: UnsafeRawBufferPointer, deliver: (MessageChannel, UnsafeRawBufferPointer) -> Void
  ) -> PacketFault? {
    guard var position = bytes.baseAddress else { return nil }
    var left = bytes.count
    if partialCount > 0 {
      let (taken, fault) = complete(position, left, deliver: deliver)
      if let fault { return fault }
      position += taken
      left &-= taken
    }
    while left > 0 {
      let head = MessageHead.read(position, count: left)
      if head.size <= 0 {
        if head.size < 0 { return .lengthTooLong }
        break
      }
      let length = Int(head.value >> 2)
      guard length <= Limits.messageSize else { return .messageTooLong }
      let size = head.size &+ length
      if size > left { break }
      deliver(
        MessageChannel(twoBits: head.value), UnsafeRawBufferPointer(start: position + head.size, count: length))
      position += size
      left &-= size
    }
    if left > 0 {
      partial.copyMemory(from: position, byteCount: left)
      partialCount = left
    }
    return nil
  }

  /// Adds to the message that was begun, and delivers it when it is whole.
  private mutating func complete(
    _ bytes: UnsafeRawPointer, _ count: Int, deliver: (MessageChannel, UnsafeRawBufferPointer) -> Void
  ) -> (taken: Int, fault: PacketFault?) {
    var taken = 0
    var head = MessageHead.read(partial, count: partialCount)
    while head.size == 0 && taken < count {
      (partial + partialCount).copyMemory(from: bytes + taken, byteCount: 1)
      partialCount += 1
      taken += 1
      head = MessageHead.read(partial, count: partialCount)
    }
    if head.size == 0 { return (taken, nil) }
    if head.size < 0 { return (taken, .lengthTooLong) }
    let length = Int(head.value >> 2)
    guard length <= Limits.messageSize else { return (taken, .messageTooLong) }
    let missing = head.size + length - partialCount
    let added = min(missing, count - taken)
    (partial + partialCount).copyMemory(from: bytes + taken, byteCount: added)
    partialCount += added
    taken += added
    if added == missing {
      partialCount = 0
      deliver(MessageChannel(twoBits: head.value), UnsafeRawBufferPointer(start: partial + head.size, count: length))
    }
    return (taken, nil)
  }

  // MARK: Early bytes

  /// - Returns: False when there is no memory for them.
  private mutating func ensureEarly() -> Bool {
    guard arrived == nil else { return true }
    early?.destroy()
    let ring = ByteRing(capacity: window)
    early = ring
    let words = ring.capacity / 64
    // Fresh pages are zero without being touched: a wide window takes the memory that is used of it.
    arrived = calloc(words, MemoryLayout<UInt64>.size)?.bindMemory(to: UInt64.self, capacity: words)
    return arrived != nil
  }

  /// Takes pieces that are further ahead from now on. What came early stays.
  mutating func widen(to larger: Int) {
    guard larger > window else { return }
    let old = self
    window = larger
    guard let ring = old.early, let bits = old.arrived else { return }
    (early, arrived) = (nil, nil)
    guard ensureEarly(), let arrived, let mask = early.map({ UInt64($0.capacity &- 1) }) else {
      early?.destroy()
      self = old
      return
    }
    var offset = received
    old.forEachWord(from: received, to: received &+ UInt64(old.window)) { word, covered in
      // Both maps have whole words, so a word of one is a word of the other.
      let next = min((offset | 63) &+ 1, received &+ UInt64(old.window))
      if bits[word] & covered != 0 {
        early?.write(ring.contiguous(from: offset, limit: Int(next - offset)), at: offset)
        arrived[Int(truncatingIfNeeded: offset & mask) >> 6] |= bits[word] & covered
      }
      offset = next
      return true
    }
    ring.destroy()
    free(bits)
  }

  /// Calls `body` with each word of the bit map that covers part of a range, and the range's bits in it.
  @inline(__always)
  private func forEachWord(from start: UInt64, to end: UInt64, _ body: (Int, UInt64) -> Bool) {
    guard let capacity = early?.capacity else { return }
    var offset = start
    while offset < end {
      let bit = offset & 63
      let count = min(64 &- bit, end &- offset)
      let bits = (count == 64 ? UInt64.max : (1 << count) &- 1) << bit
      let word = Int(truncatingIfNeeded: offset & UInt64(capacity &- 1)) >> 6
      if !body(word, bits) { return }
      offset &+= count
    }
  }

  private mutating func mark(from start: UInt64, to end: UInt64) {
    guard let arrived else { return }
    var added = 0
    forEachWord(from: start, to: end) { word, bits in
      added += (bits & ~arrived[word]).nonzeroBitCount
      arrived[word] |= bits
      return true
    }
    earlyBytes += added
  }

  private mutating func unmark(from start: UInt64, to end: UInt64) {
    guard let arrived else { return }
    forEachWord(from: start, to: end) { word, bits in
      arrived[word] &= ~bits
      return true
    }
    earlyBytes -= Int(end - start)
  }

  /// How many bytes from an offset have arrived without a gap.
  private func marked(from start: UInt64) -> Int {
    guard let arrived else { return 0 }
    var count = 0
    forEachWord(from: start, to: start &+ UInt64(window)) { word, bits in
      let missing = bits & ~arrived[word]
      if missing == 0 {
        count += bits.nonzeroBitCount
        return true
      }
      count += missing.trailingZeroBitCount - bits.trailingZeroBitCount
      return false
    }
    return count
  }
}

extension MessageChannel {
  @inline(__always)
  init(twoBits value: UInt32) {
    self = unsafeBitCast(UInt8(truncatingIfNeeded: value & 3), to: MessageChannel.self)
  }
}
