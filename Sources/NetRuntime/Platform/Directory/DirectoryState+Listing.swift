extension DirectoryState {
  /// The entries that fit a query, the nearest first: by the query's keys, then by how far their hosts are, then by
  /// their ids, which are drawn at random.
  func list(_ query: EntryQuery, for player: PeerID) throws(DirectoryError) -> [DirectoryEntry] {
    try Limits.check(query.limit, 1...Limits.listedEntries, "the list would have", "entries")
    try Limits.check(query.filters.count, 0...Limits.listFilters, "the query has", "filters")
    try Limits.check(query.near.count, 0...Limits.listFilters, "the query has", "keys to order by")
    let shelf = shelves.shelf(query.kind, query.title)
    let tests = EntryTests(
      query, region: RegionDistance.index(of: players[player]?.shown.region ?? .local),
      friends: query.filters.contains(.withFriends) ? friends(of: player) : [])
    let chosen = shelf.withUnsafeBufferPointer { slots in
      var best = BestEntries(limit: query.limit)
      guard let first = slots.baseAddress else { return [Int]() }
      for index in slots.indices {
        // By its place, for a copy of a slot would retain all that is in it.
        let slot = first + index
        guard slot.pointee.isListed, tests.fit(slot) else { continue }
        best.offer(
          BestEntries.Candidate(
            index: index, id: slot.pointee.entry.id, near: tests.near(slot),
            steps: tests.steps(to: slot.pointee.region)))
      }
      return best.candidates.map(\.index)
    }
    return chosen.map { listed(shelf[$0].entry, to: player) }
  }

  /// An entry as it stands in a list: without its members' data, which nobody asks for who only looks around, and which
  /// would be most of it. Those of servers tell of their players.
  private func listed(_ entry: DirectoryEntry, to player: PeerID) -> DirectoryEntry {
    var entry = shown(entry, to: player)
    guard entry.kind != .steamServer, entry.host != player, entry.member(player) == nil else { return entry }
    for index in entry.members.indices { entry.members[index].data = [:] }
    return entry
  }
}

/// A query, ready to be asked of many entries: the tests that are quick come first.
private struct EntryTests {
  private let stepsByRegion: [UInt8]
  private let nearKeys: [EntryQuery.Near]
  private let quick: [EntryQuery.Filter]
  private let slow: [EntryQuery.Filter]
  private let friends: Set<PeerID>

  init(_ query: EntryQuery, region: Int, friends: Set<PeerID>) {
    stepsByRegion = RegionDistance.steps(from: region)
    self.friends = friends
    nearKeys = query.near
    quick = query.filters.filter(\.isQuick)
    slow = query.filters.filter { !$0.isQuick }
  }

  func steps(to other: Int) -> Int { Int(stepsByRegion[other]) }

  func fit(_ slot: UnsafePointer<EntryShelves.Slot>) -> Bool {
    for filter in quick where !fits(filter, slot) { return false }
    for filter in slow where !fits(filter, slot) { return false }
    return true
  }

  private func fits(_ filter: EntryQuery.Filter, _ slot: UnsafePointer<EntryShelves.Slot>) -> Bool {
    switch filter {
    case .text(let key, let comparison, let value): comparison.holds(slot.pointee.entry.data[key] ?? Bytes([]), value)
    case .number(let key, let comparison, let value):
      slot.pointee.entry.data[key]?.integer.map { comparison.holds($0, value) } ?? (comparison == .notEqual)
    case .places(let count): slot.pointee.freePlaces >= count
    case .distance(let distance): steps(to: slot.pointee.region) <= distance.reach
    case .keyword(let keyword): slot.pointee.entry.keywords.contains(keyword)
    case .hasPassword(let has): slot.pointee.entry.hasPassword == has
    case .isEmpty(let isEmpty): slot.pointee.entry.members.isEmpty == isEmpty
    case .isFull(let isFull): (slot.pointee.freePlaces == 0) == isFull
    case .withFriends:
      slot.pointee.entry.visibility != .unseen && !friends.isEmpty
        && slot.pointee.entry.members.contains { friends.contains($0.player) }
    case .host(let host): slot.pointee.entry.host == host
    }
  }

  /// How far the entry is from each of the keys' values.
  func near(_ slot: UnsafePointer<EntryShelves.Slot>) -> [UInt64] {
    nearKeys.isEmpty
      ? []
      : nearKeys.map { near in slot.pointee.entry.data[near.key]?.integer.map { $0.distance(from: near.value) } ?? .max
      }
  }
}

extension Int64 {
  fileprivate func distance(from other: Int64) -> UInt64 {
    // The difference of any two fits 64 bits without a sign.
    self >= other ? UInt64(bitPattern: self &- other) : UInt64(bitPattern: other &- self)
  }
}

extension EntryQuery.Comparison {
  fileprivate func holds<Value: Comparable>(_ value: Value, _ other: Value) -> Bool {
    switch self {
    case .equal: value == other
    case .notEqual: value != other
    case .less: value < other
    case .lessOrEqual: value <= other
    case .greater: value > other
    case .greaterOrEqual: value >= other
    }
  }
}

extension EntryQuery.Filter {
  /// Whether it looks neither at data nor at lists.
  fileprivate var isQuick: Bool {
    switch self {
    case .places, .distance, .hasPassword, .isEmpty, .isFull, .host: true
    case .text, .number, .keyword, .withFriends: false
    }
  }
}

/// The best of many, in order.
private struct BestEntries {
  struct Candidate {
    var index: Int
    var id: EntryID
    var near: [UInt64]
    var steps: Int

    func isBefore(_ other: Candidate) -> Bool {
      for (mine, others) in zip(near, other.near) where mine != others { return mine < others }
      return steps != other.steps ? steps < other.steps : id < other.id
    }
  }

  let limit: Int
  private(set) var candidates: [Candidate] = []

  init(limit: Int) { self.limit = limit }

  mutating func offer(_ candidate: Candidate) {
    if candidates.count == limit {
      guard let last = candidates.last, candidate.isBefore(last) else { return }
      candidates.removeLast()
    }
    var low = 0
    var high = candidates.count
    while low < high {
      let middle = (low + high) / 2
      if candidates[middle].isBefore(candidate) { low = middle + 1 } else { high = middle }
    }
    candidates.insert(candidate, at: low)
  }
}
