/// Part of the reliable stream that a packet carried: neighbouring segments.
struct SegmentRun {
  var first: UInt32 = 0
  var count: UInt16 = 0
}

/// What has to be known of a packet until its fate is.
struct SentPacket {
  enum Fate: UInt8 {
    /// Carries nothing that anybody waits for.
    case indifferent
    case inFlight
    case acknowledged
    case lost
  }

  /// Runs of the stream that one packet can carry.
  static let runs = 4

  var sequence: UInt64 = 0
  var time = 0.0
  /// Where its state records stand, counted from the first that was ever kept.
  var stateStart: UInt64 = 0
  var stateCount: UInt32 = 0
  var fate = Fate.indifferent
  var runCount: UInt8 = 0
  var carriesClose = false
  var run0 = SegmentRun()
  var run1 = SegmentRun()
  var run2 = SegmentRun()
  var run3 = SegmentRun()

  mutating func append(_ run: SegmentRun) {
    switch runCount {
    case 0: run0 = run
    case 1: run1 = run
    case 2: run2 = run
    default: run3 = run
    }
    runCount &+= 1
  }

  func run(_ index: UInt8) -> SegmentRun {
    switch index {
    case 0: run0
    case 1: run1
    case 2: run2
    default: run3
    }
  }
}

/// The latest packets of a link, by sequence number; the number's low bits are the place.
struct SentPackets {
  private static let capacity = UInt64(Limits.packetsInFlight)

  private let packets: UnsafeMutablePointer<SentPacket>
  /// The number of the next packet.
  private(set) var next: UInt64 = 1
  /// No packet before this one is in flight.
  private(set) var oldest: UInt64 = 1
  /// The newest packet that the other end has, and which of the 64 before it are known to be there.
  private(set) var newestAcknowledged: UInt64 = 0
  private var knownMask: UInt64 = 0
  private(set) var inFlight = 0

  init() {
    packets = .allocate(capacity: Int(Self.capacity))
    packets.initialize(repeating: SentPacket(), count: Int(Self.capacity))
  }

  func destroy() {
    packets.deallocate()
  }

  /// False when the next packet would push out one whose fate is open.
  var hasRoom: Bool { next &- oldest < Self.capacity }

  @inline(__always)
  func packet(_ sequence: UInt64) -> UnsafeMutablePointer<SentPacket> {
    packets + Int(truncatingIfNeeded: sequence & (Self.capacity - 1))
  }

  /// Keeps the packet that was just sent under `next`.
  @inline(__always)
  mutating func append(_ packet: SentPacket) {
    self.packet(next).pointee = packet
    if packet.fate == .inFlight { inFlight &+= 1 }
    next &+= 1
    if inFlight == 0 { oldest = next }
  }

  /// Starts on an acknowledgement.
  /// - Returns: The packet it names, 0 for none, and a bit i for each packet `newest-1-i` that it may tell of for the
  ///   first time; nil when it speaks
  ///   of packets that were never sent.
  @inline(__always)
  mutating func acknowledge(_ acknowledgement: Acknowledgement) -> (newest: UInt64, news: UInt64)? {
    if acknowledgement.newestLow == 0 && acknowledgement.mask == 0 { return (0, 0) }
    let newest = expand(acknowledgement.newestLow, near: next &- 1)
    guard newest < next, newest > 0 else { return nil }
    if newest <= 64 && acknowledgement.mask >> (newest &- 1) != 0 { return nil }
    if newest > newestAcknowledged {
      let step = newest &- newestAcknowledged
      // What is known so far, seen from the newer packet.
      var known: UInt64 = 0
      if newestAcknowledged > 0 && step <= 64 {
        known = (step == 64 ? 0 : knownMask << step) | 1 << (step &- 1)
      }
      let news = acknowledgement.mask & ~known
      newestAcknowledged = newest
      knownMask = acknowledgement.mask | known
      return (newest, news)
    }
    let step = newestAcknowledged &- newest
    if step == 0 {
      let news = acknowledgement.mask & ~knownMask
      knownMask |= acknowledgement.mask
      return (newest, news)
    }
    guard step < 64 else { return (newest, acknowledgement.mask) }
    let news = acknowledgement.mask & ~(knownMask >> step)
    knownMask |= acknowledgement.mask << step
    return (newest, news)
  }

  /// Changes a packet's fate, which was `inFlight`.
  @inline(__always)
  mutating func settle(_ packet: UnsafeMutablePointer<SentPacket>, as fate: SentPacket.Fate) {
    packet.pointee.fate = fate
    inFlight &-= 1
    advance()
  }

  @inline(__always)
  private mutating func advance() {
    if inFlight == 0 {
      oldest = next
      return
    }
    while oldest < next && packet(oldest).pointee.fate != .inFlight { oldest &+= 1 }
  }
}
