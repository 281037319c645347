/// What has to be looked at again, the earliest first: a binary heap.
struct DeadlineQueue: Sendable {
  enum Subject: Hashable, Sendable {
    case player(PeerID)
    case ticket(UInt64)
  }

  struct Deadline: Sendable {
    var time: Double
    var subject: Subject
  }

  private var heap: [Deadline] = []
  /// The one time of each subject that counts.
  private var times: [Subject: Double] = [:]

  var first: Deadline? { heap.first }

  /// Puts a subject in, unless it is there for that time or an earlier one.
  mutating func add(_ subject: Subject, at time: Double) {
    if let known = times[subject], known <= time { return }
    times[subject] = time
    heap.append(Deadline(time: time, subject: subject))
    var index = heap.count - 1
    while index > 0, heap[index].time < heap[(index - 1) / 2].time {
      heap.swapAt(index, (index - 1) / 2)
      index = (index - 1) / 2
    }
  }

  /// Takes out the first subject whose time has come.
  mutating func removeFirst(dueAt now: Double) -> Subject? {
    while let first = heap.first, first.time <= now {
      dropFirst()
      guard times[first.subject] == first.time else { continue }
      times[first.subject] = nil
      return first.subject
    }
    return nil
  }

  private mutating func dropFirst() {
    heap.swapAt(0, heap.count - 1)
    heap.removeLast()
    var index = 0
    while true {
      var least = index
      for child in [2 * index + 1, 2 * index + 2] where child < heap.count && heap[child].time < heap[least].time {
        least = child
      }
      guard least != index else { return }
      heap.swapAt(index, least)
      index = least
    }
  }
}
