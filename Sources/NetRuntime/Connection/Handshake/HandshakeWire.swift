/// The first byte of every datagram on the game port.
enum DatagramKind: UInt8 {
  case hello = 1
  case cookie = 2
  case connect = 3
  case accept = 4
  case refuse = 5
  case data = 16
}

/// Layout of the handshake's datagrams; docs/wire.md draws them.
enum HandshakeWire {
  /// Changes with every change of the wire that an older peer could not read.
  static let version: UInt16 = 2
  static let magic: [UInt8] = Array("SLNET".utf8)
  /// Kind, magic and version: the same in every version.
  static let preambleSize = 8
  /// Kind to cipher offer and three zero bytes.
  static let helloFieldsSize = 44
  /// What a HELLO and a CONNECT are padded to: over every answer's size, so that a forged source address amplifies
  /// nothing.
  static let requestSize = 256
  static let cookieSize = preambleSize + 8 + CookieJar.size
  static let connectPayloadSize = 8
  static let acceptPayloadSize = 17
  static let acceptSize = preambleSize + 8 + NoiseIX.secondOverhead + acceptPayloadSize
  static let refuseSize = preambleSize + 8 + 1

  /// Reads the preamble after the kind; nil when the magic is not ours.
  static func version(_ reader: inout ByteReader) -> UInt16? {
    guard reader.array(5) == magic else { return nil }
    let version = reader.read(UInt16.self)
    return reader.failed ? nil : version
  }

  static func preamble(_ kind: DatagramKind) -> [UInt8] {
    [kind.rawValue] + magic + [UInt8(truncatingIfNeeded: version), UInt8(truncatingIfNeeded: version >> 8)]
  }

  static func encoded(capacity: Int, _ write: (inout WireWriter) -> Void) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
      var writer = WireWriter(UnsafeMutableRawBufferPointer(buffer))
      write(&writer)
      count = writer.count
    }
  }
}

/// What a HELLO says, and a CONNECT repeats.
struct Hello: Equatable {
  /// Made by the initiator for one attempt; every answer repeats it, so that only somebody who sees the traffic can
  /// forge one.
  var nonce: UInt64
  var initiator: PeerID
  var responder: PeerID
  var schemaHash: UInt64
  var ciphers: CipherSet

  /// From the magic to the last reserved byte: what the cookie covers and the Noise prologue is.
  var prologue: [UInt8] {
    HandshakeWire.encoded(capacity: HandshakeWire.helloFieldsSize) { writer in
      writer.write(HandshakeWire.magic)
      writer.write(HandshakeWire.version)
      writer.write(nonce)
      writer.write(initiator.rawValue)
      writer.write(responder.rawValue)
      writer.write(schemaHash)
      writer.write(ciphers.rawValue)
      writer.pad(to: HandshakeWire.helloFieldsSize - 1)
    }
  }

  init(nonce: UInt64, initiator: PeerID, responder: PeerID, schemaHash: UInt64, ciphers: CipherSet) {
    self.nonce = nonce
    self.initiator = initiator
    self.responder = responder
    self.schemaHash = schemaHash
    self.ciphers = ciphers
  }

  /// Reads what follows the preamble.
  init?(_ reader: inout ByteReader) {
    nonce = reader.read(UInt64.self)
    initiator = PeerID(rawValue: reader.read(UInt64.self))
    responder = PeerID(rawValue: reader.read(UInt64.self))
    schemaHash = reader.read(UInt64.self)
    ciphers = CipherSet(rawValue: reader.read(UInt8.self))
    let reserved = reader.array(3)
    guard !reader.failed, reserved == [0, 0, 0], initiator != .nobody else { return nil }
  }

  var datagram: [UInt8] {
    HandshakeWire.encoded(capacity: HandshakeWire.requestSize) { writer in
      writer.write(DatagramKind.hello.rawValue)
      writer.write(prologue)
      writer.pad(to: HandshakeWire.requestSize)
    }
  }

  func connect(cookie: [UInt8], noise: [UInt8]) -> [UInt8] {
    HandshakeWire.encoded(capacity: HandshakeWire.requestSize) { writer in
      writer.write(DatagramKind.connect.rawValue)
      writer.write(prologue)
      writer.write(cookie)
      writer.write(noise)
      writer.pad(to: HandshakeWire.requestSize)
    }
  }
}

/// The sealed part of a CONNECT.
struct ConnectPayload {
  /// What the responder puts at the head of its packets.
  var connectionID: UInt32
  /// Bytes of reliable data that the initiator holds for gaps.
  var receiveWindow: UInt32

  var bytes: [UInt8] {
    HandshakeWire.encoded(capacity: HandshakeWire.connectPayloadSize) { writer in
      writer.write(connectionID)
      writer.write(receiveWindow)
    }
  }

  init(connectionID: UInt32, receiveWindow: UInt32) {
    self.connectionID = connectionID
    self.receiveWindow = receiveWindow
  }

  init?(_ bytes: [UInt8]) {
    guard bytes.count == HandshakeWire.connectPayloadSize else { return nil }
    (connectionID, receiveWindow) = bytes.withUnsafeBytes { bytes in
      var reader = ByteReader(bytes)
      return (reader.read(UInt32.self), reader.read(UInt32.self))
    }
  }
}

/// The sealed part of an ACCEPT.
struct AcceptPayload {
  var connectionID: UInt32
  var receiveWindow: UInt32
  var schemaHash: UInt64
  var cipher: CipherKind

  var bytes: [UInt8] {
    HandshakeWire.encoded(capacity: HandshakeWire.acceptPayloadSize) { writer in
      writer.write(connectionID)
      writer.write(receiveWindow)
      writer.write(schemaHash)
      writer.write(cipher.rawValue)
    }
  }

  init(connectionID: UInt32, receiveWindow: UInt32, schemaHash: UInt64, cipher: CipherKind) {
    self.connectionID = connectionID
    self.receiveWindow = receiveWindow
    self.schemaHash = schemaHash
    self.cipher = cipher
  }

  init?(_ bytes: [UInt8]) {
    guard bytes.count == HandshakeWire.acceptPayloadSize, let cipher = CipherKind(rawValue: bytes[16]) else {
      return nil
    }
    self.cipher = cipher
    (connectionID, receiveWindow, schemaHash) = bytes.withUnsafeBytes { bytes in
      var reader = ByteReader(bytes)
      return (reader.read(UInt32.self), reader.read(UInt32.self), reader.read(UInt64.self))
    }
  }
}

/// The reasons that a REFUSE can give.
enum RefuseCode: UInt8 {
  case version = 1
  case idTaken = 2
  case wrongPeer = 3
  case full = 4
}
