import Testing

@testable import NetRuntime

@Suite struct DumpReaderTests {
  static let schema = """
    network_type = "peer-to-peer"
    types = { score = { type = "int" min = 0 max = 1000 } place = { type = "vector3" min = -100 max = 100 bits = 16 } }
    messages = { hit = { args = ["score"] reliable = true } look = { args = ["place"] } }
    objects = { pawn = { fields = [ { name = "points" type = "score" } { name = "at" type = "place" } ] } }
    """

  @Test func totalsAreTheBytesOnTheWire() throws {
    var faults = LinkFaults.none
    faults.loss = 0.05
    faults.duplication = 0.05
    faults.latency = 0.03
    let world = try RecordedWorld(Self.schema, count: 3, faults: faults)
    try world.play()
    let stranger = world.network.addHost()
    let socket = try stranger.bind(port: 0)
    for index in world.peers.indices {
      let rubbish: [UInt8] = [16, UInt8(index)] + [UInt8](repeating: 7, count: 99)
      let place = Endpoint(address: VirtualNetwork.address(of: index), port: RecordedWorld.port)
      rubbish.withUnsafeBytes { stranger.send($0, to: place, from: socket) }
    }
    world.step(120)
    for peer in world.peers { try peer.runtime.stopClient() }
    world.step(240)
    world.finish()
    for peer in world.peers {
      let summary = DumpSummary(try DumpReader(path: peer.dump.path))
      #expect(summary.end == .complete)
      #expect(summary.wire == [peer.wire.received, peer.wire.sent])
      #expect(summary.wire[0] > 2_000)
    }
  }

  @Test func aDumpHoldsTheClientAndItsSchema() throws {
    let world = try RecordedWorld(Self.schema, count: 1)
    world.step(3)
    world.peers[0].recorder?.tag("round 1 begins")
    world.step(2)
    world.finish()
    let reader = try DumpReader(path: world.peers[0].dump.path)
    #expect(reader.startTime == 1_000_000)
    var frame = try #require(reader.nextFrame())
    guard case .client(let client)? = frame.next() else {
      Issue.record("expected the client first")
      return
    }
    #expect(client.peer == world.id(0))
    #expect(try client.config().hash == world.config.hash)
    #expect(try client.config().types.map(\.name) == world.config.types.map(\.name))
    let summary = DumpSummary(reader)
    #expect(summary.tags == ["round 1 begins"])
    // The tag and the pong timeout came between two frames, and so have frames of their own.
    #expect(summary.frames == 7)
    #expect(abs(summary.last - 5.0 / 60) < 1e-4)
  }

  @Test func whatIsNoDumpIsToldApart() throws {
    #expect(throws: DumpError.notADump(path: "x")) { try DumpReader(bytes: [], path: "x") }
    #expect(throws: DumpError.notADump(path: "x")) { try DumpReader(bytes: Array("SLNDUMP\n".utf8), path: "x") }
    #expect(throws: DumpError.notADump(path: "x")) { try DumpReader(bytes: Array(repeating: 0, count: 99), path: "x") }
    let other = DumpFormat.magic + [9, 0] + [UInt8](repeating: 0, count: 10)
    #expect(throws: DumpError.version(path: "x", found: 9)) { try DumpReader(bytes: other, path: "x") }
    #expect(throws: DumpError.self) { try DumpReader(path: "/nowhere/at all") }
    let bare = DumpFormat.magic + [1, 0] + [UInt8](repeating: 0, count: 10)
    let reader = try DumpReader(bytes: bare)
    #expect(reader.nextFrame() == nil && reader.end == .complete)
  }

  @Test func aFrameLongerThanTheLimitIsDamage() throws {
    var bytes = DumpFormat.magic + [1, 0] + [UInt8](repeating: 0, count: 10)
    let length = UInt64(Limits.dumpFrameSize) + 1
    var head = [UInt8](repeating: 0, count: Varint.maximumSize)
    let size = head.withUnsafeMutableBytes { Varint.write(length, to: $0.baseAddress!) }
    bytes += head[..<size] + [0, 0, 0, 0] + [UInt8](repeating: 0, count: 100)
    let reader = try DumpReader(bytes: bytes)
    #expect(reader.nextFrame() == nil)
    #expect(reader.end == .damaged(at: DumpFormat.headerSize))
  }

  @Test func aLongFrameIsWrittenInParts() throws {
    let file = TemporaryFile()
    let recorder = try startedRecorder(file.path)
    recorder.beginReceive(dt: 0.5, at: 1)
    let body = [UInt8](repeating: 1, count: Limits.messageSize)
    for _ in 0..<20 { body.withUnsafeBytes { recorder.ownMessage($0) } }
    #expect(file.bytes.count > 10 * Limits.messageSize)
    recorder.close()
    let summary = DumpSummary(try DumpReader(path: file.path))
    #expect(summary.frames == 4)
    #expect(summary.lines.count == 22)
    #expect(summary.end == .complete)
  }

  @Test func anOldDumpStaysUntilAClientStarts() throws {
    let file = TemporaryFile()
    try startedRecorder(file.path).close()
    let old = file.bytes
    #expect(old.count > DumpFormat.headerSize)
    let idle = try DumpRecorder(path: file.path, startTime: 5, log: { _, _ in })
    idle.tag("nobody")
    idle.close()
    #expect(file.bytes == old)
  }

  @Test func oneRecordingAtATimeGoesIntoAFile() throws {
    let file = TemporaryFile()
    let first = try startedRecorder(file.path)
    #expect(throws: DumpError.taken(path: file.path)) { try startedRecorder(file.path) }
    first.tag("mine")
    first.close()
    #expect(DumpSummary(try DumpReader(path: file.path)).tags == ["mine"])
    try startedRecorder(file.path).close()
    #expect(DumpSummary(try DumpReader(path: file.path)).tags == [])
    // What is no file has room for any number.
    let devices = try (0..<2).map { _ in try startedRecorder("/dev/null") }
    for device in devices { device.close() }
  }

  @Test func aLongTagIsCut() throws {
    let file = TemporaryFile()
    let recorder = try startedRecorder(file.path)
    recorder.tag(String(repeating: "x", count: Limits.dumpTagSize - 1) + "é")
    recorder.tag(String(repeating: "y", count: Limits.dumpTagSize - 2) + "é")
    recorder.close()
    let tags = DumpSummary(try DumpReader(path: file.path)).tags
    #expect(tags.map(\.utf8.count) == [Limits.dumpTagSize - 1, Limits.dumpTagSize])
  }
}
