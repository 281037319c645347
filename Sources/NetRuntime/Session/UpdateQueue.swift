/// The objects with changes that one member does not have yet, and the choice among them.
///
/// An object's urgency is the time since its change was first held back, divided by its priority: a lower priority is
/// more urgent, and waiting makes every object the most urgent one in the end.
struct UpdateQueue {
  /// One object's timing towards the member.
  struct Pacing {
    var generation: UInt16 = 0
    /// The field to begin with: the first that found no room the last time.
    var cursor: UInt16 = 0
    /// What the script set towards this member, and the birth of the object that it set it for: it outlives changes of
    /// the owner and of the link, but not the object. 0 for the type's.
    var priority: Float = 0
    var birth: UInt64 = 0
    /// When the oldest change that waits was made.
    var since = 0.0
    var sentAt = -Double.infinity

    init() {}

    init(keepingPriorityOf old: Pacing, generation: UInt16 = 0) {
      self.generation = generation
      priority = old.priority
      birth = old.birth
    }
  }

  private struct Candidate {
    var urgency: Float
    var ref: ObjectRef
  }

  private var waiting: [ObjectRef] = []
  private var pacing: [Pacing] = []
  /// A heap, the most urgent first.
  private var heap: [Candidate] = []

  var isEmpty: Bool { waiting.isEmpty }

  mutating func removeAll() {
    forgetSent()
    pacing.removeAll(keepingCapacity: true)
  }

  /// Starts anew over another link to the same member.
  mutating func forgetSent() {
    waiting.removeAll(keepingCapacity: true)
    for row in pacing.indices { pacing[row] = Pacing(keepingPriorityOf: pacing[row]) }
    heap.removeAll(keepingCapacity: true)
  }

  /// Puts an object into the queue, which it must not be in.
  mutating func append(_ ref: ObjectRef, at now: Double) {
    waiting.append(ref)
    let row = makePacing(ref)
    pacing[row].since = now
  }

  /// What was sent last of an object in the queue got lost: it has waited since then.
  mutating func wasLost(_ ref: ObjectRef) {
    let row = makePacing(ref)
    pacing[row].since = min(pacing[row].since, max(pacing[row].sentAt, 0))
  }

  /// - Parameter birth: The object's.
  mutating func setPriority(_ priority: Float, of ref: ObjectRef, birth: UInt64) {
    let row = makePacing(ref)
    pacing[row].priority = priority
    pacing[row].birth = birth
  }

  /// What the script set for the object in a row, or its type's.
  func priority(_ row: Int, _ table: ObjectTable) -> Float {
    if row < pacing.count, pacing[row].priority > 0, pacing[row].birth == table.rows[row].version.birth {
      return pacing[row].priority
    }
    return table.layouts[Int(table.rows[row].type)].priority
  }

  func cursor(of ref: ObjectRef) -> Int { Int(pacing[Int(ref.row)].cursor) }

  /// An object was written: completely, or up to a field that found no room.
  mutating func wrote(_ ref: ObjectRef, stoppedAt field: Int?, at now: Double) {
    let row = Int(ref.row)
    pacing[row].cursor = UInt16(truncatingIfNeeded: field ?? 0)
    if field == nil { pacing[row].sentAt = now }
  }

  /// Ranks the objects that may be updated now. The table tells which live on, and what their types ask for.
  mutating func rank(_ table: ObjectTable, at now: Double) {
    heap.removeAll(keepingCapacity: true)
    var kept = 0
    for index in waiting.indices {
      let ref = waiting[index]
      guard let row = table.live(ref) else { continue }
      waiting[kept] = ref
      kept += 1
      let layout = table.layouts[Int(table.rows[row].type)]
      let times = pacing[row]
      // Frames do not fall on exact multiples; a rounding error must not cost a whole frame.
      guard now - times.sentAt >= layout.updateRate - 1e-6 else { continue }
      let priority = max(priority(row, table), 1e-3)
      // What may not be sent yet does not wait yet.
      let since = max(times.since, times.sentAt + layout.updateRate)
      heap.append(Candidate(urgency: Float(max(0, now - since) + 1e-3) / priority, ref: ref))
    }
    waiting.removeLast(waiting.count - kept)
    var index = heap.count / 2 - 1
    while index >= 0 {
      sift(index)
      index -= 1
    }
  }

  /// Takes the most urgent object of the last ranking.
  mutating func next() -> ObjectRef? {
    guard let first = heap.first else { return nil }
    let last = heap.removeLast()
    if !heap.isEmpty {
      heap[0] = last
      sift(0)
    }
    return first.ref
  }

  /// Drops the objects that were written completely: those whose bit in `queued` was cleared.
  mutating func settle(_ table: ObjectTable, slot: UInt8) {
    let bit = UInt64(1) << UInt64(slot)
    var kept = 0
    for index in waiting.indices {
      let ref = waiting[index]
      guard let row = table.live(ref), table.rows[row].queued & bit != 0 else { continue }
      waiting[kept] = ref
      kept += 1
    }
    waiting.removeLast(waiting.count - kept)
  }

  private mutating func makePacing(_ ref: ObjectRef) -> Int {
    let row = Int(ref.row)
    while pacing.count <= row { pacing.append(Pacing()) }
    if pacing[row].generation != ref.generation {
      pacing[row] = Pacing(keepingPriorityOf: pacing[row], generation: ref.generation)
    }
    return row
  }

  private mutating func sift(_ start: Int) {
    var index = start
    while true {
      var largest = index
      let left = 2 * index + 1
      if left < heap.count, heap[left].urgency > heap[largest].urgency { largest = left }
      if left + 1 < heap.count, heap[left + 1].urgency > heap[largest].urgency { largest = left + 1 }
      if largest == index { return }
      heap.swapAt(index, largest)
      index = largest
    }
  }
}
