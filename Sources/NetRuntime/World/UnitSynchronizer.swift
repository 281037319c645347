/// Keeps units and game objects together: a unit that it spawns here appears in the worlds of all members, moves there
/// as it moves here, and ends with its object.
///
/// Every object that another peer owns, of a type with the fields `unit`, `position` and `rotation`, has a unit here
/// from `setWorld` on. The owner's unit is written into the object's fields at transmit, when it has moved; the units
/// of other peers' objects are put where the fields say at the end of each receive.
public final class UnitSynchronizer {
  struct Entry {
    let object: UInt32
    let ref: ObjectRef
    var unit: UnitID
    let fields: UnitFields
    /// Whether this peer moves the unit and the fields follow; otherwise the unit follows the fields.
    var isOwn: Bool
    /// Where the unit was when its fields were last written.
    var position = SIMD3<Float>.zero
    var rotation = SIMD4<Float>(0, 0, 0, 1)
  }

  unowned let session: GameSession
  /// Which object types can stand for units; the index is the type's.
  let types: [UnitFields?]
  private(set) var world: World?
  var entries: [Entry] = []
  private(set) var entryOfObject: [UInt32: Int] = [:]
  private var objectOfUnit: [UnitID: UInt32] = [:]
  private let scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: 64, alignment: 8)
  private var nextClampWarning = -Double.infinity

  init(_ session: GameSession) {
    self.session = session
    types = session.config.objects.map { type in
      do throws(UnitSynchronizerError) { return try UnitFields(type) } catch { return nil }
    }
  }

  deinit {
    scratch.deallocate()
  }

  /// Sets the world that units are spawned in from now on. Other peers' objects that have no unit get one.
  public func setWorld(_ world: World) {
    self.world = world
    let table = session.table
    for row in 0..<table.rowCount where table.rows[row].state == .live { addForeign(row) }
  }

  /// Spawns a unit in the world, and creates the object that makes it appear at all other members.
  /// - Parameter type: Index of the object type in the schema.
  public func spawn(type: Int, name: IdString64, at pose: UnitPose) throws(UnitSynchronizerError) -> UnitID {
    let world = try usableWorld()
    guard type >= 0, type < types.count else { throw .session(.noSuchType(type)) }
    let fields = try UnitFields(session.config.objects[type])
    let codecs = session.config.codecs(ofObject: type)
    let unit: UnitID
    do throws(WorldError) { unit = try world.spawn(name, at: pose) } catch { throw .world(error) }
    do {
      let object = try session.createObject(type: type) { draft in
        try draft.set(
          field: fields.unit,
          packed: pack {
            $0.writeIdString64(name)
            return .done
          })
        try draft.set(field: fields.position, packed: pack { $0.writeVector3(pose.position, codecs[fields.position]) })
        try draft.set(
          field: fields.rotation, packed: pack { $0.writeQuaternion(pose.rotation, codecs[fields.rotation]) })
      }
      if let row = session.table.row(of: object) {
        var entry = Entry(object: object, ref: session.table.ref(row), unit: unit, fields: fields, isOwn: true)
        entry.position = pose.position
        entry.rotation = pose.rotation
        add(entry)
      }
      return unit
    } catch {
      world.units.destroy(unit)
      throw .session(error as? SessionError ?? .badValue(field: "unit"))
    }
  }

  /// Destroys a unit that `spawn` made, and its object, everywhere.
  public func destroy(_ unit: UnitID) throws(UnitSynchronizerError) {
    let world = try usableWorld()
    guard world.units.isAlive(unit) else { throw .world(.deadUnit) }
    guard let object = objectOfUnit[unit] else {
      guard session.isReplay else { throw .notSynchronized }
      return world.units.destroy(unit)
    }
    do throws(SessionError) { try session.destroyObject(object) } catch { throw .session(error) }
  }

  /// The unit of an object; nil where it has none, or the unit is dead.
  public func unit(of object: UInt32) throws(UnitSynchronizerError) -> UnitID? {
    guard let world else { throw .noWorld }
    guard let index = entryOfObject[object], world.units.isAlive(entries[index].unit) else { return nil }
    return entries[index].unit
  }

  /// The object of a unit; nil where it has none.
  public func object(of unit: UnitID) throws(UnitSynchronizerError) -> UInt32? {
    guard let world else { throw .noWorld }
    guard world.units.isAlive(unit) else { throw .world(.deadUnit) }
    return objectOfUnit[unit]
  }

  private func usableWorld() throws(UnitSynchronizerError) -> World {
    guard let world else { throw .noWorld }
    if world.isReleased { throw .worldReleased }
    return world
  }

  // MARK: What objects do

  /// The script is about to hear of an object that another peer owns.
  func addForeign(_ row: Int) {
    let table = session.table
    let record = table.rows[row]
    guard let world, !world.isReleased, !session.isMine(record.ownerPeer),
      let fields = types[Int(record.type)]
    else { return }
    if let index = entryOfObject[record.id] {
      guard !world.units.isAlive(entries[index].unit) else { return }
      remove(record.id)
    }
    var name = table.cell(row, fields.unit).reader
    let hash = name.readIdString64()
    guard hash.rawValue != 0 else { return }
    do throws(WorldError) {
      let unit = try world.spawn(hash)
      add(Entry(object: record.id, ref: table.ref(row), unit: unit, fields: fields, isOwn: false))
      follow(entries.count - 1)
    } catch {
      session.log(.warnings, "object \(record.id) has no unit here: \(error)")
    }
  }

  /// This peer owns an object now: its unit stands where the newest values say, and the fields follow it from here on.
  func own(_ object: UInt32) {
    guard let index = entryOfObject[object], !entries[index].isOwn else { return }
    takeOver(index)
  }

  /// An object is gone, and its unit with it.
  func objectRemoved(_ object: UInt32) {
    guard let index = entryOfObject[object] else { return }
    let unit = entries[index].unit
    remove(object)
    world?.units.destroy(unit)
  }

  /// The session object ends: the units of other peers' objects end with it, the others stay the script's.
  func close() {
    for entry in entries where !entry.isOwn { world?.units.destroy(entry.unit) }
    entries.removeAll()
    entryOfObject.removeAll()
    objectOfUnit.removeAll()
    world = nil
  }

  private func add(_ entry: Entry) {
    entryOfObject[entry.object] = entries.count
    objectOfUnit[entry.unit] = entry.object
    entries.append(entry)
  }

  private func remove(_ object: UInt32) {
    guard let index = entryOfObject.removeValue(forKey: object) else { return }
    objectOfUnit[entries[index].unit] = nil
    let last = entries.removeLast()
    if index < entries.count {
      entries[index] = last
      entryOfObject[last.object] = index
    }
  }

  /// Packs a value into the scratch memory; the reader is good until the next value is packed.
  func pack(_ write: (inout BitWriter) -> PackingOutcome) throws(SessionError) -> BitReader {
    var writer = BitWriter(scratch)
    let outcome = write(&writer)
    let bits = writer.bitCount
    _ = writer.flush()
    switch outcome {
    case .done: break
    case .clamped: warnOfClamping()
    default: throw .badValue(field: "unit")
    }
    return BitReader(UnsafeRawBufferPointer(scratch), bitOffset: 0, bitCount: bits)
  }

  /// Once a second: a unit may stay outside for long.
  private func warnOfClamping() {
    guard session.clock >= nextClampWarning else { return }
    nextClampWarning = session.clock + 1
    session.log(
      .warnings, "UnitSynchronizer: a unit is outside the limits of its field `position`; the others see it at them")
  }
}
