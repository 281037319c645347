/// An object about to be created: fields that are not set keep their type's default.
public struct ObjectDraft {
  let table: ObjectTable
  let row: Int

  /// Sets a field to a packed value, of which the reader must hold exactly one.
  public mutating func set(field: Int, packed: BitReader) throws(SessionError) {
    _ = try table.store(row, field: field, packed: packed)
  }
}

extension ObjectTable {
  /// Stores a checked value. Returns whether it differs from the old one.
  func store(_ row: Int, field: Int, packed: BitReader) throws(SessionError) -> Bool {
    guard field >= 0, field < fieldCount(row) else { throw .noSuchField(object: rows[row].id, field: field) }
    let cell = cell(row, field)
    var rest = packed
    let value = rest.sliceValue(cell.slot.pointee.codec)
    guard !value.failed, rest.remainingBits == 0 else { throw .badValue(field: String(field)) }
    let changed = cell.store(value)
    if cell.bitCount > Limits.stateValueBytes * 8 { cell.isLarge = true }
    return changed
  }
}
