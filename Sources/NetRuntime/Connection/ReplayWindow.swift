/// Remembers which of the latest packets arrived, so that a packet counts once.
struct ReplayWindow {
  /// Packets behind the newest that may still arrive.
  static let span: UInt64 = 2048

  /// The newest packet that arrived; 0 when none has.
  private(set) var highest: UInt64 = 0
  private let words: UnsafeMutablePointer<UInt64>

  init() {
    words = .allocate(capacity: Int(Self.span / 64))
    words.initialize(repeating: 0, count: Int(Self.span / 64))
  }

  func destroy() {
    words.deallocate()
  }

  /// True for a packet that has not arrived yet and is not too old to know.
  @inline(__always)
  func isFresh(_ sequence: UInt64) -> Bool {
    if sequence > highest { return true }
    guard sequence > 0, highest &- sequence < Self.span else { return false }
    return words[word(sequence)] & bit(sequence) == 0
  }

  /// Takes note of a packet that was fresh and authentic.
  @inline(__always)
  mutating func insert(_ sequence: UInt64) {
    if sequence > highest {
      if sequence &- highest >= Self.span {
        words.update(repeating: 0, count: Int(Self.span / 64))
      } else {
        clear(from: highest &+ 1, through: sequence)
      }
      highest = sequence
    }
    words[word(sequence)] |= bit(sequence)
  }

  /// Which of the 64 packets before the newest arrived: bit 0 is the one right before it.
  @inline(__always)
  var mask: UInt64 {
    // Bit i of the mask is packet highest-1-i: the two words that hold those, shifted together and mirrored.
    let first = highest &- 64
    let shift = first & 63
    let low = words[word(first)]
    let window = shift == 0 ? low : low >> shift | words[word(first &+ 64)] << (64 - shift)
    let mirrored = window.bitReversed
    return highest < 64 ? mirrored & ((1 << highest) &- 1) : mirrored
  }

  @inline(__always)
  private func clear(from first: UInt64, through last: UInt64) {
    var sequence = first
    while sequence <= last {
      if sequence & 63 == 0 && last &- sequence >= 63 {
        words[word(sequence)] = 0
        sequence &+= 64
      } else {
        words[word(sequence)] &= ~bit(sequence)
        sequence &+= 1
      }
    }
  }

  @inline(__always)
  private func word(_ sequence: UInt64) -> Int {
    Int(truncatingIfNeeded: (sequence & (Self.span - 1)) >> 6)
  }

  @inline(__always)
  private func bit(_ sequence: UInt64) -> UInt64 {
    1 << (sequence & 63)
  }
}

extension UInt64 {
  @inline(__always)
  fileprivate var bitReversed: UInt64 {
    var bits = self
    bits = (bits >> 1 & 0x5555_5555_5555_5555) | (bits & 0x5555_5555_5555_5555) << 1
    bits = (bits >> 2 & 0x3333_3333_3333_3333) | (bits & 0x3333_3333_3333_3333) << 2
    bits = (bits >> 4 & 0x0F0F_0F0F_0F0F_0F0F) | (bits & 0x0F0F_0F0F_0F0F_0F0F) << 4
    return bits.byteSwapped
  }
}
