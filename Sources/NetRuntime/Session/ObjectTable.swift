import Glibc

/// Who owns an object.
struct ObjectOwner {
  /// `nobody` while the owner's membership is not announced yet.
  var slot: UInt8
  var peer: PeerID
  var join: UInt32

  /// No member's slot.
  static let nobody = UInt8.max
}

/// One object's row. The bits of a mask stand for member slots.
struct ObjectRecord {
  enum State: UInt8 {
    case free
    case live
    /// Destroyed, but its event has not been taken yet: the script may still read it.
    case doomed
  }

  var id: UInt32 = 0
  var type: UInt16 = 0
  /// Tells objects apart that used the same row one after another, and an object's times with one owner from those
  /// with the next: so nothing that was queued or sent for one of them counts for another.
  var generation: UInt16 = 0
  /// The owner's slot; `ObjectOwner.nobody` while its membership is not announced yet.
  var owner: UInt8 = 0
  var state = State.free
  var block = 0
  var ownerPeer = PeerID.nobody
  var ownerJoin: UInt32 = 0
  /// Whether the object was given to its owner and that has not announced it yet: no update is taken till then, since
  /// it may be from an earlier time as owner.
  var awaitsOwner = false
  /// Whether the object was the owner's on an earlier connection, and was not announced on the present one yet.
  var isStale = false
  /// When this peer gave the object to its owner, as session time in seconds.
  var givenAt = -Double.infinity
  /// Which object this is, and how often it changed hands.
  var version = ObjectVersion()
  /// Counts creations, for late joiners to see objects in the order in which they came to be.
  var order: UInt64 = 0
  /// Members that were sent the creation.
  var known: UInt64 = 0
  /// Members that have the creation: they may get updates.
  var ready: UInt64 = 0
  /// Members in whose update queue the object stands.
  var queued: UInt64 = 0
  /// Members in whose queue of large values the object stands.
  var queuedLarge: UInt64 = 0

  var exists: Bool { state != .free }
}

/// A row and which of its objects is meant.
struct ObjectRef: Equatable {
  let row: Int32
  let generation: UInt16
}

/// All objects that this peer knows: contiguous rows that never change place while an object lives.
final class ObjectTable {
  let layouts: ObjectLayouts
  private let fields = FieldStorage()
  private(set) var rows: UnsafeMutablePointer<ObjectRecord>
  /// Rows in use or once used.
  private(set) var rowCount = 0
  private var capacity = 64
  private var freeRows: [Int32] = []
  /// Row + 1 by id, for the ids below 65,536; memory that is not touched costs nothing.
  private let low: UnsafeMutableBufferPointer<Int32>
  private var high: [UInt32: Int32] = [:]
  private var tombstones = Tombstones()
  /// Objects, doomed ones too, by the member slot in whose range their id is.
  private var bySlot = [Int](repeating: 0, count: Limits.peers)
  private var nextOrder: UInt64 = 0
  private(set) var count = 0
  /// Is told the id of each object that is taken out.
  var onRemove: ((UInt32) -> Void)?

  init(_ layouts: ObjectLayouts) {
    self.layouts = layouts
    rows = .allocate(capacity: capacity)
    // Fresh zero pages take no memory until an id in them is used.
    low = UnsafeMutableBufferPointer(
      start: calloc(65536, MemoryLayout<Int32>.stride)?.bindMemory(to: Int32.self, capacity: 65536), count: 65536)
  }

  deinit {
    for row in 0..<rowCount where rows[row].exists { releaseFields(row) }
    rows.deallocate()
    Glibc.free(low.baseAddress)
    tombstones.deallocate()
  }

  @inline(__always)
  func row(of id: UInt32) -> Int? {
    if id < 65536 {
      let row = low[Int(id)]
      return row == 0 ? nil : Int(row &- 1)
    }
    return high[id].map(Int.init)
  }

  /// The row that a reference means; nil once that object is gone or doomed.
  @inline(__always)
  func live(_ ref: ObjectRef) -> Int? {
    let row = Int(ref.row)
    guard row < rowCount, rows[row].generation == ref.generation, rows[row].state == .live else { return nil }
    return row
  }

  @inline(__always)
  func ref(_ row: Int) -> ObjectRef { ObjectRef(row: Int32(truncatingIfNeeded: row), generation: rows[row].generation) }

  @inline(__always)
  func cell(_ row: Int, _ field: Int) -> FieldCell {
    let type = Int(rows[row].type)
    return FieldCell(block: fields[rows[row].block], slot: layouts.slots(of: type) + field)
  }

  @inline(__always)
  func cells(_ row: Int) -> FieldCells {
    FieldCells(block: fields[rows[row].block], slots: layouts.slots(of: Int(rows[row].type)))
  }

  @inline(__always)
  func fieldCount(_ row: Int) -> Int { layouts[Int(rows[row].type)].fieldCount }

  /// How many ids of a member slot's range are in use.
  func usedIDCount(of slot: UInt8) -> Int { bySlot[Int(slot)] }

  func usedIDs(of slot: UInt8) -> [UInt32] {
    if bySlot[Int(slot)] == 0 { return [] }
    return (0..<rowCount).filter { rows[$0].exists && ObjectIDs.slot(of: rows[$0].id) == slot }.map { rows[$0].id }
  }

  /// Makes a row for an object with default fields; nil when the table is full. The id must be new and of some member
  /// slot's range.
  func insert(id: UInt32, type: Int, owner: ObjectOwner, version: ObjectVersion) -> Int? {
    guard count < Limits.objects, let slot = ObjectIDs.slot(of: id) else { return nil }
    let row: Int
    if let free = freeRows.popLast() {
      row = Int(free)
    } else {
      if rowCount == capacity { growRows() }
      row = rowCount
      rowCount += 1
      (rows + row).initialize(to: ObjectRecord())
    }
    let generation = rows[row].generation
    rows[row] = ObjectRecord(
      id: id, type: UInt16(type), generation: generation, owner: owner.slot, state: .live,
      block: fields.allocate(layouts[type].words), ownerPeer: owner.peer, ownerJoin: owner.join, version: version,
      order: nextOrder)
    nextOrder += 1
    count += 1
    bySlot[Int(slot)] += 1
    if id < 65536 { low[Int(id)] = Int32(row + 1) } else { high[id] = Int32(row) }
    var defaults = layouts.defaults(of: type)
    _ = readFields(row, from: &defaults, time: 0)
    return row
  }

  /// Gives an object to an owner. What this peer had sent of it, or had to send, is forgotten.
  func transfer(_ row: Int, to owner: ObjectOwner, _ version: ObjectVersion) {
    rows[row].generation &+= 1
    rows[row].owner = owner.slot
    rows[row].ownerPeer = owner.peer
    rows[row].ownerJoin = owner.join
    rows[row].version = version
    rows[row].awaitsOwner = false
    rows[row].isStale = false
    rows[row].givenAt = -.infinity
    rows[row].known = 0
    rows[row].ready = 0
    rows[row].queued = 0
    rows[row].queuedLarge = 0
    for field in 0..<fieldCount(row) { cell(row, field).dirty = 0 }
  }

  /// The live objects of one owner, in the order in which they came to be.
  func liveRows(ownedBy slot: UInt8) -> [Int] {
    liveRows { $0.owner == slot }
  }

  func liveRows(where isMeant: (ObjectRecord) -> Bool) -> [Int] {
    (0..<rowCount).filter { rows[$0].state == .live && isMeant(rows[$0]) }.sorted { rows[$0].order < rows[$1].order }
  }

  /// Stores all fields of an object, packed one behind the other; false at the first value that is not valid.
  func readFields(_ row: Int, from reader: inout BitReader, time: UInt64) -> Bool {
    for field in 0..<fieldCount(row) {
      let cell = cell(row, field)
      let value = reader.sliceValue(cell.slot.pointee.codec)
      if value.failed { return false }
      _ = cell.store(value)
      cell.time = time
      if cell.slot.pointee.history > 0 {
        InterpolationHistory(cell).began(cell)
      }
    }
    return true
  }

  /// What this peer knows of an id: the version of the object that lives, or of the destruction of the last one; nil
  /// when it never heard of the id.
  func version(of id: UInt32) -> ObjectVersion? {
    if let row = row(of: id), rows[row].state == .live { return rows[row].version }
    return tombstones[id]
  }

  /// Notes that an id's object was destroyed; its row may live on for a while, for the script to read.
  func bury(_ id: UInt32, _ version: ObjectVersion) {
    tombstones.set(id, version)
  }

  /// Bits of all fields together.
  func packedBits(_ row: Int) -> Int {
    (0..<fieldCount(row)).reduce(0) { $0 + cell(row, $1).bitCount }
  }

  /// Takes an object out; its id and row may be used again.
  func remove(_ row: Int) {
    let id = rows[row].id
    releaseFields(row)
    fields.free(rows[row].block, words: layouts[Int(rows[row].type)].words)
    if id < 65536 { low[Int(id)] = 0 } else { high[id] = nil }
    if let slot = ObjectIDs.slot(of: id) { bySlot[Int(slot)] -= 1 }
    rows[row].state = .free
    rows[row].generation &+= 1
    freeRows.append(Int32(row))
    count -= 1
    onRemove?(id)
  }

  /// Forgets what a member slot knew.
  func clear(slot: UInt8) {
    let keep = ~(UInt64(1) << UInt64(slot))
    for row in 0..<rowCount where rows[row].exists {
      rows[row].known &= keep
      rows[row].ready &= keep
      rows[row].queued &= keep
      rows[row].queuedLarge &= keep
      for field in 0..<fieldCount(row) { cell(row, field).dirty &= keep }
    }
  }

  private func releaseFields(_ row: Int) {
    for field in 0..<fieldCount(row) { cell(row, field).release() }
  }

  private func growRows() {
    let moved = UnsafeMutablePointer<ObjectRecord>.allocate(capacity: capacity * 2)
    moved.moveInitialize(from: rows, count: rowCount)
    rows.deallocate()
    rows = moved
    capacity *= 2
  }
}
