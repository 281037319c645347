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
    try check(entry, changedFrom: before)
    if entry != before { replace(entry, why: why) }
    return answer(id, to: player)
  }

  private func check(_ entry: DirectoryEntry, changedFrom before: DirectoryEntry) throws(DirectoryError) {
    if entry.data != before.data { try Limits.checkData(entry.data, size: Limits.lobbyDataSize) }
    if entry.keywords != before.keywords { try Limits.checkKeywords(entry.keywords) }
    try Limits.check(entry.name.count, 0...Limits.entryTextSize, "the name has", "bytes")
    try Limits.check(entry.password?.count ?? 0, 0...Limits.entryTextSize, "the password has", "bytes")
    try Limits.check(entry.maximum, 1...Limits.lobbyMembers, "there would be", "members at most")
    if entry.maximum != before.maximum, entry.maximum < entry.members.count {
      throw .malformed("there are \(entry.members.count) members already; the maximum cannot be \(entry.maximum)")
    }
    for member in entry.members where member.data != before.member(member.player)?.data {
      try Limits.checkData(member.data, size: Limits.memberDataSize)
    }
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
