import CSodium

/// Proves that whoever sends from an address also receives there, without anything being kept a questioner: the cookie
/// is a keyed hash of the address and the time, which only this peer can make.
struct AddressCookie {
  /// Seconds after which new cookies are given out; each holds for one more such time.
  static let lifetime = 30.0

  private let key: [UInt8]

  init(random: any RandomSource) {
    var key = [UInt8](repeating: 0, count: Int(crypto_shorthash_KEYBYTES))
    key.withUnsafeMutableBytes { random.fill($0) }
    self.key = key
  }

  func make(for address: Endpoint, at now: Double) -> UInt64 {
    hash(address, epoch: Self.epoch(now))
  }

  func isValid(_ cookie: UInt64, from address: Endpoint, at now: Double) -> Bool {
    let epoch = Self.epoch(now)
    return cookie == hash(address, epoch: epoch) || cookie == hash(address, epoch: epoch &- 1)
  }

  private static func epoch(_ now: Double) -> UInt64 {
    UInt64(max(0, now / lifetime))
  }

  private func hash(_ address: Endpoint, epoch: UInt64) -> UInt64 {
    var input = (address.address, UInt32(address.port), epoch)
    var output: UInt64 = 0
    withUnsafeBytes(of: &input) { input in
      withUnsafeMutableBytes(of: &output) { output in
        guard let from = input.bindMemory(to: UInt8.self).baseAddress,
          let to = output.bindMemory(to: UInt8.self).baseAddress
        else { return }
        _ = crypto_shorthash(to, from, UInt64(input.count), key)
      }
    }
    return output
  }
}
