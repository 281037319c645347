/// The datagrams of the lobby port. They find lobbies and prove addresses; everything else travels sealed on the game
/// port.
///
/// A question is as long as the longest answer, so that nobody can use a lobby to send more to a third machine than
/// they sent themselves.
enum LANDatagram: Equatable {
  /// Which lobby is here?
  case query(nonce: UInt64)
  case info(LANLobbyInfo)
  /// The part of the lobby's data that did not fit into the first answer.
  case queryMore(nonce: UInt64, cookie: UInt64, revision: UInt32, offset: UInt16)
  case chunk(LANDataChunk)
}

/// A host's first answer.
struct LANLobbyInfo: Equatable {
  var nonce: UInt64
  /// Proves the questioner's address when it asks for more.
  var cookie: UInt64
  var host: PeerID
  /// Names the lobby; see `LobbyMachine.lobby`.
  var lobby: UInt64
  var schemaHash: UInt64
  var gamePort: UInt16
  var members: UInt8
  var maximum: UInt8
  /// Changes whenever the data does.
  var revision: UInt32
  /// Bytes of the whole encoded data.
  var dataCount: UInt16
  /// The first bytes of it, as many as fit.
  var data: [UInt8]

  static let room = LANDatagram.size - 58
}

/// A further part of a lobby's data.
struct LANDataChunk: Equatable {
  var nonce: UInt64
  var host: PeerID
  var revision: UInt32
  var dataCount: UInt16
  var offset: UInt16
  var data: [UInt8]

  static let room = LANDatagram.size - 32

  /// Where the parts start that follow the first answer.
  static func offsets(dataCount: Int) -> [UInt16] {
    stride(from: LANLobbyInfo.room, to: dataCount, by: room).map { UInt16(truncatingIfNeeded: $0) }
  }
}

extension LANDatagram {
  /// Bytes of every question and of the longest answer; with the headers below it, less than any network cuts.
  static let size = 1200
  /// "SLAN", the first bytes of every datagram.
  static let magic: UInt32 = 0x4E41_4C53
  static let version: UInt16 = 2

  private enum Kind: UInt8 {
    case query = 1
    case info = 2
    case queryMore = 3
    case chunk = 4
  }

  var encoded: [UInt8] {
    var writer = ByteWriter()
    writer.write(Self.magic)
    writer.write(Self.version)
    switch self {
    case .query(let nonce):
      writer.writeHead(Kind.query.rawValue, nonce)
      writer.pad(to: Self.size)
    case .info(let info):
      writer.writeHead(Kind.info.rawValue, info.nonce)
      writer.write(info.cookie)
      writer.write(info.host.rawValue)
      writer.write(info.lobby)
      writer.write(info.schemaHash)
      writer.write(info.gamePort)
      writer.write(info.members)
      writer.write(info.maximum)
      writer.write(info.revision)
      writer.write(info.dataCount)
      writer.write(info.data)
    case .queryMore(let nonce, let cookie, let revision, let offset):
      writer.writeHead(Kind.queryMore.rawValue, nonce)
      writer.write(cookie)
      writer.write(revision)
      writer.write(offset)
      writer.pad(to: Self.size)
    case .chunk(let chunk):
      writer.writeHead(Kind.chunk.rawValue, chunk.nonce)
      writer.write(chunk.host.rawValue)
      writer.write(chunk.revision)
      writer.write(chunk.dataCount)
      writer.write(chunk.offset)
      writer.write(chunk.data)
    }
    return writer.bytes
  }

  /// Reads one datagram; nil for those of other programs, other versions, and anything damaged.
  init?(encoded: UnsafeRawBufferPointer) {
    guard encoded.count <= Self.size else { return nil }
    var reader = ByteReader(encoded)
    guard reader.read(UInt32.self) == Self.magic, reader.read(UInt16.self) == Self.version,
      let kind = Kind(rawValue: reader.read()), reader.read(UInt8.self) == 0
    else { return nil }
    let nonce = reader.read(UInt64.self)
    switch kind {
    case .query:
      self = .query(nonce: nonce)
      guard encoded.count == Self.size else { return nil }
    case .queryMore:
      self = .queryMore(
        nonce: nonce, cookie: reader.read(), revision: reader.read(), offset: reader.read())
      guard encoded.count == Self.size else { return nil }
    case .info:
      let info = LANLobbyInfo(
        nonce: nonce, cookie: reader.read(), host: PeerID(rawValue: reader.read()), lobby: reader.read(),
        schemaHash: reader.read(), gamePort: reader.read(), members: reader.read(), maximum: reader.read(),
        revision: reader.read(), dataCount: reader.read(), data: reader.array(reader.remaining))
      guard info.data.count == min(Int(info.dataCount), LANLobbyInfo.room),
        info.dataCount <= Limits.lobbyDataSize, info.host != .nobody
      else { return nil }
      self = .info(info)
    case .chunk:
      let chunk = LANDataChunk(
        nonce: nonce, host: PeerID(rawValue: reader.read()), revision: reader.read(), dataCount: reader.read(),
        offset: reader.read(), data: reader.array(reader.remaining))
      guard Int(chunk.offset) + chunk.data.count <= chunk.dataCount else { return nil }
      self = .chunk(chunk)
    }
    guard !reader.failed else { return nil }
  }
}

extension ByteWriter {
  fileprivate mutating func writeHead(_ kind: UInt8, _ nonce: UInt64) {
    write(kind)
    write(UInt8(0))
    write(nonce)
  }
}
