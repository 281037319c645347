/// What members of an entry say to each other on the lobby channel: who comes says hello, and is welcomed once the
/// other has heard of it from the directory, so that nothing it says afterwards is taken for a stranger's.
enum PlatformMessage: Equatable {
  case hello(EntryID)
  case welcome(EntryID)

  /// A kind (1 byte: 1 hello, 2 welcome), the entry's id (8 bytes).
  var encoded: [UInt8] {
    var writer = ByteWriter()
    switch self {
    case .hello(let id):
      writer.write(UInt8(1))
      writer.write(id.rawValue)
    case .welcome(let id):
      writer.write(UInt8(2))
      writer.write(id.rawValue)
    }
    return writer.bytes
  }

  /// Reads what `encoded` wrote; nil for anything else.
  init?(encoded: UnsafeRawBufferPointer) {
    var reader = ByteReader(encoded)
    let kind = reader.read(UInt8.self)
    let id = EntryID(rawValue: reader.read(UInt64.self))
    guard !reader.failed, reader.remaining == 0, id.rawValue != 0 else { return nil }
    switch kind {
    case 1: self = .hello(id)
    case 2: self = .welcome(id)
    default: return nil
    }
  }
}
