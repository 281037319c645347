/// Smooth values: what members that do not own an object read of its interpolated fields, some time behind the owner.
extension GameSession {
  /// Sets how far behind the fastest packet interpolated fields are read.
  /// - Parameter seconds: 0 reads the newest values as they come.
  public func setInterpolationLag(_ seconds: Double) throws(SessionError) {
    guard SessionTimes.interpolationLags.contains(seconds) else { throw .badLag(seconds) }
    interpolationLag = seconds * SessionTime.ticksPerSecond
  }

  /// Lets the play of interpolated fields move on. Zero leaves it where it is.
  public func advanceInterpolation(by seconds: Double, at now: Double) {
    let step = seconds.isFinite ? max(0, seconds) * SessionTime.ticksPerSecond : 0
    for slot in SlotMask(membership.others) {
      senderClocks[Int(slot)].play.advance(by: step, at: now * SessionTime.ticksPerSecond, lag: interpolationLag)
    }
  }

  /// What a field reads as here: smooth where its type is interpolated and another peer owns the object.
  public func reading(_ field: Int, at place: ObjectPlace) throws(SessionError) -> FieldReading {
    guard field >= 0, field < table.fieldCount(place.row) else {
      throw .noSuchField(object: table.rows[place.row].id, field: field)
    }
    return reading(table.cell(place.row, field), place.row)
  }

  /// The same of an object by its id.
  public func reading(_ id: UInt32, field: Int) throws(SessionError) -> FieldReading {
    try reading(field, at: findPlace(id))
  }

  @inline(__always)
  func reading(_ cell: FieldCell, _ row: Int) -> FieldReading {
    guard cell.slot.pointee.history > 0 else { return .packed(cell.reader) }
    return smoothReading(cell, row)
  }

  private func smoothReading(_ cell: FieldCell, _ row: Int) -> FieldReading {
    let sender = sender(of: row)
    guard interpolationLag > 0, membership.isInSession, table.rows[row].ownerPeer != localPeer,
      let position = play(of: sender)
    else { return .packed(cell.reader) }
    let history = InterpolationHistory(cell)
    return history.isCurrent(cell, sender: sender)
      ? history.value(at: position, settling: settling) : .packed(cell.reader)
  }

  /// A field that is interpolated has a new value, from another peer.
  func recordSample(_ cell: FieldCell, _ row: Int) {
    let sender = sender(of: row)
    let rate = layouts[Int(table.rows[row].type)].updateRate
    InterpolationHistory(cell).record(
      cell, sender: sender, playing: play(of: sender),
      interval: SessionTime.ticks(max(rate, SessionTimes.interpolationInterval)), settling: settling)
  }

  /// The member whose packets carry an object's values.
  private func sender(of row: Int) -> UInt8 {
    isClientServer && !membership.isHost ? membership.hostSlot : table.rows[row].owner
  }

  /// Where the play of a member's values stands; nil for an owner that was not announced yet, too.
  private func play(of slot: UInt8) -> Double? {
    Int(slot) < senderClocks.count ? senderClocks[Int(slot)].play.position : nil
  }

  private var settling: Double { max(interpolationLag, SessionTimes.settling * SessionTime.ticksPerSecond) }
}
