import Testing

@testable import NetRuntime

@Suite struct DumpDamageTests {
  /// A short game's recording.
  static func dump(seed: UInt64 = 5) throws -> [UInt8] {
    let world = try RecordedWorld(DumpReaderTests.schema, count: 2, seed: seed)
    try world.play()
    let session = try #require(world.peers[0].runtime.session)
    let id = try session.createObject(type: 0) { _ in }
    for value in 0..<20 {
      try ReplayTests.set(session, world.config, id, value)
      world.step()
    }
    try session.destroyObject(id)
    world.peers[0].recorder?.tag("end")
    try session.removePeer(world.id(1))
    world.step(10)
    world.finish()
    return world.peers[0].dump.bytes
  }

  /// Where frames begin, and where the last one ends.
  static func starts(_ bytes: [UInt8]) throws -> [Int] {
    let reader = try DumpReader(bytes: bytes)
    var places = [DumpFormat.headerSize]
    while let frame = reader.nextFrame() { places.append(places[places.count - 1] + frame.size) }
    return places
  }

  static func play(_ bytes: [UInt8]) {
    let runtime = NetworkRuntime(
      .init(
        transport: VirtualNetwork(seed: 1).addHost(), random: SeededRandomSource(seed: 1), now: { 0 },
        log: { _, _ in }))
    guard let reader = try? DumpReader(bytes: bytes), let replay = try? runtime.startReplay(reader) else { return }
    for _ in 0..<20 where !replay.isOver {
      runtime.receive(dt: 1)
      while runtime.nextEvent() != nil {}
      runtime.transmit()
    }
  }

  @Test func aDumpIsReadableToItsLastWholeFrame() throws {
    let bytes = try Self.dump()
    let starts = try Self.starts(bytes)
    #expect(starts.last == bytes.count)
    for length in DumpFormat.headerSize...bytes.count {
      let reader = try DumpReader(bytes: Array(bytes[..<length]))
      var frames = 0
      while reader.nextFrame() != nil { frames += 1 }
      let whole = starts.count { $0 <= length } - 1
      #expect(frames == whole)
      #expect(reader.end == (starts[whole] == length ? .complete : .truncated(at: starts[whole])))
    }
    for length in 0..<DumpFormat.headerSize {
      #expect(throws: DumpError.notADump(path: "dump")) { try DumpReader(bytes: Array(bytes[..<length])) }
    }
    for length in stride(from: 0, through: bytes.count, by: 97) { Self.play(Array(bytes[..<length])) }
  }

  @Test func aWrongByteEndsTheDumpBeforeItsFrame() throws {
    let bytes = try Self.dump()
    let starts = try Self.starts(bytes)
    let random = SeededRandomSource(seed: 9)
    for _ in 0..<300 {
      let place = DumpFormat.headerSize + Int(random.next() % UInt64(bytes.count - DumpFormat.headerSize))
      var damaged = bytes
      damaged[place] ^= UInt8(truncatingIfNeeded: random.next() | 1)
      let reader = try DumpReader(bytes: damaged)
      var frames = 0
      while reader.nextFrame() != nil { frames += 1 }
      let before = starts.count { $0 <= place } - 1
      #expect(frames == before)
      #expect(reader.end != .complete)
      Self.play(damaged)
    }
  }

  /// With a right checksum whatever is inside is believed to be a recording.
  @Test func nothingInAFrameTraps() throws {
    let bytes = try Self.dump()
    let starts = try Self.starts(bytes)
    let crc = CRC32()
    defer { crc.destroy() }
    let random = SeededRandomSource(seed: 11)
    for _ in 0..<300 {
      var forged = bytes
      for _ in 0..<(1 + random.next() % 4) {
        let frame = Int(random.next() % UInt64(starts.count - 1))
        let end = starts[frame + 1]
        var payload = starts[frame]
        while forged[payload] >= 0x80 { payload += 1 }
        payload += 5
        let place = payload + Int(random.next() % UInt64(max(1, end - payload)))
        forged[place] = UInt8(truncatingIfNeeded: random.next())
        let checksum = forged[payload..<end].withUnsafeBytes { crc.checksum($0) }
        for index in 0..<4 { forged[payload - 4 + index] = UInt8(truncatingIfNeeded: checksum >> (8 * index)) }
      }
      _ = DumpSummary(try DumpReader(bytes: forged))
      Self.play(forged)
    }
  }

  @Test func theChecksumIsTheWellKnownOne() {
    let crc = CRC32()
    defer { crc.destroy() }
    #expect(Array("123456789".utf8).withUnsafeBytes { crc.checksum($0) } == 0xCBF4_3926)
  }

  @Test func numbersTakeFewBytes() {
    for value in [0, 1, 127, 128, 300, 16_383, 16_384, 1 << 32, .max - 1, .max] as [UInt64] {
      var bytes = [UInt8](repeating: 0, count: Varint.maximumSize)
      let size = bytes.withUnsafeMutableBytes { Varint.write(value, to: $0.baseAddress!) }
      #expect(size == Varint.size(value))
      bytes.withUnsafeBytes {
        var reader = ByteReader(UnsafeRawBufferPointer(rebasing: $0[..<size]))
        #expect(reader.varint() == value)
        #expect(reader.remaining == 0 && !reader.failed)
      }
    }
    let long = [UInt8](repeating: 0x80, count: 12)
    long.withUnsafeBytes {
      var reader = ByteReader($0)
      #expect(reader.varint() == 0)
      #expect(reader.failed)
    }
    for value in [0, -1, 1, .min, .max] as [Int64] { #expect(Varint.unfolded(Varint.folded(value)) == value) }
  }
}
