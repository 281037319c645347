/// Noise_IXpsk2_25519_ChaChaPoly_SHA256:
///
///     -> e, s
///     <- e, ee, se, s, es, psk
enum NoiseIX {
  static let protocolName = "Noise_IXpsk2_25519_ChaChaPoly_SHA256"
  static let firstOverhead = 32 + 48 + 16
  static let secondOverhead = 32 + 48 + 16

  /// The pre-shared key of a shared secret of any length; all zero stands for none.
  static func preSharedKey(of secret: [UInt8]?) -> [UInt8] {
    guard let secret else { return [UInt8](repeating: 0, count: 32) }
    return Sodium.sha256(Array("stingray-lua shared secret".utf8), secret)
  }
}

/// What both ends have after the handshake.
struct NoiseResult {
  let payload: [UInt8]
  let remoteStatic: [UInt8]
  let initiatorKey: [UInt8]
  let responderKey: [UInt8]
}

/// The initiator's end. Reading an answer does not change it, so a forged one costs nothing.
struct NoiseInitiator {
  private var state: NoiseSymmetricState
  private let statics: KeyPair
  private let ephemeral: KeyPair
  private let preSharedKey: [UInt8]

  init(statics: KeyPair, ephemeral: KeyPair, preSharedKey: [UInt8], prologue: [UInt8]) {
    state = NoiseSymmetricState(protocolName: NoiseIX.protocolName, prologue: prologue)
    self.statics = statics
    self.ephemeral = ephemeral
    self.preSharedKey = preSharedKey
  }

  /// Writes the first message; to be called once.
  mutating func first(payload: [UInt8]) -> [UInt8] {
    state.mixHash(ephemeral.publicKey)
    // With a pre-shared key in the pattern every "e" is also mixed into the key (section 9.2).
    state.mixKey(ephemeral.publicKey)
    var message = ephemeral.publicKey
    message += state.encryptAndHash(statics.publicKey)
    message += state.encryptAndHash(payload)
    return message
  }

  /// Reads the second message.
  func finish(_ message: [UInt8]) throws(NoiseError) -> NoiseResult {
    guard message.count >= NoiseIX.secondOverhead else { throw .forged }
    var state = state
    let remote = Array(message[0..<32])
    state.mixHash(remote)
    state.mixKey(remote)
    state.mixKey(try agree(ephemeral.secret, remote))
    state.mixKey(try agree(statics.secret, remote))
    let remoteStatic = try state.decryptAndHash(Array(message[32..<80]))
    state.mixKey(try agree(ephemeral.secret, remoteStatic))
    state.mixKeyAndHash(preSharedKey)
    let payload: [UInt8]
    do {
      payload = try state.decryptAndHash(Array(message[80...]))
    } catch {
      throw .wrongSecret
    }
    let keys = state.split()
    return NoiseResult(
      payload: payload, remoteStatic: remoteStatic, initiatorKey: keys.initiator, responderKey: keys.responder)
  }
}

/// The responder's end.
struct NoiseResponder {
  private var state: NoiseSymmetricState
  private let statics: KeyPair
  private let preSharedKey: [UInt8]
  private var remoteEphemeral: [UInt8] = []
  private(set) var remoteStatic: [UInt8] = []

  init(statics: KeyPair, preSharedKey: [UInt8], prologue: [UInt8]) {
    state = NoiseSymmetricState(protocolName: NoiseIX.protocolName, prologue: prologue)
    self.statics = statics
    self.preSharedKey = preSharedKey
  }

  /// Reads the first message and returns its payload; to be called once.
  mutating func read(_ message: [UInt8]) throws(NoiseError) -> [UInt8] {
    guard message.count >= NoiseIX.firstOverhead else { throw .forged }
    remoteEphemeral = Array(message[0..<32])
    state.mixHash(remoteEphemeral)
    state.mixKey(remoteEphemeral)
    remoteStatic = try state.decryptAndHash(Array(message[32..<80]))
    return try state.decryptAndHash(Array(message[80...]))
  }

  /// Writes the second message; to be called once, after `read`.
  mutating func answer(ephemeral: KeyPair, payload: [UInt8]) throws(NoiseError) -> (message: [UInt8], NoiseResult) {
    state.mixHash(ephemeral.publicKey)
    state.mixKey(ephemeral.publicKey)
    var message = ephemeral.publicKey
    state.mixKey(try agree(ephemeral.secret, remoteEphemeral))
    state.mixKey(try agree(ephemeral.secret, remoteStatic))
    message += state.encryptAndHash(statics.publicKey)
    state.mixKey(try agree(statics.secret, remoteEphemeral))
    state.mixKeyAndHash(preSharedKey)
    message += state.encryptAndHash(payload)
    let keys = state.split()
    return (
      message,
      NoiseResult(
        payload: payload, remoteStatic: remoteStatic, initiatorKey: keys.initiator, responderKey: keys.responder)
    )
  }
}

private func agree(_ secret: [UInt8], _ publicKey: [UInt8]) throws(NoiseError) -> [UInt8] {
  guard let shared = Sodium.diffieHellman(secret: secret, publicKey: publicKey) else { throw .badKey }
  return shared
}
