import NetRuntime

/// The names behind hashes that scripts of this state have used: so that logs can say them, and `#` notation is
/// needed only for strangers.
public final class IdNames {
  private var names: [UInt64: String] = [:]

  init() {}

  /// Hashes a name and remembers it.
  public func id(of name: UnsafeRawBufferPointer) -> IdString64 {
    let hash = MurmurHash64A.hash(name)
    if names[hash] == nil, names.count < Limits.rememberedNames { names[hash] = String(decoding: name, as: UTF8.self) }
    return IdString64(rawValue: hash)
  }

  /// The name of a hash, where it has been seen.
  public func name(of id: IdString64) -> String? {
    names[id.rawValue]
  }

  /// The name of a 32-bit hash, where it has been seen. Slow: for texts only.
  public func name(of id: IdString32) -> String? {
    names.first { UInt32(truncatingIfNeeded: $0.key >> 32) == id.rawValue }?.value
  }

  /// What a script may write for an id: `#` and hexadecimal digits, or a name. Nil for `#` with anything else behind
  /// it.
  public func read(_ text: UnsafeRawBufferPointer, digits: Int) -> UInt64? {
    guard text.first == UInt8(ascii: "#") else {
      let id = id(of: text).rawValue
      return digits == 8 ? id >> 32 : id
    }
    guard let value = UInt64(hexadecimalDigits: text.dropFirst()) else { return nil }
    return digits == 8 && value > UInt64(UInt32.max) ? nil : value
  }
}
