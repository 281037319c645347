extension LobbyMessage {
  enum Kind: UInt8 {
    case join = 1
    case ownData = 2
    case state = 3
    case refuseFull = 4
    case refuseNotHost = 5
    case memberJoined = 6
    case memberLeft = 7
    case memberData = 8
    case data = 9
    case sessionHost = 10
    case leave = 11
    case removed = 12
  }

  var encoded: [UInt8] {
    var writer = ByteWriter()
    switch self {
    case .join(let lobby, let data):
      writer.write(Kind.join.rawValue)
      writer.write(lobby)
      writer.write(data.encoded)
    case .ownData(let data):
      writer.write(Kind.ownData.rawValue)
      writer.write(data.encoded)
    case .state(let snapshot):
      writer.write(Kind.state.rawValue)
      snapshot.encode(into: &writer)
    case .refuse(.full(let maximum)):
      writer.write(Kind.refuseFull.rawValue)
      writer.write(maximum)
    case .refuse(.notHost):
      writer.write(Kind.refuseNotHost.rawValue)
    case .memberJoined(let term, let member):
      writer.write(Kind.memberJoined.rawValue)
      writer.write(term)
      member.encode(into: &writer)
    case .memberLeft(let term, let peer, let reason):
      writer.write(Kind.memberLeft.rawValue)
      writer.write(term)
      writer.write(peer.rawValue)
      writer.write(reason.rawValue)
    case .memberData(let term, let peer, let data):
      writer.write(Kind.memberData.rawValue)
      writer.write(term)
      writer.write(peer.rawValue)
      writer.write(data.encoded)
    case .data(let term, let data):
      writer.write(Kind.data.rawValue)
      writer.write(term)
      writer.write(data.encoded)
    case .sessionHost(let term, let peer):
      writer.write(Kind.sessionHost.rawValue)
      writer.write(term)
      writer.write(peer.rawValue)
    case .leave(let lobby):
      writer.write(Kind.leave.rawValue)
      writer.write(lobby)
    case .removed(let lobby, let term, let reason):
      writer.write(Kind.removed.rawValue)
      writer.write(lobby)
      writer.write(term)
      writer.write(reason.rawValue)
    }
    return writer.bytes
  }

  /// Reads one message; nil for anything that `encoded` does not write.
  init?(encoded: UnsafeRawBufferPointer) {
    var reader = ByteReader(encoded)
    guard let kind = Kind(rawValue: reader.read()), let message = Self.read(kind, from: &reader),
      !reader.failed, reader.remaining == 0
    else { return nil }
    self = message
  }

  private static func read(_ kind: Kind, from reader: inout ByteReader) -> LobbyMessage? {
    switch kind {
    case .join: readJoin(from: &reader)
    case .ownData: reader.lobbyData(limit: Limits.memberDataSize).map { .ownData($0) }
    case .state: LobbySnapshot(from: &reader).map { .state($0) }
    case .refuseFull: .refuse(.full(maximum: reader.read()))
    case .refuseNotHost: .refuse(.notHost)
    case .memberJoined: .memberJoined(term: reader.read(), LobbySnapshot.Member(from: &reader))
    case .memberLeft: readLeft(from: &reader)
    case .memberData: readMemberData(from: &reader)
    case .data: readData(from: &reader)
    case .sessionHost: .sessionHost(term: reader.read(), PeerID(rawValue: reader.read()))
    case .leave: .leave(lobby: reader.read())
    case .removed: readRemoved(from: &reader)
    }
  }

  private static func readLeft(from reader: inout ByteReader) -> LobbyMessage? {
    let term = reader.read(UInt32.self)
    let peer = PeerID(rawValue: reader.read())
    return LeaveReason(rawValue: reader.read()).map { .memberLeft(term: term, peer, $0) }
  }

  private static func readJoin(from reader: inout ByteReader) -> LobbyMessage? {
    let lobby = reader.read(UInt64.self)
    return reader.lobbyData(limit: Limits.memberDataSize).map { .join(lobby: lobby, $0) }
  }

  private static func readRemoved(from reader: inout ByteReader) -> LobbyMessage? {
    let lobby = reader.read(UInt64.self)
    let term = reader.read(UInt32.self)
    return LeaveReason(rawValue: reader.read()).map { .removed(lobby: lobby, term: term, $0) }
  }

  private static func readMemberData(from reader: inout ByteReader) -> LobbyMessage? {
    let term = reader.read(UInt32.self)
    let peer = PeerID(rawValue: reader.read())
    return reader.lobbyData(limit: Limits.memberDataSize).map { .memberData(term: term, peer, $0) }
  }

  private static func readData(from reader: inout ByteReader) -> LobbyMessage? {
    let term = reader.read(UInt32.self)
    return reader.lobbyData(limit: Limits.lobbyDataSize).map { .data(term: term, $0) }
  }
}

extension ByteReader {
  /// Reads the rest as lobby data.
  mutating func lobbyData(limit: Int) -> LobbyData? {
    array(remaining).withUnsafeBytes { LobbyData(encoded: $0, limit: limit) }
  }
}

extension LobbySnapshot {
  fileprivate func encode(into writer: inout ByteWriter) {
    writer.write(lobby)
    writer.write(term)
    writer.write(maximum)
    writer.write(sessionHost.rawValue)
    writer.write(UInt8(truncatingIfNeeded: members.count))
    for member in members { member.encode(into: &writer) }
    writer.write(data.encoded)
  }

  fileprivate init?(from reader: inout ByteReader) {
    lobby = reader.read()
    term = reader.read()
    maximum = reader.read()
    sessionHost = PeerID(rawValue: reader.read())
    let count = Int(reader.read(UInt8.self))
    guard count <= Limits.lobbyMembers else { return nil }
    members = []
    for _ in 0..<count {
      let member = Member(from: &reader)
      guard !reader.failed, member.peer != .nobody, !members.contains(where: { $0.peer == member.peer }) else {
        return nil
      }
      members.append(member)
    }
    guard let data = reader.lobbyData(limit: Limits.lobbyDataSize) else { return nil }
    self.data = data
  }
}

extension LobbySnapshot.Member {
  fileprivate func encode(into writer: inout ByteWriter) {
    writer.write(peer.rawValue)
    writer.write(endpoint.address)
    writer.write(endpoint.port)
  }

  fileprivate init(from reader: inout ByteReader) {
    peer = PeerID(rawValue: reader.read())
    endpoint = Endpoint(address: reader.read(), port: reader.read())
  }
}
