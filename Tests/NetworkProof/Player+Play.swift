import NetRuntime

// What a member does at random.
extension Player {
  func play(_ session: GameSession, _ instance: Ledger.Instance) {
    guard !world.isSettling else { return }
    let step = world.step
    if dice.chance(1.2 * step) { create(session, instance) }
    if dice.chance(0.9 * step) { destroy(session, instance) }
    if dice.chance(5 * step) { set(session, instance) }
    if dice.chance(3 * step) { sendBound(session, instance) }
    if dice.chance(1.5 * step) { sendFree() }
    if dice.chance(world.migrationRate * step) { migrate(session, instance) }
    if dice.chance(6 * step) { sample(session, instance) }
    if dice.chance(0.1 * step) {
      for _ in 0..<dice.below(12) {
        create(session, instance)
        set(session, instance)
        sendBound(session, instance)
      }
    }
    if dice.chance(0.02 * step) { asleepUntil = now + dice.between(0.05, 0.8) }
    if !instance.isHost, dice.chance(world.leaveRate * step) { leaveAtRandom(session, instance) }
  }

  // MARK: Objects

  func create(_ session: GameSession, _ instance: Ledger.Instance) {
    guard instance.own.count < 16 else { return }
    let type = dice.below(config.objects.count)
    let fields = config.objects[type].fields
    var hashes: [UInt64] = []
    do {
      let id = try session.createObject(type: type) { draft in
        for (index, field) in fields.enumerated() {
          let codec = field.type.codec
          let isSet = index == 0 || dice.chance(0.7)
          let value =
            index == 0
            ? FieldValue.uint64(UInt64(ledger.nextUID))
            : isSet ? dice.value(of: codec) : defaultValue(of: codec)
          guard let packed = world.packer.pack(value, codec) else {
            return fail("value of `\(field.name)` does not pack")
          }
          hashes.append(Packed(packed).hash)
          if isSet { try draft.set(field: index, packed: packed) }
        }
      }
      for other in world.players {
        guard let there = other.instance, !there.isRemoved, other !== self else { continue }
        let known = there.mirror[id]?.object ?? there.own.first { $0.id == id }
        if let known, known.owner === instance, !known.isContested {
          fail("id \(id) is used again while player \(other.index) knows its last bearer")
        }
      }
      ledger.created(id, type: type, owner: instance, fields: hashes, at: now)
      ledger.digest.add(UInt64(id))
    } catch {
      fail("create_game_object: \(error)")
    }
  }

  private func destroy(_ session: GameSession, _ instance: Ledger.Instance) {
    guard !instance.own.isEmpty else { return }
    let place = dice.below(instance.own.count)
    let object = instance.own.remove(at: place)
    do { try session.destroyObject(object.id) } catch { fail("destroy_game_object: \(error)") }
    object.isAlive = false
    ledger.counts.destroyed += 1
    if session.exists(object.id) { fail("object \(object.id) exists after it was destroyed") }
    if dice.chance(0.4) { touch(object, isAlive: false, session, instance) }
  }

  private func set(_ session: GameSession, _ instance: Ledger.Instance) {
    if let object = dice.pick(instance.own) { set(object, session) }
  }

  func set(_ object: Ledger.Object, _ session: GameSession) {
    let fields = config.objects[object.type].fields
    for _ in 0...dice.below(4) {
      let field = 1 + dice.below(fields.count - 1)
      let codec = fields[field].type.codec
      guard let packed = world.packer.pack(dice.value(of: codec), codec) else {
        fail("value of `\(fields[field].name)` does not pack")
        continue
      }
      do {
        try session.setField(object.id, field: field, packed: packed)
        object.history[field].append(Packed(packed).hash)
        ledger.counts.sets += 1
      } catch {
        fail("set_game_object_field: \(error)")
      }
    }
  }

  /// Looks at an object of another peer: every field must have a value that it was given, and no older one than was
  /// seen before.
  func sample(_ session: GameSession, _ instance: Ledger.Instance) {
    guard !instance.mirror.isEmpty else { return }
    // Not by the dictionary's order, which differs from run to run.
    let ids = instance.mirror.keys.sorted()
    inspect(ids[dice.below(ids.count)], session, instance)
  }

  func inspect(_ id: UInt32, _ session: GameSession, _ instance: Ledger.Instance) {
    guard var mirrored = instance.mirror[id] else { return }
    let object = mirrored.object
    for field in object.history.indices {
      guard let value = try? session.field(id, field: field) else {
        return fail("object \(id): field \(field) cannot be read")
      }
      let hash = Packed(value).hash
      let history = object.history[field]
      // What a newcomer hears from who gave an object away may be newer than what the owner then tells.
      let isNew = object.hasMoved && now - mirrored.since < 3
      let first = object.isContested || isNew ? 0 : mirrored.seen[field]
      guard let place = history[first...].firstIndex(of: hash) else {
        let wasSet = history.contains(hash)
        fail(
          "object \(id) of player \(object.owner.player): field `\(config.objects[object.type].fields[field].name)` "
            + (wasSet ? "went back to an older value" : "has a value that it was never given: \(Packed(value))"))
        continue
      }
      mirrored.seen[field] = place
    }
    instance.mirror[id] = mirrored
  }

  // MARK: Messages

  private func sendBound(_ session: GameSession, _ instance: Ledger.Instance) {
    let toSelf = dice.chance(0.03)
    guard let target = toSelf ? peer : dice.pick(session.otherPeers) else { return }
    if dice.chance(0.4), let object = instance.own.last { return touch(object, isAlive: true, to: target, instance) }
    send("bound\(dice.below(3))", nil, to: target)
  }

  private func sendFree() {
    guard let lobby, let target = dice.pick(lobby.members) else { return }
    send("free\(dice.below(3))", nil, to: target)
  }

  private func touch(_ object: Ledger.Object, isAlive: Bool, _ session: GameSession, _ instance: Ledger.Instance) {
    guard let target = dice.pick(session.otherPeers) else { return }
    touch(object, isAlive: isAlive, to: target, instance)
  }

  func touch(_ object: Ledger.Object, isAlive: Bool, to target: PeerID, _ instance: Ledger.Instance) {
    let isOrdered = isOrdered(towards: target, instance)
    send(
      "touch", [.int(Int64(object.id)), .uint64(UInt64(object.uid)), .bool(isAlive)], to: target,
      mentions: (object, isAlive, isOrdered))
  }

  /// Whether what a peer gets is in order with the objects of this one.
  func isOrdered(towards target: PeerID, _ instance: Ledger.Instance) -> Bool {
    let receiver = world.players.first {
      $0.peer == target && $0.session?.isInSession == true && $0.session?.host == session?.host
    }
    // A peer that was removed and added again, and has not heard of it yet, is still in its old membership: what it
    // gets in the new one is ordered only once that has synchronised, which the session knows.
    return instance.isSynced && receiver?.instance?.isSynced == true
      && session?.synchronizedPeers.contains(target) == true
  }

  /// Sends a message; without arguments given, random ones.
  func send(
    _ name: String, _ arguments: [FieldValue]?, to target: PeerID,
    mentions: (object: Ledger.Object, isAlive: Bool, isOrdered: Bool)? = nil, gift: Ledger.Object? = nil
  ) {
    guard let index = config.messageIndex(named: name) else { return fail("no message `\(name)`") }
    let type = config.messages[index]
    guard let number = type.isSessionBound ? instance?.number : stay else { return }
    let route = Ledger.Route(
      sender: number, receiver: target, isBound: type.isSessionBound, isReliable: type.isReliable)
    let outbox = ledger.outbox(route, player: world.player(of: target))
    let codecs = type.arguments.map(\.codec)
    let rest = arguments ?? codecs.dropFirst(2).map { dice.value(of: $0) }
    let values = [.uint64(UInt64(number)), .int(Int64(outbox.sent.count))] + rest
    guard let packed = world.packer.pack(values, codecs) else { return fail("`\(name)` does not pack") }
    do throws(NetworkError) {
      var writer = try runtime.beginMessage(index)
      var reader = packed
      writer.copyBits(from: &reader, count: reader.remainingBits)
      try runtime.send(writer, index: index, to: target)
      let hash = Packed(packed).hash
      let sent = Ledger.Sent(message: index, hash: hash, known: outbox.known, mentions: mentions, gift: gift)
      outbox.sent.append(sent)
      if type.isReliable { ledger.counts.reliable += 1 } else { ledger.counts.unreliable += 1 }
    } catch {
      if case .bufferFull = error { return world.note(self, "`\(name)` to \(target): buffer full") }
      fail("RPC.\(name): \(error)")
    }
  }
}
