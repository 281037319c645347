import NetRuntime

// Callbacks.
extension Player {
  func handle(_ event: NetworkEvent) {
    switch event {
    case .message(let index, let sender, let arguments):
      ledger.digest.add(UInt64(index))
      receive(index, from: sender, arguments)
    case .objectCreated(let id, let creator): objectCreated(id, by: creator)
    case .objectDestroyed(let id, let destroyer): objectDestroyed(id, by: destroyer)
    case .objectSyncDone(let member): syncDone(member)
    case .sessionDisconnect(let host): disconnected(from: host)
    case .objectMigratedToMe(let id, let old): objectMigratedToMe(id, from: old)
    case .objectMigratedAway(let id, let new): objectMigratedAway(id, to: new)
    }
  }

  private func objectCreated(_ id: UInt32, by creator: PeerID) {
    ledger.digest.add(UInt64(id) << 8)
    guard let session, let instance else { return fail("game_object_created without a session") }
    if instance.mirror[id] != nil { fail("object \(id) was created twice") }
    guard let uid = uid(of: id, session), let object = ledger.object(uid: uid) else {
      return fail("object \(id) cannot be read in game_object_created")
    }
    if object.id != id { fail("object \(id) is object \(object.id)") }
    if (try? session.objectType(of: id)) != object.type { fail("object \(id) has the wrong type") }
    if !object.hasMoved {
      if object.owner.peer != creator { fail("object \(id) of \(creator) is \(object.owner.peer)'s") }
      if (try? session.owner(of: id)) != creator { fail("object \(id) is not \(creator)'s") }
      if object.owner === instance { fail("own object \(id) came back") }
    }
    if instance.own.contains(where: { $0 === object }) { fail("object \(id) was created, which is this player's") }
    instance.mirror[id] = Ledger.Mirrored(
      object: object, seen: [Int](repeating: 0, count: object.history.count), since: now)
    inspect(id, session, instance)
  }

  private func objectDestroyed(_ id: UInt32, by destroyer: PeerID) {
    ledger.digest.add(UInt64(id) << 16)
    guard let session, let instance else { return fail("game_object_destroyed without a session") }
    guard let mirrored = instance.mirror[id] else { return fail("object \(id) was destroyed and never created") }
    if destroyer != mirrored.object.owner.peer, !mirrored.object.hasMoved {
      fail("object \(id): destroyer \(destroyer), owner \(mirrored.object.owner.peer)")
    }
    inspect(id, session, instance)
    instance.mirror[id] = nil
  }

  func uid(of id: UInt32, _ session: GameSession) -> UInt64? {
    guard var reader = try? session.field(id, field: 0) else { return nil }
    return reader.readUInt64()
  }

  private func syncDone(_ member: PeerID) {
    ledger.digest.add(member.rawValue)
    guard let session, let instance, instance.isHost else { return fail("game_object_sync_done on a client") }
    guard instance.members.contains(member) else {
      return fail("game_object_sync_done of \(member), which is no member")
    }
    if !session.synchronizedPeers.contains(member) { fail("\(member) is synchronised and not in synchronized_peers") }
    guard let other = world.players.first(where: { $0.peer == member && $0.session?.host == peer })?.instance else {
      return
    }
    if other.isSynced { fail("game_object_sync_done of \(member) came twice") }
    other.isSynced = true
    // Late-join code sends its burst from inside the callback.
    for object in instance.own { touch(object, isAlive: true, to: member, instance) }
  }

  private func disconnected(from host: PeerID) {
    ledger.digest.add(host.rawValue ^ 1)
    guard let instance, let session else { return fail("game_session_disconnect without a session") }
    world.note(self, "game_session_disconnect")
    instance.disconnects += 1
    if instance.disconnects > 1 { fail("game_session_disconnect came twice") }
    if session.isInSession { fail("is in the session after game_session_disconnect") }
    if instance.isHost { fail("the host was disconnected from itself") }
    instance.wasMember = true
  }

  // MARK: Messages

  private func receive(_ index: Int, from sender: PeerID, _ arguments: BitReader) {
    let type = config.messages[index]
    let codecs = type.arguments.map(\.codec)
    var reader = arguments
    let number = Int(truncatingIfNeeded: reader.readUInt64())
    let order = Int(reader.readInt(codecs[1]))
    ledger.digest.add(UInt64(truncatingIfNeeded: number) << 24 ^ UInt64(order))
    let route = Ledger.Route(sender: number, receiver: peer, isBound: type.isSessionBound, isReliable: type.isReliable)
    guard let outbox = ledger.outboxes[route], order < outbox.sent.count else {
      return fail("`\(type.name)` \(number)/\(order) from \(sender) was never sent to this peer")
    }
    let sent = outbox.sent[order]
    var rest = arguments
    for codec in codecs { _ = rest.skip(codec) }
    if sent.message != index || sent.hash != Packed(arguments, bits: rest.position - arguments.position).hash {
      fail("`\(type.name)` \(number)/\(order) from \(sender) arrived with other contents")
    }
    if ledger.lives[number].peer != sender {
      fail("`\(type.name)` of \(ledger.lives[number].peer) came from \(sender)")
    }
    guard let own = type.isSessionBound ? instance?.number : stay else {
      if type.isSessionBound { fail("session-bound `\(type.name)` came outside a session") }
      return
    }
    if type.isSessionBound, session?.isInSession != true { fail("session-bound `\(type.name)` came outside a session") }
    if type.isReliable {
      take(order, outbox, own: own, type)
      // What this player sends back from now on goes to a peer that it has heard from.
      let back = Ledger.Route(sender: own, receiver: sender, isBound: type.isSessionBound, isReliable: true)
      ledger.outbox(back, player: world.player(of: sender)).known = number
    } else {
      ledger.counts.unreliableArrived += 1
      if !outbox.arrivals.insert(order).inserted { fail("unreliable `\(type.name)` \(number)/\(order) arrived twice") }
    }
    if let mentions = sent.mentions { check(mentions, from: sender) }
    if let gift = sent.gift { checkGift(gift, from: sender) }
    if type.name == "ask_to_join", instance?.isHost == true {
      asks.append((sender, Int(truncatingIfNeeded: reader.readUInt64())))
    }
  }

  private func take(_ order: Int, _ outbox: Ledger.Outbox, own: Int, _ type: MessageType) {
    if let last = outbox.received.indices.last, outbox.received[last].number == own {
      let expected = outbox.received[last].last + 1
      if order != expected {
        fail(
          "reliable `\(type.name)` of player \(ledger.lives[outbox.route.sender].player): got \(order), expected \(expected)"
        )
      }
      outbox.received[last].last = order
    } else {
      if let before = outbox.received.last, order <= before.last || before.number > own {
        fail("reliable `\(type.name)` \(outbox.route.sender)/\(order) came again after a new beginning")
      }
      outbox.received.append((own, order, order))
    }
  }

  private func check(_ mentions: (object: Ledger.Object, isAlive: Bool, isOrdered: Bool), from sender: PeerID) {
    // A later owner's word may come before an earlier one's message.
    guard mentions.isOrdered, !mentions.object.hasMoved, let session, let instance, sender != peer else { return }
    let known = instance.mirror[mentions.object.id]?.object === mentions.object
    if known != mentions.isAlive {
      fail(
        "a message of \(sender) overtook the \(mentions.isAlive ? "creation" : "destruction") of object \(mentions.object.id)"
      )
    }
    if mentions.isAlive && !session.exists(mentions.object.id) { fail("object \(mentions.object.id) does not exist") }
  }
}
