/// What survivors of a host send each other. Each message names its session and its sender's membership, because it has
/// to reach peers that do not know the sender, over links that speak of no session yet; `docs/wire.md` has every byte.
enum ElectionMessage {
  case part(ElectionPart)
  /// The sender does not claim any more.
  case withdraw
  /// The sender's vote is not the receiver's any more.
  case revoke
  /// The sender has left the session.
  case gone
  /// The sender is in the session of another host.
  case won(ElectionWinner)
  /// A sign of life.
  case beat(ElectionBeat)

  enum Kind: UInt8 {
    case claim = 32
    case vote = 33
    case commit = 34
    case withdraw = 35
    case revoke = 36
    case won = 37
    case beat = 38
    case gone = 39
  }

  static func isElection(_ kind: UInt8) -> Bool { Kind(rawValue: kind) != nil }

  /// Bytes of the kind, the session and the sender's join.
  static let headSize = 13
}

/// A piece of a claim, a vote or a commit.
struct ElectionPart {
  var kind: ElectionMessage.Kind
  var isFirst: Bool
  var isLast: Bool
  var bytes: UnsafeRawBufferPointer
}

struct ElectionWinner: Equatable {
  var reign: UInt32
  var join: UInt32
  var peer: PeerID
  /// Whether the receiver is a member of the winner's session.
  var isMember: Bool
}

struct ElectionBeat: Equatable {
  var slot: UInt8
  var reign: UInt32
  var hasLostHost: Bool
  /// The receiver is to answer with one of its own.
  var wantsAnswer: Bool
}

extension ElectionMessage {
  /// Reads one message; nil when it is none.
  static func read(_ body: UnsafeRawBufferPointer) -> (session: UInt64, sender: UInt32, message: ElectionMessage)? {
    guard let first = body.first, let kind = Kind(rawValue: first), body.count >= headSize else { return nil }
    var reader = ByteReader(UnsafeRawBufferPointer(rebasing: body[1...]))
    let session: UInt64 = reader.read()
    let sender: UInt32 = reader.read()
    let message: ElectionMessage
    switch kind {
    case .claim, .vote, .commit:
      let flags: UInt8 = reader.read()
      guard !reader.failed, flags < 4 else { return nil }
      let bytes = UnsafeRawBufferPointer(rebasing: body[(headSize + 1)...])
      let part = ElectionPart(kind: kind, isFirst: flags & 1 != 0, isLast: flags & 2 != 0, bytes: bytes)
      return (session, sender, .part(part))
    case .withdraw: message = .withdraw
    case .revoke: message = .revoke
    case .gone: message = .gone
    case .won:
      let winner = ElectionWinner(
        reign: reader.read(), join: reader.read(), peer: PeerID(rawValue: reader.read()),
        isMember: reader.read(UInt8.self) != 0)
      guard winner.peer != .nobody else { return nil }
      message = .won(winner)
    case .beat:
      let slot: UInt8 = reader.read()
      let reign: UInt32 = reader.read()
      let flags: UInt8 = reader.read()
      guard slot < Limits.peers, flags < 4 else { return nil }
      message = .beat(
        ElectionBeat(slot: slot, reign: reign, hasLostHost: flags & 1 != 0, wantsAnswer: flags & 2 != 0))
    }
    return reader.failed || reader.remaining > 0 ? nil : (session, sender, message)
  }

  static func head(_ kind: Kind, session: UInt64, sender: UInt32) -> ByteWriter {
    var writer = ByteWriter()
    writer.write(kind.rawValue)
    writer.write(session)
    writer.write(sender)
    return writer
  }
}

extension ByteWriter {
  mutating func write(_ winner: ElectionWinner) {
    write(winner.reign)
    write(winner.join)
    write(winner.peer.rawValue)
    write(winner.isMember ? 1 as UInt8 : 0)
  }

  mutating func write(_ beat: ElectionBeat) {
    write(beat.slot)
    write(beat.reign)
    write((beat.hasLostHost ? 1 : 0) | (beat.wantsAnswer ? 2 : 0) as UInt8)
  }

  mutating func write(_ info: MemberInfo) {
    write(info.peer.rawValue)
    write(info.slot)
    write(info.join)
    write(info.isSynced ? 1 as UInt8 : 0)
  }

  mutating func write(_ members: [MemberInfo]) {
    write(UInt8(members.count))
    for member in members { write(member) }
  }

  /// At most `Limits.rememberedRemovals` numbers.
  mutating func write(joins: [UInt32]) {
    write(UInt8(joins.count))
    for join in joins { write(join) }
  }

  mutating func write(_ version: ObjectVersion) {
    write(version.birth)
    write(version.stamp)
  }
}

extension ByteReader {
  mutating func member() -> MemberInfo? {
    let info = MemberInfo(
      peer: PeerID(rawValue: read()), slot: read(), join: read(), isSynced: read(UInt8.self) != 0)
    return failed || !info.isPossible || info.join >= Limits.joins ? nil : info
  }

  mutating func members() -> [MemberInfo]? {
    let count = Int(read(UInt8.self))
    guard count <= Limits.peers else { return nil }
    var list: [MemberInfo] = []
    for _ in 0..<count {
      guard let info = member(), !list.contains(where: { $0.join == info.join || $0.peer == info.peer })
      else { return nil }
      list.append(info)
    }
    return list
  }

  mutating func joins() -> [UInt32]? {
    let count = Int(read(UInt8.self))
    guard count <= Limits.rememberedRemovals else { return nil }
    var list: [UInt32] = []
    for _ in 0..<count { list.append(read()) }
    return failed || list.contains { $0 >= Limits.joins } ? nil : list
  }

  mutating func version() -> ObjectVersion? {
    let version = ObjectVersion(birth: read(), stamp: read())
    return failed || !version.isPossible ? nil : version
  }
}
