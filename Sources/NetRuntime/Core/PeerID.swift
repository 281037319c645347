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
      let nibble: UInt8
      switch digit {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): nibble = digit - UInt8(ascii: "0")
      case UInt8(ascii: "a")...UInt8(ascii: "f"): nibble = digit - UInt8(ascii: "a") + 10
      case UInt8(ascii: "A")...UInt8(ascii: "F"): nibble = digit - UInt8(ascii: "A") + 10
      default: return nil
      }
      guard value >> 60 == 0 else { return nil }
      value = value << 4 | UInt64(nibble)
      any = true
    }
    guard any else { return nil }
    self = value
  }
}
