/// Layout of a dump file; docs/dump.md has every byte.
enum DumpFormat {
  /// What a dump begins with: "SLNDUMP" and a line feed, which a transfer as text would spoil.
  static let magic: [UInt8] = Array("SLNDUMP\n".utf8)
  /// Changes with every change that an older reader could misread.
  static let version: UInt16 = 1
  /// Magic, version, reserved, start.
  static let headerSize = 20
  /// Frame times and their `dt` are counted in these: fine enough for any frame rate, and two bytes at 60 frames a
  /// second.
  static let unitsPerSecond = 100_000.0

  /// Whole units of a time; what no file could mean counts as none.
  static func units(_ seconds: Double) -> Int64 {
    let units = (seconds * unitsPerSecond).rounded()
    return units.magnitude < 1e15 ? Int64(units) : 0
  }

  /// The first byte of each record.
  enum Kind: UInt8 {
    case received = 1
    case sent = 2
    case datagram = 3
    case linkOpened = 4
    case linkChanged = 5
    case receive = 6
    case transmit = 7
    case handed = 8
    case tag = 9
    case call = 10
    case ownChange = 11
    case ownMessage = 12
    case client = 13
    case clientEnd = 14
    case ownEnd = 15
    case pongTimeout = 16
  }
}

/// CRC-32 as zip and Ethernet have it: polynomial 0xEDB88320, begun and ended inverted. Eight bytes at a time, each by
/// a table of its own.
struct CRC32 {
  private let tables: UnsafeMutablePointer<UInt32>

  init() {
    tables = .allocate(capacity: 8 * 256)
    for byte in 0..<256 {
      var value = UInt32(byte)
      for _ in 0..<8 { value = value & 1 == 0 ? value >> 1 : value >> 1 ^ 0xEDB8_8320 }
      (tables + byte).initialize(to: value)
    }
    // What a byte comes to with so many zeros behind it.
    for index in 256..<8 * 256 {
      let before = tables[index - 256]
      (tables + index).initialize(to: tables[Int(before & 0xFF)] ^ before >> 8)
    }
  }

  func destroy() {
    tables.deallocate()
  }

  func checksum(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
    var value = UInt32.max
    guard var place = bytes.baseAddress else { return ~value }
    var left = bytes.count
    while left >= 8 {
      let word = UInt64(littleEndian: place.loadUnaligned(as: UInt64.self)) ^ UInt64(value)
      value = 0
      for index in 0..<8 { value ^= tables[(7 &- index) &* 256 &+ Int(word &>> UInt64(8 &* index) & 0xFF)] }
      place += 8
      left &-= 8
    }
    while left > 0 {
      value = tables[Int((value ^ UInt32(place.load(as: UInt8.self))) & 0xFF)] ^ value >> 8
      place += 1
      left &-= 1
    }
    return ~value
  }
}

extension ByteReader {
  /// As many bytes as the number before them says.
  mutating func counted() -> UnsafeRawBufferPointer {
    let count = varint()
    guard count <= UInt64(remaining), let place = bytes(Int(count)) else {
      fail()
      return UnsafeRawBufferPointer(start: nil, count: 0)
    }
    return UnsafeRawBufferPointer(start: place, count: Int(count))
  }
}
