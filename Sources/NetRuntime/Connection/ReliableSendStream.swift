/// The sending end of the reliable ordered stream: what is queued, what is in flight in which segment, and what of it
/// is the script's.
struct ReliableSendStream {
  /// A piece of the stream that was sent in one packet; it is resent as a whole.
  struct Segment {
    enum Fate: UInt8 { case inFlight, lost, acknowledged }
    var offset: UInt64
    /// Low half of the number of the packet that carried it last.
    var packet: UInt32
    var length: UInt16
    var fate: Fate
    /// How often it was sent once more before it counted as lost.
    var repeats: UInt8 = 0
  }

  /// Where a stretch of messages of one share ends.
  private struct Stretch {
    var end: UInt64
    var isScript: Bool
  }

  private static let segmentMask = UInt32(Limits.segmentsInFlight - 1)

  private var ring: ByteRing
  /// Everything before is acknowledged.
  private(set) var acknowledged: UInt64 = 0
  /// Everything before was sent at least once.
  private(set) var sent: UInt64 = 0
  /// Everything before is queued.
  private(set) var end: UInt64 = 0

  private let segments: UnsafeMutablePointer<Segment>
  /// Numbers of the oldest segment that is not acknowledged and of the next one.
  private var firstSegment: UInt32 = 0
  private var nextSegment: UInt32 = 0
  private(set) var lostSegments = 0
  private var lostFrom: UInt32 = 0

  private let scriptLimit: Int
  private(set) var scriptBytes = 0
  private var stretches: UnsafeMutablePointer<Stretch>
  private var stretchCapacity = 16
  private var firstStretch = 0
  private var stretchCount = 0

  init(scriptLimit: Int) {
    self.scriptLimit = scriptLimit
    ring = ByteRing(capacity: scriptLimit + 4096)
    segments = .allocate(capacity: Limits.segmentsInFlight)
    stretches = .allocate(capacity: stretchCapacity)
  }

  func destroy() {
    ring.destroy()
    segments.deallocate()
    stretches.deallocate()
  }

  /// Bytes that are queued and not acknowledged.
  var unacknowledged: Int { Int(truncatingIfNeeded: end &- acknowledged) }
  /// Bytes that are queued and were never sent.
  var unsent: Int { Int(truncatingIfNeeded: end &- sent) }
  var isDrained: Bool { acknowledged == end }
  /// What the script may still queue.
  var scriptBytesLeft: Int { max(0, scriptLimit - scriptBytes) }
  var engineBytes: Int { unacknowledged - scriptBytes }

  /// Queues one message; the caller has checked that it fits its share.
  @inline(__always)
  mutating func append(head: UInt32, headSize: Int, body: UnsafeRawBufferPointer, isScript: Bool) {
    let size = headSize &+ body.count
    if unacknowledged &+ size > ring.capacity {
      ring.grow(to: unacknowledged &+ size, keeping: acknowledged, to: end)
    }
    var headBytes: UInt32 = 0
    withUnsafeMutableBytes(of: &headBytes) { bytes in
      MessageHead.write(head, size: headSize, to: bytes.baseAddress!)
      ring.write(UnsafeRawBufferPointer(start: bytes.baseAddress!, count: headSize), at: end)
    }
    ring.write(body, at: end &+ UInt64(headSize))
    end &+= UInt64(size)
    if isScript { scriptBytes &+= size }
    extendStretch(isScript)
  }

  /// Forgets everything that was queued; only before anything was sent.
  mutating func clear() {
    guard sent == 0 else { return }
    end = 0
    scriptBytes = 0
    stretchCount = 0
  }

  // MARK: Sending

  /// Bytes that may be sent for the first time now, of a receiver that holds `window` bytes.
  @inline(__always)
  func sendable(window: Int) -> Int {
    guard nextSegment &- firstSegment < UInt32(Limits.segmentsInFlight) else { return 0 }
    let allowed = min(end, acknowledged &+ UInt64(window))
    return allowed > sent ? Int(truncatingIfNeeded: allowed &- sent) : 0
  }

  /// The next run of lost segments with at most `space` bytes together, marked as in flight again with a packet; nil
  /// when none fits.
  mutating func takeLost(space: Int, packet: UInt64) -> (run: SegmentRun, offset: UInt64, length: Int)? {
    guard lostSegments > 0 else { return nil }
    var number = lostFrom
    while number != nextSegment && segment(number).pointee.fate != .lost { number &+= 1 }
    lostFrom = number
    guard number != nextSegment else { return nil }
    let offset = segment(number).pointee.offset
    var run = SegmentRun(first: number, count: 0)
    var length = 0
    while number != nextSegment && run.count < UInt16.max {
      let place = segment(number)
      guard place.pointee.fate == .lost, length + Int(place.pointee.length) <= space else { break }
      length += Int(place.pointee.length)
      place.pointee.fate = .inFlight
      place.pointee.packet = UInt32(truncatingIfNeeded: packet)
      lostSegments -= 1
      run.count += 1
      number &+= 1
    }
    guard run.count > 0 else { return nil }
    lostFrom = number
    return (run, offset, length)
  }

  /// Makes a segment of the next `length` bytes, which go with a packet.
  @inline(__always)
  mutating func takeFresh(length: Int, packet: UInt64) -> (run: SegmentRun, offset: UInt64) {
    let offset = sent
    let number = nextSegment
    segment(number).initialize(
      to: Segment(
        offset: offset, packet: UInt32(truncatingIfNeeded: packet), length: UInt16(truncatingIfNeeded: length),
        fate: .inFlight))
    nextSegment &+= 1
    sent &+= UInt64(length)
    return (SegmentRun(first: number, count: 1), offset)
  }

  @inline(__always)
  func copy(from offset: UInt64, count: Int, into target: UnsafeMutableRawPointer) {
    ring.read(from: offset, count: count, into: target)
  }

  // MARK: Fates

  @inline(__always)
  mutating func acknowledge(_ run: SegmentRun) {
    var number = run.first
    for _ in 0..<run.count {
      // A segment before the first is acknowledged already, and its place may hold a later one.
      if number &- firstSegment < nextSegment &- firstSegment {
        let place = segment(number)
        if place.pointee.fate == .lost { lostSegments &-= 1 }
        place.pointee.fate = .acknowledged
      }
      number &+= 1
    }
    advance()
  }

  /// Marks what a lost packet carried, unless a later packet carries it by now.
  mutating func lose(_ run: SegmentRun, packet: UInt64) {
    var number = run.first
    for _ in 0..<run.count {
      if number &- firstSegment < nextSegment &- firstSegment {
        let place = segment(number)
        if place.pointee.fate == .inFlight && place.pointee.packet == UInt32(truncatingIfNeeded: packet) {
          place.pointee.fate = .lost
          if lostSegments == 0 || number &- firstSegment < lostFrom &- firstSegment { lostFrom = number }
          lostSegments += 1
        }
      }
      number &+= 1
    }
  }

  /// Has the oldest segments in flight sent once more, as many as have at most `bytes` bytes together, and none of them
  /// more than `Limits.repeats` times. Does nothing while something waits that was never sent: then the rate is used up.
  mutating func repeatOldest(bytes: Int) {
    guard unsent == 0 else { return }
    var number = firstSegment
    var left = bytes
    while number != nextSegment {
      let place = segment(number)
      if place.pointee.fate == .inFlight && place.pointee.repeats < Limits.repeats {
        left -= Int(place.pointee.length)
        if left < 0 { break }
        place.pointee.fate = .lost
        place.pointee.repeats += 1
        lostSegments += 1
      }
      number &+= 1
    }
    lostFrom = firstSegment
  }

  @inline(__always)
  private mutating func advance() {
    guard firstSegment != nextSegment, segment(firstSegment).pointee.fate == .acknowledged else { return }
    while firstSegment != nextSegment && segment(firstSegment).pointee.fate == .acknowledged {
      if lostFrom == firstSegment { lostFrom &+= 1 }
      firstSegment &+= 1
    }
    let next = firstSegment == nextSegment ? sent : segment(firstSegment).pointee.offset
    release(to: next)
  }

  /// Gives the script its bytes back.
  @inline(__always)
  private mutating func release(to next: UInt64) {
    var from = acknowledged
    while stretchCount > 0 && from < next {
      let stretch = stretches[firstStretch]
      let until = min(stretch.end, next)
      if stretch.isScript { scriptBytes &-= Int(truncatingIfNeeded: until &- from) }
      from = until
      if stretch.end <= next {
        firstStretch = (firstStretch &+ 1) & (stretchCapacity &- 1)
        stretchCount &-= 1
      }
    }
    acknowledged = next
  }

  @inline(__always)
  private mutating func extendStretch(_ isScript: Bool) {
    if stretchCount > 0 {
      let last = stretches + ((firstStretch &+ stretchCount &- 1) & (stretchCapacity &- 1))
      if last.pointee.isScript == isScript {
        last.pointee.end = end
        return
      }
    }
    if stretchCount == stretchCapacity { growStretches() }
    stretches[(firstStretch &+ stretchCount) & (stretchCapacity &- 1)] = Stretch(end: end, isScript: isScript)
    stretchCount &+= 1
  }

  private mutating func growStretches() {
    let larger = UnsafeMutablePointer<Stretch>.allocate(capacity: stretchCapacity * 2)
    for index in 0..<stretchCount {
      larger[index] = stretches[(firstStretch + index) & (stretchCapacity - 1)]
    }
    stretches.deallocate()
    stretches = larger
    stretchCapacity *= 2
    firstStretch = 0
  }

  @inline(__always)
  private func segment(_ number: UInt32) -> UnsafeMutablePointer<Segment> {
    segments + Int(number & Self.segmentMask)
  }
}
