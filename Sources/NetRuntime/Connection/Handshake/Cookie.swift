/// Makes and checks cookies: proof that somebody receives what is sent to the address it claims, kept by nobody but the
/// claimant.
struct CookieJar {
  static let size = 16

  private var current: [UInt8]
  private var previous: [UInt8]
  private var rotatedAt: Double

  /// - Parameter secret: 32 random bytes.
  init(secret: [UInt8], at now: Double) {
    current = secret
    previous = secret
    rotatedAt = now
  }

  /// Puts a new secret in place of the current one when its time has come; cookies of the replaced one stay good for
  /// another period.
  /// - Parameter fill: Fills the secret with random bytes, in place: connections that go on for hours allocate nothing.
  mutating func rotate(at now: Double, fill: (UnsafeMutableRawBufferPointer) -> Void) {
    guard now - rotatedAt >= LinkTimes.cookieRotation else { return }
    let isOutdated = now - rotatedAt >= 2 * LinkTimes.cookieRotation
    swap(&current, &previous)
    current.withUnsafeMutableBytes(fill)
    if isOutdated { previous = current }
    rotatedAt = now
  }

  /// The cookie for a hello from an address.
  func bake(for hello: [UInt8], from source: Endpoint) -> [UInt8] {
    cookie(hello, source, secret: current)
  }

  func accepts(_ claimed: [UInt8], for hello: [UInt8], from source: Endpoint) -> Bool {
    Sodium.equal(claimed, cookie(hello, source, secret: current))
      || Sodium.equal(claimed, cookie(hello, source, secret: previous))
  }

  private func cookie(_ hello: [UInt8], _ source: Endpoint, secret: [UInt8]) -> [UInt8] {
    let address = (0..<4).map { UInt8(truncatingIfNeeded: source.address >> ($0 * 8)) }
    let port = [UInt8(truncatingIfNeeded: source.port), UInt8(truncatingIfNeeded: source.port >> 8)]
    return Sodium.mac(key: secret, address, port, hello)
  }
}
