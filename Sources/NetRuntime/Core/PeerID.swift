/// Who a peer is: 64 bits, unique among the peers that can meet. In Lua it is unpadded lower-case hexadecimal; "0" is
/// nobody.
public struct PeerID: Hashable, Comparable, Sendable {
  public let rawValue: UInt64

  /// The peer id that stands for no peer.
  public static let nobody = PeerID(rawValue: 0)

  @inlinable
  public init(rawValue: UInt64) {
    self.rawValue = rawValue
  }

  /// Reads 1 to 16 significant hexadecimal digits of either case, with any number of leading zeros; nil for anything
  /// else.
  public init?(hexadecimal digits: some Sequence<UInt8>) {
    guard let value = UInt64(hexadecimalDigits: digits) else { return nil }
    rawValue = value
  }

  /// The same of bytes in memory, which scripts give with every message.
  public init?(hexadecimal digits: UnsafeRawBufferPointer) {
    guard let value = UInt64(hexadecimalDigits: digits) else { return nil }
    rawValue = value
  }

  @inlinable
  public static func < (left: PeerID, right: PeerID) -> Bool {
    left.rawValue < right.rawValue
  }
}

extension PeerID: CustomStringConvertible {
  /// Unpadded lower-case hexadecimal, the form that scripts see.
  public var description: String { String(rawValue, radix: 16) }
}

extension UInt64 {
  /// Reads hexadecimal ASCII digits; nil when there is none, when another character is among them, or when the value
  /// needs over 64 bits.
  public init?(hexadecimalDigits digits: some Sequence<UInt8>) {
    var value: UInt64 = 0
    var any = false
    for digit in digits {
      guard UInt64.append(digit, to: &value) else { return nil }
      any = true
    }
    guard any else { return nil }
    self = value
  }

  /// The same of bytes in memory.
  public init?(hexadecimalDigits digits: UnsafeRawBufferPointer) {
    guard !digits.isEmpty, let bytes = digits.baseAddress else { return nil }
    var value: UInt64 = 0
    var place = 0
    while place < digits.count {
      guard UInt64.append(bytes.load(fromByteOffset: place, as: UInt8.self), to: &value) else { return nil }
      place &+= 1
    }
    self = value
  }

  /// Appends a digit; false when it is none, or when there is no room for it.
  @inline(__always)
  private static func append(_ digit: UInt8, to value: inout UInt64) -> Bool {
    var nibble = digit &- UInt8(ascii: "0")
    if nibble > 9 {
      // The bit by which lower-case letters differ from upper-case ones; no other character becomes a letter by it.
      nibble = (digit | 0x20) &- UInt8(ascii: "a")
      guard nibble < 6 else { return false }
      nibble &+= 10
    }
    guard value &>> 60 == 0 else { return false }
    value = value &<< 4 | UInt64(nibble)
    return true
  }
}
