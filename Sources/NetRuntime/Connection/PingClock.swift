/// Keep-alive: when to ping, how long answers take, and when the other end counts as gone.
struct PingClock {
  private enum State {
    /// The last ping was answered, or none was sent yet.
    case quiet(nextPing: Double)
    /// A ping is out.
    case waiting(nextPing: Double)
  }

  /// Pings whose time of sending is remembered.
  private static let remembered: UInt16 = 8

  private var state: State
  private var lastID: UInt16 = 0
  private var sentAt: SIMD8<Double> = .zero
  private var outstanding: UInt8 = 0
  /// When the oldest unanswered ping was sent.
  private(set) var waitingSince: Double = .infinity
  /// When anything authentic last came.
  private(set) var lastHeard: Double
  /// Smoothed round trip in seconds; 0 until the first answer.
  private(set) var roundTrip = 0.0

  init(at now: Double) {
    state = .quiet(nextPing: now)
    lastHeard = now
  }

  mutating func heard(at now: Double) {
    lastHeard = now
  }

  func isSilent(for time: Double, at now: Double) -> Bool {
    now - lastHeard >= time
  }

  /// The id of the ping to send now; nil when none is due.
  func due(at now: Double) -> UInt16? {
    switch state {
    case .quiet(let time), .waiting(let time): now >= time ? lastID &+ 1 : nil
    }
  }

  /// The ping that was due is on its way.
  mutating func sent(at now: Double, resend: Double) {
    lastID &+= 1
    let slot = Int(lastID % Self.remembered)
    sentAt[slot] = now
    outstanding |= 1 << UInt8(slot)
    if waitingSince == .infinity { waitingSince = now }
    state = .waiting(nextPing: now + resend)
  }

  /// Takes an answer; an answer to nothing that was asked is ignored.
  mutating func answered(_ id: UInt16, at now: Double, pause: Double) {
    let slot = Int(id % Self.remembered)
    guard lastID &- id < Self.remembered, outstanding & 1 << UInt8(slot) != 0 else { return }
    outstanding &= ~(1 << UInt8(slot))
    let sample = max(0, now - sentAt[slot])
    roundTrip = roundTrip == 0 ? sample : roundTrip + (sample - roundTrip) / 4
    waitingSince = .infinity
    state = .quiet(nextPing: now + pause)
  }

  /// Makes a ping due at once.
  mutating func hurry(at now: Double) {
    if case .quiet = state { state = .quiet(nextPing: now) }
  }
}
