/// Names one unit for ever: its place is used again after its end, the serial is not.
public struct UnitID: Hashable, Sendable {
  /// From 1 on, in the order of spawning.
  public let serial: UInt32
  /// Where the table keeps it.
  public let place: UInt32

  public init(serial: UInt32, place: UInt32) {
    self.serial = serial
    self.place = place
  }
}

/// Where a unit is.
public struct UnitPose: Equatable, Sendable {
  /// In metres.
  public var position: SIMD3<Float>
  /// x, y, z, w.
  public var rotation: SIMD4<Float>
  public var scale: SIMD3<Float>

  public init(
    position: SIMD3<Float> = .zero, rotation: SIMD4<Float> = SIMD4(0, 0, 0, 1), scale: SIMD3<Float> = SIMD3(1, 1, 1)
  ) {
    self.position = position
    self.rotation = rotation
    self.scale = scale
  }
}

/// The units of all worlds, in places that do not move while a unit lives; those of one world are a list in the order
/// of their spawning.
public final class UnitTable {
  struct Record {
    /// 0 while the place is free.
    var serial: UInt32 = 0
    /// The number of the world.
    var world: UInt32 = 0
    var name = IdString64(rawValue: 0)
    var pose = UnitPose()
    /// Neighbours in the list of the world; -1 at its ends.
    var previous: Int32 = -1
    var next: Int32 = -1
    /// What the host keeps with the unit; -1 for nothing.
    var attachment: Int32 = -1
  }

  private var records: [Record] = []
  private var free: [Int32] = []
  private var lastSerial: UInt32 = 0
  /// By the number of the world; none for a world without units.
  private var lists: [UInt32: UnitList] = [:]
  /// Is told the attachment of each unit that has one and is destroyed.
  public var releaseAttachment: (Int32) -> Void = { _ in }

  init() {}

  /// Units of all worlds.
  var count: Int { records.count - free.count }

  @inline(__always)
  func place(_ unit: UnitID) -> Int? {
    let place = Int(unit.place)
    guard place < records.count, records[place].serial == unit.serial, unit.serial != 0 else { return nil }
    return place
  }

  public func isAlive(_ unit: UnitID) -> Bool { place(unit) != nil }

  /// Where a unit is; nil for a dead one. Setting it for a dead one does nothing.
  public subscript(unit: UnitID) -> UnitPose? {
    get { place(unit).map { records[$0].pose } }
    set {
      if let newValue, let place = place(unit) { records[place].pose = newValue }
    }
  }

  @inline(__always)
  func setPosition(_ position: SIMD3<Float>, at place: Int) { records[place].pose.position = position }

  @inline(__always)
  func setRotation(_ rotation: SIMD4<Float>, at place: Int) { records[place].pose.rotation = rotation }

  /// The hash of the name that a unit was spawned with; nil for a dead one.
  public func name(of unit: UnitID) -> IdString64? {
    place(unit).map { records[$0].name }
  }

  /// A number that the host keeps with a unit: nil for none, and for a dead unit.
  public func attachment(of unit: UnitID) -> Int32? {
    guard let place = place(unit), records[place].attachment >= 0 else { return nil }
    return records[place].attachment
  }

  /// Keeps a number, 0 or above, with a unit that has none.
  public func attach(_ attachment: Int32, to unit: UnitID) {
    if let place = place(unit) { records[place].attachment = attachment }
  }

  func list(of world: UInt32) -> UnitList { lists[world] ?? UnitList() }

  /// The number of the world that a unit is in.
  func world(of unit: UnitID) -> UInt32? {
    place(unit).map { records[$0].world }
  }

  func id(at place: Int32) -> UnitID {
    UnitID(serial: records[Int(place)].serial, place: UInt32(place))
  }

  func name(at place: Int32) -> IdString64 { records[Int(place)].name }
  func next(after place: Int32) -> Int32 { records[Int(place)].next }
}

/// The units of one world: a list through their records.
struct UnitList {
  var first: Int32 = -1
  var last: Int32 = -1
  var count = 0
}

extension UnitTable {
  func insert(name: IdString64, pose: UnitPose, world: UInt32) -> UnitID {
    let place: Int32
    if let old = free.popLast() {
      place = old
    } else {
      place = Int32(records.count)
      records.append(Record())
    }
    lastSerial &+= 1
    if lastSerial == 0 { lastSerial = 1 }
    var list = lists[world] ?? UnitList()
    records[Int(place)] = Record(serial: lastSerial, world: world, name: name, pose: pose, previous: list.last)
    if list.last >= 0 { records[Int(list.last)].next = place } else { list.first = place }
    list.last = place
    list.count += 1
    lists[world] = list
    return id(at: place)
  }

  /// Ends a unit, in whichever world it is; does nothing to a dead one.
  func destroy(_ unit: UnitID) {
    guard let place = place(unit) else { return }
    let record = records[place]
    var list = lists[record.world] ?? UnitList()
    if record.previous >= 0 { records[Int(record.previous)].next = record.next } else { list.first = record.next }
    if record.next >= 0 { records[Int(record.next)].previous = record.previous } else { list.last = record.previous }
    list.count -= 1
    lists[record.world] = list.count == 0 ? nil : list
    records[place] = Record()
    free.append(Int32(place))
    if record.attachment >= 0 { releaseAttachment(record.attachment) }
  }
}
