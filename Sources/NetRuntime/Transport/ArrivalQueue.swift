/// Datagrams under way in a virtual network, earliest arrival first; of two that arrive at the same time, the one sent
/// first.
struct ArrivalQueue {
  struct Arrival {
    let time: Double
    let order: UInt64
    let slot: Int32

    func isBefore(_ other: Arrival) -> Bool {
      time != other.time ? time < other.time : order < other.order
    }
  }

  private var heap: [Arrival] = []
  private var sent: UInt64 = 0

  var count: Int { heap.count }

  mutating func insert(slot: Int32, at time: Double) {
    sent += 1
    heap.append(Arrival(time: time, order: sent, slot: slot))
    var child = heap.count - 1
    while child > 0 {
      let parent = (child - 1) / 2
      guard heap[child].isBefore(heap[parent]) else { return }
      heap.swapAt(child, parent)
      child = parent
    }
  }

  /// Takes out all datagrams that the condition holds for, earliest arrival first.
  mutating func remove(where isWanted: (Int32) -> Bool) -> [Int32] {
    // In order, an array is a heap too.
    heap.sort { $0.isBefore($1) }
    let wanted = heap.filter { isWanted($0.slot) }.map(\.slot)
    heap.removeAll { isWanted($0.slot) }
    return wanted
  }

  /// Takes out the earliest datagram if it has arrived by then.
  mutating func pop(by time: Double) -> Int32? {
    guard let first = heap.first, first.time <= time else { return nil }
    heap.swapAt(0, heap.count - 1)
    heap.removeLast()
    var parent = 0
    while true {
      var earliest = parent
      for child in 2 * parent + 1...2 * parent + 2 where child < heap.count {
        if heap[child].isBefore(heap[earliest]) { earliest = child }
      }
      guard earliest != parent else { return first.slot }
      heap.swapAt(parent, earliest)
      parent = earliest
    }
  }
}
