/// What reports of the other end tell of the way there: how long packets queue on it, and how much gets through.
///
/// A report says when one packet arrived, by the other end's clock, and how many bytes had arrived by then. Only
/// differences count, so the two clocks need not agree; a drift of 100 ppm is 3 ms in the memory of the least delay.
struct PathMeter {
  /// Units of arrival times.
  static let ticksPerSecond = 10_000.0
  /// Reports nearer to each other than this, in ticks, share a place.
  private static let spacing: Int32 = 250
  /// Ticks over which the rate of arrival is taken: several transmits, and short enough to follow a change.
  private static let span: Int32 = 2500
  /// Seconds below which a span tells no rate.
  private static let leastSpan = 0.06
  private static let places = 16
  /// Seconds after which a least delay that was not met again is forgotten, or twice as many.
  private static let memory = 15.0
  /// Reports of which the quickest counts: that a packet waited for the frame at the other end is no queue.
  private static let filter = 3

  private var arrivals = SIMD16<UInt32>.zero
  private var received = SIMD16<UInt32>.zero
  private var delays = SIMD16<Float>.zero
  private var count = 0
  /// The first packet's delay; the difference of the clocks is in it, so it means nothing by itself.
  private var origin: UInt32 = 0
  private var least = Double.infinity
  private var olderLeast = Double.infinity
  private var leastSince = 0.0

  /// Seconds that packets wait more than the quickest did; nil before the first report.
  private(set) var queueing: Double?
  /// The same of the latest packet alone.
  private(set) var latest = 0.0
  /// Seconds by which the latest packet was quicker than all before.
  private(set) var fell = 0.0
  /// Seconds by which the delay grows a second.
  private(set) var gradient = 0.0
  /// Bytes a second that arrive; nil before there are enough reports.
  private(set) var delivered: Double?
  /// Seconds until the report of a packet is there, queueing left out, smoothed.
  private(set) var feedback = 0.1

  /// A time of this end in the unit of arrival times.
  @inline(__always)
  static func ticks(_ time: Double) -> UInt32 {
    UInt32(truncatingIfNeeded: Int64(exactly: (time * ticksPerSecond).rounded(.down)) ?? 0)
  }

  /// Takes a report.
  /// - Parameters:
  ///   - sentAt: When the packet was sent, in seconds.
  ///   - arrival: When it arrived, in ticks of the other end's clock.
  ///   - bytes: All that had arrived there by then.
  mutating func add(sentAt: Double, arrival: UInt32, received bytes: UInt32, at now: Double) {
    let ticks = arrival &- Self.ticks(sentAt)
    if count == 0 {
      origin = ticks
      leastSince = now
    } else if Int32(bitPattern: arrival &- arrivals[place(1)]) < 0 {
      return
    }
    let delay = Double(Int32(bitPattern: ticks &- origin)) / Self.ticksPerSecond
    if now - leastSince > Self.memory {
      (olderLeast, least) = (least, delay)
      leastSince = now
    }
    fell = max(0, min(least, olderLeast) - delay)
    least = min(least, delay)
    let floor = min(least, olderLeast)
    latest = delay - floor
    feedback += (max(0, now - sentAt - latest) - feedback) / 8
    keep(arrival, bytes, Float(delay))
    var quickest = delay
    for back in 1...min(Self.filter, count) { quickest = min(quickest, Double(delays[place(back)])) }
    queueing = max(0, quickest - floor)
    measureRate(arrival, bytes, Float(delay))
  }

  /// The least delay was not that of the empty way, or is so no more.
  mutating func raiseLeast(by seconds: Double, at now: Double) {
    least = min(least, olderLeast) + seconds
    olderLeast = .infinity
    leastSince = now
  }

  private func place(_ back: Int) -> Int { (count &- back) & (Self.places - 1) }

  private mutating func keep(_ arrival: UInt32, _ bytes: UInt32, _ delay: Float) {
    let last = place(1)
    if count > 0, Int32(bitPattern: arrival &- arrivals[last]) < Self.spacing {
      delays[last] = min(delays[last], delay)
      return
    }
    arrivals[place(0)] = arrival
    received[place(0)] = bytes
    delays[place(0)] = delay
    count &+= 1
  }

  private mutating func measureRate(_ arrival: UInt32, _ bytes: UInt32, _ delay: Float) {
    var back = 2
    while back < min(count, Self.places), Int32(bitPattern: arrival &- arrivals[place(back)]) < Self.span { back += 1 }
    guard back <= count else { return }
    let span = Double(Int32(bitPattern: arrival &- arrivals[place(back)])) / Self.ticksPerSecond
    guard span >= Self.leastSpan else { return }
    delivered = Double(bytes &- received[place(back)]) / span
    gradient = Double(delay - delays[place(back)]) / span
  }
}
