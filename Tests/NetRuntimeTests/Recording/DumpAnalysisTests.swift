import Testing

@testable import NetRuntime

/// Games on a bad network, and where their bits went.
@Suite struct DumpAnalysisTests {
  /// Plays; counts the messages that each peer sends by name.
  private func play(_ world: RecordedWorld) throws -> [[String: Int]] {
    var sent = Array(repeating: [String: Int](), count: world.peers.count)
    var own: [Int: UInt32] = [:]
    var signs: [Int: UInt32] = [:]
    let late = world.peers.count - 1
    for round in 0..<300 {
      if round == 150 { try world.peers[0].runtime.session?.addPeer(world.id(late)) }
      try world.step(1) { index, runtime in
        guard let session = runtime.session, session.isInSession else { return }
        if own[index] == nil {
          own[index] = try session.create("pawn", [("points", .int(Int64(index)))])
          signs[index] = try session.create("sign", [("text", .string(Array(repeating: 65, count: 20)))])
        }
        try session.set(try #require(own[index]), "at", .vector3(SIMD3(Float(round % 90), Float(index), 1)))
        if round % 50 == 7, let sign = signs[index] {
          let text = [UInt8](repeating: UInt8(65 + round % 20), count: 30 * (index + 1) * (round / 50))
          try session.set(sign, "text", .string(text))
        }
        if round == 220, index == 1, let sign = signs.removeValue(forKey: index) { try session.destroyObject(sign) }
        if round == 230, index == 2, let sign = signs.removeValue(forKey: index) {
          try session.migrateObject(sign, to: world.id(0))
        }
        for peer in session.otherPeers where round % 5 == index % 5 {
          let name = ["hit", "look", "shout"][(round / 5 + index) % 3]
          try runtime.send(name, to: peer, world.config)
          sent[index][name, default: 0] += 1
        }
      }
    }
    for peer in world.peers { try peer.runtime.stopClient() }
    world.step(240)
    world.finish()
    return sent
  }

  @Test(arguments: ["peer-to-peer", "client-server"], [1, 2, 3] as [UInt64])
  func everyBitOfAGameIsBooked(topology: String, seed: UInt64) throws {
    let faults = LinkFaults(latency: 0.04, jitter: 0.02, loss: 0.1, duplication: 0.1, reordering: 0.1)
    let world = try RecordedWorld(trafficSchema(topology), count: 4, seed: seed, faults: faults)
    try world.meet()
    for peer in world.peers { _ = try peer.runtime.createSession() }
    try world.peers[0].runtime.session?.makeHost()
    for index in 1...2 { try world.peers[0].runtime.session?.addPeer(world.id(index)) }
    world.step(60)
    let sent = try play(world)
    for (index, peer) in world.peers.enumerated() {
      let analysis = try DumpAnalysis(try DumpReader(path: peer.dump.path), title: "game")
      try expectWhole(analysis, peer.wire)
      #expect(analysis.facts.remarks.isEmpty)
      #expect(analysis.facts.recorder == world.id(index))
      let audit = analysis.audit
      let page = audit.ledger.sum()
      #expect(page.bits[audit.accounts.overhead(.unreadable)] == 0)
      #expect(page.bits[audit.accounts.unknownObjects] == 0)
      #expect(page.bits[audit.accounts.overhead(.discarded)] > 0)
      #expect(page.bits[audit.accounts.resends] > 0)
      let sign = try #require(world.config.objectIndex(named: "sign"))
      if index == 2 { #expect(page.counts[audit.accounts.object(sign, .ownership)] > 0) }
      // In client-server topology the host sends what it passes on, too.
      guard topology == "peer-to-peer" || index > 0 else { continue }
      for name in ["hit", "shout"] {
        let message = try #require(world.config.messageIndex(named: name))
        let count = audit.ledger.sum(direction: .sent).counts[audit.accounts.messageHead(message)]
        #expect(count == sent[index][name, default: 0])
      }
    }
  }

  @Test func aTapTellsTheSameAsADump() throws {
    let world = try RecordedWorld(trafficSchema("peer-to-peer"), count: 2)
    let network = world.network
    let audit = TrafficAudit(world.config, keepsTimes: false)
    let tap = TrafficTap(audit, now: { network.now })
    world.peers[1].runtime.tap = tap
    try world.play()
    world.step(30)
    #expect(audit.waitingBits == 0)
    #expect(audit.ledger.sum().bits.reduce(0, +) == world.peers[1].wire.bytes * 8)
  }

  @Test func aDumpThatWasCutOffIsReadAsFarAsItIsWhole() throws {
    let world = try RecordedWorld(trafficSchema("peer-to-peer"), count: 2)
    try world.play()
    world.peers[0].recorder?.tag("the end")
    world.step(5)
    world.finish()
    let bytes = world.peers[0].dump.bytes
    let whole = try DumpAnalysis(try DumpReader(bytes: bytes), title: "whole")
    #expect(whole.facts.tags.map(\.text) == ["the end"])
    #expect(abs((whole.facts.tags.first?.time ?? 0) - 2) < 0.05)
    let cut = try DumpAnalysis(try DumpReader(bytes: Array(bytes.dropLast(3))), title: "cut")
    #expect(cut.facts.remarks.count == 1 && cut.facts.remarks[0].contains("in the middle of a frame"))
    #expect(cut.audit.ledger.sum().bits.reduce(0, +) == cut.audit.ledger.sum().wireBits)
    var damaged = bytes
    damaged[bytes.count / 2] ^= 0x55
    let half = try DumpAnalysis(try DumpReader(bytes: damaged), title: "half")
    #expect(half.facts.remarks.count == 1)
    #expect(half.audit.ledger.sum().bits.reduce(0, +) == half.audit.ledger.sum().wireBits)
    let bare = Array(bytes.prefix(DumpFormat.headerSize))
    #expect(throws: DumpError.empty(path: "bare")) {
      try DumpAnalysis(try DumpReader(bytes: bare, path: "bare"), title: "bare")
    }
  }

  @Test func packetsOfALinkThatWasNeverOpenedAreUnreadable() throws {
    let file = TemporaryFile()
    let recorder = try startedRecorder(file.path)
    let body = [UInt8](repeating: 0, count: 12) + [4, 0, 0]
    recorder.opened(LinkID(index: 0, generation: 1), PeerID(rawValue: 2), isKnown: true)
    body.withUnsafeBytes {
      recorder.packet(.sent, LinkID(index: 0, generation: 1), PeerID(rawValue: 2), sequence: 1, body: $0)
    }
    recorder.close()
    var bytes = file.bytes
    // The same, with a record that opens another link.
    let place = try #require(bytes.firstRange(of: [DumpFormat.Kind.linkOpened.rawValue, 0, 2, 0])).lowerBound
    bytes[place + 1] = 9
    var head = try DumpDamageTests.starts(file.bytes)
    let end = head.removeLast()
    var payload = try #require(head.last)
    while bytes[payload] >= 0x80 { payload += 1 }
    payload += 5
    let crc = CRC32()
    defer { crc.destroy() }
    let checksum = bytes[payload..<end].withUnsafeBytes { crc.checksum($0) }
    for index in 0..<4 { bytes[payload - 4 + index] = UInt8(truncatingIfNeeded: checksum >> (8 * index)) }
    for (bytes, unreadable) in [(file.bytes, 0), (bytes, 31 * 8)] {
      let audit = try DumpAnalysis(try DumpReader(bytes: bytes), title: "link").audit
      let sum = audit.ledger.sum()
      #expect(sum.bits[audit.accounts.overhead(.unreadable)] == unreadable)
      #expect(sum.wireBits == 40 * 8 && sum.bits.reduce(0, +) == sum.wireBits)
    }
  }

  @Test func aClientWithAnotherSchemaIsCountedAndNotRead() throws {
    let file = TemporaryFile()
    let recorder = try DumpRecorder(path: file.path, startTime: 0, log: { _, _ in })
    let link = LinkID(index: 0, generation: 1)
    let body = [UInt8](repeating: 0, count: 12) + [4, 0, 0]
    for topology in ["peer-to-peer", "client-server"] {
      recorder.clientStarted(PeerID(rawValue: 1), try NetworkConfig.parse(trafficSchema(topology), file: "test"), at: 0)
      recorder.opened(link, PeerID(rawValue: 2), isKnown: true)
      body.withUnsafeBytes { recorder.packet(.sent, link, PeerID(rawValue: 2), sequence: 1, body: $0) }
      recorder.clientEnded()
    }
    recorder.close()
    let analysis = try DumpAnalysis(try DumpReader(path: file.path), title: "two")
    let sum = analysis.audit.ledger.sum()
    #expect(sum.wireBits == 80 * 8 && sum.bits.reduce(0, +) == sum.wireBits)
    #expect(sum.bits[analysis.audit.accounts.overhead(.unreadable)] == 31 * 8)
    #expect(analysis.facts.remarks.count == 1 && analysis.facts.remarks[0].contains("another network config"))
  }
}

extension NetworkRuntime {
  /// Sends a message with some argument of its type.
  fileprivate func send(_ name: String, to peer: PeerID, _ config: NetworkConfig) throws {
    let index = try #require(config.messageIndex(named: name))
    var writer = try beginMessage(index)
    let value: FieldValue =
      switch name {
      case "hit": .int(77)
      case "look": .vector3(SIMD3(1, 2, 3))
      default: .string([UInt8](repeating: 66, count: 90))
      }
    #expect(value.encode(to: &writer, config.messages[index].arguments[0].codec).wrote)
    try send(writer, index: index, to: peer)
  }
}
