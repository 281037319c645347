import NetRuntime

/// The key for tokens lies in the store, so that tokens are good at every server on it, and after a restart. It is kept
/// as the notes of a player whose id cannot be one.
extension DirectoryRecord {
  private static let tokenKeyKey = "server"
  private static let tokenKeyName: Bytes = "token key"

  init(tokenKey: [UInt8]) {
    self.init(.notes, DirectoryRecord.tokenKeyKey, .notes([DirectoryRecord.tokenKeyName: Bytes(tokenKey)]))
  }

  var isTokenKey: Bool { kind == .notes && key == DirectoryRecord.tokenKeyKey }

  /// Nil where the record holds none.
  var tokenKey: [UInt8]? {
    guard isTokenKey, case .notes(let notes)? = content else { return nil }
    return notes[DirectoryRecord.tokenKeyName]?.array
  }
}

extension DirectoryRequest {
  /// Whether it changes nothing.
  var isQuestion: Bool {
    switch self {
    case .list, .find, .players, .friends, .kept: true
    default: false
    }
  }
}
