/// The state source's records of each packet in flight, in order of sending, each packet's in one piece.
struct StateRecords {
  private var records: UnsafeMutablePointer<UInt64>
  private var capacity: UInt64 = 64
  private(set) var next: UInt64 = 0

  init() {
    records = .allocate(capacity: 64)
  }

  func destroy() {
    records.deallocate()
  }

  /// Keeps a packet's records.
  /// - Parameter oldest: Nothing before is needed any more.
  /// - Returns: Where they stand.
  mutating func append(_ added: UnsafeBufferPointer<UInt64>, oldest: UInt64) -> UInt64 {
    let count = UInt64(added.count)
    var start = placed(count)
    while start + count - min(oldest, start) > capacity {
      grow(keeping: oldest)
      start = placed(count)
    }
    if let source = added.baseAddress {
      (records + Int(truncatingIfNeeded: start & (capacity - 1))).update(from: source, count: added.count)
    }
    next = start + count
    return start
  }

  func records(from start: UInt64, count: UInt32) -> UnsafeBufferPointer<UInt64> {
    UnsafeBufferPointer(start: records + Int(truncatingIfNeeded: start & (capacity - 1)), count: Int(count))
  }

  /// Where a piece would start: at the ring's begin when it would run over the end.
  private func placed(_ count: UInt64) -> UInt64 {
    let left = capacity - (next & (capacity - 1))
    return count <= left ? next : next + left
  }

  /// Doubles the ring. Every record keeps its number; a piece keeps its neighbours, for it never ran over the old end.
  private mutating func grow(keeping oldest: UInt64) {
    let larger = UnsafeMutablePointer<UInt64>.allocate(capacity: Int(capacity * 2))
    var number = oldest
    while number < next {
      let (old, new) = (number & (capacity - 1), number & (capacity * 2 - 1))
      larger[Int(truncatingIfNeeded: new)] = records[Int(truncatingIfNeeded: old)]
      number += 1
    }
    records.deallocate()
    records = larger
    capacity *= 2
  }
}
