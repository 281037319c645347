import NetRuntime

// What has to hold in the end.
extension HostKillWorld {
  func check() {
    checkCards()
    let members = members
    guard let host = members.first(where: { $0.session?.isHost == true }), let truth = host.session else {
      return checkNobodyHosts()
    }
    for other in members where other.session?.isHost == true && other !== host {
      fail("\(host.index) and \(other.index) both host")
    }
    for mate in members { checkMembership(mate, host, truth, members) }
    checkObjects(host, members)
    checkMessages(members)
    for mate in members where mate !== host {
      if mate.synced.values.contains(where: { $0 > 1 }) { mate.fail("heard game_object_sync_done twice for one peer") }
    }
    if host.synced.values.contains(where: { $0 > 1 }) { host.fail("heard game_object_sync_done twice for one peer") }
    if mates.count > 1, let time = resumeTime, time > 1 { fail("play resumed only after \(time) s") }
  }

  /// Nobody may be out who could have stayed in.
  private func checkCards() {
    for mate in mates where mate.isAlive && mate.isMember && mate.session?.hostError == true {
      mate.fail("is still without a host")
    }
    for mate in mates where mate.isAlive && mate.disconnects > 1 {
      mate.fail("was disconnected \(mate.disconnects) times")
    }
    for mate in mates.dropFirst() where mate.isAlive && !mate.isMember {
      let mayBeOut =
        mate === joiner || plan.exchange == .shutdown
        || (plan.exchange == .removal || plan.exchange == .leave) && mate.index == 1
      if !mayBeOut, hasCaller { mate.fail("is out of the session") }
      if mate.disconnects == 0, mate !== joiner { mate.fail("is out and was not told") }
    }
  }

  /// Whether anybody called for another host after the last death, or could have.
  private var hasCaller: Bool {
    mates.contains { $0.isAlive && $0.isMember && plan.calls[$0.index] != nil }
  }

  private func checkNobodyHosts() {
    for mate in members { mate.fail("is in a session without a host") }
    guard plan.exchange != .shutdown else { return }
    let canCall = mates.dropFirst().contains {
      $0.isAlive && plan.calls[$0.index] != nil && $0 !== joiner
        && !((plan.exchange == .removal || plan.exchange == .leave) && $0.index == 1)
    }
    if canCall { fail("nobody hosts") }
  }

  private func checkMembership(_ mate: Mate, _ host: Mate, _ truth: GameSession, _ members: [Mate]) {
    guard let session = mate.session else { return }
    if session.host != host.peer { mate.fail("its host is \(index(of: session.host ?? .nobody)), not \(host.index)") }
    let all = Set(members.map(\.peer))
    if Set(session.peers) != all || session.peers.count != all.count {
      mate.fail("members \(session.peers.map { index(of: $0) }), not \(members.map(\.index))")
    }
    if Set(session.synchronizedPeers) != all.subtracting([mate.peer]) {
      mate.fail("synchronised \(session.synchronizedPeers.map { index(of: $0) }), not all of \(members.map(\.index))")
    }
  }

  private func checkObjects(_ host: Mate, _ members: [Mate]) {
    guard let truth = host.session else { return }
    let wanted = listing(truth)
    for mate in members {
      guard let session = mate.session else { continue }
      let list = listing(session)
      for (uid, line) in list where wanted[uid] != line {
        mate.fail("\(uid) is \(line), at the host \(wanted[uid] ?? "nothing")")
      }
      for (uid, line) in wanted where list[uid] == nil { mate.fail("lacks \(uid), at the host \(line)") }
      let alive = Set(mate.seen.filter(\.value.isAlive).keys)
      if alive != Set(list.keys) {
        mate.fail(
          "callbacks told of \(alive.subtracting(list.keys).sorted().prefix(5)) that are not there, and not of \(Set(list.keys).subtracting(alive).sorted().prefix(5))"
        )
      }
      let own = Set(mate.own.values)
      let owned = Set(session.objects(ownedBy: mate.peer).compactMap { mate.uid(of: $0, session) })
      if own != owned {
        mate.fail(
          "owns \(owned.subtracting(own).sorted().prefix(5)) unasked, and not \(own.subtracting(owned).sorted().prefix(5))"
        )
      }
    }
    for uid in things.keys.sorted() { checkFate(uid, wanted[uid] != nil, host, members) }
  }

  /// By uid: type, owner and values, in words.
  private func listing(_ session: GameSession) -> [UInt64: String] {
    var list: [UInt64: String] = [:]
    for owner in session.peers {
      for id in session.objects(ownedBy: owner) {
        guard let type = try? session.objectType(of: id) else { continue }
        var line = "\(id) type \(type) of \(index(of: owner))"
        for field in config.objects[type].fields.indices {
          if let reader = try? session.field(id, field: field) { line += " \(Packed(reader).hash % 100_000)" }
        }
        guard var reader = try? session.field(id, field: 0) else { continue }
        let uid = reader.readUInt64()
        if list[uid] != nil { fail("object \(uid) is there twice") }
        list[uid] = line
      }
    }
    return list
  }

  private func checkFate(_ uid: UInt64, _ exists: Bool, _ host: Mate, _ members: [Mate]) {
    guard let thing = things[uid] else { return }
    let creator = mates[thing.creator]
    if members.contains(where: { $0 === creator }) {
      // What was given to somebody who is gone, and was no host, went with that one; and so with a newcomer that begins
      // anew.
      let isSafe = thing.receivers.allSatisfy { index in
        index == 0 || members.contains { $0.index == index && $0 !== joiner }
      }
      if !exists, !thing.isDestroyed, isSafe { fail("object \(uid) of \(creator.index), which lives, is lost") }
      // What died with its destroyer before anybody heard of it did not happen.
      if exists, let destroyer = thing.destroyer, mates[destroyer].isAlive, !thing.isContested {
        fail("object \(uid) of \(creator.index), which lives, exists, and was destroyed")
      }
      return
    }
    guard thing.receivers.isEmpty, creator.index == 0 else { return }
    // One that is leaving votes, too.
    let isKnown = mates.contains { $0.isAlive && $0.known[uid]?.isAlive == true }
    let isKnownDead =
      members.contains { $0.known[uid]?.isAlive == false } || thing.isDestroyed && host.seen[uid]?.isAlive == false
    if isKnown, !isKnownDead, !exists { fail("object \(uid) of the old host is lost") }
    if exists, !isKnown { fail("object \(uid) of the old host came from nowhere") }
    if exists, members.contains(where: { $0.known[uid]?.isAlive == false }), plan.exchange != .election {
      fail("object \(uid) of the old host was destroyed, and is there")
    }
    guard exists, let session = host.session,
      let id = session.objects(ownedBy: host.peer).first(where: { host.uid(of: $0, session) == uid })
    else {
      if exists { fail("object \(uid) of the old host is not the new host's") }
      return
    }
    let values = host.counts(of: id, session)
    for mate in members {
      guard let known = mate.known[uid], known.isAlive else { continue }
      for (field, value) in known.values.enumerated() where field < values.count && value > values[field] {
        fail("object \(uid): field \(field) is \(values[field]), and \(mate.index) knew \(value)")
      }
    }
  }

  private func checkMessages(_ members: [Mate]) {
    for sender in members {
      for target in members where target !== sender && sender !== joiner && target !== joiner {
        let sent = sender.sent[target.peer, default: 0]
        let received = target.received[sender.peer, default: 0]
        if sent != received { fail("\(target.index) has \(received) of \(sent) messages of \(sender.index)") }
      }
    }
  }
}
