/// An object that was looked up: good until the session changes.
public struct ObjectPlace {
  let row: Int
  /// Index of the object's type in the schema.
  public let type: Int
}

/// The fields of objects, which scripts read and set far more often than anything else.
extension GameSession {
  /// Looks an object up.
  @inline(__always)
  func findPlace(_ id: UInt32) throws(SessionError) -> ObjectPlace {
    guard let row = table.row(of: id) else { throw .noObject(id) }
    return ObjectPlace(row: row, type: Int(table.rows[row].type))
  }

  /// Looks an object up, for several calls that follow one another at once.
  public func place(of id: UInt32) throws(SessionError) -> ObjectPlace {
    try findPlace(id)
  }

  /// The packed value of a field: the value that every peer sees, quantised. Valid until the session changes.
  public func field(_ field: Int, at place: ObjectPlace) throws(SessionError) -> BitReader {
    guard field >= 0, field < table.fieldCount(place.row) else {
      throw .noSuchField(object: table.rows[place.row].id, field: field)
    }
    return table.cell(place.row, field).reader
  }

  /// Changes a field of an object that this peer owns. Members get the latest value in time, not every value.
  public func setField(_ field: Int, at place: ObjectPlace, packed: BitReader) throws(SessionError) {
    try requireOwnership(place.row)
    if try table.store(place.row, field: field, packed: packed) { fieldChanged(place.row, field) }
  }

  /// The same of an object by its id.
  public func field(_ id: UInt32, field: Int) throws(SessionError) -> BitReader {
    try self.field(field, at: findPlace(id))
  }

  /// The same of an object by its id.
  public func setField(_ id: UInt32, field: Int, packed: BitReader) throws(SessionError) {
    try setField(field, at: findPlace(id), packed: packed)
  }

  @inline(__always)
  func requireOwnership(_ row: Int) throws(SessionError) {
    guard table.rows[row].ownerPeer == localPeer, table.rows[row].state == .live else {
      throw .notOwner(object: table.rows[row].id, owner: table.rows[row].ownerPeer)
    }
  }
}
