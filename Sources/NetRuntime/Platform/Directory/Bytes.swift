/// Bytes that are mostly text: keys and values that scripts set. Strings of Lua are bytes, too.
public struct Bytes: Hashable, Comparable, Sendable {
  /// The bytes themselves; any values.
  public var array: [UInt8]

  /// Any bytes.
  public init(_ array: [UInt8]) { self.array = array }

  /// The UTF-8 bytes of a text.
  public init(_ text: some StringProtocol) { array = Array(text.utf8) }

  /// How many bytes there are.
  public var count: Int { array.count }
  /// Whether there is no byte.
  public var isEmpty: Bool { array.isEmpty }

  /// The bytes as text; what is no UTF-8 shows as U+FFFD.
  public var text: String { String(decoding: array, as: UTF8.self) }

  /// In the order of the bytes' values; what another begins with comes first.
  public static func < (left: Bytes, right: Bytes) -> Bool { left.array.lexicographicallyPrecedes(right.array) }

  /// The decimal integer, with or without a sign, that all of the bytes are; nil for others.
  public var integer: Int64? {
    guard let first = array.first, array.count <= 64 else { return nil }
    let isNegative = first == UInt8(ascii: "-")
    let digits = isNegative || first == UInt8(ascii: "+") ? array.dropFirst() : array[...]
    guard !digits.isEmpty else { return nil }
    // Counted downwards, for there is one more number below zero than above.
    var value: Int64 = 0
    for byte in digits {
      let digit = byte &- UInt8(ascii: "0")
      guard digit < 10 else { return nil }
      let (product, isTooLong) = value.multipliedReportingOverflow(by: 10)
      let (sum, isTooLow) = product.subtractingReportingOverflow(Int64(digit))
      guard !isTooLong, !isTooLow else { return nil }
      value = sum
    }
    guard !isNegative else { return value }
    return value == .min ? nil : -value
  }
}

extension Bytes: ExpressibleByStringLiteral {
  public init(stringLiteral text: String) { self.init(text) }
}
