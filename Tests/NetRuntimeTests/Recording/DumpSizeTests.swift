import CAllocationCounter
import Testing

@testable import NetRuntime

@Suite struct DumpSizeTests {
  static let schema = """
    types = {
      place = { type = "vector3" min = -500 max = 500 bits = 18 }
      facing = { type = "quaternion" bits = 32 }
      health = { type = "int" min = 0 max = 1000 }
    }
    messages = { hit = { args = ["health"] reliable = true } }
    objects = {
      enemy = { fields = [ { name = "at" type = "place" } { name = "facing" type = "facing" }
        { name = "health" type = "health" } ] }
    }
    """

  /// What a dump may take: 1.2 times the wire and a kilobyte a second, its start not counted.
  private static func limit(_ world: RecordedWorld, _ index: Int, seconds: Double) -> Double {
    let start = DumpFormat.headerSize + world.config.source.count + world.config.canonicalText.utf8.count + 32
    return Double(world.peers[index].wire.bytes) * 1.2 + seconds * 1000 + Double(start)
  }

  private static func change(_ session: GameSession, _ config: NetworkConfig, _ id: UInt32, _ value: Int) throws {
    var bytes = [UInt8](repeating: 0, count: 64)
    try bytes.withUnsafeMutableBytes { buffer in
      var writer = BitWriter(buffer)
      _ = writer.writeVector3(SIMD3(Float(value % 500), Float(value % 7), 1), config.codecs(ofObject: 0)[0])
      let bits = writer.bitCount
      _ = writer.flush()
      try session.setField(
        id, field: 0, packed: BitReader(UnsafeRawBufferPointer(buffer), bitOffset: 0, bitCount: bits))
    }
  }

  @Test(arguments: ["peer-to-peer", "client-server"])
  func aBusyGameKeepsWithinItsBudget(topology: String) throws {
    let world = try RecordedWorld("network_type = \"\(topology)\"\n" + Self.schema, count: 4)
    try world.play()
    var objects = [[UInt32]](repeating: [], count: 4)
    var value = 0
    try world.step(600) { index, runtime in
      guard let session = runtime.session else { return }
      while objects[index].count < 20 { objects[index].append(try session.createObject(type: 0) { _ in }) }
      for id in objects[index] {
        value += 1
        try Self.change(session, world.config, id, value)
      }
      if value % 7 == 0 {
        var message = try runtime.beginMessage(0)
        _ = message.writeInt(5, world.config.codecs(ofMessage: 0)[0])
        try runtime.send(message, index: 0, to: world.id((index + 1) % 4))
      }
    }
    world.finish()
    for index in world.peers.indices {
      let size = Double(world.peers[index].dump.bytes.count)
      #expect(size < Self.limit(world, index, seconds: world.network.now))
    }
  }

  @Test func nobodysTrafficCostsLittle() throws {
    let world = try RecordedWorld("network_type = \"peer-to-peer\"\n" + Self.schema, count: 1)
    let session = try world.peers[0].runtime.createSession()
    try session.makeHost()
    let objects = try (0..<50).map { _ in try session.createObject(type: 0) { _ in } }
    world.step(60)
    let start = world.peers[0].dump.bytes.count
    let time = world.network.now
    var value = 0
    try world.step(600) { _, _ in
      for id in objects {
        value += 1
        try Self.change(session, world.config, id, value)
      }
    }
    let seconds = world.network.now - time
    let bytes = world.peers[0].dump.bytes.count - start
    #expect(Double(bytes) < seconds * 1000)
    // Still, values are told.
    #expect(Double(bytes) > seconds * 700)
    world.finish()
    let idle = try RecordedWorld("network_type = \"peer-to-peer\"\n" + Self.schema, count: 1)
    idle.step(60)
    let before = idle.peers[0].dump.bytes.count
    idle.step(60)
    #expect(idle.peers[0].dump.bytes.count - before <= 60 * 12)
  }

  @Test(.enabled(if: isOptimised, "counts in release only"))
  func recordingAPacketAllocatesNothing() throws {
    let file = TemporaryFile()
    let recorder = try startedRecorder(file.path)
    let link = LinkID(index: 3, generation: 1)
    let peer = PeerID(rawValue: 7)
    recorder.opened(link, peer, isKnown: true)
    let body = UnsafeMutableRawBufferPointer.allocate(byteCount: 600, alignment: 8)
    body.initializeMemory(as: UInt8.self, repeating: 5)
    defer { body.deallocate() }
    func frames(_ count: ClosedRange<UInt64>) {
      for number in count {
        recorder.beginReceive(dt: 1.0 / 60, at: Double(number) / 60)
        recorder.packet(.received, link, peer, sequence: number, body: UnsafeRawBufferPointer(body))
        recorder.beginTransmit()
        recorder.packet(.sent, link, peer, sequence: number, body: UnsafeRawBufferPointer(body))
        recorder.endFrame()
      }
    }
    frames(1...10)
    let before = allocation_count()
    frames(11...1010)
    #expect(allocation_count() - before == 0)
    recorder.close()
    #expect(DumpSummary(try DumpReader(path: file.path)).wire[0] == 1010 * 625)
  }

  @Test func aFullDiskEndsTheRecordingAndNotTheGame() throws {
    let box = Box()
    let recorder = try startedRecorder("/dev/full") { level, line in
      if level == .warnings { box.warnings.append(line().text) }
    }
    for number in 1...3 {
      recorder.beginReceive(dt: 0.1, at: 0.1 * Double(number))
      recorder.endFrame()
    }
    #expect(!recorder.isRecording)
    recorder.tag("y")
    recorder.close()
    #expect(box.warnings == ["recording to /dev/full ended: No space left on device"])
  }

  private final class Box { var warnings: [String] = [] }
}
