/// The clear head of a sealed packet.
struct PacketHeader {
  /// Kind, connection id, low half of the sequence number.
  static let size = 9
  /// Bytes of UDP and IPv4 headers around each datagram: they cross the same wire, so every rate counts them.
  static let outerSize = 28
  /// What a packet carries besides frames: head, acknowledgement and tag.
  static let overhead = size + Acknowledgement.size + PacketCipher.tagSize

  var connectionID: UInt32
  var sequenceLow: UInt32

  /// Reads the head of a datagram whose first byte said that it is a sealed packet; nil when the datagram is too short
  /// to be one.
  @inline(__always)
  init?(_ datagram: UnsafeRawBufferPointer) {
    guard datagram.count >= Self.overhead else { return nil }
    connectionID = UInt32(littleEndian: datagram.loadUnaligned(fromByteOffset: 1, as: UInt32.self))
    sequenceLow = UInt32(littleEndian: datagram.loadUnaligned(fromByteOffset: 5, as: UInt32.self))
  }

  @inline(__always)
  static func write(to packet: UnsafeMutableRawPointer, connectionID: UInt32, sequence: UInt64) {
    packet.storeBytes(of: DatagramKind.data.rawValue, as: UInt8.self)
    packet.storeBytes(of: connectionID.littleEndian, toByteOffset: 1, as: UInt32.self)
    packet.storeBytes(of: UInt32(truncatingIfNeeded: sequence).littleEndian, toByteOffset: 5, as: UInt32.self)
  }
}

/// What opens every packet's sealed part: the newest packet that arrived and which of the 64 before it did.
struct Acknowledgement {
  static let size = 12

  var newestLow: UInt32
  var mask: UInt64

  @inline(__always)
  init(_ bytes: UnsafeRawPointer) {
    newestLow = UInt32(littleEndian: bytes.loadUnaligned(as: UInt32.self))
    mask = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: 4, as: UInt64.self))
  }

  @inline(__always)
  static func write(to bytes: UnsafeMutableRawPointer, newest: UInt64, mask: UInt64) {
    bytes.storeBytes(of: UInt32(truncatingIfNeeded: newest).littleEndian, as: UInt32.self)
    bytes.storeBytes(of: mask.littleEndian, toByteOffset: 4, as: UInt64.self)
  }
}

/// The first byte of each frame of a packet.
enum FrameKind {
  static let stream: UInt8 = 1
  static let unreliable: UInt8 = 2
  static let state: UInt8 = 3
  static let ping: UInt8 = 4
  static let pong: UInt8 = 5
  static let close: UInt8 = 6
  static let measure: UInt8 = 7
  static let report: UInt8 = 8

  /// Kind, low half of the stream offset, length.
  static let streamHead = 7
  static let stateHead = 3
  static let pingSize = 3
  static let closeSize = 6
  static let measureSize = 1
  static let reportSize = 11
  /// Space that these may take before the stream: a piece of the stream is cut so that it always fits beside them.
  static let controlSpace = 2 * pingSize + closeSize + measureSize + reportSize
  static let capacity = Limits.packetSize - PacketHeader.overhead
  static let segmentSize = capacity - streamHead - controlSpace
  /// Head and body of the longest unreliable message.
  static let unreliableSize = capacity - 1 - controlSpace
}

/// How a CLOSE says why.
enum CloseCode: UInt8 {
  /// In an orderly way: the stream before it is complete or will be resent.
  case closed = 0
  /// The program ends: what is missing of the stream will not be resent.
  case shutdown = 1
  /// The other end's data was malformed, or its backlog ran over.
  case broken = 2
  case schemaMismatch = 3
}

/// The two bits of channel and the length at the head of each message, in one to three bytes of seven bits each, low
/// bits first.
enum MessageHead {
  static let maximumSize = 3

  @inline(__always)
  static func size(_ value: UInt32) -> Int {
    value < 1 << 7 ? 1 : value < 1 << 14 ? 2 : 3
  }

  @inline(__always)
  static func value(_ channel: MessageChannel, length: Int) -> UInt32 {
    UInt32(truncatingIfNeeded: length) << 2 | UInt32(channel.rawValue)
  }

  @inline(__always)
  static func write(_ value: UInt32, size: Int, to bytes: UnsafeMutableRawPointer) {
    switch size {
    case 1:
      bytes.storeBytes(of: UInt8(truncatingIfNeeded: value), as: UInt8.self)
    case 2:
      bytes.storeBytes(of: UInt8(truncatingIfNeeded: value) | 0x80, as: UInt8.self)
      bytes.storeBytes(of: UInt8(truncatingIfNeeded: value >> 7), toByteOffset: 1, as: UInt8.self)
    default:
      bytes.storeBytes(of: UInt8(truncatingIfNeeded: value) | 0x80, as: UInt8.self)
      bytes.storeBytes(of: UInt8(truncatingIfNeeded: value >> 7) | 0x80, toByteOffset: 1, as: UInt8.self)
      bytes.storeBytes(of: UInt8(truncatingIfNeeded: value >> 14), toByteOffset: 2, as: UInt8.self)
    }
  }

  /// What the first bytes say: the head's value and size; size 0 when more bytes are needed, -1 when no head is that
  /// long.
  @inline(__always)
  static func read(_ bytes: UnsafeRawPointer, count: Int) -> (value: UInt32, size: Int) {
    guard count > 0 else { return (0, 0) }
    let first = UInt32(bytes.load(as: UInt8.self))
    if first < 0x80 { return (first, 1) }
    guard count > 1 else { return (0, 0) }
    let second = UInt32(bytes.load(fromByteOffset: 1, as: UInt8.self))
    if second < 0x80 { return (first & 0x7F | second << 7, 2) }
    guard count > 2 else { return (0, 0) }
    let third = UInt32(bytes.load(fromByteOffset: 2, as: UInt8.self))
    if third >= 0x80 { return (0, -1) }
    return (first & 0x7F | (second & 0x7F) << 7 | third << 14, 3)
  }
}
