// What changes do: for the directory, and for who shows its own before the directory has answered.
extension DirectoryEntry {
  /// Does what a change says, without asking whether the player may. What is refused changes nothing.
  /// - Parameter region: Where a player is; nil where that is not known.
  mutating func apply(
    _ change: EntryChange, by player: PeerID, region: (PeerID) -> Region? = { _ in nil }
  ) throws(DirectoryError) {
    switch change {
    case .setData(let key, let value): data[key] = value
    case .setName(let name): self.name = name
    case .setSessionHost(let peer): try setSessionHost(peer)
    case .setVisibility(let visibility): self.visibility = visibility
    case .setClosed(let isClosed): self.isClosed = isClosed
    case .setMaximum(let maximum): self.maximum = maximum
    case .setKeywords(let keywords): self.keywords = keywords.unique
    case .setPassword(let password):
      self.password = password.flatMap { $0.isEmpty ? nil : $0 }
      hasPassword = self.password != nil
    case .setHost(let host): try setHost(host, region)
    case .reserve(let players): try reserve(players)
    case .kick(let member):
      try putOut(member, region)
      reservations.removeAll { $0 == member }
      invited.removeAll { $0 == member }
      kicked.appendGuests([member])
    case .drop(let member): try putOut(member, region)
    case .setDataOfMember(let member, let key, let value): setData(key, value, of: member)
    case .setMemberData(let key, let value):
      guard member(player) != nil else { throw .notMember }
      setData(key, value, of: player)
    }
  }

  /// Takes a player out; the longest-standing member follows a host.
  /// - Returns: False when the entry would end by it, or the player is not in it; nothing is changed then.
  mutating func remove(_ player: PeerID, region: (PeerID) -> Region?) -> Bool {
    if kind == .steamServer, host == player { return false }
    guard let index = members.firstIndex(where: { $0.player == player }) else { return false }
    if kind != .steamServer, members.count == 1 { return false }
    let peer = members.remove(at: index).peer
    if host == player, let next = members.first {
      host = next.player
      self.region = region(next.player) ?? self.region
    }
    if sessionHost == peer, !members.contains(where: { $0.peer == peer }), host != peer { sessionHost = nil }
    return true
  }

  private mutating func setSessionHost(_ peer: PeerID?) throws(DirectoryError) {
    let peer = peer == .nobody ? nil : peer
    if let peer, peer != host, !members.contains(where: { $0.peer == peer }) {
      throw .malformed("peer \(peer) is no member, so it cannot host the game session")
    }
    sessionHost = peer
  }

  private mutating func setHost(_ player: PeerID, _ region: (PeerID) -> Region?) throws(DirectoryError) {
    guard player != host else { return }
    guard kind != .steamServer else { throw .malformed("a server cannot get another host") }
    guard member(player) != nil else { throw .malformed("\(player) is no member, so it cannot become the host") }
    host = player
    self.region = region(player) ?? self.region
  }

  private mutating func reserve(_ players: [PeerID]) throws(DirectoryError) {
    let there = Set(members.map(\.player))
    let all = (reservations + players.filter { !there.contains($0) }).unique
    guard all != reservations else { return }
    guard members.count + all.count <= maximum else { throw .full(maximum: maximum) }
    reservations = all
  }

  private mutating func putOut(_ player: PeerID, _ region: (PeerID) -> Region?) throws(DirectoryError) {
    guard player != host else { throw .malformed("the host cannot put itself out; it can leave") }
    _ = remove(player, region: region)
  }

  private mutating func setData(_ key: Bytes, _ value: Bytes?, of player: PeerID) {
    // A host may not have heard yet that a member has left; that is no reason to refuse what it asks for beside this.
    guard let index = members.firstIndex(where: { $0.player == player }) else { return }
    members[index].data[key] = value
  }
}
