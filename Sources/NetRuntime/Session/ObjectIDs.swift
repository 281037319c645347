/// The ids that one member may give to its objects: 1,023 below 65,536, lowest free first, then a range of its own
/// above.
struct ObjectIDs {
  let slot: UInt8
  private var low: FreeNumbers
  private var high: FreeNumbers

  init(slot: UInt8) {
    self.slot = slot
    low = FreeNumbers(limit: Limits.objectIDsPerPeer)
    high = FreeNumbers(limit: Limits.spilledObjectIDsPerPeer)
  }

  /// The lowest free id, taken; nil when every one is in use. An id that is not free after all, since its object came
  /// back, counts as taken from here on.
  mutating func take(isFree: (UInt32) -> Bool) -> UInt32? {
    while let id = take() {
      if isFree(id) { return id }
    }
    return nil
  }

  /// The lowest free id, taken; nil when every one is in use.
  mutating func take() -> UInt32? {
    if let number = low.take() { return UInt32(slot) &* UInt32(Limits.objectIDsPerPeer) &+ UInt32(number) &+ 1 }
    if let number = high.take() { return 65536 &+ UInt32(slot) &<< 20 &+ UInt32(number) }
    return nil
  }

  /// Gives an id of this member back; others are ignored.
  mutating func free(_ id: UInt32) {
    guard ObjectIDs.slot(of: id) == slot else { return }
    if id < 65536 { low.free(number(of: id)) } else { high.free(number(of: id)) }
  }

  /// Takes an id of this member out of those that it gives; others are ignored.
  mutating func reserve(_ id: UInt32) {
    guard ObjectIDs.slot(of: id) == slot else { return }
    if id < 65536 { low.reserve(number(of: id)) } else { high.reserve(number(of: id)) }
  }

  private func number(of id: UInt32) -> Int {
    id < 65536 ? Int(id &- 1 &- UInt32(slot) &* UInt32(Limits.objectIDsPerPeer)) : Int((id &- 65536) & 0xFFFFF)
  }

  /// The member slot whose range holds an id; nil when none does.
  static func slot(of id: UInt32) -> UInt8? {
    if id == 0 { return nil }
    let slot = id < 65536 ? (id &- 1) / UInt32(Limits.objectIDsPerPeer) : (id &- 65536) &>> 20
    return slot < UInt32(Limits.peers) ? UInt8(truncatingIfNeeded: slot) : nil
  }
}

/// The numbers 0..<limit, taken lowest free first. Grows with the highest number in use.
struct FreeNumbers {
  private let limit: Int
  /// A set bit is a taken number.
  private var words: [UInt64] = []
  /// No word before this one has a free number.
  private var firstOpen = 0

  init(limit: Int) {
    self.limit = limit
  }

  mutating func take() -> Int? {
    while firstOpen < words.count, words[firstOpen] == .max { firstOpen += 1 }
    let bit = firstOpen < words.count ? (~words[firstOpen]).trailingZeroBitCount : 0
    let number = firstOpen * 64 + bit
    guard number < limit else { return nil }
    if firstOpen == words.count { words.append(0) }
    words[firstOpen] |= 1 << UInt64(bit)
    return number
  }

  mutating func reserve(_ number: Int) {
    guard number >= 0, number < limit else { return }
    while words.count <= number / 64 { words.append(0) }
    words[number / 64] |= 1 << UInt64(number & 63)
  }

  mutating func free(_ number: Int) {
    guard number >= 0, number / 64 < words.count else { return }
    words[number / 64] &= ~(1 << UInt64(number & 63))
    firstOpen = min(firstOpen, number / 64)
  }
}
