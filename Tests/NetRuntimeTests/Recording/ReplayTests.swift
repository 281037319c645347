import Testing

@testable import NetRuntime

@Suite struct ReplayTests {
  /// What scripts can ask of a session and its objects, as text.
  static func picture(_ session: GameSession, _ config: NetworkConfig) -> String {
    var lines = ["in \(session.isInSession) host \(session.host.map { "\($0)" } ?? "-") peers \(session.peers)"]
    lines.append("synced \(session.synchronizedPeers) \(session.synchronizingPeers) error \(session.hostError)")
    for peer in 1...8 as ClosedRange<UInt64> {
      for id in session.objects(ownedBy: PeerID(rawValue: 0xA0 + peer)) {
        let type = (try? session.objectType(of: id)) ?? -1
        let fields = config.codecs(ofObject: type).indices.map { field -> String in
          guard var reader = try? session.field(id, field: field) else { return "?" }
          var text = ""
          while reader.remainingBits > 0 { text += String(reader.read(bits: min(8, reader.remainingBits)), radix: 16) }
          return text
        }
        lines.append("\(id) type \(type) owner \(peer): \(fields)")
      }
    }
    return lines.joined(separator: "\n")
  }

  static func set(_ session: GameSession, _ config: NetworkConfig, _ id: UInt32, _ value: Int) throws {
    var bytes = [UInt8](repeating: 0, count: 64)
    try bytes.withUnsafeMutableBytes { buffer in
      for (field, codec) in config.codecs(ofObject: 0).enumerated() {
        var writer = BitWriter(buffer)
        if codec.kind == .int {
          _ = writer.writeInt(Int64(value % 1000), codec)
        } else {
          _ = writer.writeVector3(SIMD3(Float(value % 100), 1, 2), codec)
        }
        let bits = writer.bitCount
        _ = writer.flush()
        try session.setField(
          id, field: field, packed: BitReader(UnsafeRawBufferPointer(buffer), bitOffset: 0, bitCount: bits))
      }
    }
  }

  /// Plays a dump to its end.
  static func replay(
    _ world: RecordedWorld, _ index: Int, seen: (Replay) -> Void = { _ in }
  ) throws -> (events: [String], replay: Replay, warnings: [String]) {
    var warnings: [String] = []
    let runtime = NetworkRuntime(
      .init(
        transport: VirtualNetwork(seed: 1).addHost(), random: SeededRandomSource(seed: 1), now: { 0 },
        log: { if $0 == .warnings { warnings.append($1().text) } }))
    let replay = try runtime.startReplay(world.peers[index].dump.path)
    var events: [String] = []
    for _ in 0..<100_000 where !replay.isOver {
      runtime.receive(dt: 1.0 / 60)
      while let event = runtime.nextEvent() { events.append(describe(event)) }
      runtime.transmit()
      seen(replay)
    }
    #expect(replay.isOver)
    return (events, replay, warnings)
  }

  /// Events that are of others' doing, without those of the recorded peer itself.
  static func foreign(_ events: [String], _ own: PeerID) -> [String] {
    events.filter { !($0.hasPrefix("objectCreated") || $0.hasPrefix("objectDestroyed")) || !$0.contains("\(own)") }
  }

  @Test(arguments: ["peer-to-peer", "client-server"], [1, 2, 3] as [UInt64])
  func replaysShowWhatWasSeenLive(topology: String, seed: UInt64) throws {
    var faults = LinkFaults.none
    faults.loss = 0.1
    faults.latency = 0.04
    faults.jitter = 0.02
    faults.duplication = 0.05
    let schema = DumpReaderTests.schema.replacing("peer-to-peer", with: topology)
    let world = try RecordedWorld(schema, count: 3, seed: seed, faults: faults)
    try world.play()
    let random = SeededRandomSource(seed: seed)
    var created = [0, 0, 0]
    var ended = [0, 0, 0]
    try world.step(300) { index, runtime in
      guard let session = runtime.session, session.isInSession else { return }
      let own = session.objects(ownedBy: world.id(index))
      if random.next() % 10 == 0, own.count < 10 {
        _ = try session.createObject(type: 0) { _ in }
        created[index] += 1
      }
      if random.next() % 40 == 0, let last = own.last {
        try session.destroyObject(last)
        ended[index] += 1
      }
      if random.next() % 40 == 0, let first = own.first, session.exists(first) {
        try session.migrateObject(first, to: world.id((index + 1 + Int(random.next() % 2)) % 3))
        while let event = session.nextMigrationEvent() { world.peers[index].events.append(describe(event)) }
      }
      for id in session.objects(ownedBy: world.id(index)) where random.next() % 3 == 0 {
        try Self.set(session, world.config, id, Int(random.next() % 1000))
      }
      if random.next() % 5 == 0 {
        let name = world.config.messageIndex(named: "hit") ?? 0
        var message = try runtime.beginMessage(name)
        _ = message.writeInt(Int64(random.next() % 1000), world.config.codecs(ofMessage: name)[0])
        try runtime.send(message, index: name, to: world.id((index + 1 + Int(random.next() % 2)) % 3))
      }
    }
    world.step(60)
    let live = world.peers.map { Self.picture($0.runtime.session!, world.config) }
    world.finish()
    for index in world.peers.indices {
      var last = ""
      let result = try Self.replay(world, index) { if !$0.isOver { last = Self.picture($0.session, world.config) } }
      #expect(last == live[index])
      #expect(result.warnings == [])
      let own = world.id(index)
      #expect(Self.foreign(result.events, own) == Self.foreign(world.peers[index].events, own))
      #expect(result.events.count { $0.hasPrefix("objectCreated") && $0.contains("\(own)") } == created[index])
      #expect(result.events.count { $0.hasPrefix("objectDestroyed") && $0.contains("\(own)") } == ended[index])
    }
  }

  @Test func aLoneHostsObjectsAreSeen() throws {
    let world = try RecordedWorld(DumpReaderTests.schema, count: 2)
    try world.meet()
    let session = try world.peers[0].runtime.createSession()
    try session.makeHost()
    let kept = try session.createObject(type: 0) { _ in }
    let gone = try session.createObject(type: 0) { _ in }
    try session.destroyObject(gone)
    for value in 1...50 {
      try Self.set(session, world.config, kept, value)
      world.step()
    }
    world.step(60)
    let live = Self.picture(session, world.config)
    world.finish()
    var last = ""
    let result = try Self.replay(world, 0) { if !$0.isOver { last = Self.picture($0.session, world.config) } }
    #expect(last == live)
    #expect(
      result.events == [
        "objectCreated(\(kept), creator: \(world.id(0)))", "objectCreated(\(gone), creator: \(world.id(0)))",
        "objectDestroyed(\(gone), destroyer: \(world.id(0)))",
      ])
  }

  @Test func severalSessionsFollowOneAnother() throws {
    let world = try RecordedWorld(DumpReaderTests.schema, count: 2)
    try world.play()
    _ = try world.peers[0].runtime.session?.createObject(type: 0) { _ in }
    _ = try world.peers[1].runtime.session?.createObject(type: 0) { _ in }
    world.step(30)
    for peer in world.peers { peer.runtime.endSession() }
    world.step(30)
    for peer in world.peers { _ = try peer.runtime.createSession() }
    try world.peers[0].runtime.session?.makeHost()
    try world.peers[0].runtime.session?.addPeer(world.id(1))
    world.step(30)
    let id = try world.peers[1].runtime.session?.createObject(type: 0) { _ in }
    world.step(30)
    let live = world.peers.map { Self.picture($0.runtime.session!, world.config) }
    world.finish()
    for index in 0...1 {
      var last = ""
      let result = try Self.replay(world, index) { if !$0.isOver { last = Self.picture($0.session, world.config) } }
      #expect(last == live[index])
      #expect(result.events.count { $0.hasPrefix("objectCreated") } == 3)
      #expect(result.events.contains { $0.hasPrefix("objectCreated(\(id!),") })
      #expect(!result.replay.session.isInSession)
    }
  }

  @Test func whatDidNotLeaveForTheLastMemberIsSeen() throws {
    let world = try RecordedWorld(DumpReaderTests.schema, count: 2)
    try world.play()
    let session = try #require(world.peers[0].runtime.session)
    let old = try session.createObject(type: 0) { _ in }
    world.step(30)
    // Queued for the member, which is gone before the next transmit.
    let id = try session.createObject(type: 0) { _ in }
    try Self.set(session, world.config, id, 7)
    try Self.set(session, world.config, old, 8)
    try session.removePeer(world.id(1))
    world.step(60)
    let live = Self.picture(session, world.config)
    world.finish()
    var last = ""
    _ = try Self.replay(world, 0) { if !$0.isOver { last = Self.picture($0.session, world.config) } }
    #expect(last == live)
  }

  @Test func aReceiveWindowThatSettingsMadeWiderIsFollowed() throws {
    let faults = LinkFaults(latency: 0.1, jitter: 0.02, loss: 0.2)
    let schema = trafficSchema("peer-to-peer") + "\nreliable_receive_buffer_size = 2048"
    let world = try RecordedWorld(schema, count: 2, faults: faults, bufferSize: 256 * 1024)
    try world.meet()
    world.step(240)
    var sent = 0
    try world.step(300) { index, runtime in
      guard index == 0, sent < 100 else { return }
      let shout = try #require(world.config.messageIndex(named: "shout"))
      var message = try runtime.beginMessage(shout)
      let text = FieldValue.string([UInt8](repeating: UInt8(sent), count: 1000))
      #expect(text.encode(to: &message, world.config.messages[shout].arguments[0].codec).wrote)
      try runtime.send(message, index: shout, to: world.id(1))
      sent += 1
    }
    world.step(300)
    world.finish()
    let result = try Self.replay(world, 1)
    let live = world.peers[1].events.filter { $0.hasPrefix("message") }
    #expect(live.count == 100)
    #expect(result.events.filter { $0.hasPrefix("message") } == live)
    #expect(result.warnings == [])
  }

  @Test func reliableDataThatCannotBeFollowedIsToldOnce() {
    var warnings: [String] = []
    let links = ReplayLinks(localPeer: PeerID(rawValue: 0xA1), window: 2048) {
      if $0 == .warnings { warnings.append($1().text) }
    }
    links.open(0, PeerID(rawValue: 0xA2), isKnown: true)
    // Two pieces whose messages have no length that is one.
    for offset in [0, 4] as [UInt8] {
      let frames = [UInt8](repeating: 0, count: 12) + [1, offset, 0, 0, 0, 4, 0, 0xFF, 0xFF, 0xFF, 0xFF]
      frames.withUnsafeBytes {
        links.take(DumpPacket(direction: .received, link: 0, peer: PeerID(rawValue: 0xA2), sequence: 1, body: $0)) {
          _ in
        }
      }
    }
    #expect(
      warnings == ["the replay loses messages between peers a2 and a1: length of a message takes over three bytes"])
  }

  @Test func aSessionThatNothingHappenedToIsNotMadeAnew() throws {
    let file = TemporaryFile()
    let recorder = try startedRecorder(file.path)
    recorder.beginReceive(dt: 0, at: 0)
    for _ in 0..<50 { recorder.called(.create) }
    recorder.called(.makeHost(session: 7))
    for _ in 0..<50 { recorder.called(.create) }
    recorder.close()
    let runtime = NetworkRuntime(
      .init(
        transport: VirtualNetwork(seed: 1).addHost(), random: SeededRandomSource(seed: 1), now: { 0 },
        log: { _, _ in }))
    let replay = try runtime.startReplay(file.path)
    var renewals = 0
    replay.sessionChanged = { _ in renewals += 1 }
    for _ in 0..<10 where !replay.isOver {
      runtime.receive(dt: 1)
      while runtime.nextEvent() != nil {}
      runtime.transmit()
    }
    #expect(replay.isOver)
    #expect(renewals == 1)
  }

  @Test func theFirstSessionMayBeALaterClients() throws {
    let world = try RecordedWorld(DumpReaderTests.schema, count: 2)
    let runtime = world.peers[0].runtime
    try runtime.stopClient()
    world.step(300)
    try runtime.startLAN(config: world.config, peer: world.id(0))
    try world.play()
    _ = try world.peers[1].runtime.session?.createObject(type: 0) { _ in }
    world.step(60)
    let live = Self.picture(try #require(runtime.session), world.config)
    #expect(live.contains("owner 2"))
    world.finish()
    var last = ""
    _ = try Self.replay(world, 0) { if !$0.isOver { last = Self.picture($0.session, world.config) } }
    #expect(last == live)
  }
}
