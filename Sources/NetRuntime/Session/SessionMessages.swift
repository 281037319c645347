/// The messages of a session, each a kind byte and little-endian numbers; `docs/wire.md` has every byte.
enum SessionMessage {
  case begin(SessionContext)
  case welcome(SessionWelcome)
  case memberAdded(MemberInfo)
  case memberRemoved(join: UInt32)
  case memberSynced(join: UInt32)
  case removed
  case sessionEnd
  case wantLeave
  case left
  case syncMark
  case syncDone
  /// The packed fields are `fields`.
  case create(id: UInt32, type: Int, owner: UInt8, version: ObjectVersion, time: UInt32, fields: BitReader)
  /// An object was given away; the packed fields are `fields`.
  case own(id: UInt32, type: Int, version: ObjectVersion, time: UInt32, join: UInt32, peer: PeerID, fields: BitReader)
  case destroy(id: UInt32, destroyer: UInt8, version: ObjectVersion)
  case set(id: UInt32, field: Int, time: UInt32, value: BitReader)
  case idFree(UInt32)
  case relay(target: UInt32, body: UnsafeRawBufferPointer)
  case relayed(source: UInt32, body: UnsafeRawBufferPointer)
  /// A reliable message between two clients, kept by its sender until `relayDone`.
  case keptRelay(target: UInt32, number: UInt32, body: UnsafeRawBufferPointer)
  case keptRelayed(source: UInt32, number: UInt32, body: UnsafeRawBufferPointer)
  case relayDone(target: UInt32, number: UInt32)
  case settled
  case knownDestroyed(id: UInt32)

  enum Kind: UInt8 {
    case begin = 1
    case welcome = 2
    case memberAdded = 3
    case memberRemoved = 4
    case memberSynced = 5
    case removed = 6
    case sessionEnd = 7
    case wantLeave = 8
    case left = 9
    case syncMark = 10
    case syncDone = 11
    case create = 12
    case destroy = 13
    case set = 14
    case idFree = 15
    case relay = 16
    case relayed = 17
    case own = 18
    case keptRelay = 40
    case keptRelayed = 41
    case relayDone = 42
    case settled = 43
    case knownDestroyed = 44
  }

  /// What an unreliable block of the session begins with; relayed messages use their kind.
  static let stateBlock: UInt8 = 0
  /// That byte and the sender's time, before the objects of a block of state.
  static let stateHeadBits = 8 + 32
}

/// Which session a link's traffic belongs to: the sender's and the receiver's membership of it, each by the number that
/// the host gave it on joining.
struct SessionContext: Equatable {
  var session: UInt64
  var sender: UInt32
  var receiver: UInt32
}

/// What others are told of a member.
struct MemberInfo: Equatable {
  var peer: PeerID
  var slot: UInt8
  /// Counts the peers that ever joined, from the host's 0.
  var join: UInt32
  var isSynced = false
}

/// What a newcomer is told: its own place and everyone who is there, itself left out.
struct SessionWelcome: Equatable {
  var slot: UInt8
  var join: UInt32
  /// The sender's place among the members.
  var hostSlot: UInt8 = 0
  var hostJoin: UInt32 = 0
  /// How often the session has changed its host.
  var reign: UInt32 = 0
  var members: [MemberInfo]
  /// Ids of the newcomer's range that objects of an earlier bearer of its slot have.
  var usedIDs: [UInt32] = []
}

extension SessionMessage {
  /// Reads one message; nil when it is none. Whether its sender may send it is not looked at.
  init?(_ body: UnsafeRawBufferPointer) {
    guard let first = body.first, let kind = Kind(rawValue: first) else { return nil }
    var reader = BitReader(UnsafeRawBufferPointer(rebasing: body[1...]))
    switch kind {
    case .begin:
      self = .begin(
        SessionContext(session: reader.read(bits: 64), sender: reader.uint32(), receiver: reader.uint32()))
    case .welcome:
      guard let welcome = SessionWelcome(&reader) else { return nil }
      self = .welcome(welcome)
    case .memberAdded:
      guard let info = MemberInfo(&reader), !info.isSynced else { return nil }
      self = .memberAdded(info)
    case .memberRemoved: self = .memberRemoved(join: reader.uint32())
    case .memberSynced: self = .memberSynced(join: reader.uint32())
    case .removed: self = .removed
    case .sessionEnd: self = .sessionEnd
    case .wantLeave: self = .wantLeave
    case .left: self = .left
    case .syncMark: self = .syncMark
    case .syncDone: self = .syncDone
    case .create:
      let id = reader.uint32()
      let type = Int(reader.read(bits: 16))
      let owner = UInt8(reader.read(bits: 8))
      guard let version = ObjectVersion(&reader), owner < Limits.peers else { return nil }
      let time = reader.uint32()
      guard !reader.failed else { return nil }
      self = .create(id: id, type: type, owner: owner, version: version, time: time, fields: reader)
      return
    case .own:
      let id = reader.uint32()
      let type = Int(reader.read(bits: 16))
      guard let version = ObjectVersion(&reader), version.stamp > 0 else { return nil }
      let time = reader.uint32()
      let join = reader.uint32()
      let peer = PeerID(rawValue: reader.read(bits: 64))
      guard !reader.failed, peer != .nobody else { return nil }
      self = .own(id: id, type: type, version: version, time: time, join: join, peer: peer, fields: reader)
      return
    case .destroy:
      let id = reader.uint32()
      let destroyer = UInt8(reader.read(bits: 8))
      guard let version = ObjectVersion(&reader), destroyer < Limits.peers else { return nil }
      self = .destroy(id: id, destroyer: destroyer, version: version)
    case .set:
      let id = reader.uint32()
      let field = Int(reader.read(bits: 8))
      let time = reader.uint32()
      guard !reader.failed else { return nil }
      self = .set(id: id, field: field, time: time, value: reader)
      return
    case .idFree: self = .idFree(reader.uint32())
    case .relay:
      let target = reader.uint32()
      guard !reader.failed else { return nil }
      self = .relay(target: target, body: UnsafeRawBufferPointer(rebasing: body[5...]))
      return
    case .keptRelay:
      let target = reader.uint32()
      let number = reader.uint32()
      guard !reader.failed else { return nil }
      self = .keptRelay(target: target, number: number, body: UnsafeRawBufferPointer(rebasing: body[9...]))
      return
    case .keptRelayed:
      let source = reader.uint32()
      let number = reader.uint32()
      guard !reader.failed else { return nil }
      self = .keptRelayed(source: source, number: number, body: UnsafeRawBufferPointer(rebasing: body[9...]))
      return
    case .relayDone: self = .relayDone(target: reader.uint32(), number: reader.uint32())
    case .settled: self = .settled
    case .knownDestroyed: self = .knownDestroyed(id: reader.uint32())
    case .relayed:
      let source = reader.uint32()
      guard !reader.failed else { return nil }
      self = .relayed(source: source, body: UnsafeRawBufferPointer(rebasing: body[5...]))
      return
    }
    // Nothing may follow: a longer message is another version's or an attack.
    if reader.failed || reader.remainingBits > 0 { return nil }
  }
}

extension SessionMessage {
  /// Writes a message that carries numbers only.
  static func write(_ kind: Kind, to writer: inout BitWriter) {
    writer.write(UInt64(kind.rawValue), bits: 8)
  }

  static func write(_ context: SessionContext, to writer: inout BitWriter) {
    write(.begin, to: &writer)
    writer.write(context.session, bits: 64)
    writer.write(UInt64(context.sender), bits: 32)
    writer.write(UInt64(context.receiver), bits: 32)
  }

  static func write(_ kind: Kind, _ info: MemberInfo, to writer: inout BitWriter) {
    write(kind, to: &writer)
    info.write(to: &writer)
  }

  static func write(_ kind: Kind, _ first: UInt32, _ second: UInt32, to writer: inout BitWriter) {
    write(kind, number: first, to: &writer)
    writer.write(UInt64(second), bits: 32)
  }

  static func write(_ kind: Kind, number: UInt32, to writer: inout BitWriter) {
    write(kind, to: &writer)
    writer.write(UInt64(number), bits: 32)
  }
}

extension SessionWelcome {
  /// Bytes of the longest welcome.
  static let maximumBytes = 14 + Limits.peers * MemberInfo.bytes + Limits.usedIDs * 4

  init?(_ reader: inout BitReader) {
    slot = UInt8(reader.read(bits: 8))
    join = reader.uint32()
    hostSlot = UInt8(reader.read(bits: 8))
    reign = reader.uint32()
    let count = Int(reader.read(bits: 8))
    guard !reader.failed, slot < Limits.peers, hostSlot < Limits.peers, join > 0, count > 0, count < Limits.peers
    else { return nil }
    members = []
    var slots: UInt64 = 1 << UInt64(slot)
    for _ in 0..<count {
      guard let info = MemberInfo(&reader), slots & 1 << UInt64(info.slot) == 0, info.join < join else { return nil }
      guard !members.contains(where: { $0.peer == info.peer || $0.join == info.join }) else { return nil }
      slots |= 1 << UInt64(info.slot)
      members.append(info)
    }
    guard let host = members.first(where: { $0.slot == hostSlot }) else { return nil }
    hostJoin = host.join
    let used = Int(reader.read(bits: 16))
    guard !reader.failed, used <= Limits.usedIDs else { return nil }
    for _ in 0..<used {
      let id = reader.uint32()
      guard ObjectIDs.slot(of: id) == slot else { return nil }
      usedIDs.append(id)
    }
  }

  func write(to writer: inout BitWriter) {
    SessionMessage.write(.welcome, to: &writer)
    writer.write(UInt64(slot), bits: 8)
    writer.write(UInt64(join), bits: 32)
    writer.write(UInt64(hostSlot), bits: 8)
    writer.write(UInt64(reign), bits: 32)
    writer.write(UInt64(members.count), bits: 8)
    for member in members { member.write(to: &writer) }
    writer.write(UInt64(usedIDs.count), bits: 16)
    for id in usedIDs { writer.write(UInt64(id), bits: 32) }
  }
}

extension MemberInfo {
  static let bytes = 14

  init?(_ reader: inout BitReader) {
    peer = PeerID(rawValue: reader.read(bits: 64))
    slot = UInt8(reader.read(bits: 8))
    join = reader.uint32()
    let flags = reader.read(bits: 8)
    isSynced = flags & 1 != 0
    guard !reader.failed, isPossible, flags < 2 else { return nil }
  }

  /// Whether there can be such a member.
  var isPossible: Bool { peer != .nobody && slot < Limits.peers }

  func write(to writer: inout BitWriter) {
    writer.write(peer.rawValue, bits: 64)
    writer.write(UInt64(slot), bits: 8)
    writer.write(UInt64(join), bits: 32)
    writer.write(isSynced ? 1 : 0, bits: 8)
  }
}

extension BitReader {
  @inline(__always)
  mutating func uint32() -> UInt32 { UInt32(truncatingIfNeeded: read(bits: 32)) }
}
