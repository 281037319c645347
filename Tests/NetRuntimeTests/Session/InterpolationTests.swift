import Glibc
import Testing

@testable import NetRuntime

@Suite struct InterpolationTests {
  static let schema = """
    network_type = "TOPOLOGY"
    types = {
      place = { type = "vector3" min = -1000 max = 1000 bits = 24 interpolated = true interpolation_threshold = 20 }
      angle = { type = "float" interpolated = true }
      facing = { type = "quaternion" interpolated = true }
      step = { type = "int" min = 0 max = 100000 interpolated = true }
      flag = { type = "bool" interpolated = true }
      name = { type = "string" interpolated = true }
    }
    objects = {
      mover = { fields = [
        { name = "place" type = "place" } { name = "angle" type = "angle" } { name = "facing" type = "facing" }
        { name = "step" type = "step" } { name = "flag" type = "flag" } { name = "name" type = "name" }
        { name = "raw" type = "float" } ] }
    }
    """
  static let frame = 1.0 / 30

  /// A session in which peer 0 owns a mover, and what peer 1 sees of it.
  private final class Fixture {
    let net: SessionTestWorld
    let id: UInt32
    let reader: Int
    var time = 0.0
    var seen: [Double] = []
    var raw: [Double] = []

    init(_ count: Int = 2, clientServer: Bool = false, owner: Int = 0, seed: UInt64 = 1) throws {
      net = try SessionTestWorld.joined(
        count, clientServer: clientServer, seed: seed, schema: InterpolationTests.schema)
      reader = count - 1
      id = try net[owner].game.create("mover")
      let done = try net.step(until: { [net, id, reader] in try net[reader].game.exists(id) })
      #expect(done)
      net.step(10)
    }

    func components(_ field: String) throws -> SIMD4<Double> {
      let game = try net[reader].game
      let place = try #require(game.config.objects[0].fieldIndex(named: field))
      switch try game.reading(id, field: place) {
      case .smooth(let value): return value
      case .packed(var reader): return reader.readComponents(game.config.objects[0].fields[place].type.codec)
      }
    }

    func isSettled(_ field: String) throws -> Bool {
      let game = try net[reader].game
      let place = try #require(game.config.objects[0].fieldIndex(named: field))
      if case .packed = try game.reading(id, field: place) { return true }
      return false
    }

    /// Moves x of the owner's place as a function of time says, and records what the reader sees.
    func play(_ seconds: Double, _ x: (Double) -> Double) throws {
      for _ in 0..<Int((seconds / InterpolationTests.frame).rounded()) {
        time += InterpolationTests.frame
        try net[0].game.set(id, "place", .vector3([Float(x(time)), 0, 0]))
        net.step()
        seen.append(try components("place").x)
        if case .vector3(let value)? = try net[reader].game.get(id, "place") { raw.append(Double(value.x)) }
      }
    }
  }

  /// The largest change of speed between two frames, per frame and frame.
  private func acceleration(_ values: [Double]) -> Double {
    let steps = zip(values.dropFirst(), values).map { $0 - $1 }
    return zip(steps.dropFirst(), steps).map { abs($0 - $1) }.max() ?? 0
  }

  /// The mean square of the changes of speed, its root.
  private func roughness(_ values: [Double]) -> Double {
    let steps = zip(values.dropFirst(), values).map { $0 - $1 }
    let changes = zip(steps.dropFirst(), steps).map { ($0 - $1) * ($0 - $1) }
    return (changes.reduce(0, +) / Double(changes.count)).squareRoot()
  }

  private func step(_ values: [Double]) -> Double {
    zip(values.dropFirst(), values).map { abs($0 - $1) }.max() ?? 0
  }

  @Test(arguments: [false, true], [1, 2, 3] as [UInt64])
  func jitterAndLossAreSmoothed(clientServer: Bool, seed: UInt64) throws {
    let fixture = try Fixture(clientServer: clientServer, seed: seed)
    fixture.net.latency = 0.02...0.08
    fixture.net.loss = 0.02
    try fixture.play(1) { 20 * $0 }
    (fixture.seen, fixture.raw) = ([], [])
    try fixture.play(10) { 20 * $0 }
    // Raw values stand still for frames and then catch up. Smooth ones may wait for a frame where a packet was lost and
    // the next one late, and then make a third more way a frame.
    #expect(acceleration(fixture.seen) < acceleration(fixture.raw) / 2)
    #expect(
      roughness(fixture.seen) < roughness(fixture.raw) / 6, "\(roughness(fixture.seen)), \(roughness(fixture.raw))")
    #expect(step(fixture.seen) < 20 * Self.frame * 1.4)
  }

  @Test(arguments: [0.1, 0.25, 0.5]) func whatIsSeenIsAsOldAsTheLagSays(lag: Double) throws {
    let fixture = try Fixture()
    fixture.net.latency = 0.05...0.05
    fixture.net.loss = 0
    try fixture.net[1].game.setInterpolationLag(lag)
    try fixture.play(8) { 10 * $0 }
    // Sent at the end of a frame, 50 ms on the way, looked at two frames later.
    let expected = fixture.time - 2 * Self.frame - lag
    #expect(abs(try fixture.components("place").x / 10 - expected) < 0.002)
    #expect(step(Array(fixture.seen.suffix(60))) < 10 * Self.frame * 1.01)
  }

  @Test func whatComesToRestSettlesOnTheLastBit() throws {
    let fixture = try Fixture(seed: 5)
    try fixture.play(3) { 7 * sin($0 * 3) }
    try fixture.net[0].game.set(fixture.id, "angle", .float(0.1))
    try fixture.net[0].game.set(fixture.id, "facing", .quaternion([0.1, 0.2, 0.3, 0.9]))
    #expect(try !fixture.isSettled("place"))
    fixture.net.step(45)
    for field in ["place", "angle", "facing", "step"] { #expect(try fixture.isSettled(field), "\(field)") }
    #expect(try fixture.net[1].game.snapshot() == fixture.net[0].game.snapshot())
  }

  @Test func aRestIsNoSlowMotion() throws {
    let fixture = try Fixture()
    fixture.net.loss = 0
    try fixture.net[1].game.setInterpolationLag(1)
    try fixture.play(0.5) { _ in 5 }
    fixture.net.step(24)
    fixture.seen = []
    try fixture.play(0.1) { _ in 10 }
    for _ in 0..<60 {
      fixture.net.step()
      fixture.seen.append(try fixture.components("place").x)
    }
    let between = fixture.seen.filter { $0 > 5.01 && $0 < 9.99 }
    #expect(between.count <= 4, "\(between)")
    #expect(abs((fixture.seen.last ?? 0) - 10) < 0.001)
  }

  @Test func aJumpOverTheThresholdIsSeenAtOnce() throws {
    let fixture = try Fixture()
    fixture.net.loss = 0
    try fixture.play(1) { 10 * $0 }
    fixture.seen = []
    try fixture.play(1) { 10 * $0 + 100 }
    let jumps = (1..<fixture.seen.count).filter { abs(fixture.seen[$0] - fixture.seen[$0 - 1]) > 1 }
    #expect(jumps.count == 1, "\(fixture.seen)")
    // The jump waits for its time: the lag stays.
    #expect(jumps.first ?? 0 >= 4)
  }

  @Test(arguments: [0.15, 0.3, 0.6]) func aHoleHoldsAndIsCaughtUpSmoothly(seconds: Double) throws {
    let fixture = try Fixture()
    fixture.net.latency = 0.03...0.03
    fixture.net.loss = 0
    try fixture.play(2) { 10 * $0 }
    fixture.net.cut = [[fixture.net[0].id, fixture.net[1].id]]
    try fixture.play(seconds) { 10 * $0 }
    fixture.net.cut = []
    try fixture.play(1.5) { 10 * $0 }
    let tail = Array(fixture.seen.dropFirst(30))
    #expect((1..<tail.count).allSatisfy { tail[$0] >= tail[$0 - 1] - 0.001 }, "never backwards")
    // What was missed is caught up over the lag or longer, and never in one frame.
    #expect(step(tail) < 10 * Self.frame + 10 * seconds * 0.45, "\(step(tail))")
    #expect(abs((tail.last ?? 0) / 10 - (fixture.time - Self.frame - 0.1)) < 0.002)
  }

  @Test func withoutALagValuesAreReadAsTheyCome() throws {
    let fixture = try Fixture()
    try fixture.net[1].game.setInterpolationLag(0)
    try fixture.play(2) { 10 * $0 }
    #expect(fixture.seen == fixture.raw)
    for bad in [-0.1, 2.1, .nan, .infinity] {
      #expect(throws: SessionError.self) { try fixture.net[1].game.setInterpolationLag(bad) }
    }
  }

  @Test func ownersAndOtherTypesReadTheNewestValue() throws {
    let fixture = try Fixture()
    try fixture.play(1) { 10 * $0 }
    let place = try #require(fixture.net[0].game.config.objects[0].fieldIndex(named: "place"))
    if case .smooth = try fixture.net[0].game.reading(fixture.id, field: place) { Issue.record("smooth for the owner") }
    try fixture.net[0].game.set(fixture.id, "raw", .float(3))
    try fixture.net[0].game.set(fixture.id, "name", .string(Array("ann".utf8)))
    fixture.net.step(20)
    #expect(try fixture.components("raw").x == 3)
    #expect(try fixture.net[1].game.get(fixture.id, "name") == .string(Array("ann".utf8)))
  }

  @Test func eachKindHasItsWayBetween() throws {
    let fixture = try Fixture()
    fixture.net.latency = 0.01...0.01
    fixture.net.loss = 0
    var flips = 0
    var turned: [Double] = []
    for index in 0..<90 {
      let game = try fixture.net[0].game
      let angle = Float(index) * 0.03
      try game.set(fixture.id, "facing", .quaternion([0, 0, sinf(angle / 2), cosf(angle / 2)]))
      try game.set(fixture.id, "step", .int(Int64(index * 100)))
      try game.set(fixture.id, "flag", .bool(index >= 45))
      fixture.net.step()
      guard index > 20 else { continue }
      let step = try fixture.components("step").x
      #expect(step == step.rounded() && step < Double(index) * 100)
      let facing = try fixture.components("facing")
      #expect(abs((facing * facing).sum() - 1) < 1e-5)
      turned.append(2 * atan2(facing.z, facing.w))
      let flag = try #require(game.config.objects[0].fieldIndex(named: "flag"))
      guard case .packed(var bit) = try fixture.net[1].game.reading(fixture.id, field: flag) else { continue }
      if bit.readBool(), flips == 0 { flips = index }
    }
    // The flag waits for its time with the rest: four frames of lag at most, and its packet's.
    #expect(flips > 46 && flips <= 50, "\(flips)")
    #expect((1..<turned.count).allSatisfy { abs(turned[$0] - turned[$0 - 1] - 0.03) < 0.006 }, "\(turned)")
  }

  @Test func anOwnerThatPausesMovesOnFromWhereItStood() throws {
    let fixture = try Fixture()
    fixture.net.loss = 0
    try fixture.play(2) { 10 * $0 }
    let paused = fixture.time
    try fixture.play(3) { _ in 10 * paused }
    #expect(try fixture.isSettled("place"))
    fixture.seen = []
    try fixture.play(2) { 10 * ($0 - 3) }
    #expect(step(fixture.seen) < 10 * Self.frame * 1.6)
  }

  @Test func aLateJoinerSeesTheSame() throws {
    let net = try SessionTestWorld(peers: 3, schema: Self.schema)
    for index in 0..<3 { net.createSession(index) }
    net.loss = 0
    net.latency = 0.05...0.05
    try net[0].game.makeHost()
    try net[0].game.addPeer(net[1].id)
    let id = try net[0].game.create("mover")
    var time = 0.0
    var seen: [[Double]] = [[], []]
    for index in 0..<150 {
      time += Self.frame
      if index == 60 { try net[0].game.addPeer(net[2].id) }
      try net[0].game.set(id, "place", .vector3([Float(time * 10), 0, 0]))
      net.step()
      guard index > 120 else { continue }
      for reader in 1...2 {
        if case .smooth(let value) = try net[reader].game.reading(id, field: 0) { seen[reader - 1].append(value.x) }
      }
    }
    #expect(seen[0].count == 29)
    #expect(zip(seen[0], seen[1]).allSatisfy { abs($0 - $1) < 0.01 })
  }

  @Test(arguments: [false, true]) func anObjectThatChangesHandsMovesOn(clientServer: Bool) throws {
    let fixture = try Fixture(3, clientServer: clientServer)
    fixture.net.loss = 0
    try fixture.play(2) { 10 * $0 }
    fixture.seen = []
    try fixture.net[0].game.migrateObject(fixture.id, to: fixture.net[1].id)
    for _ in 0..<90 {
      fixture.time += Self.frame
      if try fixture.net[1].game.owner(of: fixture.id) == fixture.net[1].id {
        try fixture.net[1].game.set(fixture.id, "place", .vector3([Float(10 * fixture.time), 0, 0]))
      }
      fixture.net.step()
      fixture.seen.append(try fixture.components("place").x)
    }
    #expect(step(fixture.seen) < 10 * Self.frame * 4, "\(fixture.seen)")
    #expect((fixture.seen.last ?? 0) / 10 > fixture.time - 0.4)
  }

  @Test func aNewObjectStandsWhereItWasCreated() throws {
    let fixture = try Fixture()
    try fixture.play(1) { 10 * $0 }
    let id = try fixture.net[0].game.create("mover", [("place", .vector3([15, 0, 0]))])
    for _ in 0..<30 {
      fixture.net.step()
      guard try fixture.net[1].game.exists(id) else { continue }
      switch try fixture.net[1].game.reading(id, field: 0) {
      case .packed(var reader):
        #expect(abs(reader.readComponents(fixture.net.config.codecs(ofObject: 0)[0]).x - 15) < 0.001)
      case .smooth(let value): Issue.record("it moves: \(value)")
      }
    }
  }

  @Test func aHistoryHoldsSoManyValues() throws {
    let fixture = try Fixture()
    fixture.net.loss = 0
    fixture.net.latency = 0.01...0.01
    try fixture.net[1].game.setInterpolationLag(2)
    try fixture.play(8) { 10 * $0 }
    let game = try fixture.net[1].game
    let row = try #require(game.table.row(of: fixture.id))
    let history = InterpolationHistory(game.table.cell(row, 0))
    #expect(history.count > Limits.interpolationSamples - 3 && history.count <= Limits.interpolationSamples)
    #expect(abs(try fixture.components("place").x / 10 - (fixture.time - Self.frame - 2)) < Self.frame)
    #expect(step(Array(fixture.seen.suffix(60))) < 10 * Self.frame * 1.05)
  }

  @Test func anotherSendersValuesGoOnFromWhatIsSeen() throws {
    let config = try NetworkConfig.parse(
      Self.schema.split(separator: "TOPOLOGY").joined(separator: "client-server"), file: "test")
    let table = ObjectTable(ObjectLayouts(config))
    let row = try #require(
      table.insert(
        id: 1, type: 0, owner: ObjectOwner(slot: 1, peer: PeerID(rawValue: 1), join: 1), version: ObjectVersion()))
    let place = try #require(config.objects[0].fieldIndex(named: "angle"))
    let cell = table.cell(row, place)
    let history = InterpolationHistory(cell)
    func take(_ x: Float, time: UInt64, sender: UInt8, playing position: Double?) {
      var bits = UInt64(x.bitPattern).littleEndian
      withUnsafeBytes(of: &bits) { _ = cell.store(BitReader($0, bitOffset: 0, bitCount: 32)) }
      cell.time = time
      cell.bumpVersion()
      history.record(cell, sender: sender, playing: position, interval: 500, settling: 1000)
    }
    func see(_ position: Double) -> Double {
      switch history.value(at: position, settling: 1000) {
      case .smooth(let value): return value.x
      case .packed(var reader): return reader.readFloat(FieldCodec.exactFloat)
      }
    }
    for index in 1...20 {
      let time = UInt64(index) * 300
      take(Float(time), time: time, sender: 1, playing: Double(time) - 1000)
    }
    #expect(abs(see(5000) - 5000) < 0.01)
    // The new sender's clock shows another time, and its first value is the newest that there is.
    #expect(!history.isCurrent(cell, sender: 2))
    take(6300, time: 100, sender: 2, playing: -900)
    #expect(abs(see(-900) - 5000) < 0.01)
    #expect(abs(see(-400) - 5650) < 0.01)
    #expect(see(100) == 6300)
    // Set by this peer itself meanwhile: there is nothing to go on from.
    cell.bumpVersion()
    #expect(!history.isCurrent(cell, sender: 2))
    take(9000, time: 200, sender: 2, playing: 150)
    #expect(see(150) == 9000)
  }

  // MARK: The clock

  @Test func theClockFollowsTheFastestPackets() throws {
    var clock = InterpolationClock()
    let random = SeededRandomSource(seed: 4)
    var worst = 0.0
    for frame in 1...3000 {
      let now = Double(frame) * 160
      // This sender's clock is ahead by 5,000 s and gains 100 parts in a million.
      let sent = now * 1.0001 + 5e7
      clock.arrived(UInt64(sent - 300 - 500 * random.nextUnit()), at: now)
      clock.advance(by: 160, at: now, lag: 1000)
      guard frame > 300, let position = clock.position else { continue }
      worst = max(worst, abs(position - (sent - 300 - 1000)))
    }
    // In ticks of 0.1 ms: the drift of two windows, and how near the fastest packets come.
    #expect(worst < 20, "\(worst)")
  }

  @Test func theClockStandsStillWithoutTime() throws {
    var clock = InterpolationClock()
    clock.arrived(10_000, at: 500)
    clock.advance(by: 0, at: 500, lag: 1000)
    #expect(clock.position == 9000)
    for frame in 1...10 { clock.advance(by: 0, at: 500 + Double(frame) * 160, lag: 1000) }
    #expect(clock.position == 9000)
    var last = 9000.0
    for frame in 11...200 {
      clock.advance(by: 160, at: 500 + Double(frame) * 160, lag: 1000)
      let position = try #require(clock.position)
      #expect(position - last >= 160 && position - last <= 320.001)
      last = position
    }
    #expect(abs(last - (9000 + 200 * 160)) < 1)
    // Long after, there is nothing to catch up with.
    clock.advance(by: 160, at: 100_000, lag: 1000)
    #expect(abs(try #require(clock.position) - 108_500) < 1)
  }
}
