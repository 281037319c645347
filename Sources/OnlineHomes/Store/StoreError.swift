import GRDB
import NetRuntime

/// Why a file cannot be used as a directory's store. No file is ever deleted for it.
public enum StoreError: Error, Equatable {
  /// The file cannot be made, or is of a kind that cannot be one.
  case cannotOpen(path: String, why: String)
  /// It is something else: another program's database, or none.
  case foreign(path: String)
  /// A newer program made it.
  case newer(path: String, format: Int)
  /// Its contents make no sense.
  case damaged(path: String, what: String)
  /// Another program held it for `Limits.storeBusyTime`.
  case busy(path: String)
  /// It cannot be read or written now: a full disk, a file system without write permission.
  case failed(path: String, why: String)
  /// What should be written is larger than `Limits.storeRecordSize`.
  case tooLarge(path: String, record: String)
}

extension StoreError {
  /// Whether one record alone is to blame.
  var isTooLarge: Bool { if case .tooLarge = self { true } else { false } }

  init(_ error: DatabaseError, path: String) {
    let why = error.message ?? "SQLite's error \(error.extendedResultCode.rawValue)"
    switch error.resultCode {
    case .SQLITE_BUSY, .SQLITE_LOCKED: self = .busy(path: path)
    case .SQLITE_NOTADB: self = .foreign(path: path)
    case .SQLITE_CORRUPT: self = .damaged(path: path, what: why)
    case .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_AUTH: self = .cannotOpen(path: path, why: why)
    default: self = .failed(path: path, why: why)
    }
  }
}

extension StoreError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .cannotOpen(let path, let why): "cannot open the online file \(path): \(why)"
    case .foreign(let path):
      "\(path) is not an online file of stingray-lua; choose another with --online, or take it away"
    case .newer(let path, let format):
      "the online file \(path) is of a newer stingray-lua (format \(format), this one knows \(SQLiteStore.format)); "
        + "choose another with --online, or take it away"
    case .damaged(let path, let what):
      "the online file \(path) is damaged (\(what)); take it away to begin with an empty one"
    case .busy(let path): "the online file \(path) is locked by another program"
    case .failed(let path, let why): "the online file \(path) cannot be used: \(why)"
    case .tooLarge(let path, let record):
      "\(record) is too large for the online file \(path): at most \(Limits.storeRecordSize) bytes"
    }
  }
}
