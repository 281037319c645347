/// Bytes that are mostly text: keys and values that scripts set. Strings of Lua are bytes, too.
public struct Bytes: Hashable, Comparable, Sendable {
  public var array: [UInt8]

  public init(_ array: [UInt8]) { self.array = array }

  public init(_ text: some StringProtocol) { array = Array(text.utf8) }

  public var count: Int { array.count }
  public var isEmpty: Bool { array.isEmpty }

  /// The bytes as text; what is no UTF-8 shows as U+FFFD.
  public var text: String { String(decoding: array, as: UTF8.self) }

  public static func < (left: Bytes, right: Bytes) -> Bool { left.array.lexicographicallyPrecedes(right.array) }

  /// The decimal integer that all of the bytes are; nil for others.
  public var integer: Int64? { Int64(text) }
}

extension Bytes: ExpressibleByStringLiteral {
  public init(stringLiteral text: String) { self.init(text) }
}
