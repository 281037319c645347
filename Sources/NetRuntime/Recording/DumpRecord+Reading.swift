extension DumpRecord {
  /// Reads what follows a record's first byte; nil, or a reader that failed, when it makes no sense.
  init?(_ kind: DumpFormat.Kind, _ reader: inout ByteReader, _ links: inout DumpLinks) {
    switch kind {
    case .received: self = .packet(DumpPacket(.received, &reader, &links))
    case .sent: self = .packet(DumpPacket(.sent, &reader, &links))
    case .datagram:
      guard let datagram = DumpDatagram(&reader) else { return nil }
      self = .datagram(datagram)
    case .linkOpened:
      let link = UInt32(clamping: reader.varint())
      let peer = PeerID(rawValue: reader.read(UInt64.self))
      let isKnown = reader.read(UInt8.self) != 0
      guard !reader.failed else { return nil }
      links.open(link, peer)
      self = .linkOpened(link: link, peer, isKnown: isKnown)
    case .linkChanged:
      let link = UInt32(clamping: reader.varint())
      guard let change = DumpLinkChange(event: reader.read(UInt8.self), reason: reader.read(UInt8.self)) else {
        return nil
      }
      self = .linkChanged(link: link, change)
    case .receive:
      self = .receive(dt: Double(Varint.unfolded(reader.varint())) / DumpFormat.unitsPerSecond)
    case .transmit: self = .transmit
    case .handed:
      let value = reader.varint()
      self = .handed(events: Int(clamping: value >> 1), isAll: value & 1 != 0)
    case .tag: self = .tag(String(decoding: reader.counted(), as: UTF8.self))
    case .call:
      guard let call = SessionCall(&reader) else { return nil }
      self = .call(call)
    case .ownChange: self = .ownChange(reader.counted())
    case .ownEnd:
      let id = UInt32(clamping: reader.varint())
      let join = reader.varint()
      self = .ownEnd(id: id, birth: join << 32 | reader.varint() & 0xFFFF_FFFF)
    case .ownMessage: self = .ownMessage(reader.counted())
    case .client:
      let peer = PeerID(rawValue: reader.read(UInt64.self))
      let text = String(decoding: reader.counted(), as: UTF8.self)
      let source = reader.counted()
      guard !reader.failed, peer != .nobody else { return nil }
      self = .client(DumpClient(peer: peer, canonicalText: text, source: Array(source)))
    case .pongTimeout: self = .pongTimeout(Double(reader.varint()) / DumpFormat.unitsPerSecond)
    case .clientEnd: self = .clientEnd
    }
  }
}

extension DumpPacket {
  fileprivate init(_ direction: PacketTapping.Direction, _ reader: inout ByteReader, _ links: inout DumpLinks) {
    self.direction = direction
    link = UInt32(clamping: reader.varint())
    // Mostly the number after the last one.
    let step = UInt64(bitPattern: Varint.unfolded(reader.varint()) &+ 1)
    switch direction {
    case .received:
      links[link].received &+= step
      sequence = links[link].received
    case .sent:
      links[link].sent &+= step
      sequence = links[link].sent
    }
    body = reader.counted()
    peer = links[link].peer
  }
}

extension DumpDatagram {
  fileprivate init?(_ reader: inout ByteReader) {
    let flags = reader.read(UInt8.self)
    guard flags < 4 else { return nil }
    direction = flags & 1 == 0 ? .received : .sent
    port = flags & 2 == 0 ? .game : .lobby
    kind = reader.read(UInt8.self)
    let size = reader.varint()
    let copies = reader.varint()
    // A datagram's length has 16 bits, and no machine has more interfaces.
    guard size <= 65_535, copies <= 65_535 else { return nil }
    self.size = Int(size)
    self.copies = Int(copies)
    endpoint = Endpoint(address: reader.read(UInt32.self), port: reader.read(UInt16.self))
  }
}

extension DumpLinkChange {
  fileprivate init?(event: UInt8, reason: UInt8) {
    switch event {
    case 0: self = .connected
    case 1:
      guard let reason = Reason(rawValue: reason) else { return nil }
      self = .broken(reason)
    case 2:
      guard let reason = Reason(rawValue: reason) else { return nil }
      self = .closed(reason)
    case 3:
      guard let refusal = Refusal(rawValue: reason) else { return nil }
      self = .refused(refusal)
    default: return nil
    }
  }

  init(_ event: LinkEvent) {
    switch event {
    case .connected: self = .connected
    case .broken(let reason): self = .broken(Reason(reason))
    case .closed(let reason): self = .closed(Reason(reason))
    case .refused(let reason): self = .refused(Refusal(reason))
    }
  }

  /// The event as the rooms above know it; what a recording leaves out of it is made up.
  var event: LinkEvent {
    switch self {
    case .connected: .connected
    case .broken(let reason): .broken(reason.reason)
    case .closed(let reason): .closed(reason.reason)
    case .refused(let refusal): .refused(refusal.reason)
    }
  }

  var bytes: (event: UInt8, reason: UInt8) {
    switch self {
    case .connected: (0, 0)
    case .broken(let reason): (1, reason.rawValue)
    case .closed(let reason): (2, reason.rawValue)
    case .refused(let refusal): (3, refusal.rawValue)
    }
  }
}

extension DumpLinkChange.Reason {
  init(_ reason: DisconnectReason) {
    switch reason {
    case .localClose: self = .localClose
    case .remoteClose: self = .remoteClose
    case .remoteShutdown: self = .remoteShutdown
    case .remoteBroke: self = .remoteBroke
    case .timeout: self = .timeout
    case .replaced: self = .replaced
    case .malformed: self = .malformed
    case .backlog: self = .backlog
    }
  }
}

extension DumpLinkChange.Reason {
  fileprivate var reason: DisconnectReason {
    switch self {
    case .localClose: .localClose
    case .remoteClose: .remoteClose
    case .remoteShutdown: .remoteShutdown
    case .remoteBroke: .remoteBroke
    case .timeout: .timeout
    case .replaced: .replaced
    case .malformed: .malformed(.truncated)
    case .backlog: .backlog
    }
  }
}

extension DumpLinkChange.Refusal {
  fileprivate var reason: RefusalReason {
    switch self {
    case .noAnswer: .noAnswer
    case .wrongSecret: .wrongSecret
    case .version: .version(here: 0, there: 0)
    case .idTaken: .idTaken
    case .wrongPeer: .wrongPeer
    case .full: .full
    case .schemaMismatch: .schemaMismatch(differences: [])
    }
  }
  init(_ reason: RefusalReason) {
    switch reason {
    case .noAnswer: self = .noAnswer
    case .wrongSecret: self = .wrongSecret
    case .version: self = .version
    case .idTaken: self = .idTaken
    case .wrongPeer: self = .wrongPeer
    case .full: self = .full
    case .schemaMismatch: self = .schemaMismatch
    }
  }
}

extension SessionCall {
  fileprivate init?(_ reader: inout ByteReader) {
    switch reader.read(UInt8.self) {
    case 1: self = .create
    case 2: self = .makeHost(session: reader.read(UInt64.self))
    case 3: self = .addPeer(PeerID(rawValue: reader.read(UInt64.self)))
    case 4: self = .removePeer(PeerID(rawValue: reader.read(UInt64.self)))
    case 5: self = .leave
    case 6: self = .disconnectFromHost
    case 7: self = .shutdownHost
    case 8: self = .migrateHost
    case 9: self = .close
    case 10:
      let peer = PeerID(rawValue: reader.read(UInt64.self))
      self = .migrateObject(reader.read(UInt32.self), to: peer)
    default: return nil
    }
  }

  /// The record's bytes: which call, and its peer or number, and its object, where it has them.
  var bytes: (kind: UInt8, argument: UInt64?, object: UInt32?) {
    switch self {
    case .create: (1, nil, nil)
    case .makeHost(let session): (2, session, nil)
    case .addPeer(let peer): (3, peer.rawValue, nil)
    case .removePeer(let peer): (4, peer.rawValue, nil)
    case .leave: (5, nil, nil)
    case .disconnectFromHost: (6, nil, nil)
    case .shutdownHost: (7, nil, nil)
    case .migrateHost: (8, nil, nil)
    case .close: (9, nil, nil)
    case .migrateObject(let object, let peer): (10, peer.rawValue, object)
    }
  }
}
