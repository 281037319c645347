import CSodium

/// The ciphers that packets may be sealed with.
enum CipherKind: UInt8 {
  case chaCha20Poly1305 = 0
  case aes256GCM = 1
}

/// The ciphers that a peer offers, a bit each at the cipher's number.
struct CipherSet: OptionSet {
  let rawValue: UInt8
  static let chaCha20Poly1305 = CipherSet(rawValue: 1)
  static let aes256GCM = CipherSet(rawValue: 2)

  static var available: CipherSet { Sodium.hasAES ? [.chaCha20Poly1305, .aes256GCM] : .chaCha20Poly1305 }

  /// The fastest cipher of both; ChaCha20-Poly1305 is always there.
  func best(with other: CipherSet) -> CipherKind {
    contains(.aes256GCM) && other.contains(.aes256GCM) ? .aes256GCM : .chaCha20Poly1305
  }
}

/// Seals or opens one direction's packets in place, with a key prepared once.
struct PacketCipher {
  static let tagSize = 16

  private let kind: CipherKind
  /// An AES key schedule or 32 bytes of key.
  private let key: UnsafeMutableRawPointer

  init(_ kind: CipherKind, key bytes: [UInt8]) {
    self.kind = kind
    switch kind {
    case .aes256GCM:
      key = .allocate(byteCount: crypto_aead_aes256gcm_statebytes(), alignment: 16)
      crypto_aead_aes256gcm_beforenm(Self.schedule(key), bytes)
    case .chaCha20Poly1305:
      key = .allocate(byteCount: 32, alignment: 16)
      bytes.withUnsafeBytes { key.copyMemory(from: $0.baseAddress!, byteCount: 32) }
    }
  }

  func destroy() {
    sodium_memzero(key, kind == .aes256GCM ? crypto_aead_aes256gcm_statebytes() : 32)
    key.deallocate()
  }

  /// Seals `count` bytes that follow the header, which is authenticated too; 16 bytes of tag are written behind them.
  @inline(__always)
  func seal(_ packet: UnsafeMutableRawPointer, header: Int, count: Int, sequence: UInt64) {
    var nonce: (UInt32, UInt64.Halves) = (0, .init(sequence))
    let head = packet.assumingMemoryBound(to: UInt8.self)
    let body = head + header
    withUnsafeBytes(of: &nonce) { nonce in
      let nonce = nonce.baseAddress!.assumingMemoryBound(to: UInt8.self)
      switch kind {
      case .aes256GCM:
        _ = crypto_aead_aes256gcm_encrypt_afternm(
          body, nil, body, UInt64(count), head, UInt64(header), nil, nonce, Self.schedule(key))
      case .chaCha20Poly1305:
        _ = crypto_aead_chacha20poly1305_ietf_encrypt(
          body, nil, body, UInt64(count), head, UInt64(header), nil, nonce, key.assumingMemoryBound(to: UInt8.self))
      }
    }
  }

  /// Opens `count` sealed bytes, tag included, that follow the header. False when anything was altered.
  @inline(__always)
  func open(_ packet: UnsafeMutableRawPointer, header: Int, count: Int, sequence: UInt64) -> Bool {
    guard count >= Self.tagSize else { return false }
    var nonce: (UInt32, UInt64.Halves) = (0, .init(sequence))
    let head = packet.assumingMemoryBound(to: UInt8.self)
    let body = head + header
    return withUnsafeBytes(of: &nonce) { nonce in
      let nonce = nonce.baseAddress!.assumingMemoryBound(to: UInt8.self)
      switch kind {
      case .aes256GCM:
        return crypto_aead_aes256gcm_decrypt_afternm(
          body, nil, nil, body, UInt64(count), head, UInt64(header), nonce, Self.schedule(key)) == 0
      case .chaCha20Poly1305:
        return crypto_aead_chacha20poly1305_ietf_decrypt(
          body, nil, nil, body, UInt64(count), head, UInt64(header), nonce,
          key.assumingMemoryBound(to: UInt8.self)) == 0
      }
    }
  }

  @inline(__always)
  private static func schedule(_ key: UnsafeMutableRawPointer) -> UnsafeMutablePointer<crypto_aead_aes256gcm_state> {
    key.assumingMemoryBound(to: crypto_aead_aes256gcm_state.self)
  }
}

extension UInt64 {
  /// A number as two little-endian halves, so that it packs without padding behind a 32-bit one.
  fileprivate struct Halves {
    let low: UInt32
    let high: UInt32

    init(_ number: UInt64) {
      low = UInt32(truncatingIfNeeded: number).littleEndian
      high = UInt32(truncatingIfNeeded: number >> 32).littleEndian
    }
  }
}
