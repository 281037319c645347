/// Players that signed out, the longest gone first. One that came back and went again is in it more than once, and
/// counts once.
struct AbsentPlayers: Sendable {
  private var queue: [PeerID] = []
  private var start = 0
  private var times: [PeerID: Int] = [:]

  /// How many players there are.
  var count: Int { times.count }

  mutating func append(_ player: PeerID) {
    queue.append(player)
    times[player, default: 0] += 1
    if queue.count - start > 2 * times.count + 64 { compact() }
  }

  /// Takes out the one that is gone longest.
  mutating func removeFirst() -> PeerID? {
    while start < queue.count {
      let player = queue[start]
      start += 1
      guard let count = times[player] else { continue }
      times[player] = count > 1 ? count - 1 : nil
      if count == 1 { return player }
    }
    return nil
  }

  /// Keeps only the last place of each.
  private mutating func compact() {
    var seen: Set<PeerID> = []
    queue = queue[start...].reversed().filter { seen.insert($0).inserted }.reversed()
    start = 0
    times = Dictionary(uniqueKeysWithValues: queue.map { ($0, 1) })
  }
}
