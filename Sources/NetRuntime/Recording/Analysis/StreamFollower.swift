/// One direction of one link's reliable stream, put together again from the pieces that a recording has.
///
/// Each byte is told once, with the time at which it first went or came. A recording may begin in the middle of a
/// stream: the follower then waits for a piece that reads as whole messages.
struct StreamFollower {
  /// What a piece was.
  struct Outcome {
    /// Bytes that had been there before.
    var repeated = 0
    /// Bytes that belong to no message that can be read.
    var unreadable = 0
  }

  private struct Piece {
    var offset: UInt64
    var bytes: [UInt8]
    var time: Double
  }

  /// Everything before was seen.
  private var next: UInt64 = 0
  /// Whether `next` is known to follow the messages before it.
  private(set) var isAligned: Bool
  /// Pieces that came before their turn: in order, without overlaps, all behind `next`.
  private var early: [Piece] = []
  private var earlyBytes = 0
  /// The message that is being put together.
  private var partial: [UInt8] = []
  private var times = StreamTimes()

  /// - Parameter isAligned: Whether the stream is seen from its start on.
  init(isAligned: Bool) {
    self.isAligned = isAligned
  }

  /// Bytes that wait for the rest of their message, or for what is missing before them, with their times.
  var waiting: [StreamTimes.Chunk] {
    times.waiting + early.map { StreamTimes.Chunk(time: $0.time, bits: $0.bytes.count * 8) }
  }

  /// Takes a piece of the stream.
  /// - Parameters:
  ///   - probe: Whether bytes read as a row of whole messages; asked only to find the place in a stream that is joined
  ///     in the middle.
  ///   - message: Gets each message that is whole now, with the bits of its head and the times of its bytes,
  ///     of which it takes just as many as head and body have.
  mutating func take(
    offsetLow: UInt32, _ bytes: UnsafeRawBufferPointer, at time: Double, probe: (UnsafeRawBufferPointer) -> Bool,
    message: (MessageChannel, UnsafeRawBufferPointer, _ headBits: Int, inout StreamTimes) -> Void
  ) -> Outcome {
    if !isAligned {
      guard probe(bytes) else { return Outcome(unreadable: bytes.count) }
      isAligned = true
      next = UInt64(offsetLow)
    }
    let offset = expand(offsetLow, near: next)
    let end = offset &+ UInt64(bytes.count)
    var outcome = Outcome()
    guard end > next else {
      outcome.repeated = bytes.count
      return outcome
    }
    let start = max(offset, next)
    let fresh = UnsafeRawBufferPointer(rebasing: bytes[Int(start - offset)...])
    outcome.repeated = bytes.count - fresh.count
    if start == next && early.isEmpty {
      append(fresh, at: time, &outcome, message)
      return outcome
    }
    outcome.repeated += insert(fresh, at: start, time: time)
    while let first = early.first, first.offset <= next {
      early.removeFirst()
      earlyBytes -= first.bytes.count
      first.bytes.withUnsafeBytes { append($0, at: first.time, &outcome, message) }
    }
    // A gap that is never filled: the recording lacks a part.
    if earlyBytes > Limits.receiveWindow { loseAlignment(&outcome) }
    return outcome
  }

  private mutating func loseAlignment(_ outcome: inout Outcome) {
    outcome.unreadable += earlyBytes + partial.count
    early = []
    earlyBytes = 0
    partial.removeAll(keepingCapacity: true)
    times.removeAll()
    isAligned = false
  }

  /// Keeps what of a piece was not there yet; returns how many bytes were.
  private mutating func insert(_ bytes: UnsafeRawBufferPointer, at offset: UInt64, time: Double) -> Int {
    var start = offset
    let end = offset &+ UInt64(bytes.count)
    var repeated = 0
    var index = early.firstIndex { $0.offset &+ UInt64($0.bytes.count) > start } ?? early.count
    while start < end {
      let limit = index < early.count ? early[index].offset : end
      if limit <= start {
        let covered = min(early[index].offset &+ UInt64(early[index].bytes.count), end)
        repeated += Int(covered - start)
        start = covered
        index += 1
        continue
      }
      let until = min(limit, end)
      let part = bytes[Int(start - offset)..<Int(until - offset)]
      early.insert(Piece(offset: start, bytes: Array(part), time: time), at: index)
      earlyBytes += part.count
      start = until
      index += 1
    }
    return repeated
  }

  /// Takes bytes that are in order.
  private mutating func append(
    _ bytes: UnsafeRawBufferPointer, at time: Double, _ outcome: inout Outcome,
    _ message: (MessageChannel, UnsafeRawBufferPointer, Int, inout StreamTimes) -> Void
  ) {
    next &+= UInt64(bytes.count)
    times.append(bits: bytes.count * 8, at: time)
    if partial.isEmpty {
      let used = cut(bytes, &outcome, message)
      if isAligned { partial.append(contentsOf: bytes[used...]) }
    } else {
      partial.append(contentsOf: bytes)
      var whole: [UInt8] = []
      swap(&whole, &partial)
      let used = whole.withUnsafeBytes { cut($0, &outcome, message) }
      if isAligned {
        whole.removeFirst(used)
        swap(&whole, &partial)
      }
    }
  }

  /// Hands over the messages that bytes begin with; returns how many bytes these had.
  private mutating func cut(
    _ bytes: UnsafeRawBufferPointer, _ outcome: inout Outcome,
    _ message: (MessageChannel, UnsafeRawBufferPointer, Int, inout StreamTimes) -> Void
  ) -> Int {
    var position = 0
    while position < bytes.count, let base = bytes.baseAddress {
      let head = MessageHead.read(base + position, count: bytes.count - position)
      let length = Int(head.value >> 2)
      if head.size < 0 || length > Limits.messageSize {
        outcome.unreadable += bytes.count - position
        loseAlignment(&outcome)
        return bytes.count
      }
      guard head.size > 0, head.size + length <= bytes.count - position else { break }
      let body = UnsafeRawBufferPointer(start: base + position + head.size, count: length)
      message(MessageChannel(twoBits: head.value), body, head.size * 8, &times)
      position += head.size + length
    }
    return position
  }
}

/// When the bytes went or came that are not booked yet, in order.
struct StreamTimes {
  struct Chunk {
    var time: Double
    var bits: Int
  }

  private var chunks: [Chunk] = []
  private var first = 0

  /// The chunks that are left.
  var waiting: ArraySlice<Chunk> { chunks[first...] }

  mutating func append(bits: Int, at time: Double) {
    if first == chunks.count {
      removeAll()
    } else if first > 64 {
      chunks.removeFirst(first)
      first = 0
    }
    chunks.append(Chunk(time: time, bits: bits))
  }

  /// Takes up to `bits` bits that have one time.
  mutating func take(_ bits: Int) -> (time: Double, bits: Int) {
    guard first < chunks.count else { return (chunks.last?.time ?? 0, bits) }
    let taken = min(bits, chunks[first].bits)
    let time = chunks[first].time
    chunks[first].bits -= taken
    if chunks[first].bits == 0 { first += 1 }
    return (time, taken)
  }

  mutating func removeAll() {
    chunks.removeAll(keepingCapacity: true)
    first = 0
  }
}
