/// A lobby as a browser shows it.
public struct LANLobbyListing: Equatable, Sendable {
  /// The lobby port of its host: what to join.
  public let address: Endpoint
  public let host: PeerID
  /// Members when it answered, and how many there may be.
  public let members: Int
  public let maximum: Int
  public let data: LobbyData
}

/// What a browser knows of one lobby while its data comes in part by part.
struct LANLobbyEntry {
  /// The answer that is being completed.
  private(set) var info: LANLobbyInfo
  private(set) var source: Endpoint
  private var bytes: [UInt8]
  /// Where the parts start that have not come yet.
  private(set) var missing: [UInt16]
  var nextRequest = 0.0
  /// The lobby as it was last known whole.
  private(set) var listing: LANLobbyListing?

  init(_ info: LANLobbyInfo, from source: Endpoint) {
    self.info = info
    self.source = source
    bytes = []
    missing = []
    restart()
  }

  var host: PeerID { info.host }

  /// Takes another answer of the same host.
  mutating func update(_ new: LANLobbyInfo, from newSource: Endpoint) {
    if new.nonce == info.nonce && newSource != source {
      // The host answered on several of its addresses; the one that other machines can use too is worth more.
      guard source.address >> 24 == 127 && newSource.address >> 24 != 127 else { return }
    }
    let isSameData = new.revision == info.revision && new.dataCount == info.dataCount && missing.isEmpty
    let isRepeated = new == info && newSource == source
    info = new
    source = newSource
    if isSameData {
      publish()
    } else if !isRepeated {
      restart()
    }
  }

  /// Takes a part of the data; a part of other data than the first answer's is ignored.
  mutating func add(_ chunk: LANDataChunk) {
    guard chunk.revision == info.revision, chunk.dataCount == info.dataCount,
      let index = missing.firstIndex(of: chunk.offset),
      chunk.data.count == min(LANDataChunk.room, Int(chunk.dataCount) - Int(chunk.offset))
    else { return }
    missing.remove(at: index)
    bytes.replaceSubrange(Int(chunk.offset)..<Int(chunk.offset) + chunk.data.count, with: chunk.data)
    if missing.isEmpty { publish() }
  }

  private mutating func restart() {
    bytes = info.data + [UInt8](repeating: 0, count: Int(info.dataCount) - info.data.count)
    missing = LANDataChunk.offsets(dataCount: bytes.count)
    nextRequest = 0
    if missing.isEmpty { publish() }
  }

  private mutating func publish() {
    guard let data = bytes.withUnsafeBytes({ LobbyData(encoded: $0, limit: Limits.lobbyDataSize) }) else { return }
    listing = LANLobbyListing(
      address: source, host: info.host, members: Int(info.members), maximum: Int(info.maximum), data: data)
  }
}
