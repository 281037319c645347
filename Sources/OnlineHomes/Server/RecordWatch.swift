import NetRuntime

/// What the server has to know of records as they go to the store and come from it.
struct RecordWatch {
  private var kinds: [EntryID: DirectoryEntry.Kind] = [:]
  /// How many entries there are of each kind.
  private(set) var entryCounts: [DirectoryEntry.Kind: Int] = [:]
  private var players: Set<PeerID> = []
  private var ended: [EntryID] = []

  /// - Parameter isWhole: These records are all there are.
  mutating func note(_ records: [DirectoryRecord], isWhole: Bool = false) {
    if isWhole {
      let kept = Set(records.filter { $0.kind == .entry }.map(\.key))
      for id in kinds.keys where !kept.contains(id.description) { set(nil, of: id) }
    }
    for record in records {
      guard let id = UInt64(hexadecimalDigits: record.key.utf8) else { continue }
      switch (record.kind, record.content) {
      case (.player, _): players.insert(PeerID(rawValue: id))
      case (.entry, .entry(let entry)?): set(entry.kind, of: EntryID(rawValue: id))
      case (.entry, _): set(nil, of: EntryID(rawValue: id))
      default: break
      }
    }
  }

  private mutating func set(_ kind: DirectoryEntry.Kind?, of id: EntryID) {
    if kind == nil { ended.append(id) }
    let before = kinds.removeValue(forKey: id)
    if let before { entryCounts[before, default: 0] -= 1 }
    guard let kind else { return }
    kinds[id] = kind
    entryCounts[kind, default: 0] += 1
  }

  /// Players of whom something changed since the last call.
  mutating func takePlayers() -> Set<PeerID> {
    defer { players.removeAll() }
    return players
  }

  /// Entries that ended since the last call.
  mutating func takeEnded() -> [EntryID] {
    defer { ended.removeAll() }
    return ended
  }
}
