extension DirectoryState {
  // MARK: - What a player shows

  mutating func publish(_ endpoints: [Endpoint], of player: PeerID) throws(DirectoryError) {
    try Limits.check(endpoints.count, 0...Limits.playerEndpoints, "the player has", "addresses")
    guard let record = players[player], record.shown.endpoints != endpoints else { return }
    players[player]?.shown.endpoints = endpoints
    changed.mark(.player(player))
    for id in (seats[player] ?? []).sorted() {
      guard var entry = shelves[id], entry.members.contains(where: { $0.peer == player }) else { continue }
      for index in entry.members.indices where entry.members[index].peer == player {
        entry.members[index].endpoints = endpoints
      }
      replace(entry)
    }
  }

  mutating func setPresence(_ values: [Bytes: Bytes], of player: PeerID) throws(DirectoryError) {
    guard var record = players[player] else { return }
    for (key, value) in values {
      try Limits.check(key.count, 0...Limits.lobbyKeySize, "the key has", "bytes")
      record.shown.presence[key] = value.isEmpty ? nil : value
    }
    try Limits.check(
      Limits.dataSize(record.shown.presence), 0...Limits.presenceSize, "all keys and values together would take",
      "bytes")
    show(record)
  }

  mutating func setActivity(_ activity: PlayerActivity?, of player: PeerID) throws(DirectoryError) {
    guard var record = players[player] else { return }
    if let activity {
      try Limits.check(activity.title.utf8.count, 1...Limits.entryTextSize, "the title has", "bytes")
      try Self.check(activity.address, activity.parameters, activity.password)
      if let id = activity.entry {
        guard let entry = shelves[id] else { throw .unknownEntry(id) }
        guard entry.member(player) != nil || entry.host == player else { throw .notMember }
      }
    }
    record.shown.activity = activity
    show(record)
  }

  private mutating func show(_ record: PlayerRecord) {
    guard players[record.identity.id] != record else { return }
    put(record)
    changed.mark(.player(record.identity.id))
  }

  /// A player that is no longer in an entry does not show it any more.
  mutating func clearActivity(of player: PeerID, naming entry: EntryID) {
    guard var record = players[player], record.shown.activity?.entry == entry else { return }
    record.shown.activity?.entry = nil
    show(record)
  }

  static func check(_ address: Bytes, _ parameters: Bytes, _ password: Bytes) throws(DirectoryError) {
    try Limits.check(address.count, 0...Limits.entryTextSize, "the address has", "bytes")
    try Limits.check(parameters.count, 0...Limits.entryTextSize, "the parameters have", "bytes")
    try Limits.check(password.count, 0...Limits.entryTextSize, "the password has", "bytes")
  }

  // MARK: - What others see

  func players(_ ids: [PeerID], for viewer: PeerID) throws(DirectoryError) -> [DirectoryPlayer] {
    try Limits.check(ids.count, 0...Limits.askedPlayers, "there are", "players to ask for")
    return ids.compactMap { id in
      let areTogether = shareEntry(id, viewer)
      guard var player = shown(id, to: viewer, asMate: areTogether) else { return nil }
      // A server is no member of its entry, and who enters it has to find it first.
      if id != viewer, !areTogether, player.kind != .server { player.endpoints = [] }
      return player
    }
  }

  /// A player as another may see it: one that has blocked the other seems to be away, friends alone see what it shows
  /// of itself, and an entry that hides from friends is not shown as its activity.
  /// - Parameter asMate: Whether they play together, so that the other sees what a friend sees.
  private func shown(_ id: PeerID, to viewer: PeerID, asMate: Bool = false) -> DirectoryPlayer? {
    guard let record = players[id] else { return nil }
    var player = record.shown
    if id == viewer { return player }
    if record.identity.relations[viewer] == .blocked {
      return DirectoryPlayer(id: id, kind: player.kind, name: player.name, region: player.region)
    }
    if let entry = player.activity?.entry {
      let isSeen = shelves.withEntry(entry) { $0.visibility != .unseen } ?? false
      if !isSeen { player.activity?.entry = nil }
    }
    if !asMate, !areFriends(id, viewer) {
      player.presence = [:]
      player.activity = player.activity.flatMap(shownToStrangers)
    }
    return player
  }

  /// Sessions of Xbox Live are there for all who ask what a player does; whether they may see one it says itself.
  private func shownToStrangers(_ activity: PlayerActivity) -> PlayerActivity? {
    guard let entry = activity.entry, shelves.withEntry(entry, { $0.kind == .xboxSession }) == true else { return nil }
    return PlayerActivity(title: activity.title, entry: entry)
  }

  /// Whether there is an entry that both are in: as players, as the peer of one, or as its host.
  private func shareEntry(_ one: PeerID, _ other: PeerID) -> Bool {
    guard let entries = seats[one], let others = seats[other] else { return false }
    return !entries.isDisjoint(with: others)
  }

  /// Both have named each other a friend.
  func areFriends(_ one: PeerID, _ other: PeerID) -> Bool {
    players[one]?.identity.relations[other] == .friend && players[other]?.identity.relations[one] == .friend
  }

  func friends(of player: PeerID) -> Set<PeerID> {
    Set((players[player]?.identity.relations ?? [:]).keys.filter { areFriends($0, player) })
  }

  /// Everybody that a player has a relation to, and those that name it a friend; by id.
  func acquaintances(of player: PeerID) -> [Acquaintance] {
    guard players[player]?.identity.kind == .player else { return [] }
    let named = (players[player]?.identity.relations ?? [:]).keys
    let asking = (followers[player] ?? []).filter { players[$0]?.identity.relations[player] == .friend }
    // Those that it names come first: anybody may name it, and must not push these out.
    let others = asking.subtracting(named).sorted().prefix(Limits.relations)
    return (named + others).sorted().compactMap { acquaintance(of: player, $0) }
  }

  /// Nil for servers. A player that is only named, and was never here, is away and has no name.
  private func acquaintance(of viewer: PeerID, _ other: PeerID) -> Acquaintance? {
    var player = shown(other, to: viewer) ?? DirectoryPlayer(id: other, name: "")
    guard player.kind == .player else { return nil }
    player.endpoints = []
    return Acquaintance(
      player: player, relation: players[viewer]?.identity.relations[other],
      isAsking: players[other]?.identity.relations[viewer] == .friend)
  }

  /// Tells those who have a relation to a player, and those it has one to, how it is now.
  mutating func tellAcquaintances(of player: PeerID) {
    let relations = players[player]?.identity.relations ?? [:]
    let asked = relations.keys.filter { relations[$0] == .friend }
    for viewer in (followers[player] ?? []).union(asked).sorted() { tell(viewer, of: player) }
  }

  /// Tells a player how another is now.
  mutating func tell(_ viewer: PeerID, of other: PeerID) {
    guard players[viewer]?.run != nil, players[viewer]?.identity.kind == .player,
      let acquaintance = acquaintance(of: viewer, other)
    else { return }
    tell(viewer, .acquaintance(acquaintance))
  }

  // MARK: - Invitations

  mutating func invite(
    _ asked: Invitation, to targets: [PeerID], by player: PeerID
  ) throws(DirectoryError) {
    var invitation = asked
    invitation.from = player
    guard invitation.id != 0 else { throw .malformed("the id of an invitation cannot be 0") }
    try Limits.check(targets.count, 0...Limits.askedPlayers, "there are", "players to invite")
    try Limits.check(invitation.title.utf8.count, 1...Limits.entryTextSize, "the title has", "bytes")
    try Self.check(invitation.address, invitation.parameters, invitation.password)
    for target in targets {
      guard target != player else { throw .malformed("a player cannot invite itself") }
      guard players[target]?.identity.kind == .player else { throw .unknownPlayer(target) }
    }
    if let id = invitation.entry {
      guard var entry = shelves[id] else { throw .unknownEntry(id) }
      guard entry.member(player) != nil || entry.host == player else { throw .notMember }
      let invited = entry.invited
      entry.invited.appendGuests(targets.filter { !invited.contains($0) })
      if entry.invited != invited { replace(entry) }
    }
    for target in targets.unique where players[target]?.identity.relations[player] != .blocked {
      deliver(invitation, to: target)
    }
  }

  private mutating func deliver(_ invitation: Invitation, to target: PeerID) {
    var waiting = invitations[target] ?? []
    guard !waiting.contains(invitation) else { return }
    waiting.removeAll { $0.id == invitation.id && $0.from == invitation.from }
    waiting.append(invitation)
    waiting.removeFirst(max(0, waiting.count - Limits.waitingInvitations))
    setInvitations(waiting, of: target)
    changed.mark(.invitations(target))
  }

  /// Changes what waits for a player, and tells it what is new.
  mutating func setInvitations(_ waiting: [Invitation], of player: PeerID) {
    let before = invitations.updateValue(waiting, forKey: player) ?? []
    if waiting.isEmpty { invitations[player] = nil }
    for invitation in waiting where !before.contains(invitation) { tell(player, .invitation(invitation)) }
  }

  mutating func dismissInvitation(_ id: UInt64, of player: PeerID) {
    guard let waiting = invitations[player], waiting.contains(where: { $0.id == id }) else { return }
    setInvitations(waiting.filter { $0.id != id }, of: player)
    changed.mark(.invitations(player))
  }

  /// Tells a player that just came of the invitations that waited; those to what has ended are gone.
  mutating func deliverInvitations(of player: PeerID) {
    guard let waiting = invitations[player] else { return }
    let left = waiting.filter { invitation in invitation.entry.map { shelves[$0] != nil } ?? true }
    if left.count != waiting.count {
      setInvitations(left, of: player)
      changed.mark(.invitations(player))
    }
    for invitation in left { tell(player, .invitation(invitation)) }
  }

  // MARK: - Notes

  mutating func keep(_ value: Bytes?, under key: Bytes, of player: PeerID) throws(DirectoryError) {
    try Limits.check(key.count, 0...Limits.lobbyKeySize, "the key has", "bytes")
    var kept = notes[player] ?? [:]
    guard kept[key] != value else { return }
    kept[key] = value
    try Limits.check(Limits.dataSize(kept), 0...Limits.notesSize, "all keys and values together would take", "bytes")
    notes[player] = kept.isEmpty ? nil : kept
    changed.mark(.notes(player))
  }

  func kept(prefix: Bytes, of player: PeerID) -> [Bytes: Bytes] {
    (notes[player] ?? [:]).filter { $0.key.array.starts(with: prefix.array) }
  }
}
