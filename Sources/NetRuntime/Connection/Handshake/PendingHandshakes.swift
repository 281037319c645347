/// A handshake that was answered, until the initiator shows with its first sealed packet that it has the keys.
struct PendingHandshake {
  let hello: Hello
  let source: Endpoint
  /// The answer, for when it got lost.
  let accept: [UInt8]
  let result: NoiseResult
  let offer: ConnectPayload
  let cipher: CipherKind
  let connectionID: UInt32
  let began: Double
  /// When the initiator last sent its CONNECT.
  var asked: Double

  var sameSchema: Bool
}

/// The pending handshakes by the index that their link will have; bounded, the oldest gives way.
struct PendingHandshakes {
  private var pending: [UInt16: PendingHandshake] = [:]

  subscript(index: UInt16) -> PendingHandshake? { pending[index] }

  func contains(_ index: UInt16) -> Bool { pending[index] != nil }

  var count: Int { pending.count }

  var isFull: Bool { pending.count >= Limits.pendingHandshakes }

  /// The pending handshake of an attempt whose CONNECT came again.
  mutating func repeated(nonce: UInt64, source: Endpoint, at now: Double) -> PendingHandshake? {
    guard let index = pending.first(where: { $0.value.hello.nonce == nonce && $0.value.source == source })?.key else {
      return nil
    }
    pending[index]?.asked = now
    return pending[index]
  }

  /// Whether a peer has asked for a connection since a time.
  func isAsking(_ peer: PeerID, since time: Double) -> Bool {
    pending.contains { $0.value.hello.initiator == peer && $0.value.asked > time }
  }

  /// Forgets what a peer has begun.
  mutating func remove(from peer: PeerID) {
    guard !pending.isEmpty else { return }
    pending = pending.filter { $0.value.hello.initiator != peer }
  }

  /// The index of the latest handshake that a peer has begun.
  func index(from peer: PeerID) -> UInt16? {
    // Ties go by index, so that a simulation repeats itself.
    pending.filter { $0.value.hello.initiator == peer }.max { ($0.value.began, $0.key) < ($1.value.began, $1.key) }?.key
  }

  mutating func insert(_ handshake: PendingHandshake, at index: UInt16) {
    pending[index] = handshake
  }

  mutating func remove(_ index: UInt16) {
    pending[index] = nil
  }

  mutating func removeOldest() {
    // Ties go by index, so that a simulation repeats itself.
    let oldest = pending.min { ($0.value.began, $0.key) < ($1.value.began, $1.key) }
    if let oldest { pending[oldest.key] = nil }
  }

  mutating func expire(at now: Double) {
    guard !pending.isEmpty else { return }
    pending = pending.filter { now - $0.value.began < LinkTimes.handshakeTimeout }
  }
}
