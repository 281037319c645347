/// The changes of fields: unreliable, the latest value, the most urgent first.
extension GameSession: StateSource {
  /// A field of an object has a new value: everyone this peer sends it to is due an update.
  @inline(__always)
  func fieldChanged(_ row: Int, _ field: Int) {
    let cell = table.cell(row, field)
    cell.bumpVersion()
    if cell.slot.pointee.history > 0, table.rows[row].owner != membership.ownSlot { recordSample(cell, row) }
    let targets = audience(owner: table.rows[row].owner) & table.rows[row].known
    guard targets != 0 else { return noteUntold(row, field) }
    // Nobody is sent it before there is another host.
    if isClientServer, journal != nil, membership.isHostLost { noteUntold(row, field) }
    cell.dirty |= targets
    enqueue(row, targets & table.rows[row].ready, isLarge: cell.isLarge)
  }

  /// Puts an object into the queues of members that have it and miss a change.
  func enqueue(_ row: Int, _ members: UInt64, isLarge: Bool) {
    let queued = isLarge ? table.rows[row].queuedLarge : table.rows[row].queued
    let new = members & ~queued
    guard new != 0 else { return }
    let ref = table.ref(row)
    if isLarge { table.rows[row].queuedLarge |= new } else { table.rows[row].queued |= new }
    for slot in SlotMask(new) {
      if isLarge {
        traffic[Int(slot)].largeValues.append(ref)
      } else {
        traffic[Int(slot)].updates.append(ref, at: clock)
      }
    }
  }

  /// The session's part of a transmit: everything that goes over the reliable streams. Call before the connections
  /// send.
  public func flush(at now: Double) {
    clock = now
    time.beginTransmit(at: now)
    guard membership.isInSession else { return }
    synchronizer?.writeOwn()
    tellValues()
    attachMissingLinks()
    if !awaited.isEmpty { remindOwners() }
    for slot in SlotMask(membership.others) {
      guard let link = traffic[Int(slot)].link else {
        acknowledged[Int(slot)] = 0
        continue
      }
      let offset = links.acknowledgedOffset(of: link)
      acknowledged[Int(slot)] = offset
      creationsArrived(slot, acknowledged: offset)
      continueBulk(slot)
      if isClientServer { tellOfRelays(slot, acknowledged: offset) }
    }
    finishSettling()
    releaseIDs()
  }

  /// Members that have a creation may get the object's updates.
  private func creationsArrived(_ slot: UInt8, acknowledged: UInt64) {
    let bit = UInt64(1) << UInt64(slot)
    while let ref = traffic[Int(slot)].inFlight.next(acknowledged: acknowledged) {
      guard let row = table.live(ref) else { continue }
      table.rows[row].ready |= bit
      for field in 0..<table.fieldCount(row) {
        let cell = table.cell(row, field)
        if cell.dirty & bit != 0 { enqueue(row, bit, isLarge: cell.isLarge) }
      }
    }
  }

  public func hasState(for link: LinkID) -> Bool {
    guard let slot = slot(of: link) else { return false }
    return !traffic[Int(slot)].updates.isEmpty
  }

  public func writeState(
    for link: LinkID, into buffer: UnsafeMutableRawBufferPointer, records: inout [UInt64], at now: Double
  ) -> Int {
    clock = now
    guard let slot = slot(of: link), !traffic[Int(slot)].updates.isEmpty, buffer.count > 12 else { return 0 }
    var writer = BitWriter(buffer)
    writer.write(UInt64(SessionMessage.stateBlock), bits: 8)
    writer.write(time.transmit & 0xFFFF_FFFF, bits: 32)
    let empty = writer.bitCount
    traffic[Int(slot)].updates.rank(table, at: now)
    var misses = 0
    while misses < 4, let ref = traffic[Int(slot)].updates.next() {
      if !writeObject(ref, for: slot, to: &writer, records: &records, at: now) { misses += 1 }
    }
    traffic[Int(slot)].updates.settle(table, slot: slot)
    guard writer.bitCount > empty else { return 0 }
    writer.write(0, bits: 1)
    return writer.flush()
  }

  /// Writes the fields of one object that a member misses, as far as they fit. Returns false when none did.
  private func writeObject(
    _ ref: ObjectRef, for slot: UInt8, to writer: inout BitWriter, records: inout [UInt64], at now: Double
  ) -> Bool {
    let row = Int(ref.row)
    let bit = UInt64(1) << UInt64(slot)
    let record = table.rows[row]
    let fieldCount = table.fieldCount(row)
    let start = writer.bitCount
    let isWide = record.id >= 65536
    let header = 2 &+ (isWide ? 32 : 16) &+ layouts.indexBits
    // Every field has a bit of presence, and the block a bit of end.
    guard writer.remainingBits > header &+ fieldCount &+ 1 else { return false }
    writer.write(1, bits: 1)
    writer.write(isWide ? 1 : 0, bits: 1)
    writer.write(UInt64(record.id), bits: isWide ? 32 : 16)
    writer.write(UInt64(record.type), bits: layouts.indexBits)
    let cursor = traffic[Int(slot)].updates.cursor(of: ref)
    var written = 0
    var stopped: Int?
    let cells = table.cells(row)
    // Bits of absence that were not written yet: most fields of most objects are absent.
    var absent = 0
    for field in 0..<fieldCount {
      let cell = cells[field]
      guard cell.dirty & bit != 0, !cell.isLarge else {
        absent &+= 1
        continue
      }
      let bits = cell.bitCount
      guard field >= cursor, writer.remainingBits &- absent &- (fieldCount &- field) &- 1 >= bits else {
        if stopped == nil || (stopped! < cursor && field >= cursor) { stopped = field }
        absent &+= 1
        continue
      }
      writer.writeZeros(absent)
      absent = 0
      writer.write(1, bits: 1)
      cell.copyValue(to: &writer)
      cell.dirty &= ~bit
      records.append(StateRecord(row: row, generation: record.generation, field: field, version: cell.version).packed)
      written &+= 1
    }
    writer.writeZeros(absent)
    // A field that never fits must not keep the ones before it waiting: they have their turn when none behind it was
    // written.
    if stopped != nil, written == 0 { stopped = 0 }
    traffic[Int(slot)].updates.wrote(ref, stoppedAt: stopped, at: now)
    if stopped == nil { table.rows[row].queued &= ~bit }
    guard written > 0 else {
      writer.rewind(to: start)
      return false
    }
    if let detailLog, let peer = membership[slot]?.peer {
      detailLog(.spew, "sent \(written) of \(fieldCount) fields of \(object: record.id) to peer \(peer)")
    }
    return true
  }

  /// Nothing to do: a change is off the list from its sending on, and only a loss puts it back.
  public func stateAcknowledged(_ records: UnsafeBufferPointer<UInt64>, on link: LinkID) {}

  public func stateLost(_ records: UnsafeBufferPointer<UInt64>, on link: LinkID) {
    guard let slot = slot(of: link) else { return }
    let bit = UInt64(1) << UInt64(slot)
    for packed in records {
      let record = StateRecord(packed: packed)
      guard record.row < table.rowCount, table.rows[record.row].generation == record.generation,
        table.rows[record.row].state == .live, record.field < table.fieldCount(record.row)
      else { continue }
      let cell = table.cell(record.row, record.field)
      // A later change has its own packet, or is still to be sent.
      guard cell.version == record.version, table.rows[record.row].ready & bit != 0 else { continue }
      guard audience(owner: table.rows[record.row].owner) & bit != 0 else { continue }
      cell.dirty |= bit
      enqueue(record.row, bit, isLarge: cell.isLarge)
      if !cell.isLarge { traffic[Int(slot)].updates.wasLost(table.ref(record.row)) }
    }
  }

  /// Sends the long values of an object that a member misses, over the reliable stream; false when the link does not
  /// take one now.
  func sendLargeValues(_ row: Int, to slot: UInt8) -> Bool {
    let bit = UInt64(1) << UInt64(slot)
    for field in 0..<table.fieldCount(row) {
      let cell = table.cell(row, field)
      guard cell.isLarge, cell.dirty & bit != 0 else { continue }
      let sent = send(to: slot, bytes: (cell.bitCount + 7) / 8 + Limits.messageHeaderSize, share: .bulk) { writer in
        SessionMessage.write(.set, number: table.rows[row].id, to: &writer)
        writer.write(UInt64(field), bits: 8)
        writer.write(time.reliable & 0xFFFF_FFFF, bits: 32)
        var value = cell.reader
        writer.copyBits(from: &value, count: value.remainingBits)
      }
      guard sent else { return false }
      cell.dirty &= ~bit
    }
    return true
  }
}

/// What a packet carried of one field, in one word: row 18 bits, generation 16, field 8, version 22.
struct StateRecord {
  let row: Int
  let generation: UInt16
  let field: Int
  let version: UInt64

  @inline(__always)
  init(row: Int, generation: UInt16, field: Int, version: UInt64) {
    self.row = row
    self.generation = generation
    self.field = field
    self.version = version
  }

  @inline(__always)
  init(packed: UInt64) {
    row = Int(packed & 0x3_FFFF)
    generation = UInt16(truncatingIfNeeded: packed &>> 18)
    field = Int(packed &>> 34 & 0xFF)
    version = packed &>> 42
  }

  @inline(__always)
  var packed: UInt64 {
    UInt64(row) | UInt64(generation) &<< 18 | UInt64(field) &<< 34 | version &<< 42
  }
}
