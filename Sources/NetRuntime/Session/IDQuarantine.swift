/// Ids of destroyed objects that a member may still know: they come free once every member has the destruction.
///
/// Destructions go out in order, so ids wait in batches, and a batch needs one stream offset a member.
struct IDQuarantine {
  /// Ids of the batch that is not closed yet, some of them 0.
  private(set) var open: [UInt32] = []
  /// Ids of the batches, in their order, those before `closedHead` done.
  private(set) var closed: [UInt32] = []
  private var closedHead = 0
  private var batches: [(count: Int, offsets: [UInt64])] = []

  var isEmpty: Bool { open.isEmpty && batches.isEmpty }

  /// Takes in an id whose destruction was just queued for all who know it.
  mutating func add(_ id: UInt32) {
    open.append(id)
  }

  /// Closes the batch: its ids wait until each member has acknowledged `offsets[slot]`, 0 for slots without a member.
  mutating func close(offsets: @autoclosure () -> [UInt64]) {
    guard !open.isEmpty else { return }
    batches.append((open.count, offsets()))
    closed.append(contentsOf: open)
    open.removeAll(keepingCapacity: true)
  }

  /// A member left, or began a new stream: nothing waits for it any more, and its ids are not for the slot's next
  /// member to get back.
  mutating func forget(slot: UInt8) {
    for index in batches.indices { batches[index].offsets[Int(slot)] = 0 }
    for index in open.indices where ObjectIDs.slot(of: open[index]) == slot { open[index] = 0 }
    for index in closed.indices where ObjectIDs.slot(of: closed[index]) == slot { closed[index] = 0 }
  }

  /// Takes out the next id that every member is done with, given what each has acknowledged; 0 stands for one that
  /// nobody wants back.
  mutating func next(acknowledged: [UInt64]) -> UInt32? {
    guard let batch = batches.first else { return nil }
    for slot in batch.offsets.indices where batch.offsets[slot] > acknowledged[slot] { return nil }
    let id = closed[closedHead]
    closedHead += 1
    if batch.count > 1 { batches[0].count -= 1 } else { batches.removeFirst() }
    if closedHead == closed.count {
      closed.removeAll(keepingCapacity: true)
      closedHead = 0
    } else if closedHead > 64, closedHead * 2 > closed.count {
      closed.removeFirst(closedHead)
      closedHead = 0
    }
    return id
  }
}
