/// Takes messages and blocks of state apart into the bits of each account. It reads as the rooms that use them do, with
/// their types; what does not read whole is booked as unreadable.
struct TrafficDecoder {
  /// Bits that belong together, in the order in which they stand.
  struct Part {
    var account: Int32
    /// How many of what the account counts begin here.
    var count: Int32
    var bits: Int
  }

  let accounts: TrafficAccounts
  /// What the last message was made of; their bits are all bits of head and body.
  private(set) var parts: [Part] = []

  private let config: NetworkConfig
  /// What is known of the objects that messages name by their ids only.
  private var types: [UInt32: UInt16] = [:]
  private let lookUpType: ((UInt32) -> Int?)?

  /// - Parameter type: Gives the index of a living object's type, for recordings that begin in the middle of a game.
  init(_ config: NetworkConfig, type: ((UInt32) -> Int?)?) {
    self.config = config
    accounts = TrafficAccounts(config)
    lookUpType = type
  }

  // MARK: Messages

  /// Takes one message apart into `parts`; false when it does not read, which then are one part.
  /// - Parameter headBits: Bits before the body that are the message's too.
  mutating func decode(_ channel: MessageChannel, _ body: UnsafeRawBufferPointer, headBits: Int) -> Bool {
    parts.removeAll(keepingCapacity: true)
    let total = headBits + body.count * 8
    let reads =
      switch channel {
      case .rpc: decodeScriptMessage(body, total: total)
      case .session: decodeSessionMessage(body, total: total)
      case .lobby: decodeLobbyMessage(body, total: total)
      case .connection: decodeWhole(accounts.overhead(.schemas), total: total)
      }
    if !reads { setWhole(accounts.overhead(.unreadable), total: total) }
    return reads
  }

  private mutating func setWhole(_ account: Int, total: Int) {
    parts.removeAll(keepingCapacity: true)
    parts.append(Part(account: Int32(account), count: 1, bits: total))
  }

  private mutating func decodeWhole(_ account: Int, total: Int) -> Bool {
    setWhole(account, total: total)
    return true
  }

  private mutating func decodeLobbyMessage(_ body: UnsafeRawBufferPointer, total: Int) -> Bool {
    guard let kind = body.first else { return false }
    return decodeWhole(accounts.lobby(kind), total: total)
  }

  /// Bits of `total` that are not the arguments' are the head's.
  private mutating func decodeScriptMessage(_ body: UnsafeRawBufferPointer, total: Int) -> Bool {
    var reader = BitReader(body)
    let index = Int(reader.read(bits: config.messageIndexBits))
    guard !reader.failed, index < config.messages.count else { return false }
    let start = reader.position
    for codec in config.codecs(ofMessage: index) {
      guard reader.skip(codec) else { return false }
    }
    guard reader.remainingBits < 8 else { return false }
    let arguments = reader.position - start
    parts.append(Part(account: Int32(accounts.messageHead(index)), count: 1, bits: total - arguments))
    if arguments > 0 {
      parts.append(Part(account: Int32(accounts.messageArguments(index)), count: 0, bits: arguments))
    }
    return true
  }

  private mutating func decodeSessionMessage(_ body: UnsafeRawBufferPointer, total: Int) -> Bool {
    guard let kind = body.first else { return false }
    if ElectionMessage.isElection(kind) { return decodeWhole(accounts.session(kind), total: total) }
    guard let message = SessionMessage(body) else { return false }
    switch message {
    case .relay(_, let inner), .relayed(_, let inner), .keptRelay(_, _, let inner), .keptRelayed(_, _, let inner):
      return decodeScriptMessage(inner, total: total)
    case .create(let id, let type, _, _, _, let fields):
      guard type < config.objects.count else { return false }
      remember(id, type)
      return decodeObject(type, .creation, fields, total: total)
    case .own(let id, let type, _, _, _, _, let fields):
      guard type < config.objects.count else { return false }
      remember(id, type)
      return decodeObject(type, .ownership, fields, total: total)
    case .set(let id, let field, _, var value):
      guard let type = type(of: id) else { return decodeWhole(accounts.unknownObjects, total: total) }
      let codecs = config.codecs(ofObject: type)
      let start = value.position
      guard field < codecs.count, value.skip(codecs[field]), value.remainingBits < 8 else { return false }
      let bits = value.position - start
      parts.append(Part(account: Int32(accounts.object(type, .updates)), count: 1, bits: total - bits))
      parts.append(Part(account: Int32(accounts.field(type, field, .updates)), count: 1, bits: bits))
      return true
    case .destroy(let id, _, _), .knownDestroyed(let id):
      guard let type = type(of: id) else { return decodeWhole(accounts.unknownObjects, total: total) }
      return decodeWhole(accounts.object(type, .destruction), total: total)
    default:
      return decodeWhole(accounts.session(kind), total: total)
    }
  }

  /// An object with all its fields; bits of `total` that are not the fields' are the object's own.
  private mutating func decodeObject(
    _ type: Int, _ occasion: TrafficAccounts.FieldPart, _ fields: BitReader, total: Int
  ) -> Bool {
    let part: TrafficAccounts.ObjectPart = occasion == .creation ? .creation : .ownership
    var reader = fields
    let start = reader.position
    let head = parts.count
    parts.append(Part(account: Int32(accounts.object(type, part)), count: 1, bits: 0))
    for (field, codec) in config.codecs(ofObject: type).enumerated() {
      let before = reader.position
      guard reader.skip(codec) else { return false }
      let account = Int32(accounts.field(type, field, occasion))
      parts.append(Part(account: account, count: 1, bits: reader.position - before))
    }
    guard reader.remainingBits < 8 else { return false }
    parts[head].bits = total - (reader.position - start)
    return true
  }

  private mutating func remember(_ id: UInt32, _ type: Int) {
    guard types.count < Limits.objects || types[id] != nil else { return }
    types[id] = UInt16(truncatingIfNeeded: type)
  }

  private func type(of id: UInt32) -> Int? {
    let type = types[id].map(Int.init) ?? lookUpType?(id)
    return type.flatMap { $0 >= 0 && $0 < config.objects.count ? $0 : nil }
  }

  // MARK: State

  /// Takes a block of state apart into `parts`; false when it does not read, and then what was read of it stays and
  /// the rest is unreadable.
  /// - Parameter headBits: Bits before the block that are the frame's.
  mutating func decodeState(_ block: UnsafeRawBufferPointer, headBits: Int) -> Bool {
    parts.removeAll(keepingCapacity: true)
    var reader = BitReader(block)
    // What is common to the block is the frame's.
    parts.append(Part(account: Int32(accounts.overhead(.frameHeads)), count: 1, bits: 0))
    reader.advance(bits: SessionMessage.stateHeadBits)
    var common = headBits + SessionMessage.stateHeadBits
    var reads = !reader.failed
    while reads {
      let start = reader.position
      guard reader.read(bits: 1) == 1 else { break }
      reads = decodeStateObject(&reader, from: start)
    }
    let booked = parts.reduce(0) { $0 + $1.bits }
    let rest = headBits + block.count * 8 - booked
    if reads && !reader.failed {
      common = rest
    } else {
      common = min(common, rest)
      parts.append(Part(account: Int32(accounts.overhead(.unreadable)), count: 1, bits: rest - common))
    }
    parts[0].bits = common
    return reads && !reader.failed
  }

  private mutating func decodeStateObject(_ reader: inout BitReader, from start: Int) -> Bool {
    let isWide = reader.read(bits: 1) == 1
    let id = UInt32(truncatingIfNeeded: reader.read(bits: isWide ? 32 : 16))
    let type = Int(reader.read(bits: config.objectIndexBits))
    guard !reader.failed, type < config.objects.count else { return false }
    remember(id, type)
    let head = parts.count
    parts.append(Part(account: Int32(accounts.object(type, .updates)), count: 1, bits: 0))
    var values = 0
    for (field, codec) in config.codecs(ofObject: type).enumerated() where reader.read(bits: 1) == 1 {
      let before = reader.position
      guard reader.skip(codec) else {
        parts.removeSubrange(head...)
        return false
      }
      let bits = reader.position - before
      values += bits
      parts.append(Part(account: Int32(accounts.field(type, field, .updates)), count: 1, bits: bits))
    }
    guard !reader.failed else {
      parts.removeSubrange(head...)
      return false
    }
    parts[head].bits = reader.position - start - values
    return true
  }
}
