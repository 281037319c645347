extension DirectoryState {
  // MARK: - Making

  mutating func create(
    _ asked: DirectoryEntry, by player: PeerID, peer: PeerID, memberData: [Bytes: Bytes]
  ) throws(DirectoryError) -> DirectoryAnswer {
    if let same = shelves[asked.id] {
      // Asked again: its answer got lost.
      guard same.host == player || same.member(player) != nil, same.kind == asked.kind, same.title == asked.title else {
        throw .malformed("there is an entry with the id \(asked.id) already")
      }
      return .entry(shown(same, to: player))
    }
    try check(asked, peer: peer, memberData: memberData)
    try checkRoom(for: player)
    var entry = DirectoryEntry(
      id: asked.id, kind: asked.kind, title: asked.title, host: player, maximum: asked.maximum,
      visibility: asked.visibility, name: asked.name, data: asked.data, keywords: asked.keywords.unique,
      reservations: asked.reservations.unique.filter { $0 != player },
      password: asked.password.flatMap { $0.isEmpty ? nil : $0 })
    entry.isClosed = asked.isClosed
    entry.region = players[player]?.shown.region ?? .local
    entry.invited = asked.invited.unique
    if entry.kind == .steamServer {
      entry.sessionHost = asked.sessionHost == player ? player : nil
    } else {
      entry.members = [member(player, peer: peer, data: memberData)]
      entry.sessionHost = asked.sessionHost == peer ? peer : nil
    }
    guard entry.members.count + entry.reservations.count <= entry.maximum else { throw .full(maximum: entry.maximum) }
    replace(entry)
    return answer(entry.id, to: player)
  }

  private func check(_ entry: DirectoryEntry, peer: PeerID, memberData: [Bytes: Bytes]) throws(DirectoryError) {
    guard peer != .nobody else { throw .malformed("the peer of a member cannot be 0") }
    try entry.checkLimits()
    try Limits.checkData(memberData, size: Limits.memberDataSize)
  }

  private func checkRoom(for player: PeerID) throws(DirectoryError) {
    guard entries(of: player).count < Limits.entriesPerPlayer else {
      throw .malformed("the player is in \(Limits.entriesPerPlayer) entries already; more are not possible")
    }
  }

  private func member(_ player: PeerID, peer: PeerID, data: [Bytes: Bytes]) -> DirectoryEntry.Member {
    DirectoryEntry.Member(
      player: player, peer: peer, name: players[player]?.shown.name ?? "", run: players[player]?.run ?? 0,
      data: data, endpoints: players[peer]?.shown.endpoints ?? [])
  }

  // MARK: - Coming and going

  mutating func join(
    _ id: EntryID, password: Bytes?, by player: PeerID, peer: PeerID, memberData: [Bytes: Bytes]
  ) throws(DirectoryError) -> DirectoryAnswer {
    guard var entry = shelves[id] else { throw .unknownEntry(id) }
    if entry.member(player) != nil { return .entry(shown(entry, to: player)) }
    guard peer != .nobody else { throw .malformed("the peer of a member cannot be 0") }
    try Limits.checkData(memberData, size: Limits.memberDataSize)
    guard !entry.kicked.contains(player) else { throw .kicked }
    guard !entry.isClosed else { throw .closed }
    guard mayJoin(entry, player) else { throw .notInvited }
    guard entry.password == nil || entry.password == password else { throw .wrongPassword }
    let keptForOthers = entry.reservations.count { $0 != player }
    guard entry.members.count + keptForOthers < entry.maximum else { throw .full(maximum: entry.maximum) }
    try checkRoom(for: player)
    entry.reservations.removeAll { $0 == player }
    entry.members.append(member(player, peer: peer, data: memberData))
    replace(entry)
    return answer(id, to: player)
  }

  private func mayJoin(_ entry: DirectoryEntry, _ player: PeerID) -> Bool {
    switch entry.visibility {
    case .everyone, .unseen: true
    case .friends: isGuest(player, of: entry) || hasFriend(of: player, in: entry)
    case .byInvitation: isGuest(player, of: entry)
    }
  }

  private func isGuest(_ player: PeerID, of entry: DirectoryEntry) -> Bool {
    entry.host == player || entry.invited.contains(player) || entry.reservations.contains(player)
  }

  private func hasFriend(of player: PeerID, in entry: DirectoryEntry) -> Bool {
    entry.members.contains { areFriends($0.player, player) } || areFriends(entry.host, player)
  }

  /// Takes a player out of an entry; the longest-standing member follows a host, and an entry ends with its last
  /// member, a server with its host.
  mutating func leave(_ id: EntryID, _ player: PeerID, why: DepartureReason) {
    guard var entry = shelves[id] else { return }
    if entry.remove(player, region: region(of:)) {
      replace(entry, why: why)
    } else if entry.host == player {
      end(entry, why: entry.kind == .steamServer ? .ended : why)
    }
  }

  /// Where a player is.
  func region(of player: PeerID) -> Region? { players[player]?.shown.region }

  // MARK: - Finding

  func find(_ id: EntryID, for player: PeerID) throws(DirectoryError) -> DirectoryEntry {
    guard let entry = shelves[id], entry.member(player) != nil || mayJoin(entry, player) else {
      throw .unknownEntry(id)
    }
    return shown(entry, to: player)
  }

  /// An entry as a player may see it: the password is the host's alone, and addresses and guests are the members'.
  func shown(_ entry: DirectoryEntry, to player: PeerID) -> DirectoryEntry {
    if entry.host == player { return entry }
    var entry = entry
    entry.password = nil
    guard entry.member(player) == nil else { return entry }
    for index in entry.members.indices { entry.members[index].endpoints = [] }
    entry.invited = []
    entry.kicked = []
    return entry
  }

  func answer(_ id: EntryID, to player: PeerID) -> DirectoryAnswer {
    shelves[id].map { .entry(shown($0, to: player)) } ?? .done
  }
}
