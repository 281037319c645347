/// Why a dump cannot be read; the text is for a game designer.
public enum DumpError: Error, Equatable, Sendable {
  /// The file cannot be opened or read; the operating system's words.
  case unreadable(path: String, reason: String)
  /// The file cannot be made; the operating system's words.
  case unwritable(path: String, reason: String)
  /// Another recording is being written into the file.
  case taken(path: String)
  /// The file does not begin like a dump.
  case notADump(path: String)
  /// The dump is of another version of the format.
  case version(path: String, found: Int)
  /// The dump has no client in it: nothing was recorded.
  case empty(path: String)
  /// The recorded schema is none.
  case badSchema(path: String, reason: String)
}

extension DumpError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .unreadable(let path, let reason): "cannot read the dump \(path): \(reason)"
    case .unwritable(let path, let reason): "cannot write the dump \(path): \(reason)"
    case .taken(let path):
      "cannot write the dump \(path): another program is recording into it; name another file, or write %RANDOM% in the "
        + "network.log of settings.ini"
    case .notADump(let path):
      "\(path) is no network dump: it does not begin with \"SLNDUMP\"; expected a file that --dump or network.log wrote"
    case .version(let path, let found):
      "\(path) is a network dump of version \(found); this program reads version \(DumpFormat.version): record it anew"
    case .empty(let path):
      "the dump \(path) has no network client in it: nothing was recorded, or its first frame is damaged"
    case .badSchema(let path, let reason): "the dump \(path) has a network config that cannot be read: \(reason)"
    }
  }
}
