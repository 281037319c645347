/// The Noise Protocol Framework's symmetric state (revision 34, section 5.2) for ChaChaPoly and SHA256.
///
/// A value: a message that turns out to be forged leaves the caller's copy as it was.
struct NoiseSymmetricState {
  private(set) var hash: [UInt8]
  private var chainingKey: [UInt8]
  private var key: [UInt8]?
  private var nonce: UInt64 = 0

  init(protocolName: String, prologue: [UInt8]) {
    let name = Array(protocolName.utf8)
    hash = name.count <= 32 ? name + [UInt8](repeating: 0, count: 32 - name.count) : Sodium.sha256(name)
    chainingKey = hash
    mixHash(prologue)
  }

  mutating func mixHash(_ data: [UInt8]) {
    hash = Sodium.sha256(hash, data)
  }

  mutating func mixKey(_ material: [UInt8]) {
    let (next, key, _) = derive(material)
    chainingKey = next
    self.key = key
    nonce = 0
  }

  mutating func mixKeyAndHash(_ material: [UInt8]) {
    let (next, forHash, key) = derive(material)
    chainingKey = next
    mixHash(forHash)
    self.key = key
    nonce = 0
  }

  mutating func encryptAndHash(_ plain: [UInt8]) -> [UInt8] {
    guard let key else {
      mixHash(plain)
      return plain
    }
    let sealed = Sodium.chaChaSeal(plain, key: key, nonce: nonce, data: hash)
    nonce &+= 1
    mixHash(sealed)
    return sealed
  }

  mutating func decryptAndHash(_ sealed: [UInt8]) throws(NoiseError) -> [UInt8] {
    guard let key else {
      mixHash(sealed)
      return sealed
    }
    guard let plain = Sodium.chaChaOpen(sealed, key: key, nonce: nonce, data: hash) else { throw .forged }
    nonce &+= 1
    mixHash(sealed)
    return plain
  }

  /// The keys of the two directions: the initiator's first.
  func split() -> (initiator: [UInt8], responder: [UInt8]) {
    let (first, second, _) = derive([])
    return (first, second)
  }

  /// HKDF with three outputs.
  private func derive(_ material: [UInt8]) -> ([UInt8], [UInt8], [UInt8]) {
    let temporary = Sodium.hmacSHA256(key: chainingKey, material)
    let first = Sodium.hmacSHA256(key: temporary, [1])
    let second = Sodium.hmacSHA256(key: temporary, first, [2])
    return (first, second, Sodium.hmacSHA256(key: temporary, second, [3]))
  }
}

/// Why a handshake message was not taken.
enum NoiseError: Error, Equatable {
  /// Too short, altered, or meant for somebody else.
  case forged
  /// The sender proved its key, but mixed another shared secret in.
  case wrongSecret
  /// A public key that no honest peer makes.
  case badKey
}
