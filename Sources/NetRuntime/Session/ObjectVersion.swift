import Glibc

/// Which object an id means, and how often it changed hands.
///
/// What a peer knows of an id is a register, "owned by someone" or "destroyed", and each value of it has a version. The
/// highest version wins at every peer, in whatever order versions arrive: so all agree in the end.
struct ObjectVersion: Equatable, Comparable {
  /// The creator's join number in the upper half, its count of creations from 1 in the lower. Of two objects with one
  /// id the later one has the higher birth.
  var birth: UInt64 = 0
  /// Counts the changes of owner, from 0; a destruction is one. The upper half counts those that a session host made
  /// over the owner's head, the lower half the owners' own since the last of them: so a host's change beats whatever
  /// the owner does at the same time.
  var stamp: UInt64 = 0

  /// Versions from the wire are below this, so that counting on never wraps.
  private static let end = UInt64(1) << 63

  init(birth: UInt64 = 0, stamp: UInt64 = 0) {
    self.birth = birth
    self.stamp = stamp
  }

  init(creator join: UInt32, count: UInt32) {
    birth = UInt64(join) << 32 | UInt64(count)
  }

  @inline(__always)
  static func < (left: ObjectVersion, right: ObjectVersion) -> Bool {
    left.birth != right.birth ? left.birth < right.birth : left.stamp < right.stamp
  }

  /// The join number of the member that created the object.
  var creatorJoin: UInt32 { UInt32(truncatingIfNeeded: birth &>> 32) }

  /// The version after a change by the owner.
  var changedByOwner: ObjectVersion { ObjectVersion(birth: birth, stamp: stamp &+ 1) }

  /// The version after a change by the session host over the owner's head.
  var changedByHost: ObjectVersion { ObjectVersion(birth: birth, stamp: (stamp &>> 32 &+ 1) &<< 32) }

  // MARK: The wire

  /// Bytes that it takes.
  static let bytes = 16

  /// Reads one; nil when it is none.
  init?(_ reader: inout BitReader) {
    birth = reader.read(bits: 64)
    stamp = reader.read(bits: 64)
    guard !reader.failed, isPossible else { return nil }
  }

  /// Whether the engine can have made it, and can count on from it.
  var isPossible: Bool { birth & 0xFFFF_FFFF != 0 && stamp < ObjectVersion.end }

  func write(to writer: inout BitWriter) {
    writer.write(birth, bits: 64)
    writer.write(stamp, bits: 64)
  }
}

/// The versions at which objects were destroyed, by id: what was on its way does not bring them back.
struct Tombstones {
  /// By id, for the ids below 65,536.
  private let low: UnsafeMutablePointer<ObjectVersion>
  private var high: [UInt32: ObjectVersion] = [:]
  /// The ids of `high`, the oldest first, in a ring once it is full.
  private var order: [UInt32] = []
  private var oldest = 0

  init() {
    // Fresh zero pages take no memory until an id in them is used.
    let memory = calloc(65536, MemoryLayout<ObjectVersion>.stride)
    low = memory?.bindMemory(to: ObjectVersion.self, capacity: 65536) ?? .allocate(capacity: 65536)
    if memory == nil { low.initialize(repeating: ObjectVersion(), count: 65536) }
  }

  func deallocate() { Glibc.free(low) }

  /// The version at which the last bearer of an id was destroyed; nil when none was, or it is forgotten.
  subscript(id: UInt32) -> ObjectVersion? {
    if id < 65536 {
      let version = low[Int(id)]
      return version.birth == 0 ? nil : version
    }
    return high[id]
  }

  mutating func set(_ id: UInt32, _ version: ObjectVersion) {
    if id < 65536 {
      low[Int(id)] = version
      return
    }
    if high.updateValue(version, forKey: id) != nil { return }
    if order.count < Limits.tombstones {
      order.append(id)
    } else {
      high[order[oldest]] = nil
      order[oldest] = id
      oldest = (oldest + 1) % order.count
    }
  }
}
