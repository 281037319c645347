/// Values of other peers' objects: what arrives is checked and applied.
extension GameSession {
  /// Whether values of an object are taken from a member: its owner, or the host as its relay. After the object changed
  /// hands they are not until the new owner, or the host for it, has announced the object.
  @inline(__always)
  func takesValues(from sender: UInt8, _ row: Int) -> Bool {
    if table.rows[row].awaitsOwner { return false }
    let owner = table.rows[row].owner
    if isClientServer && !membership.isHost { return sender == membership.hostSlot && owner != membership.ownSlot }
    return sender == owner
  }

  func applySet(
    _ id: UInt32, field: Int, _ time: UInt64, _ value: BitReader, from member: SessionMember, _ delivery: Delivery
  ) {
    guard let row = table.row(of: id), table.rows[row].state == .live, takesValues(from: member.slot, row) else {
      // The object has changed hands, or is gone.
      return
    }
    guard field < table.fieldCount(row) else { return ignore(delivery, "a malformed value for \(object: id)") }
    let cell = table.cell(row, field)
    var value = value
    let packed = value.sliceValue(cell.slot.pointee.codec)
    guard !packed.failed, value.remainingBits < 8 else {
      return ignore(delivery, "a malformed value for \(object: id)")
    }
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
        relay(body, from: member, to: target)
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
    let isWhole = readState(delivery.body, from: sender) { id, type in
      detailLog?(.spew, "received fields of \(object: id) from peer \(delivery.peer)")
      guard let row = table.row(of: id), table.rows[row].state == .live, Int(table.rows[row].type) == type,
        takesValues(from: sender, row)
      else { return nil }
      return row
    } value: { row, field, value, time in
      let cell = table.cell(row, field)
      guard time > cell.time else { return }
      cell.time = time
      if cell.store(value) { fieldChanged(row, field) }
    }
    if !isWhole { ignore(delivery, "a malformed block") }
  }

  /// Steps through a block of changes; false at what is none, and what came before it counts.
  /// - Parameters:
  ///   - target: Gives the row that takes the values of an object of a type; nil steps over them.
  ///   - value: Gets row, field and value, with the sender's time.
  @inline(__always)
  func readState(
    _ body: UnsafeRawBufferPointer, from sender: UInt8, target: (UInt32, Int) -> Int?,
    value take: (Int, Int, BitReader, UInt64) -> Void
  ) -> Bool {
    var reader = BitReader(body)
    reader.advance(bits: 8)
    let time = senderClocks[Int(sender)].complete(reader.uint32(), at: clock)
    if reader.failed { return false }
    while reader.read(bits: 1) == 1 {
      let id = UInt32(truncatingIfNeeded: reader.read(bits: reader.read(bits: 1) == 0 ? 16 : 32))
      let type = Int(reader.read(bits: layouts.indexBits))
      guard !reader.failed, type < layouts.count else { return false }
      let row = target(id, type)
      let slots = layouts.slots(of: type)
      for field in 0..<layouts[type].fieldCount where reader.read(bits: 1) == 1 {
        let value = reader.sliceValue(slots[field].codec)
        guard !value.failed else { return false }
        if let row { take(row, field, value, time) }
      }
      if reader.failed { return false }
    }
    return true
  }
}
