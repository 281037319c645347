import CSodium

/// Makes the numbers that an answer to a probe has to repeat, and knows them again without keeping any: each holds the
/// time of sending, and a keyed hash of that with the peer and the endpoint that were asked. So no flood of probes or
/// answers takes memory, and who did not get the question from this very endpoint cannot answer it.
struct ProbeNonces {
  /// The low bits are the time in ticks of 0.1 ms, the 44 above it the hash.
  private static let ticks: UInt64 = 0xF_FFFF
  private static let tick = 0.0001

  private let key: [UInt8]

  init(random: any RandomSource) {
    key = random.bytes(Int(crypto_shorthash_KEYBYTES))
  }

  func make(for peer: PeerID, at endpoint: Endpoint, now: Double) -> UInt64 {
    nonce(peer, endpoint, Self.time(now) & Self.ticks)
  }

  /// Seconds since a nonce was made; nil when it was not, or not for this peer at this endpoint, or too long ago.
  func age(_ nonce: UInt64, of peer: PeerID, at endpoint: Endpoint, now: Double) -> Double? {
    let time = nonce & Self.ticks
    guard nonce == self.nonce(peer, endpoint, time) else { return nil }
    let age = Double((Self.time(now) &- time) & Self.ticks) * Self.tick
    return age <= PathTimes.answerAge ? age : nil
  }

  private static func time(_ now: Double) -> UInt64 {
    UInt64(min(max(0, now / tick), 1e18))
  }

  private func nonce(_ peer: PeerID, _ endpoint: Endpoint, _ time: UInt64) -> UInt64 {
    var input = (peer.rawValue, UInt64(endpoint.address) << 16 | UInt64(endpoint.port), time)
    var output: UInt64 = 0
    withUnsafeBytes(of: &input) { input in
      withUnsafeMutableBytes(of: &output) { output in
        guard let from = input.bindMemory(to: UInt8.self).baseAddress,
          let to = output.bindMemory(to: UInt8.self).baseAddress
        else { return }
        _ = crypto_shorthash(to, from, UInt64(input.count), key)
      }
    }
    return output & ~Self.ticks | time
  }
}
