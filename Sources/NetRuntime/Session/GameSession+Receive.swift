/// What arrives.
extension GameSession {
  /// Applies one delivery: any of channel `session`, and session-bound messages of channel `rpc`. What it means to the
  /// script comes out of `nextEvent`, which must be drained first.
  public func handle(_ delivery: Delivery, at now: Double) {
    clock = now
    if delivery.channel == .session, let kind = delivery.body.first, ElectionMessage.isElection(kind) {
      handleElection(delivery)
      return
    }
    guard delivery.isReliable else {
      handleUnreliable(delivery)
      return
    }
    let admitted = gate.admit(delivery) { membership.verdict($0, from: $1, kind: $2) }
    if admitted { process(delivery) }
  }

  /// The next event for the script; nil when there is none until something else arrives.
  public func nextEvent() -> NetworkEvent? {
    while true {
      let waiting = takeEvent(from: &events) ?? takeEvent(from: &removals) ?? takeEvent(from: &migrations)
      if let event = waiting { return event }
      if let message = postponed {
        postponed = nil
        message.read(process)
        continue
      }
      guard let delivery = gate.release(verdict: { membership.verdict($0, from: $1, kind: $2) }) else { return nil }
      process(delivery)
    }
  }

  /// The next destruction that `removePeer` caused; take all of them before it returns to the script. An event that is
  /// being dispatched keeps its object meanwhile.
  public func nextRemovalEvent() -> NetworkEvent? {
    takeEvent(from: &removals)
  }

  /// The next event that `migrateObject` caused; take all of them before it returns to the script.
  public func nextMigrationEvent() -> NetworkEvent? {
    takeEvent(from: &migrations)
  }

  func takeEvent(from events: inout SessionEvents) -> NetworkEvent? {
    if let id = events.spent {
      events.spent = nil
      finishDoomed(id)
    }
    guard let event = events.next() else { return nil }
    if let synchronizer { prepareUnit(for: event, synchronizer) }
    return event
  }

  /// The script finds an object's unit in the callback that tells of the object.
  private func prepareUnit(for event: NetworkEvent, _ synchronizer: UnitSynchronizer) {
    switch event {
    case .objectCreated(let id, _), .objectMigratedAway(let id, _):
      if let row = table.row(of: id) { synchronizer.addForeign(row) }
    case .objectMigratedToMe(let id, _): synchronizer.own(id)
    default: break
    }
  }

  private func process(_ delivery: Delivery) {
    if delivery.channel == .rpc {
      deliverMessage(from: delivery.peer, delivery.body)
      return
    }
    guard let message = SessionMessage(delivery.body) else {
      ignore(delivery, "a malformed session message")
      return
    }
    if membership.isOutside {
      if case .welcome(let welcome) = message { join(welcome, delivery) }
      return
    }
    guard membership.isInSession else { return }
    if case .begin = message {
      if let slot = slot(of: delivery.link) {
        openIfKnown(slot)
      } else {
        attachMissingLinks()
      }
      return
    }
    guard let member = membership.member(delivery.peer), isDirect(member.slot) else {
      ignore(delivery, "session traffic of a peer that does not speak to this one")
      return
    }
    apply(message, from: member, delivery)
  }

  private func apply(_ message: SessionMessage, from member: SessionMember, _ delivery: Delivery) {
    let isFromHost = member.slot == membership.hostSlot
    switch message {
    case .memberAdded(let info) where isFromHost:
      guard info.peer != links.localPeer, membership.announce(info) else {
        return ignore(delivery, "a contradictory member")
      }
      log(.messages, "peer \(info.peer) joins the game session")
      ownersArrived(info)
      attachMissingLinks()
    case .memberRemoved(let join) where isFromHost:
      guard join != membership.hostJoin, let gone = membership.member(join: join) else {
        return ignore(delivery, "the removal of a stranger")
      }
      log(.messages, "peer \(gone.peer) leaves the game session")
      forget(gone.slot)
      doomObjects(of: gone, into: &events)
      objectsArrived(from: gone.slot)
    case .memberSynced(let join) where isFromHost:
      if let synced = membership.member(join: join) { membership.markSynced(slot: synced.slot) }
    case .removed where isFromHost, .sessionEnd where isFromHost:
      sessionEnded()
    case .wantLeave where membership.isHost:
      membership.markLeaving(slot: member.slot)
    case .left where membership.isHost:
      membership.markBroken(slot: member.slot)
    case .syncMark:
      endStale(of: member)
      if isFromHost { sweep() }
      clientHasTold(member.slot)
      objectsArrived(from: member.slot)
    case .syncDone where membership.isHost:
      memberSynced(member.slot)
    case .create(let id, let type, let owner, let version, let time, let fields):
      guard let owner = self.owner(inSlot: owner) else { return ignore(delivery, "an object of a stranger") }
      let time = senderClocks[Int(member.slot)].complete(time, at: clock)
      let word = ObjectWord(
        id: id, type: type, version: version, owner: owner, isOwners: true, time: time, fields: fields)
      apply(word, from: member, delivery)
    case .own(let id, let type, let version, let time, let join, let peer, let fields):
      let time = senderClocks[Int(member.slot)].complete(time, at: clock)
      let owner = ObjectOwner(slot: ObjectOwner.nobody, peer: peer, join: join)
      let word = ObjectWord(
        id: id, type: type, version: version, owner: owner, isOwners: false, time: time, fields: fields)
      apply(word, from: member, delivery)
    case .destroy(let id, let destroyer, let version):
      applyDestroy(id, destroyer: destroyer, version, from: member, delivery)
    case .set(let id, let field, let time, let value):
      let time = senderClocks[Int(member.slot)].complete(time, at: clock)
      applySet(id, field: field, time, value, from: member, delivery)
    case .idFree(let id):
      takeBack(id, delivery)
    // Messages that no datagram holds.
    case .relay(let target, let body) where isClientServer && membership.isHost:
      relay(body, from: member, to: target)
    case .relayed(let source, let body) where isClientServer && isFromHost:
      deliverRelayed(body, source: source)
    case .keptRelay(let target, let number, let body) where isClientServer && membership.isHost:
      relayKept(body, number, from: member, to: target)
    case .keptRelayed(let source, let number, let body) where isClientServer && isFromHost:
      if membership.member(join: source) != nil, relays.take(number, from: source) {
        deliverRelayed(body, source: source)
      }
    case .relayDone(let target, let number) where isClientServer && isFromHost:
      relays.delivered(upTo: number, to: target)
    case .settled where isFromHost:
      freeStrandedIDs()
    case .knownDestroyed(let id) where membership.isHost:
      destroyAgain(id, for: member)
    default:
      ignore(delivery, "a session message that only the host may send, or only to a host")
    }
  }

  /// The host took this peer in.
  private func join(_ welcome: SessionWelcome, _ delivery: Delivery) {
    guard let context = gate.context(of: delivery.link)?.context, context.receiver == welcome.join,
      context.sender == welcome.hostJoin,
      welcome.members.first(where: { $0.slot == welcome.hostSlot })?.peer == delivery.peer,
      !welcome.members.contains(where: { $0.peer == links.localPeer })
    else { return ignore(delivery, "a malformed welcome") }
    membership.join(session: context.session, host: delivery.peer, welcome, expectsAll: !isClientServer)
    ids = ObjectIDs(slot: welcome.slot)
    for id in welcome.usedIDs { ids.reserve(id) }
    // In client-server topology the host says when they are free.
    if isClientServer { lentIDs.formUnion(welcome.usedIDs) }
    log(.messages, "joined the game session of peer \(delivery.peer)")
    attachMissingLinks()
    // The invitation may have waited here for longer than its host lived.
    if ![.connecting, .connected].contains(links.state(of: delivery.link)) { hostLost() }
  }

  func ignore(_ delivery: Delivery, _ what: @autoclosure () -> LogLine) {
    log(.warnings, "ignored \(what()) from peer \(delivery.peer)")
  }
}
