/// Turns what a terminal sends into names of keys.
public struct KeyDecoder {
  private enum Place {
    case ground
    /// Behind an escape character that ended the bytes before.
    case escape
    /// Inside a control sequence, which ends with a letter or `~`.
    case sequence
    /// Behind escape and O: one letter follows.
    case single
  }

  private var place = Place.ground
  // A character of several bytes that is not complete.
  private var partial: [UInt8] = []

  public init() {}

  /// The keys that some bytes stand for. Letters come in lower case: they name the key. Keys that have no name here
  /// are left out.
  public mutating func decode(_ bytes: some Collection<UInt8>) -> [String] {
    var keys: [String] = []
    for byte in bytes {
      if let key = decode(byte, &keys) { keys.append(key) }
    }
    // A terminal sends a whole sequence at once, so an escape character at the end is the key.
    if place == .escape {
      keys.append("escape")
      place = .ground
    }
    return keys
  }

  private mutating func decode(_ byte: UInt8, _ keys: inout [String]) -> String? {
    switch place {
    case .ground:
      return plain(byte)
    case .escape:
      place = .ground
      if byte == UInt8(ascii: "[") {
        place = .sequence
      } else if byte == UInt8(ascii: "O") {
        place = .single
      } else {
        keys.append("escape")
        return plain(byte)
      }
      return nil
    case .sequence:
      if byte >= 0x40, byte <= 0x7E { place = .ground } else if byte == 0x1B { place = .escape }
      return place == .ground ? KeyDecoder.arrows[byte] : nil
    case .single:
      place = .ground
      return KeyDecoder.arrows[byte]
    }
  }

  private mutating func plain(_ byte: UInt8) -> String? {
    if byte >= 0x80 { return character(byte) }
    partial = []
    switch byte {
    case 0x1B:
      place = .escape
      return nil
    case 0x0A, 0x0D: return "enter"
    case 0x09: return "tab"
    case 0x08, 0x7F: return "backspace"
    case 0x20: return "space"
    case 0x21...0x7E: return String(UnicodeScalar(byte)).lowercased()
    default: return nil
    }
  }

  private mutating func character(_ byte: UInt8) -> String? {
    if byte >= 0xC0 { partial = [] }
    partial.append(byte)
    let length = partial[0] >= 0xF0 ? 4 : partial[0] >= 0xE0 ? 3 : 2
    guard partial.count >= length else { return nil }
    defer { partial = [] }
    return String(validating: partial, as: UTF8.self)?.lowercased()
  }

  private static let arrows: [UInt8: String] = [
    UInt8(ascii: "A"): "up", UInt8(ascii: "B"): "down", UInt8(ascii: "C"): "right", UInt8(ascii: "D"): "left",
  ]
}
