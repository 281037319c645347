/// The layout of the datagrams that find ways and that the relay passes on; docs/wire.md draws them.
enum PathWire {
  /// "SWAY", the first bytes of each. A datagram of the connection layer begins with a number below 17.
  static let magic: UInt32 = 0x5941_5753
  /// Changes with every change that an older peer could not read.
  static let version: UInt8 = 1
  static let headSize = 8
  static let probeSize = 40
  static let addressSize = 32
  static let registeredSize = headSize + 8 + RelayKey.size
  /// Without the peers' ids.
  static let registerSize = headSize + 24 + RelayKey.size
  /// What stands before and behind a datagram that the relay passes on.
  static let relayHeadSize = headSize + 8
  /// The longest but for those that the relay passes on, and REGISTER, which only a relay gets.
  static let longest = 64

  enum Kind: UInt8 {
    case probe = 1
    case whereAmI = 2
    case address = 3
    case register = 4
    case registered = 5
    case relay = 6
    case relayed = 7
  }

  @inline(__always)
  static func isOurs(_ bytes: UnsafeMutableRawBufferPointer, count: Int) -> Bool {
    count >= headSize && bytes.loadUnaligned(as: UInt32.self) == magic.littleEndian
  }

  /// Reads the head; nil for another version and unknown kinds.
  static func kind(_ reader: inout ByteReader) -> (kind: Kind, detail: UInt16)? {
    guard reader.read(UInt32.self) == magic, reader.read(UInt8.self) == version,
      let kind = Kind(rawValue: reader.read(UInt8.self))
    else { return nil }
    let detail = reader.read(UInt16.self)
    return reader.failed ? nil : (kind, detail)
  }

  @inline(__always)
  static func writeHead(_ kind: Kind, detail: UInt16 = 0, _ writer: inout WireWriter) {
    writer.write(magic)
    writer.write(version)
    writer.write(kind.rawValue)
    writer.write(detail)
  }
}

/// A question from one peer to another by a certain way, an answer, or both.
struct PathProbe: Equatable {
  var sender: PeerID
  var receiver: PeerID
  /// What the answer has to repeat; 0 for no question.
  var question: UInt64
  /// What the other's question had; 0 for no answer.
  var answer: UInt64
}

/// What a client is told of path finding, apart from what the relay passes on.
enum PathDatagram: Equatable {
  case probe(PathProbe)
  /// Where the server saw the question come from, and what a registration from there has to repeat.
  case address(nonce: UInt64, Endpoint, challenge: UInt64)
  case registered(nonce: UInt64, isFull: Bool)

  /// Reads a datagram; nil for anything that is not exactly one of these.
  /// - Parameter key: What a registration's answer has to be signed with; nil takes none.
  init?(_ bytes: UnsafeRawBufferPointer, key: RelayKey?) {
    var reader = ByteReader(bytes)
    guard let (kind, detail) = PathWire.kind(&reader) else { return nil }
    switch kind {
    case .probe where bytes.count == PathWire.probeSize && detail == 0:
      let probe = PathProbe(
        sender: PeerID(rawValue: reader.read()), receiver: PeerID(rawValue: reader.read()), question: reader.read(),
        answer: reader.read())
      guard probe.sender != .nobody, probe.question != 0 || probe.answer != 0 else { return nil }
      self = .probe(probe)
    case .address where bytes.count == PathWire.addressSize && detail == 0:
      let nonce = reader.read(UInt64.self)
      let address = reader.read(UInt32.self) ^ UInt32(truncatingIfNeeded: nonce)
      let port = reader.read(UInt16.self) ^ UInt16(truncatingIfNeeded: nonce)
      reader.skip(2)
      self = .address(nonce: nonce, Endpoint(address: address, port: port), challenge: reader.read())
    case .registered where bytes.count == PathWire.registeredSize && detail <= 1:
      guard let key, key.hasSigned(bytes) else { return nil }
      self = .registered(nonce: reader.read(), isFull: detail == 1)
    default: return nil
    }
    guard !reader.failed else { return nil }
  }
}

extension PathProbe {
  func write(_ writer: inout WireWriter) {
    PathWire.writeHead(.probe, &writer)
    writer.write(sender.rawValue)
    writer.write(receiver.rawValue)
    writer.write(question)
    writer.write(answer)
  }
}
