import NetRuntime

// The end: everybody must agree with the ledger.
extension World {
  func check() {
    guard let host, let truth = host.instance else { return ledger.fail(network.now, "there is no session host") }
    let expected = Set(players.filter { $0 !== host }.map(\.peer))
    if Set(truth.members) != expected { host.fail("members \(truth.members), expected all of \(expected.sorted())") }
    let members = Set(truth.members)
    for player in players { checkSession(of: player, host, members) }
    for player in players { checkObjects(of: player) }
    checkNoneIsLost()
    checkLobby(host)
    for outbox in ledger.routes where outbox.route.isReliable { checkDelivered(outbox) }
  }

  private func checkSession(of player: Player, _ host: Player, _ members: Set<PeerID>) {
    guard let session = player.session else { return player.fail("has no session: \(player.phase)") }
    guard session.isInSession else { return player.fail("is not in the session") }
    if session.host != host.peer {
      player.fail("session host is \(session.host?.description ?? "nobody"), not \(host.peer)")
    }
    let all = members.union([host.peer])
    let others = all.subtracting([player.peer])
    if session.hostError { player.fail("host_error") }
    if session.peers.count != all.count || Set(session.peers) != all {
      player.fail("peers \(session.peers), not \(all.sorted())")
    }
    if Set(session.otherPeers) != others { player.fail("other_peers \(session.otherPeers), not \(others.sorted())") }
    if Set(session.synchronizedPeers) != others {
      player.fail("synchronized_peers \(session.synchronizedPeers), not \(others.sorted())")
    }
    if !session.synchronizingPeers.isEmpty { player.fail("synchronizing_peers \(session.synchronizingPeers)") }
  }

  private func checkObjects(of player: Player) {
    guard let session = player.session, let instance = player.instance else { return }
    var remote: Set<UInt32> = []
    for owner in players {
      let objects = owner.instance?.own ?? []
      let ids = session.objects(ownedBy: owner.peer)
      if ids != objects.map(\.id).sorted() {
        player.fail("objects of player \(owner.index): \(ids), not \(objects.map(\.id).sorted())")
      }
      for object in objects {
        guard session.exists(object.id) else { continue }
        if owner !== player { remote.insert(object.id) }
        checkFields(of: object, owner, session, player)
      }
    }
    if Set(instance.mirror.keys) != remote {
      player.fail("callbacks told of \(instance.mirror.keys.sorted()), there are \(remote.sorted())")
    }
  }

  private func checkFields(of object: Ledger.Object, _ owner: Player, _ session: GameSession, _ player: Player) {
    let type = config.objects[object.type]
    if (try? session.objectType(of: object.id)) != object.type {
      player.fail("object \(object.id) is no `\(type.name)`")
    }
    if (try? session.owner(of: object.id)) != owner.peer { player.fail("object \(object.id) has another owner") }
    for (field, history) in object.history.enumerated() {
      guard let reader = try? session.field(object.id, field: field), let last = history.last else {
        player.fail("object \(object.id): field \(field) cannot be read")
        continue
      }
      let value = Packed(reader)
      ledger.digest.add(value.hash)
      // Over the owner's head, its last values may have been lost; then everybody has the present owner's.
      let wanted = object.isContested ? owners(value: object.id, field, owner) : last
      guard value.hash != wanted else { continue }
      let age = history.lastIndex(of: value.hash).map { "\(history.count - 1 - $0) changes old" } ?? "never set"
      player.fail(
        "object \(object.id) of player \(object.owner.player), `\(type.name)`.`\(type.fields[field].name)` "
          + "(\(type.fields[field].type.name)): \(value) is \(age)")
    }
  }

  private func checkLobby(_ host: Player) {
    guard let truth = host.lobby else { return host.fail("has no lobby") }
    let all = Set(players.map(\.peer))
    if Set(truth.members) != all || truth.members.count != all.count {
      host.fail("lobby members \(truth.members), not \(all.sorted())")
    }
    for player in players {
      guard let lobby = player.lobby, lobby.state == .joined else {
        player.fail("is in no lobby")
        continue
      }
      if lobby.members != truth.members { player.fail("lobby members \(lobby.members), at the host \(truth.members)") }
      if lobby.lobbyHost != truth.lobbyHost {
        player.fail("lobby host \(lobby.lobbyHost), at the host \(truth.lobbyHost)")
      }
      if lobby.gameSessionHost != host.peer {
        player.fail("lobby says that \(lobby.gameSessionHost?.description ?? "nobody") hosts")
      }
      if lobby.data(Array("name".utf8)) != Array("proof".utf8) { player.fail("lobby data are lost") }
    }
  }

  /// Every reliable message between two that stayed connected has arrived.
  private func checkDelivered(_ outbox: Ledger.Outbox) {
    guard let count = outbox.sent.indices.last.map({ $0 + 1 }) else { return }
    let sender = ledger.lives[outbox.route.sender]
    guard sender.end == nil else { return }
    let isBound = outbox.route.isBound
    let receivers = ledger.lives.indices.filter {
      let life = ledger.lives[$0]
      // A peer that has gone is a member until its host has noticed.
      return life.peer == outbox.route.receiver && life.isBound == isBound
        && (life.end.map { $0 > sender.begin - 10 } ?? true)
    }
    guard let receiver = receivers.last, ledger.lives[receiver].end == nil else { return }
    let got = outbox.received.last { $0.number == receiver }
    // With one receiver in all that time nothing may be missing; else nothing from where the sender had heard from it.
    var first = receivers.count == 1 ? 0 : outbox.sent.firstIndex { $0.known == receiver }
    if let got { first = min(first ?? got.first, got.first) }
    guard let first else { return }
    let text =
      "reliable \(isBound ? "session-bound" : "unbound") messages from player \(sender.player) to player "
      + "\(ledger.lives[receiver].player)"
    guard let got else { return ledger.fail(network.now, "\(text): none of \(first)..<\(count) arrived") }
    if got.first > first || got.last != count - 1 {
      ledger.fail(network.now, "\(text): got \(got.first)...\(got.last) of \(first)..<\(count)")
    }
  }
}
