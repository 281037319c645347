/// Is told what a recording needs to know of a session beyond its packets: what the script did to it, and the changes
/// that went to nobody.
public protocol SessionJournal: AnyObject {
  func called(_ call: SessionCall)

  /// A change to an object that no member was sent: a message of the session's reliable kind, or a block of state.
  func changed(_ message: UnsafeRawBufferPointer)

  /// An object of this peer's was destroyed by it.
  func destroyed(_ id: UInt32, birth: UInt64)

  /// Bytes of values that may be told now; the rest waits.
  func valueBytesLeft() -> Int
}

extension SessionJournal {
  func destroyed(_ id: UInt32, _ version: ObjectVersion) { destroyed(id, birth: version.birth) }
}

/// Objects of this peer's with values that no member was sent and the journal was not told: first in, first out.
struct UntoldValues {
  private var entries: [(ref: ObjectRef, fields: SIMD4<UInt64>)] = []
  private var head = 0
  /// Where an object's row stands in the queue, counted from the first that ever stood there.
  private var places: [Int32: Int] = [:]
  private var gone = 0

  var isEmpty: Bool { head == entries.count }

  mutating func note(_ ref: ObjectRef, field: Int) {
    let index = place(of: ref) ?? entries.count
    if index == entries.count {
      places[ref.row] = gone + index
      entries.append((ref, SIMD4()))
    }
    entries[index].fields[field >> 6 & 3] |= 1 << UInt64(field & 63)
  }

  func contains(_ ref: ObjectRef) -> Bool { place(of: ref) != nil }

  private func place(of ref: ObjectRef) -> Int? {
    guard let place = places[ref.row], place - gone >= head, place - gone < entries.count,
      entries[place - gone].ref == ref
    else { return nil }
    return place - gone
  }

  /// The next object and a bit for each of its fields.
  mutating func next() -> (ref: ObjectRef, fields: SIMD4<UInt64>)? {
    guard head < entries.count else { return nil }
    let entry = entries[head]
    head += 1
    if head == entries.count {
      removeAll()
    } else if head > 64, head * 2 > entries.count {
      entries.removeFirst(head)
      gone += head
      head = 0
    }
    return entry
  }

  mutating func removeAll() {
    entries.removeAll(keepingCapacity: true)
    places.removeAll(keepingCapacity: true)
    head = 0
    gone = 0
  }
}

extension GameSession {
  /// Tells the journal of a creation that nobody was sent, or nobody but members that are gone.
  func tellCreation(_ row: Int, gone: UInt64 = 0) {
    guard journal != nil, table.rows[row].known & membership.others & ~gone == 0 else { return }
    tellObject(row)
  }

  /// Tells the journal the values of an object that is given away: none is told once it is another peer's.
  func tellLastValues(_ row: Int) {
    if journal != nil, untold.contains(table.ref(row)) { tellObject(row) }
  }

  private func tellObject(_ row: Int) {
    guard let journal else { return }
    writeMessage(bytes: (table.packedBits(row) + 7) / 8 + Limits.messageHeaderSize) {
      writeWord(row, isOwners: true, to: &$0)
    } use: {
      journal.changed($0)
    }
  }

  /// Tells the journal what may not have left for the last member that knew an object, now that it is gone.
  func tellLeftovers(of slot: UInt8) {
    guard journal != nil else { return }
    let bit = UInt64(1) << UInt64(slot)
    for row in table.liveRows(where: { $0.owner == membership.ownSlot && $0.known & bit != 0 }) {
      guard table.rows[row].known & membership.others & ~bit == 0 else { continue }
      if table.rows[row].ready & bit == 0 {
        tellCreation(row, gone: bit)
      } else {
        for field in 0..<table.fieldCount(row) where table.cell(row, field).dirty & bit != 0 { noteUntold(row, field) }
      }
    }
  }

  /// Notes a new value that nobody is sent.
  func noteUntold(_ row: Int, _ field: Int) {
    guard journal != nil, table.rows[row].owner == membership.ownSlot, membership.isInSession else { return }
    untold.note(table.ref(row), field: field)
  }

  /// Tells the journal of the values that nobody was sent, as far as it takes them.
  func tellValues() {
    guard let journal, !untold.isEmpty else { return }
    var left = journal.valueBytesLeft()
    while left > 0, let (ref, fields) = untold.next() {
      guard let row = table.live(ref), table.rows[row].owner == membership.ownSlot else { continue }
      let bytes = (table.packedBits(row) + table.fieldCount(row) + 7) / 8 + Limits.messageHeaderSize
      writeMessage(bytes: bytes) { writer in
        writer.write(UInt64(SessionMessage.stateBlock), bits: 8)
        writer.write(time.transmit & 0xFFFF_FFFF, bits: 32)
        writer.write(1, bits: 1)
        let id = table.rows[row].id
        writer.write(id < 65536 ? 0 : 1, bits: 1)
        writer.write(UInt64(id), bits: id < 65536 ? 16 : 32)
        writer.write(UInt64(table.rows[row].type), bits: layouts.indexBits)
        for field in 0..<table.fieldCount(row) {
          let isChanged = fields[field >> 6] >> UInt64(field & 63) & 1
          writer.write(isChanged, bits: 1)
          guard isChanged == 1 else { continue }
          var value = table.cell(row, field).reader
          writer.copyBits(from: &value, count: value.remainingBits)
        }
        writer.write(0, bits: 1)
      } use: {
        journal.changed($0)
        left -= $0.count
      }
    }
  }

  /// Writes something into the scratch buffer and hands it on.
  private func writeMessage(
    bytes: Int, _ write: (inout BitWriter) -> Void, use: (UnsafeRawBufferPointer) -> Void
  ) {
    if scratch.count < bytes {
      scratch.deallocate()
      scratch = .allocate(byteCount: bytes, alignment: 8)
    }
    var writer = BitWriter(scratch)
    write(&writer)
    let count = writer.flush()
    guard !writer.overflowed else { return }
    use(UnsafeRawBufferPointer(rebasing: scratch[..<count]))
  }
}
