extension DirectoryState {
  /// Changes an entry, all or nothing. What has no effect is allowed to every member, so that a host whose answer got
  /// lost may ask again after it gave the entry away.
  mutating func change(
    _ id: EntryID, _ changes: [EntryChange], by player: PeerID
  ) throws(DirectoryError) -> DirectoryAnswer {
    guard let before = shelves[id] else { throw .unknownEntry(id) }
    guard before.host == player || before.member(player) != nil else { throw .notMember }
    try Limits.check(changes.count, 0...Limits.entryChanges, "there are", "changes at once")
    var entry = before
    var why = DepartureReason.left
    for change in changes {
      let isHost = entry.host == player
      var changed = entry
      if isHost || change.isAnyMembers(of: entry.kind) {
        try changed.apply(change, by: player, region: region(of:))
      } else {
        guard (try? changed.apply(change, by: player, region: region(of:))) != nil, changed == entry else {
          throw .notHost
        }
      }
      if case .drop = change { why = .dropped }
      entry = changed
    }
    try entry.check(changedFrom: before)
    if entry != before { replace(entry, why: why) }
    return answer(id, to: player)
  }

}

extension EntryChange {
  /// What members that are not the host may change. A session of Xbox Live belongs to all of its members.
  fileprivate func isAnyMembers(of kind: DirectoryEntry.Kind) -> Bool {
    switch self {
    case .setMemberData: true
    case .setData, .setKeywords, .setClosed, .reserve: kind == .xboxSession
    default: false
    }
  }
}

extension Array where Element == PeerID {
  /// Appends those that are not in it yet; the oldest are forgotten.
  mutating func appendGuests(_ players: some Sequence<PeerID>) {
    self = (self + players).unique
    if count > Limits.entryGuests { removeFirst(count - Limits.entryGuests) }
  }
}

extension Array where Element: Hashable {
  /// The elements in their order, each once.
  var unique: [Element] {
    guard count > 1 else { return self }
    var seen: Set<Element> = []
    return filter { seen.insert($0).inserted }
  }
}
