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
        try apply(change, to: &changed, by: player)
      } else {
        guard (try? apply(change, to: &changed, by: player)) != nil, changed == entry else { throw .notHost }
      }
      if case .drop = change { why = .dropped }
      entry = changed
    }
    try entry.check(changedFrom: before)
    if entry != before { replace(entry, why: why) }
    return answer(id, to: player)
  }

  private func apply(
    _ change: EntryChange, to entry: inout DirectoryEntry, by player: PeerID
  ) throws(DirectoryError) {
    switch change {
    case .setData(let key, let value): entry.data[key] = value
    case .setName(let name): entry.name = name
    case .setSessionHost(let peer): try setSessionHost(peer, of: &entry)
    case .setVisibility(let visibility): entry.visibility = visibility
    case .setClosed(let isClosed): entry.isClosed = isClosed
    case .setMaximum(let maximum): entry.maximum = maximum
    case .setKeywords(let keywords): entry.keywords = keywords.unique
    case .setPassword(let password):
      entry.password = password.flatMap { $0.isEmpty ? nil : $0 }
      entry.hasPassword = entry.password != nil
    case .setHost(let host): try setHost(host, of: &entry)
    case .reserve(let players): try reserve(players, in: &entry)
    case .kick(let member):
      try putOut(member, of: &entry)
      entry.reservations.removeAll { $0 == member }
      entry.invited.removeAll { $0 == member }
      entry.kicked.appendGuests([member])
    case .drop(let member): try putOut(member, of: &entry)
    case .setDataOfMember(let member, let key, let value): setData(key, value, of: member, in: &entry)
    case .setMemberData(let key, let value):
      guard entry.member(player) != nil else { throw .notMember }
      setData(key, value, of: player, in: &entry)
    }
  }

  private func setSessionHost(_ peer: PeerID?, of entry: inout DirectoryEntry) throws(DirectoryError) {
    let peer = peer == .nobody ? nil : peer
    if let peer, peer != entry.host, !entry.members.contains(where: { $0.peer == peer }) {
      throw .malformed("peer \(peer) is no member, so it cannot host the game session")
    }
    entry.sessionHost = peer
  }

  private func setHost(_ host: PeerID, of entry: inout DirectoryEntry) throws(DirectoryError) {
    guard host != entry.host else { return }
    guard entry.kind != .steamServer else { throw .malformed("a server cannot get another host") }
    guard entry.member(host) != nil else { throw .malformed("\(host) is no member, so it cannot become the host") }
    entry.host = host
    entry.region = players[host]?.shown.region ?? .local
  }

  private func reserve(_ players: [PeerID], in entry: inout DirectoryEntry) throws(DirectoryError) {
    let members = Set(entry.members.map(\.player))
    let all = (entry.reservations + players.filter { !members.contains($0) }).unique
    guard all != entry.reservations else { return }
    entry.reservations = all
    guard entry.members.count + entry.reservations.count <= entry.maximum else { throw .full(maximum: entry.maximum) }
  }

  private func putOut(_ player: PeerID, of entry: inout DirectoryEntry) throws(DirectoryError) {
    guard player != entry.host else { throw .malformed("the host cannot put itself out; it can leave") }
    _ = remove(player, from: &entry)
  }

  private func setData(
    _ key: Bytes, _ value: Bytes?, of player: PeerID, in entry: inout DirectoryEntry
  ) {
    // A host may not have heard yet that a member has left; that is no reason to refuse what it asks for beside this.
    guard let index = entry.members.firstIndex(where: { $0.player == player }) else { return }
    entry.members[index].data[key] = value
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
