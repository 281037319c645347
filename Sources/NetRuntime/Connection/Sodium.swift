import CSodium

/// What this layer needs of libsodium, with Swift types. Everything works on any processor but the AES cipher.
enum Sodium {
  /// Sets libsodium up once; it has to come before anything that looks at the processor.
  static let isReady = sodium_init() >= 0

  static let hasAES = isReady && crypto_aead_aes256gcm_is_available() == 1

  static func sha256(_ parts: [UInt8]...) -> [UInt8] {
    var state = crypto_hash_sha256_state()
    crypto_hash_sha256_init(&state)
    for part in parts { crypto_hash_sha256_update(&state, part, UInt64(part.count)) }
    var digest = [UInt8](repeating: 0, count: 32)
    crypto_hash_sha256_final(&state, &digest)
    return digest
  }

  static func hmacSHA256(key: [UInt8], _ parts: [UInt8]...) -> [UInt8] {
    var state = crypto_auth_hmacsha256_state()
    crypto_auth_hmacsha256_init(&state, key, key.count)
    for part in parts { crypto_auth_hmacsha256_update(&state, part, UInt64(part.count)) }
    var digest = [UInt8](repeating: 0, count: 32)
    crypto_auth_hmacsha256_final(&state, &digest)
    return digest
  }

  /// Keyed BLAKE2b, 16 bytes long.
  static func mac(key: [UInt8], _ parts: [UInt8]...) -> [UInt8] {
    let message = parts.flatMap { $0 }
    var digest = [UInt8](repeating: 0, count: 16)
    crypto_generichash(&digest, 16, message, UInt64(message.count), key, key.count)
    return digest
  }

  static func equal(_ one: [UInt8], _ other: [UInt8]) -> Bool {
    one.count == other.count && sodium_memcmp(one, other, one.count) == 0
  }

  /// X25519; nil when the result is all zero, which only a hostile public key gives.
  static func diffieHellman(secret: [UInt8], publicKey: [UInt8]) -> [UInt8]? {
    guard secret.count == 32, publicKey.count == 32 else { return nil }
    var shared = [UInt8](repeating: 0, count: 32)
    return crypto_scalarmult_curve25519(&shared, secret, publicKey) == 0 ? shared : nil
  }

  static func chaChaSeal(_ plain: [UInt8], key: [UInt8], nonce: UInt64, data: [UInt8]) -> [UInt8] {
    var sealed = [UInt8](repeating: 0, count: plain.count + 16)
    _ = crypto_aead_chacha20poly1305_ietf_encrypt(
      &sealed, nil, plain, UInt64(plain.count), data, UInt64(data.count), nil, noiseNonce(nonce), key)
    return sealed
  }

  static func chaChaOpen(_ sealed: [UInt8], key: [UInt8], nonce: UInt64, data: [UInt8]) -> [UInt8]? {
    guard sealed.count >= 16 else { return nil }
    var plain = [UInt8](repeating: 0, count: sealed.count - 16)
    let result = plain.withUnsafeMutableBufferPointer { plain in
      // An empty array may have no address, and libsodium wants one.
      var nowhere: UInt8 = 0
      return withUnsafeMutablePointer(to: &nowhere) { nowhere in
        crypto_aead_chacha20poly1305_ietf_decrypt(
          plain.baseAddress ?? nowhere, nil, nil, sealed, UInt64(sealed.count), data, UInt64(data.count),
          noiseNonce(nonce), key)
      }
    }
    return result == 0 ? plain : nil
  }

  /// Noise's nonce of ChaCha20-Poly1305: 32 zero bits, then the number in little endian.
  private static func noiseNonce(_ number: UInt64) -> [UInt8] {
    [0, 0, 0, 0] + (0..<8).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }
  }
}

/// An X25519 key pair.
struct KeyPair {
  let secret: [UInt8]
  let publicKey: [UInt8]

  /// - Parameter secret: 32 random bytes.
  init(secret: [UInt8]) {
    self.secret = secret
    var publicKey = [UInt8](repeating: 0, count: 32)
    crypto_scalarmult_curve25519_base(&publicKey, secret)
    self.publicKey = publicKey
  }
}
