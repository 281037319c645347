import Testing

@testable import NetRuntime

/// What orders the lives of an id, and the values of a field.
@Suite struct ObjectVersionTests {
  @Test func aHostsChangeBeatsEveryChangeOfTheOwnerAndALaterBirthBeatsBoth() {
    let born = ObjectVersion(creator: 3, count: 7)
    let owners = born.changedByOwner.changedByOwner
    let hosts = born.changedByHost
    #expect(born < owners && owners < hosts)
    #expect(hosts < hosts.changedByOwner && hosts.changedByOwner < hosts.changedByOwner.changedByHost)
    #expect(hosts < ObjectVersion(creator: 3, count: 8))
    #expect(ObjectVersion(creator: 3, count: .max) < ObjectVersion(creator: 4, count: 1))
    #expect(born.creatorJoin == 3)
  }

  @Test func tombstonesOfHighIDsAreForgottenOldestFirst() {
    var tombstones = Tombstones()
    defer { tombstones.deallocate() }
    let version = ObjectVersion(creator: 1, count: 1)
    tombstones.set(5, version)
    for id in 0..<UInt32(Limits.tombstones) { tombstones.set(65536 + id, version) }
    tombstones.set(65536, version.changedByOwner)
    #expect(tombstones[65536] == version.changedByOwner)
    tombstones.set(1 << 20, version)
    #expect(tombstones[65536] == nil)
    #expect(tombstones[65537] == version)
    tombstones.set(1 << 21, version)
    #expect(tombstones[65537] == nil)
    #expect(tombstones[1 << 20] == version)
    #expect(tombstones[5] == version)
    #expect(tombstones[6] == nil)
  }

  @Test func aSendersTimeIsCompletedAcrossItsWrap() {
    var clock = SenderClock()
    let day = 86_400.0
    // The sender's clock stands at 118 hours when this peer, up for an hour, first hears of it.
    let start = SessionTime.ticks(118 * 3600)
    let first = clock.complete(UInt32(truncatingIfNeeded: start), at: 3600)
    for passed in [0.0001, 1.0, 7200.0, day, 4 * day, 9 * day] {
      let sent = start + SessionTime.ticks(passed)
      #expect(clock.complete(UInt32(truncatingIfNeeded: sent), at: 3600 + passed + 0.2) == first + sent - start)
    }
    // One from before the first that was heard is earlier.
    #expect(clock.complete(UInt32(truncatingIfNeeded: start - 5), at: 3600.1) == first - 5)
  }

  @Test func timesGrowWithEveryTransmitAndReliableOnesLieBetween() {
    var time = SessionTime()
    var last = time.reliable
    for now in [5000.0, 5000.0, 5000.0, 5000.016, 5000.033, 4999, .nan, 5001] {
      time.beginTransmit(at: now)
      #expect(time.transmit > last)
      #expect(time.reliable > time.transmit)
      last = time.reliable
    }
    #expect(time.transmit >= 10_000)
  }

  @Test func versionsReadBackAndBadOnesAreRefused() {
    func read(_ birth: UInt64, _ stamp: UInt64, bytes: Int = 16) -> ObjectVersion? {
      var buffer = [UInt8](repeating: 0, count: 16)
      return buffer.withUnsafeMutableBytes { memory in
        var writer = BitWriter(memory)
        ObjectVersion(birth: birth, stamp: stamp).write(to: &writer)
        _ = writer.flush()
        var reader = BitReader(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(memory)[..<bytes]))
        return ObjectVersion(&reader)
      }
    }
    #expect(read(1 << 32 | 1, 1 << 32 | 5) == ObjectVersion(birth: 1 << 32 | 1, stamp: 1 << 32 | 5))
    #expect(read(1 << 32, 0) == nil)
    #expect(read(1, 1 << 63) == nil)
    #expect(read(1, 1, bytes: 15) == nil)
  }
}
