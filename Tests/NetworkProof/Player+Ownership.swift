import NetRuntime

// Objects that change hands.
extension Player {
  /// Gives an object of its own to another member; the host, sometimes one of another's to anybody.
  func migrate(_ session: GameSession, _ instance: Ledger.Instance) {
    if instance.isHost, dice.chance(0.5) { return migrateAnothers(session, instance) }
    guard let object = dice.pick(instance.own), let target = dice.pick(session.otherPeers) else { return }
    give(object, to: target, session)
    if instance.own.contains(where: { $0 === object }) {
      fail("object \(object.id) is its own after migrate_game_object")
    }
    if dice.chance(0.5) {
      let arguments: [FieldValue] = [.int(Int64(object.id)), .uint64(UInt64(object.uid)), .bool(true)]
      send("touch", arguments, to: target, gift: isOrdered(towards: target, instance) ? object : nil)
    }
  }

  private func migrateAnothers(_ session: GameSession, _ instance: Ledger.Instance) {
    let ids = instance.mirror.keys.sorted()
    guard !ids.isEmpty, let object = instance.mirror[ids[dice.below(ids.count)]]?.object else { return }
    let target = dice.pick(session.peers) ?? peer
    object.isContested = true
    give(object, to: target, session)
    if target == peer, !instance.own.contains(where: { $0 === object }) {
      fail("object \(object.id) is not its own after it took it")
    }
  }

  /// The host keeps the objects of a member that it is about to remove.
  func keepObjects(of member: PeerID, _ session: GameSession, _ instance: Ledger.Instance) {
    for id in session.objects(ownedBy: member) {
      guard let object = instance.mirror[id]?.object, let target = dice.pick(session.peers.filter { $0 != member })
      else { continue }
      object.isContested = true
      give(object, to: target, session)
    }
  }

  private func give(_ object: Ledger.Object, to target: PeerID, _ session: GameSession) {
    let heir = world.players.first { $0.peer == target }?.instance
    object.owners.append(heir ?? object.owner)
    if heir?.isSynced != true || now - (heir?.begin ?? now) < 5 { object.mayBeLost = true }
    ledger.counts.migrations += 1
    ledger.digest.add(UInt64(object.uid) << 32)
    do { try session.migrateObject(object.id, to: target) } catch { fail("migrate_game_object: \(error)") }
    while let event = session.nextMigrationEvent() { handle(event) }
  }

  // MARK: Callbacks

  func objectMigratedToMe(_ id: UInt32, from old: PeerID) {
    ledger.digest.add(UInt64(id) << 17)
    guard let session, let instance else { return fail("game_object_migrated_to_me without a session") }
    guard let object = instance.mirror[id]?.object else {
      return fail("object \(id) was given to it and never created")
    }
    if (try? session.owner(of: id)) != peer { fail("object \(id) is not its own in game_object_migrated_to_me") }
    if old == peer { fail("object \(id) came from itself") }
    inspect(id, session, instance)
    instance.mirror[id] = nil
    instance.own.append(object)
    instance.everOwned.insert(object.uid)
    // A new owner may change its object at once.
    if dice.chance(0.3) { set(object, session) }
  }

  func objectMigratedAway(_ id: UInt32, to new: PeerID) {
    ledger.digest.add(UInt64(id) << 18)
    guard let session, let instance else { return fail("game_object_migrated_away without a session") }
    guard let place = instance.own.firstIndex(where: { $0.id == id }) else {
      return fail("object \(id) was taken away and not its own")
    }
    if (try? session.owner(of: id)) != new { fail("object \(id) is not \(new)'s in game_object_migrated_away") }
    let object = instance.own.remove(at: place)
    let seen = object.history.indices.map { field -> Int in
      guard let value = try? session.field(id, field: field) else { return 0 }
      return object.history[field].lastIndex(of: Packed(value).hash) ?? 0
    }
    // The same value may have been given more than once, and which of them others have now is not known.
    instance.mirror[id] = Ledger.Mirrored(object: object, seen: object.isContested ? seen.map { _ in 0 } : seen)
    inspect(id, session, instance)
  }

  func checkGift(_ object: Ledger.Object, from sender: PeerID) {
    guard let instance, !object.isContested, !instance.everOwned.contains(object.uid) else { return }
    fail("a message of \(sender) overtook the migration of object \(object.id)")
  }
}

extension World {
  /// What the owner of an object has in a field.
  func owners(value id: UInt32, _ field: Int, _ owner: Player) -> UInt64? {
    guard let reader = try? owner.session?.field(id, field: field) else { return nil }
    return Packed(reader).hash
  }

  /// An object that nobody destroyed, and whose owners are all there, is there.
  func checkNoneIsLost() {
    let present = players.compactMap(\.instance)
    for object in ledger.objects where object.isAlive && object.hasMoved && !object.mayBeLost {
      let owners = object.owners
      guard owners.allSatisfy({ owner in owner.end == nil && !owner.isRemoved && owner.disconnects == 0 }) else {
        continue
      }
      if !present.contains(where: { $0.own.contains { $0 === object } }) {
        ledger.fail(network.now, "object \(object.id) of players \(owners.map(\.player)) is lost")
      }
    }
  }
}
