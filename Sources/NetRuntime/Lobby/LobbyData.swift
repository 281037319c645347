/// Keys and values that peers of a lobby share, in the order in which the keys were first set. Both are bytes, as Lua's
/// strings are.
public struct LobbyData: Equatable, Sendable {
  public struct Entry: Equatable, Sendable {
    public let key: [UInt8]
    public let value: [UInt8]
  }

  public private(set) var entries: [Entry] = []
  /// Bytes that all entries take on the wire; the limits count these.
  public private(set) var size = 0

  public init() {}

  public subscript(key: [UInt8]) -> [UInt8]? {
    entries.first { $0.key == key }?.value
  }

  /// Sets one key.
  /// - Parameter limit: Bytes that all entries may take together, `Limits.lobbyDataSize` or `Limits.memberDataSize`.
  /// - Returns: False when the key had that value already.
  public mutating func set(_ key: [UInt8], to value: [UInt8], limit: Int) throws(LobbyDataError) -> Bool {
    guard key.count <= Limits.lobbyKeySize else { throw .keyTooLong(key.count) }
    let index = entries.firstIndex { $0.key == key }
    if let index, entries[index].value == value { return false }
    let old = index.map { Self.size(of: entries[$0]) } ?? 0
    let entry = Entry(key: key, value: value)
    let newSize = size - old + Self.size(of: entry)
    guard newSize <= limit else { throw .full(needed: newSize, limit: limit) }
    if let index {
      entries[index] = entry
    } else {
      guard entries.count < Limits.lobbyKeys else { throw .tooManyKeys }
      entries.append(entry)
    }
    size = newSize
    return true
  }

  private static func size(of entry: Entry) -> Int {
    3 + entry.key.count + entry.value.count
  }
}

/// Why lobby data or member data was not set.
public enum LobbyDataError: Error, Equatable, Sendable {
  case keyTooLong(Int)
  /// All keys and values together would take more bytes than there may be.
  case full(needed: Int, limit: Int)
  case tooManyKeys
}

extension LobbyDataError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .keyTooLong(let count): "the key has \(count) bytes; at most \(Limits.lobbyKeySize) are possible"
    case .full(let needed, let limit):
      "all keys and values together would take \(needed) bytes; at most \(limit) are possible"
    case .tooManyKeys: "there are \(Limits.lobbyKeys) keys already; more are not possible"
    }
  }
}

// MARK: - Wire

extension LobbyData {
  /// The entries one after another: length of the key (1 byte), length of the value (2 bytes), key, value.
  var encoded: [UInt8] {
    var writer = ByteWriter()
    for entry in entries {
      writer.write(UInt8(truncatingIfNeeded: entry.key.count))
      writer.write(UInt16(truncatingIfNeeded: entry.value.count))
      writer.write(entry.key)
      writer.write(entry.value)
    }
    return writer.bytes
  }

  /// Reads what `encoded` wrote; nil for anything else, a key that comes twice included.
  init?(encoded: UnsafeRawBufferPointer, limit: Int) {
    guard encoded.count <= limit else { return nil }
    var reader = ByteReader(encoded)
    while reader.remaining > 0 {
      let keyCount = Int(reader.read(UInt8.self))
      let valueCount = Int(reader.read(UInt16.self))
      let key = reader.array(keyCount)
      let value = reader.array(valueCount)
      guard !reader.failed, self[key] == nil, (try? set(key, to: value, limit: limit)) == true else { return nil }
    }
  }
}
