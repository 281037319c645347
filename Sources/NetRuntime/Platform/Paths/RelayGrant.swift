import CSodium

/// What a player needs to use a server's relay, and to ask it for its own address.
public struct RelayGrant: Equatable, Hashable, Codable, Sendable {
  /// The server's UDP port.
  public var endpoint: Endpoint
  /// The player's own; nobody else may know it.
  public var key: RelayKey

  /// - Parameter endpoint: Where the relay is to be reached, by UDP.
  public init(endpoint: Endpoint, key: RelayKey) {
    self.endpoint = endpoint
    self.key = key
  }
}

/// What a player and the relay sign their datagrams with: 128 bits that only the two know. It never travels between
/// them.
public struct RelayKey: Hashable, Sendable {
  static let size = 16

  let bytes: SIMD16<UInt8>

  init(_ bytes: SIMD16<UInt8>) {
    self.bytes = bytes
  }

  /// A player's key, which a relay makes again whenever it needs it.
  /// - Parameter secret: 32 bytes that only the relay knows.
  init(of player: PeerID, secret: [UInt8]) {
    var player = player.rawValue.littleEndian
    bytes = withUnsafeBytes(of: &player) { player in
      secret.withUnsafeBytes { Self.hash(player, key: $0) }
    }
  }

  /// The signature of some bytes.
  func signature(of message: UnsafeRawBufferPointer) -> SIMD16<UInt8> {
    withUnsafeBytes(of: bytes) { Self.hash(message, key: $0) }
  }

  /// Puts the signature of all that was written behind it.
  func sign(_ writer: inout WireWriter) {
    let signature = signature(of: UnsafeRawBufferPointer(start: writer.base, count: writer.count))
    withUnsafeBytes(of: signature) { writer.write($0) }
  }

  /// Whether a message ends with its signature.
  func hasSigned(_ message: UnsafeRawBufferPointer) -> Bool {
    let size = message.count - Self.size
    guard size >= 0, let base = message.baseAddress else { return false }
    let expected = signature(of: UnsafeRawBufferPointer(start: base, count: size))
    return withUnsafeBytes(of: expected) { sodium_memcmp($0.baseAddress, base + size, Self.size) == 0 }
  }

  /// BLAKE2b with 16 bytes of output, which allocates nothing.
  private static func hash(_ message: UnsafeRawBufferPointer, key: UnsafeRawBufferPointer) -> SIMD16<UInt8> {
    var result = SIMD16<UInt8>()
    withUnsafeMutableBytes(of: &result) { result in
      guard let output = result.baseAddress else { return }
      _ = crypto_generichash(
        output.assumingMemoryBound(to: UInt8.self), size, message.baseAddress?.assumingMemoryBound(to: UInt8.self),
        UInt64(message.count), key.baseAddress?.assumingMemoryBound(to: UInt8.self), key.count)
    }
    return result
  }
}

extension RelayKey: CustomStringConvertible {
  /// Does not show the key, so that it gets into no log.
  public var description: String { "a relay's key" }

  /// 32 hexadecimal digits.
  public init?(hexadecimal text: some StringProtocol) {
    let digits = Array(text.utf8)
    guard digits.count == 2 * Self.size else { return nil }
    var bytes = SIMD16<UInt8>()
    for index in 0..<Self.size {
      guard let byte = UInt64(hexadecimalDigits: digits[2 * index...2 * index + 1]) else { return nil }
      bytes[index] = UInt8(truncatingIfNeeded: byte)
    }
    self.bytes = bytes
  }

  /// The key as 32 hexadecimal digits.
  public var hexadecimal: String {
    let digits = Array("0123456789abcdef".utf8)
    return String(
      decoding: (0..<Self.size).flatMap { [digits[Int(bytes[$0] >> 4)], digits[Int(bytes[$0] & 15)]] }, as: UTF8.self)
  }
}

extension RelayKey: Codable {
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    guard let key = RelayKey(hexadecimal: try container.decode(String.self)) else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "expected 32 hexadecimal digits")
    }
    self = key
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(hexadecimal)
  }
}
