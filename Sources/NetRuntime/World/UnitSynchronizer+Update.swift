/// The two directions: from units to fields at transmit, from fields to units at the end of a receive.
extension UnitSynchronizer {
  /// Writes the units that this peer owns and that have moved into the fields of their objects. The objects of units
  /// that the script has destroyed are destroyed.
  func writeOwn() {
    guard let units = world?.units else { return }
    // From the end: an object that is destroyed takes its entry out, and the last one moves into its place.
    var index = entries.count - 1
    while index >= 0 {
      if isOwned(index) {
        if !entries[index].isOwn { takeOver(index) }
        if let pose = units[entries[index].unit] {
          write(pose, index)
        } else {
          try? session.destroyObject(entries[index].object)
        }
      } else {
        entries[index].isOwn = false
      }
      index -= 1
    }
  }

  /// Writes what a unit's pose is now, before its object is given away.
  func writeOwn(_ object: UInt32) {
    guard let index = entryOfObject[object], entries[index].isOwn, isOwned(index),
      let pose = world?.units[entries[index].unit]
    else { return }
    write(pose, index)
  }

  /// Puts the units of other peers' objects where the fields say.
  func followOthers() {
    guard world != nil else { return }
    for index in entries.indices where !isOwned(index) {
      entries[index].isOwn = false
      follow(index)
    }
  }

  @inline(__always)
  private func isOwned(_ index: Int) -> Bool {
    session.isMine(session.table.rows[Int(entries[index].ref.row)].ownerPeer)
  }

  /// From here on the fields follow the unit, which stands where the newest values say.
  func takeOver(_ index: Int) {
    entries[index].isOwn = true
    follow(index)
    guard let pose = world?.units[entries[index].unit] else { return }
    entries[index].position = pose.position
    entries[index].rotation = pose.rotation
  }

  private func write(_ pose: UnitPose, _ index: Int) {
    let entry = entries[index]
    let codecs = session.layouts.slots(of: Int(session.table.rows[Int(entry.ref.row)].type))
    do throws(SessionError) {
      if pose.position != entry.position {
        entries[index].position = pose.position
        let packed = try pack { $0.writeVector3(pose.position, codecs[entry.fields.position].codec) }
        try session.setField(entry.object, field: entry.fields.position, packed: packed)
      }
      if pose.rotation != entry.rotation {
        entries[index].rotation = pose.rotation
        let packed = try pack { $0.writeQuaternion(pose.rotation, codecs[entry.fields.rotation].codec) }
        try session.setField(entry.object, field: entry.fields.rotation, packed: packed)
      }
    } catch {
      session.log(.warnings, "UnitSynchronizer: object \(entry.object): \(error)")
    }
  }

  /// Puts a unit where the fields of its object say.
  func follow(_ index: Int) {
    let entry = entries[index]
    let row = Int(entry.ref.row)
    guard let units = world?.units, let place = units.place(entry.unit) else { return }
    let position = session.table.cell(row, entry.fields.position)
    switch session.reading(position, row) {
    case .packed(var reader): units.setPosition(reader.readVector3(position.slot.pointee.codec), at: place)
    case .smooth(let value):
      units.setPosition(SIMD3(Float(value.x), Float(value.y), Float(value.z)), at: place)
    }
    let rotation = session.table.cell(row, entry.fields.rotation)
    switch session.reading(rotation, row) {
    case .packed(var reader): units.setRotation(reader.readQuaternion(rotation.slot.pointee.codec), at: place)
    case .smooth(let value): units.setRotation(SIMD4<Float>(value), at: place)
    }
  }
}
