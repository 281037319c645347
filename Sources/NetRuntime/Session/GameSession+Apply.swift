/// Objects of other peers: what arrives is checked, applied, and on the host of a client-server session passed on.
extension GameSession {
  /// Whether a member may speak for objects of an owner: the owner itself, or the host as its relay.
  @inline(__always)
  func hasAuthority(_ sender: UInt8, over owner: UInt8) -> Bool {
    if isClientServer && !membership.isHost { return sender == membership.hostSlot && owner != membership.ownSlot }
    return sender == owner
  }

  func applyCreate(
    _ id: UInt32, type: Int, owner: UInt8, _ version: ObjectVersion, _ time: UInt64, _ fields: BitReader,
    from member: SessionMember, _ delivery: Delivery
  ) {
    guard hasAuthority(member.slot, over: owner), ObjectIDs.slot(of: id) == owner, type < layouts.count,
      let ownerPeer = membership[owner]?.peer
    else { return ignore(delivery, "the creation of \(object: id)") }
    var check = fields
    for field in 0..<layouts[type].fieldCount {
      guard check.skip(layouts.slots(of: type)[field].codec) else { return ignore(delivery, "a malformed object") }
    }
    // The packed fields end in the middle of their last byte.
    guard check.remainingBits < 8 else { return ignore(delivery, "a malformed object") }
    finishDoomed(id)
    var values = fields
    if let row = table.row(of: id) {
      // A new connection between the same members starts with what both know.
      guard table.rows[row].owner == owner, Int(table.rows[row].type) == type, table.rows[row].version == version else {
        return ignore(delivery, "\(object: id), which exists")
      }
      _ = table.readFields(row, from: &values, time: time)
      return
    }
    // Destroyed while this was on its way.
    if let known = table.version(of: id), version <= known { return }
    guard let row = table.insert(id: id, type: type, owner: owner, ownerPeer: ownerPeer, version: version) else {
      return ignore(delivery, "\(object: id): there are too many objects")
    }
    _ = table.readFields(row, from: &values, time: time)
    for field in 0..<table.fieldCount(row) where table.cell(row, field).bitCount > Limits.stateValueBytes * 8 {
      table.cell(row, field).isLarge = true
    }
    events.append(.objectCreated(id, creator: ownerPeer))
    log(.messages, "peer \(ownerPeer) created \(object: id), \(config.objects[type].name)")
    spreadCreation(row)
  }

  func applyDestroy(
    _ id: UInt32, destroyer: UInt8, _ version: ObjectVersion, from member: SessionMember, _ delivery: Delivery
  ) {
    guard let row = table.row(of: id), table.rows[row].state == .live, table.rows[row].version < version else {
      return ignore(delivery, "the destruction of \(object: id), which does not exist")
    }
    guard hasAuthority(member.slot, over: table.rows[row].owner) else {
      return ignore(delivery, "the destruction of \(object: id), which it does not own")
    }
    let peer =
      membership.isHost || !isClientServer ? member.peer : membership[destroyer]?.peer ?? table.rows[row].ownerPeer
    if isClientServer && membership.isHost { spreadDestruction(row, destroyer: member.slot, version) }
    doom(row, version)
    events.append(.objectDestroyed(id, destroyer: peer))
    log(.messages, "peer \(peer) destroyed \(object: id)")
  }

  func applySet(
    _ id: UInt32, field: Int, _ time: UInt64, _ value: BitReader, from member: SessionMember, _ delivery: Delivery
  ) {
    guard let row = table.row(of: id), table.rows[row].state == .live, field < table.fieldCount(row),
      hasAuthority(member.slot, over: table.rows[row].owner)
    else { return ignore(delivery, "a value for \(object: id)") }
    let cell = table.cell(row, field)
    var value = value
    let packed = value.sliceValue(cell.slot.pointee.codec)
    guard !packed.failed, value.remainingBits < 8 else { return ignore(delivery, "a malformed value for \(object: id)") }
    cell.isLarge = true
    cell.time = max(cell.time, time)
    if cell.store(packed) { fieldChanged(row, field) }
  }

  func handleUnreliable(_ delivery: Delivery) {
    guard let slot = slot(of: delivery.link), let (context, packet) = gate.context(of: delivery.link),
      context.session == membership.session, delivery.packet >= packet, let member = membership[slot],
      member.info.join == context.sender, membership.ownJoin == context.receiver
    else { return }
    if delivery.channel == .rpc {
      deliverMessage(from: delivery.peer, delivery.body)
      return
    }
    switch delivery.body.first {
    case SessionMessage.stateBlock?: applyState(delivery, from: slot)
    case SessionMessage.Kind.relay.rawValue?, SessionMessage.Kind.relayed.rawValue?:
      switch SessionMessage(delivery.body) {
      case .relay(let target, let body)? where isClientServer && membership.isHost:
        relay(body, from: member, to: target, isReliable: false)
      case .relayed(let source, let body)? where isClientServer && slot == membership.hostSlot:
        deliverRelayed(body, source: source)
      default: ignore(delivery, "a relayed message")
      }
    default: ignore(delivery, "an unknown block")
    }
  }

  /// Applies a block of changes. Objects that are not there, or not the sender's, are stepped over: the block may be
  /// late.
  private func applyState(_ delivery: Delivery, from sender: UInt8) {
    var reader = BitReader(delivery.body)
    reader.advance(bits: 8)
    let time = senderClocks[Int(sender)].complete(reader.uint32(), at: clock)
    if reader.failed { return ignore(delivery, "a malformed block") }
    while reader.read(bits: 1) == 1 {
      let id = UInt32(truncatingIfNeeded: reader.read(bits: reader.read(bits: 1) == 0 ? 16 : 32))
      let type = Int(reader.read(bits: layouts.indexBits))
      guard !reader.failed, type < layouts.count else { return ignore(delivery, "a malformed block") }
      var target: Int?
      if let row = table.row(of: id), table.rows[row].state == .live, Int(table.rows[row].type) == type,
        hasAuthority(sender, over: table.rows[row].owner)
      {
        target = row
      }
      let slots = layouts.slots(of: type)
      for field in 0..<layouts[type].fieldCount where reader.read(bits: 1) == 1 {
        let value = reader.sliceValue(slots[field].codec)
        guard !value.failed else { return ignore(delivery, "a malformed block") }
        guard let row = target else { continue }
        let cell = table.cell(row, field)
        guard time > cell.time else { continue }
        cell.time = time
        if cell.store(value) { fieldChanged(row, field) }
      }
      if reader.failed { return ignore(delivery, "a malformed block") }
      detailLog?(.spew, "received fields of \(object: id) from peer \(delivery.peer)")
    }
  }
}
