/// MurmurHash64A with seed 0, Austin Appleby's public-domain function: the engine's hash of names and of schemas. Not
/// for data that an attacker picks.
public enum MurmurHash64A {
  /// The hash of some bytes.
  public static func hash(_ bytes: UnsafeRawBufferPointer, seed: UInt64 = 0) -> UInt64 {
    let multiplier: UInt64 = 0xc6a4_a793_5bd1_e995
    var hash = seed ^ UInt64(bytes.count) &* multiplier
    var index = 0
    while index &+ 8 <= bytes.count {
      var word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)) &* multiplier
      word ^= word &>> 47
      hash = (hash ^ word &* multiplier) &* multiplier
      index &+= 8
    }
    if index < bytes.count {
      var rest: UInt64 = 0
      for offset in index..<bytes.count { rest |= UInt64(bytes[offset]) &<< UInt64((offset &- index) &* 8) }
      hash = (hash ^ rest) &* multiplier
    }
    hash = (hash ^ hash &>> 47) &* multiplier
    return hash ^ hash &>> 47
  }

  /// The hash of a text's UTF-8 bytes.
  public static func hash(_ text: String) -> UInt64 {
    var text = text
    return text.withUTF8 { hash(UnsafeRawBufferPointer($0)) }
  }
}

/// A name as its 64-bit hash.
public struct IdString64: Hashable, Sendable {
  public let rawValue: UInt64

  @inlinable public init(rawValue: UInt64) { self.rawValue = rawValue }

  /// Hashes the name's UTF-8 bytes.
  public init(name: String) { rawValue = MurmurHash64A.hash(name) }
}

/// A name as the upper half of its 64-bit hash.
public struct IdString32: Hashable, Sendable {
  public let rawValue: UInt32

  @inlinable public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// Hashes the name's UTF-8 bytes.
  public init(name: String) { self.init(IdString64(name: name)) }

  /// The upper half of a 64-bit hash.
  public init(_ wide: IdString64) { rawValue = UInt32(truncatingIfNeeded: wide.rawValue &>> 32) }
}
