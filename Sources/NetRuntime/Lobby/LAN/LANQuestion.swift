/// Asks one address whether a lobby is there, again and again until it answers or the time is up.
struct LANQuestion {
  /// Seconds after which nobody is taken to be there.
  static let timeout = 5.0
  private static let interval = 0.25

  let address: Endpoint
  let nonce: UInt64
  private var deadline: Double?
  private var next = 0.0

  init(address: Endpoint, nonce: UInt64) {
    self.address = address
    self.nonce = nonce
  }

  /// Starts counting with the first call.
  mutating func isOver(at now: Double) -> Bool {
    let deadline = deadline ?? now + Self.timeout
    self.deadline = deadline
    return now >= deadline
  }

  mutating func isDue(at now: Double) -> Bool {
    guard now >= next else { return false }
    next = now + Self.interval
    return true
  }
}
