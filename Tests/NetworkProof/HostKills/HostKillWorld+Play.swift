import NetRuntime

// What the peers do.
extension HostKillWorld {
  /// One frame of a peer's script.
  func act(_ mate: Mate) {
    guard let session = mate.session, session.isInSession else { return }
    if session.isHost {
      while let leaver = session.wantsToLeave { remove(leaver, by: mate, session) }
      while let broken = session.brokenConnection { remove(broken, by: mate, session) }
    }
    guard isPlaying, !mate.hasLeft, session.isInSession else { return }
    let step = Self.step
    if mate.dice.chance(20 * step) { for _ in 0..<4 { change(mate) } }
    if mate.dice.chance(6 * step) { talk(mate) }
    if mate.dice.chance(1 * step) { create(mate) }
    if mate.dice.chance(0.7 * step) { destroy(mate) }
    if plan.isGenerous, mate.dice.chance(0.8 * step) { migrate(mate) }
  }

  private func remove(_ peer: PeerID, by mate: Mate, _ session: GameSession) {
    note(mate, "removes \(index(of: peer))")
    do throws(SessionError) { try session.removePeer(peer) } catch { mate.fail("remove_peer: \(error)") }
    while let event = session.nextRemovalEvent() {
      if case .objectDestroyed(let id, _) = event, let uid = mate.uid(of: id, session) {
        mate.seen[uid]?.isAlive = false
      }
    }
  }

  func remove(_ victim: Mate, by mate: Mate) {
    guard let session = mate.session else { return }
    remove(victim.peer, by: mate, session)
  }

  func create(_ mate: Mate) {
    guard let session = mate.session, session.isInSession else { return }
    let uid = makeUID()
    let type = mate.dice.chance(0.8) ? thing : page
    do {
      let id = try session.createObject(type: type) { draft in
        guard let packed = packer.pack(.uint64(uid), config.objects[type].fields[0].type.codec) else { return }
        try draft.set(field: 0, packed: packed)
      }
      things[uid] = Thing(creator: mate.index)
      mate.own[id] = uid
      mate.seen[uid] = Mate.Seen()
      if mate.dice.chance(0.3) { talk(mate, about: uid) }
    } catch {
      mate.fail("create_game_object: \(error)")
    }
  }

  func destroy(_ mate: Mate) {
    guard let session = mate.session, session.isInSession, let id = mate.dice.pick(mate.own.keys.sorted()),
      let uid = mate.own.removeValue(forKey: id)
    else { return }
    do throws(SessionError) { try session.destroyObject(id) } catch { mate.fail("destroy_game_object: \(error)") }
    things[uid]?.destroyer = mate.index
    mate.seen[uid]?.isAlive = false
    if mate.dice.chance(0.5) { talk(mate, about: uid) }
  }

  func change(_ mate: Mate) {
    guard let session = mate.session, let id = mate.dice.pick(mate.own.keys.sorted()) else { return }
    let counts = mate.counts(of: id, session)
    guard !counts.isEmpty else { return mate.fail("own object \(id) does not exist") }
    let place = mate.dice.below(counts.count)
    guard let packed = packer.pack(.int(Int64(counts[place] + 1)), countCodec) else { return }
    do throws(SessionError) {
      try session.setField(id, field: 1 + place, packed: packed)
      if try session.objectType(of: id) == page, mate.dice.chance(0.3) {
        let codec = config.objects[page].fields[2].type.codec
        let text = [UInt8](
          repeating: UInt8(65 + mate.dice.below(26)), count: mate.dice.below(mate.dice.chance(0.2) ? 1200 : 30))
        if let packed = packer.pack(.string(text), codec) { try session.setField(id, field: 2, packed: packed) }
      }
    } catch { mate.fail("set_game_object_field: \(error)") }
  }

  /// Gives an own object away; the host takes another's, too.
  func migrate(_ mate: Mate) {
    guard let session = mate.session, session.isInSession, let target = mate.dice.pick(session.peers) else { return }
    let ids =
      session.isHost && mate.dice.chance(0.3)
      ? session.peers.flatMap { session.objects(ownedBy: $0) } : mate.own.keys.sorted()
    guard let id = mate.dice.pick(ids) else { return }
    if let uid = mate.uid(of: id, session) {
      if mate.own[id] == nil { things[uid]?.isContested = true }
      things[uid]?.receivers.insert(index(of: target))
    }
    do throws(SessionError) { try session.migrateObject(id, to: target) } catch {
      mate.fail("migrate_game_object: \(error)")
    }
    while let event = session.nextMigrationEvent() {
      if case .objectMigratedAway(let id, _) = event { mate.own[id] = nil }
      if case .objectMigratedToMe(let id, _) = event { mate.own[id] = mate.uid(of: id, session) }
    }
  }

  /// Sends a message to some other member.
  func talk(_ mate: Mate, about uid: UInt64? = nil) {
    guard let session = mate.session, session.isInSession, let target = mate.dice.pick(session.otherPeers) else {
      return
    }
    let mention = uid ?? mate.own.values.max() ?? 0
    let number = mate.sent[target, default: 0] + 1
    let isAlive = mate.seen[mention]?.isAlive == true
    let codecs = config.messages[say].arguments.map(\.codec)
    guard let packed = packer.pack([.int(Int64(number)), .uint64(mention), .bool(isAlive)], codecs) else { return }
    do throws(NetworkError) {
      var writer = try mate.runtime.beginMessage(say)
      var reader = packed
      writer.copyBits(from: &reader, count: reader.remainingBits)
      try mate.runtime.send(writer, index: say, to: target)
      mate.sent[target] = number
    } catch {
      if case .bufferFull = error { return }
      mate.fail("RPC.say: \(error)")
    }
  }

  /// A message about an object must not come before the object, nor one about its end before that.
  func check(mention uid: UInt64, isAlive: Bool, from sender: PeerID, at mate: Mate) {
    guard uid != 0, let thing = things[uid], mate.session?.isInSession == true else { return }
    // Who is still being brought up to date may hear of things that it does not know yet.
    guard mate !== joiner, mates[max(0, index(of: sender))] !== joiner else { return }
    if isAlive, mate.seen[uid] == nil, !thing.isDestroyed, thing.receivers.isEmpty {
      mate.fail("a message overtook the creation of \(uid)")
    }
    if !isAlive, !thing.isContested, thing.receivers.isEmpty, mate.seen[uid]?.isAlive == true {
      mate.fail("a message overtook the destruction of \(uid)")
    }
  }
}
