import CSodium
import Foundation
import NetRuntime

/// Makes and checks the tokens that prove who asks. A token carries player and run and the server's seal over them, so
/// that nothing has to be kept for it, and it outlives the server as long as the store keeps the key.
struct TokenKey: Sendable {
  /// Bytes of the key.
  static let size = Int(crypto_auth_KEYBYTES)

  private let key: [UInt8]

  /// - Parameter key: `size` bytes.
  init?(_ key: [UInt8]) {
    guard key.count == TokenKey.size, sodium_init() >= 0 else { return nil }
    self.key = key
  }

  /// A new key's bytes.
  static func draw() -> [UInt8] {
    var key = [UInt8](repeating: 0, count: size)
    guard sodium_init() >= 0 else { return [] }
    randombytes_buf(&key, key.count)
    return key
  }

  /// The token of a player's run: 64 characters that may stand in a header.
  func token(of player: PeerID, run: UInt64) -> String {
    let content = TokenKey.bytes(player.rawValue) + TokenKey.bytes(run)
    return Data(content + seal(content)).base64EncodedString()
      .replacing("+", with: "-").replacing("/", with: "_")
  }

  /// Who shows a token; nil for what this key never gave out. Takes the same time for every wrong one.
  func read(_ token: some StringProtocol) -> (player: PeerID, run: UInt64)? {
    guard token.utf8.count == 64, !token.utf8.contains(where: { $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "/") }),
      let data = Data(base64Encoded: String(token).replacing("-", with: "+").replacing("_", with: "/")),
      data.count == 48
    else { return nil }
    let bytes = Array(data)
    let content = Array(bytes[..<16])
    guard crypto_auth_verify(Array(bytes[16...]), content, 16, key) == 0 else { return nil }
    return (PeerID(rawValue: TokenKey.number(bytes[..<8])), TokenKey.number(bytes[8..<16]))
  }

  /// The run that a sign-in gets: nobody can foresee it, and a repeated attempt gets it again. Never 0.
  func run(of player: PeerID, attempt: String) -> UInt64 {
    let sealed = seal(TokenKey.bytes(player.rawValue) + Array("attempt \(attempt)".utf8))
    return max(1, TokenKey.number(sealed[..<8]))
  }

  /// What the relay makes its players' keys with.
  var relaySecret: [UInt8] { seal(Array("relay".utf8)) }

  private func seal(_ content: [UInt8]) -> [UInt8] {
    var result = [UInt8](repeating: 0, count: Int(crypto_auth_BYTES))
    crypto_auth(&result, content, UInt64(content.count), key)
    return result
  }

  private static func bytes(_ number: UInt64) -> [UInt8] { withUnsafeBytes(of: number.littleEndian, Array.init) }

  private static func number(_ bytes: ArraySlice<UInt8>) -> UInt64 {
    bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }
}

/// The word that all who may sign in know.
struct SharedSecret: Sendable {
  private let digest: [UInt8]

  init(_ secret: String) { digest = SharedSecret.digest(secret) }

  /// Whether this is the secret; takes the same time whatever it is.
  func matches(_ word: some StringProtocol) -> Bool {
    sodium_memcmp(digest, SharedSecret.digest(word), digest.count) == 0
  }

  /// Secrets are compared by their hashes, so that not even their lengths show.
  private static func digest(_ word: some StringProtocol) -> [UInt8] {
    let bytes = Array(word.utf8)
    var result = [UInt8](repeating: 0, count: Int(crypto_generichash_BYTES))
    crypto_generichash(&result, result.count, bytes, UInt64(bytes.count), nil, 0)
    return result
  }
}
