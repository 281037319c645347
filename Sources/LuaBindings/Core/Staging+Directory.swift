import NetRuntime

extension Staging {
  func push(_ bytes: Bytes) { push(bytes: bytes.array) }

  /// Nil for nil.
  func push(_ bytes: Bytes?) { push(optionalBytes: bytes?.array) }

  func setField(_ key: String, _ value: Bytes) {
    push(key)
    push(value)
    setField()
  }

  func setField(_ key: String, _ value: PeerID) {
    push(key)
    push(value)
    setField()
  }
}
