import Glibc

/// Adapts what one link may send to what the way to the other end carries.
///
/// It holds on to two measured quantities: the rate at which data arrives, as BBR does (Cardwell et al., "BBR:
/// Congestion-Based Congestion Control", 2016), and the time that packets queue beyond the least delay, which it steers
/// towards a small target as LEDBAT does (RFC 6817). While nothing queues it sends a little more than arrives; what
/// then arrives more is what the way carries. As soon as packets queue, what arrives is exactly what the way carries,
/// and the queue is let off in proportion to its length. Loss says nothing below a tenth, for on radio links it has
/// other causes; the limit is that of Google Congestion Control (Carlucci et al., 2016).
struct RateController {
  /// Seconds of queue that are always allowed, less than a frame.
  private static let margin = 0.01
  /// Seconds in which a queue that is too long is let off, with twice the time until the effect is seen.
  private static let reaction = 0.4
  /// By what part more than arrives is sent while nothing queues: little near the limit, more while it is far.
  private static let boosts = 0.05...0.25
  /// Seconds without a queue after which the boost doubles.
  private static let boostTime = 2.0
  /// The least part of what the way carries that is sent while a queue is let off.
  private static let leastGain = 0.5
  /// Loss over this is taken for the way's limit, and up to the other one for chance.
  private static let congestionLoss = 0.1
  private static let chanceLoss = 0.06
  /// A queue that was never empty for so many seconds is emptied at a lower rate, to measure the least delay anew, and
  /// for so long at most.
  private static let drainPeriod = 8.0
  private static let drainGain = 0.7
  private static let drainTime = 0.8
  /// Seconds without a shorter delay that end a drain: two reports and more.
  private static let drainEnd = 0.07
  /// A drain that leaves more than this part of the queue met none.
  private static let drained = 0.8
  /// Seconds by which equal delays differ.
  private static let noise = 0.003
  /// A queue that does not get shorter at a lower rate for so many seconds is none: the way itself became longer.
  private static let staleTime = 1.0
  /// Seconds for which having been held back by the rate counts.
  private static let limitedTime = 0.3

  /// Bytes a second that the way is believed to carry.
  private(set) var capacity: Double
  /// Bytes a second that may be sent now.
  private(set) var rate: Double
  private(set) var path = PathMeter()

  private var boost = boosts.upperBound
  private var boostSince: Double
  private var lastReport: Double
  /// When data last waited for the rate.
  private var limitedAt = -Double.infinity
  /// The shortest queue since the last drain, and when it was seen last. Links that share a way see it together, and so
  /// empty it together.
  private var shortest = Double.infinity
  private var shortestAt: Double
  private var drainSince: Double?
  private var drainStart = 0.0
  /// When delays last fell in a drain.
  private var drainFell = 0.0
  private var staleSince: Double?

  private var arrived = 0
  private var lost = 0
  private var loss = 0.0
  private var lossSince: Double

  init(rate: Double, at now: Double) {
    self.rate = rate
    capacity = rate
    boostSince = now
    lastReport = now
    shortestAt = now
    lossSince = now
  }

  /// Whether data waited for the rate of late: only then does what arrives tell what the way carries.
  func isLimited(at now: Double) -> Bool { now - limitedAt < Self.limitedTime }

  /// A transmit left data unsent because the rate was used up.
  mutating func wasLimited(at now: Double) { limitedAt = now }

  mutating func packetArrived() { arrived &+= 1 }
  mutating func packetLost() { lost &+= 1 }

  /// The limits changed: what was learned stays within them.
  mutating func clamp(to range: ClosedRange<Double>) {
    capacity = min(max(capacity, range.lowerBound), range.upperBound)
    rate = min(max(rate, range.lowerBound), range.upperBound)
  }

  /// Takes a report of the other end; see `PathMeter.add`.
  /// - Parameters:
  ///   - datagram: Bytes of a usual datagram now: while that is on its way over a slow link, there is no queue.
  ///   - range: What the rate is kept in.
  mutating func report(
    sentAt: Double, arrival: UInt32, received: UInt32, datagram: Double, range: ClosedRange<Double>, at now: Double
  ) {
    path.add(sentAt: sentAt, arrival: arrival, received: received, at: now)
    let passed = min(max(now - lastReport, 0), 0.25)
    lastReport = now
    guard let queueing = path.queueing, let delivered = path.delivered else { return }
    let target = Self.margin + datagram / capacity
    countLoss(delivered, at: now)
    adaptBoost(queueing, target, at: now)
    var gain =
      queueing < target
      ? 1 + boost * (1 - queueing / target)
      : max(1 - (queueing - target) / (Self.reaction + 2 * path.feedback), Self.leastGain)
    watchForLongerWay(queueing, target, gain, at: now)
    learn(delivered, queueing, target, passed, at: now)
    if drain(queueing, at: now) { gain = Self.drainGain }
    capacity = min(max(capacity, range.lowerBound), range.upperBound)
    rate = min(max(capacity * gain, range.lowerBound), range.upperBound)
  }

  private mutating func learn(
    _ delivered: Double, _ queueing: Double, _ target: Double, _ passed: Double, at now: Double
  ) {
    var seen = delivered
    // What chance took had left here.
    if queueing < target / 2 && loss < Self.chanceLoss { seen /= 1 - loss }
    let isFull = queueing > 1.5 * target || queueing > target / 3 && isLimited(at: now)
    guard seen > capacity || isFull && staleSince == nil else { return }
    // More than is believed, while a queue says otherwise, may be a late frame at the other end.
    let time = queueing < target / 3 ? 0.2 : seen > capacity ? 0.5 : queueing > 2 * target ? 0.02 : 0.2
    capacity += (seen - capacity) * (1 - exp(-passed / time))
  }

  private mutating func adaptBoost(_ queueing: Double, _ target: Double, at now: Double) {
    if queueing > target { slowGrowth(at: now) }
    if !isLimited(at: now) { boostSince = max(boostSince, now - Self.boostTime / 2) }
    guard now - boostSince > Self.boostTime else { return }
    boost = min(boost * 2, Self.boosts.upperBound)
    boostSince = now
  }

  private mutating func slowGrowth(at now: Double) {
    boost = Self.boosts.lowerBound
    boostSince = now
  }

  private mutating func watchForLongerWay(_ queueing: Double, _ target: Double, _ gain: Double, at now: Double) {
    // At this gain a queue would shrink by 1 - gain seconds a second.
    guard queueing > target + Self.margin, path.gradient > (gain - 1) / 2, path.gradient < 0.05 else {
      staleSince = nil
      return
    }
    guard let since = staleSince else {
      staleSince = now
      return
    }
    guard now - since > Self.staleTime else { return }
    path.raiseLeast(by: queueing, at: now)
    staleSince = nil
    startOver(at: now)
  }

  /// Empties the queue from time to time. Returns true while it does.
  private mutating func drain(_ queueing: Double, at now: Double) -> Bool {
    if path.latest < shortest + Self.noise {
      shortest = min(shortest, path.latest)
      shortestAt = now
    }
    guard let since = drainSince else {
      guard isLimited(at: now), now - shortestAt > Self.drainPeriod else { return false }
      (drainSince, drainStart, drainFell, shortest) = (now, queueing, now, path.latest)
      return true
    }
    let isOver = now - since > Self.drainTime + path.feedback
    // As long as delays fall, there was a queue below what counted as none.
    if path.latest > Self.margin || path.fell > Self.noise { drainFell = now }
    guard isOver || now - drainFell > Self.drainEnd else { return true }
    if isOver && shortest > Self.drained * drainStart { path.raiseLeast(by: shortest, at: now) }
    startOver(at: now)
    return false
  }

  /// The queue is as short as it gets.
  private mutating func startOver(at now: Double) {
    drainSince = nil
    shortest = path.latest
    shortestAt = now
  }

  private mutating func countLoss(_ delivered: Double, at now: Double) {
    guard now - lossSince > 1, arrived + lost >= 20 else { return }
    loss = Double(lost) / Double(arrived + lost)
    if loss > Self.congestionLoss {
      capacity = min(capacity, delivered)
      slowGrowth(at: now)
    }
    (arrived, lost) = (0, 0)
    lossSince = now
  }
}
