@testable import NetRuntime

/// What one player's program knows by news alone.
struct Mirror: Equatable {
  var entries: [EntryID: DirectoryEntry] = [:]
  var acquaintances: [PeerID: Acquaintance] = [:]
  var tickets: [UInt64: MatchTicket] = [:]

  mutating func take(_ change: DirectoryChange) {
    switch change {
    case .entry(let entry): entries[entry.id] = entry
    case .left(let id, _):
      entries[id] = nil
      // Who leaves is not told of the entry's tickets any more.
      tickets = tickets.filter { $0.value.entry != id }
    case .acquaintance(let one): acquaintances[one.player.id] = one.relation == nil && !one.isAsking ? nil : one
    case .invitation: break
    case .ticket(let ticket): tickets[ticket.id] = ticket.state == .searching ? ticket : nil
    }
  }
}

/// The mirrors of all runs that are signed in, fed by the news of one state.
struct Mirrors {
  var mirrors: [PeerID: Mirror] = [:]

  mutating func take(_ news: [(player: PeerID, news: StateNews)], runs: [PeerID: UInt64]) {
    for (player, news) in news {
      switch news {
      case .change(let change): mirrors[player, default: Mirror()].take(change)
      case .signedOut(_, let run): if run != runs[player] || runs[player] == nil { mirrors[player] = nil }
      }
    }
  }
}

// What must be so, whatever was asked.
extension DirectoryPlay {
  func problem() -> String? {
    problemOfEntries() ?? problemOfMirrors(mirrors, "a player's")
      ?? problemOfMirrors(replicaMirrors, "another program's", onlyEntries: true) ?? problemOfCopies()
  }

  private func problemOfEntries() -> String? {
    var counts: [PeerID: Int] = [:]
    for id in state.shelves.ids {
      guard let entry = state.shelves[id] else { return "\(id) is listed and is not there" }
      let members = entry.members.map(\.player)
      if entry.kind == .steamServer {
        if state.run(of: entry.host) == nil { return "the server of \(id) is not signed in" }
      } else if !members.contains(entry.host) {
        return "the host of \(id) is no member"
      }
      if members.count > entry.maximum { return "\(id) has \(members.count) of \(entry.maximum) members" }
      if Set(members).count != members.count { return "\(id) has a member twice" }
      if members.contains(where: entry.kicked.contains) { return "\(id) has a member that was put out" }
      if let host = entry.sessionHost, host != entry.host, !entry.members.contains(where: { $0.peer == host }) {
        return "the session host of \(id) is not in it"
      }
      if (try? entry.checkLimits()) == nil { return "\(id) is beyond the limits" }
      if entry.hasPassword != (entry.password != nil) { return "\(id) is wrong about its password" }
      for member in entry.members where state.run(of: member.player) != member.run {
        return "\(member.player) is in \(id) with run \(member.run), and signed in with another"
      }
      for player in Set(members).union([entry.host]) { counts[player, default: 0] += 1 }
    }
    if let busy = counts.first(where: { $0.value > Limits.entriesPerPlayer }) { return "\(busy) entries" }
    for player in players where runs[player] == nil && now - (lastHeard[player] ?? 0) > Limits.heartbeatTimeout {
      if state.run(of: player) != nil { return "\(player) is dead and signed in" }
      if state.seats[player] != nil { return "\(player) is dead and seated" }
    }
    for id in state.tickets.ids {
      guard let record = state.tickets[id], let entry = state.shelves[record.ticket.entry] else {
        return "a ticket without an entry"
      }
      if entry.member(record.owner) == nil { return "a ticket whose owner is gone" }
      if record.deadline < now { return "a ticket is too old" }
      let others = record.places.filter { entry.member($0) == nil && entry.reservations.contains($0) }
      if !others.isEmpty, record.ticket.state != .found(entry.id) { return "places are kept for no match" }
      if record.ticket.state == .searching, record.ticket.players != entry.members.map(\.player) {
        return "a ticket of others than the entry's members"
      }
    }
    return nil
  }

  private func problemOfMirrors(_ mirrors: Mirrors, _ whose: String, onlyEntries: Bool = false) -> String? {
    for (player, run) in runs where state.run(of: player) == run {
      let mirror = mirrors.mirrors[player] ?? Mirror()
      var entries: [EntryID: DirectoryEntry] = [:]
      var tickets: [UInt64: MatchTicket] = [:]
      for id in state.shelves.ids {
        guard var entry = state.shelves[id] else { continue }
        guard entry.host == player || entry.members.contains(where: { $0.player == player }) else { continue }
        if entry.host != player { entry.password = nil }
        entries[id] = entry
      }
      if mirror.entries != entries {
        return "\(whose) view of \(player)'s entries: \(mirror.entries.values) instead of \(entries.values)"
      }
      if onlyEntries { continue }
      for id in state.tickets.ids {
        guard let ticket = state.tickets[id]?.ticket, ticket.state == .searching, ticket.players.contains(player)
        else { continue }
        tickets[id] = ticket
      }
      if mirror.tickets != tickets {
        return "\(whose) view of \(player)'s tickets: \(mirror.tickets) instead of \(tickets)"
      }
      let all = Dictionary(uniqueKeysWithValues: state.acquaintances(of: player).map { ($0.player.id, $0) })
      if let stranger = all.values.first(where: { !$0.isFriend && $0.player.showsMoreThanItsName }) {
        return "\(player) sees what \(stranger) shows its friends"
      }
      if mirror.acquaintances != all {
        let wrong = Set(all.keys).union(mirror.acquaintances.keys).filter { mirror.acquaintances[$0] != all[$0] }
        return "\(whose) view of what \(player) sees of "
          + "\(wrong.map { ($0, mirror.acquaintances[$0].debugDescription, all[$0].debugDescription) })"
      }
    }
    return nil
  }

  private func problemOfCopies() -> String? {
    guard steps % 25 == 0 else { return nil }
    if replica.records != state.records { return "the replica is another" }
    var fresh = DirectoryState()
    fresh.absorb(state.records, isWhole: true, at: now)
    if fresh.records != state.records { return "a copy that absorbs everything is another" }
    guard steps % 50 == 0 else { return nil }
    if sleeper.records != state.records { return "a copy that slept is another" }
    return problemOfMirrors(sleepersMirrors, "a sleeper's", onlyEntries: true)
  }
}

extension DirectoryPlayer {
  fileprivate var showsMoreThanItsName: Bool { !presence.isEmpty || activity != nil || !endpoints.isEmpty }
}
