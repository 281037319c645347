/// A whole object, as a message tells of it.
struct ObjectWord {
  let id: UInt32
  let type: Int
  let version: ObjectVersion
  /// In a message that is not the owner's, the slot is not known yet.
  var owner: ObjectOwner
  /// Whether it is the owner's own word, or the host's as its relay; else it tells whom the object was given to.
  let isOwners: Bool
  /// On the sender's clock.
  let time: UInt64
  let fields: BitReader
}

/// Objects of other peers: what arrives is checked, and applied where it is newer than what is known.
extension GameSession {
  /// The member, or this peer, that has a slot.
  func owner(inSlot slot: UInt8) -> ObjectOwner? {
    if slot == membership.ownSlot { return ownOwner }
    return membership[slot].map { ObjectOwner(slot: slot, peer: $0.peer, join: $0.info.join) }
  }

  func apply(_ told: ObjectWord, from member: SessionMember, _ delivery: Delivery) {
    var word = told
    guard isWellFormed(word) else { return ignore(delivery, "a malformed object") }
    var isOwnerGone = false
    switch membership.standing(ofJoin: word.owner.join) {
    case .own: word.owner = ownOwner
    case .member(let owner): word.owner = ObjectOwner(slot: owner.slot, peer: owner.peer, join: owner.info.join)
    case .gone: isOwnerGone = true
    case .unknown where isClientServer: return ignore(delivery, "an object of a stranger")
    case .unknown: break
    }
    finishDoomed(word.id)
    guard maySay(word, member, delivery) else { return }
    if isKnownDestroyed(word.id, word.version, from: member) { return }
    migration.unconfirmed.remove(word.id)
    let known = table.version(of: word.id)
    if let known, word.version < known { return answer(word, known, member) }
    let row = table.row(of: word.id)
    if word.version == known {
      if let row { confirm(row, word, member) } else { answer(word, word.version, member) }
    } else if isOwnerGone {
      endGiven(word, row)
    } else if let row, table.rows[row].version.birth == word.version.birth {
      guard Int(table.rows[row].type) == word.type else {
        return ignore(delivery, "\(object: word.id) as another type")
      }
      take(row, word, member)
    } else {
      if let row { replace(row, by: word, delivery) } else { insert(word, member, delivery) }
    }
  }

  private func isWellFormed(_ word: ObjectWord) -> Bool {
    guard word.type < layouts.count, let slot = ObjectIDs.slot(of: word.id) else { return false }
    // Who creates an object gives it an id of its own.
    if word.version.stamp == 0, word.owner.slot != slot || word.version.creatorJoin != word.owner.join { return false }
    var check = word.fields
    // The packed fields end in the middle of their last byte.
    return layouts.skipFields(of: word.type, &check) && check.remainingBits < 8
  }

  /// Whether a member may say this. In client-server topology the host knows; in peer-to-peer a change may come before
  /// the one that it follows, so members are believed.
  private func maySay(_ word: ObjectWord, _ member: SessionMember, _ delivery: Delivery) -> Bool {
    if !isClientServer {
      if word.isOwners, word.owner.slot != member.slot {
        ignore(delivery, "\(object: word.id), which it does not own")
        return false
      }
      return true
    }
    guard membership.isHost else {
      // Between hosts there is nobody else to say it, and the host tells of others' objects as their owner would.
      if word.isOwners && member.slot == membership.hostSlot { return true }
      ignore(delivery, "\(object: word.id)")
      return false
    }
    if mayClientSay(word, member) { return true }
    refuse(word.id, word.version, member, delivery)
    return false
  }

  /// What a client may say to the host of a client-server session: that it created an object, that it heard of its
  /// owning one, and that it gave one away.
  private func mayClientSay(_ word: ObjectWord, _ member: SessionMember) -> Bool {
    if word.isOwners, word.owner.slot != member.slot { return false }
    guard let known = table.version(of: word.id), known.birth == word.version.birth else {
      // A new host may not have heard of it.
      if migration.isSettling { return true }
      // Created, and perhaps given away before the host was told.
      return word.version.stamp == (word.isOwners ? 0 : 1) && word.version.creatorJoin == member.info.join
        && ObjectIDs.slot(of: word.id) == member.slot
    }
    if word.version <= known { return true }
    guard let row = table.row(of: word.id), table.rows[row].owner == member.slot else { return false }
    return !word.isOwners && word.version == known.changedByOwner
  }

  // MARK: Nothing new

  /// The owner announces what is known already.
  private func confirm(_ row: Int, _ word: ObjectWord, _ member: SessionMember) {
    guard word.isOwners, table.rows[row].ownerJoin == word.owner.join, Int(table.rows[row].type) == word.type,
      word.owner.slot != membership.ownSlot
    else { return }
    let isFirst = table.rows[row].awaitsOwner
    table.rows[row].awaitsOwner = false
    table.rows[row].isStale = false
    // Said again, it may come after newer updates.
    store(row, word, onlyNewer: !isFirst)
    if migration.isSettling, isClientServer { spreadMissing(row) }
  }

  /// Takes the values over; a host passes on what is new.
  private func store(_ row: Int, _ word: ObjectWord, onlyNewer: Bool = false) {
    var values = word.fields
    for field in 0..<table.fieldCount(row) {
      let cell = table.cell(row, field)
      let value = values.sliceValue(cell.slot.pointee.codec)
      if onlyNewer, word.time <= cell.time { continue }
      cell.time = word.time
      if value.remainingBits > Limits.stateValueBytes * 8 { cell.isLarge = true }
      if cell.store(value) { fieldChanged(row, field) }
      // It did not move there from what came before: that is a default, or another sender's.
      if cell.slot.pointee.history > 0 { InterpolationHistory(cell).began(cell) }
    }
  }

  /// A member says that this peer owns an object, which it has destroyed or given away; that may not have reached the
  /// member.
  private func answer(_ word: ObjectWord, _ known: ObjectVersion, _ member: SessionMember) {
    guard !isClientServer, !word.isOwners, word.owner.join == membership.ownJoin, traffic[Int(member.slot)].isOpen
    else {
      return
    }
    if let row = table.row(of: word.id) {
      _ = sendObject(row, to: member.slot)
    } else {
      sendDestruction(word.id, destroyer: membership.ownSlot, known, to: 1 << UInt64(member.slot))
    }
  }

  // MARK: Changes

  /// An object that is known changes hands.
  private func take(_ row: Int, _ word: ObjectWord, _ member: SessionMember) {
    let old = table.rows[row]
    let wasOwn = old.owner == membership.ownSlot
    let isOwn = word.owner.slot == membership.ownSlot
    table.transfer(row, to: word.owner, word.version)
    // The host's word on a client's own object can only be that it is still the client's, whose values are newer.
    if !(isClientServer && wasOwn && isOwn) { store(row, word) }
    log(.messages, "\(object: word.id) went from peer \(old.ownerPeer) to peer \(word.owner.peer)")
    settle(row, word, member)
    if isOwn && !wasOwn { events.append(.objectMigratedToMe(word.id, oldOwner: old.ownerPeer)) }
    if wasOwn && !isOwn { events.append(.objectMigratedAway(word.id, newOwner: word.owner.peer)) }
  }

  private func insert(_ word: ObjectWord, _ member: SessionMember, _ delivery: Delivery) {
    guard let row = table.insert(id: word.id, type: word.type, owner: word.owner, version: word.version) else {
      return ignore(delivery, "\(object: word.id): there are too many objects")
    }
    store(row, word)
    let isOwn = word.owner.slot == membership.ownSlot
    let creator = isOwn ? member.peer : word.owner.peer
    events.append(.objectCreated(word.id, creator: creator))
    log(.messages, "peer \(creator) created \(object: word.id), \(config.objects[word.type].name)")
    settle(row, word, member)
    if isOwn { events.append(.objectMigratedToMe(word.id, oldOwner: creator)) }
  }

  /// After an object came to an owner: whoever speaks for it now announces it.
  private func settle(_ row: Int, _ word: ObjectWord, _ member: SessionMember) {
    let isHost = isClientServer && membership.isHost
    if !word.isOwners && word.owner.slot != membership.ownSlot { awaitOwner(row) }
    if isHost, word.owner.slot != member.slot { tellOwner(row) }
    spreadCreation(row)
  }

  /// Tells an owner that it owns an object.
  func tellOwner(_ row: Int) {
    let owner = table.rows[row].owner
    guard owner < Limits.peers, owner != membership.ownSlot, isDirect(owner), traffic[Int(owner)].isOpen else { return }
    _ = sendObject(row, to: owner)
  }

  /// An object was given to a member that has left: it ends with that one's other objects.
  private func endGiven(_ word: ObjectWord, _ row: Int?) {
    guard let row else {
      table.bury(word.id, word.version)
      return awaitRelease(word.id)
    }
    let nobody = membership.ownSlot
    if isClientServer && membership.isHost {
      sendDestruction(word.id, destroyer: nobody, word.version, to: membership.others)
    }
    end(row, at: word.version, destroyer: nobody, word.owner.peer, into: &events)
  }

  /// An object whose id is a later one's already: it was destroyed, and came back only where that was not known. The
  /// new one comes after the script was told of the old one's end.
  private func replace(_ row: Int, by word: ObjectWord, _ delivery: Delivery) {
    let wasOwn = table.rows[row].owner == membership.ownSlot
    table.transfer(row, to: word.owner, table.rows[row].version)
    table.rows[row].state = .doomed
    if wasOwn { events.append(.objectMigratedAway(word.id, newOwner: word.owner.peer)) }
    events.append(.objectDestroyed(word.id, destroyer: word.owner.peer))
    postponed = PostponedMessage(delivery)
  }

  /// The membership of objects' owners was announced.
  func ownersArrived(_ info: MemberInfo) {
    for row in table.liveRows(where: { $0.owner == ObjectOwner.nobody && $0.ownerJoin == info.join }) {
      table.rows[row].owner = info.slot
      table.rows[row].ownerPeer = info.peer
    }
  }

  // MARK: Destruction

  func applyDestroy(
    _ id: UInt32, destroyer: UInt8, _ version: ObjectVersion, from member: SessionMember, _ delivery: Delivery
  ) {
    guard ObjectIDs.slot(of: id) != nil else { return ignore(delivery, "the destruction of no object") }
    finishDoomed(id)
    migration.unconfirmed.remove(id)
    // A new host is told of all that was destroyed lately, whether it and the others know it or not.
    if migration.isSettling, isClientServer, membership.isHost, table.row(of: id) == nil {
      passOn(destructionOf: id, version, from: member)
      if table.version(of: id).map({ $0 < version }) ?? true { table.bury(id, version) }
      return
    }
    let known = table.version(of: id)
    if let known, version < known {
      // It may have been so before this host gave its word on whose the object is.
      if isClientServer, version.birth == known.birth { destroyAgain(id, for: member) }
      return
    }
    guard let row = table.row(of: id) else {
      // Before the object's creation, which took another way.
      if !isClientServer, known != version {
        table.bury(id, version)
        awaitRelease(id)
      }
      return
    }
    if isClientServer && membership.isHost {
      guard
        migration.isSettling
          || table.rows[row].owner == member.slot && version == table.rows[row].version.changedByOwner
      else {
        return refuse(id, version, member, delivery)
      }
      spreadDestruction(row, destroyer: member.slot, version)
      return end(row, at: version, destroyer: member.slot, member.peer, into: &events)
    }
    guard mayDestroy(row, version, member) else {
      return ignore(delivery, "the destruction of \(object: id), which it does not own")
    }
    // The destroyer may be newer here than the news that it is a member: then whoever tells of its deed stands for it.
    let isOwn = table.rows[row].owner == membership.ownSlot
    let peer = owner(inSlot: destroyer)?.peer ?? (isOwn ? member.peer : table.rows[row].ownerPeer)
    end(row, at: version, destroyer: destroyer, peer, into: &events)
  }

  /// Where the change that a destruction follows is known, only that one's owner can have made it; and only who made
  /// the object repeats it.
  private func mayDestroy(_ row: Int, _ version: ObjectVersion, _ member: SessionMember) -> Bool {
    if isClientServer { return member.slot == membership.hostSlot }
    let known = table.rows[row].version
    guard version == known || version == known.changedByOwner else { return true }
    return table.rows[row].owner == member.slot || ObjectIDs.slot(of: table.rows[row].id) == member.slot
  }

  /// The host of a client-server session does not take a client's word, and tells how things are.
  private func refuse(_ id: UInt32, _ claimed: ObjectVersion, _ member: SessionMember, _ delivery: Delivery) {
    ignore(delivery, "a change of \(object: id), which it does not own")
    guard let row = table.row(of: id), table.rows[row].version.birth == claimed.birth else {
      return sendDestruction(id, destroyer: membership.ownSlot, claimed.changedByOwner, to: 1 << UInt64(member.slot))
    }
    // Only a host counts these up, so the claim cannot stand above; a client that made one up gets no answer.
    guard claimed < table.rows[row].version.changedByHost else { return }
    let record = table.rows[row]
    let owner = ObjectOwner(slot: record.owner, peer: record.ownerPeer, join: record.ownerJoin)
    table.transfer(row, to: owner, record.version.changedByHost)
    if owner.slot != membership.ownSlot { awaitOwner(row) }
    tellOwner(row)
    spreadCreation(row)
  }
}
