import Testing

@testable import NetRuntime

/// The audit on packets that were written by hand: known bits.
@Suite struct TrafficAuditTests {
  static let peer = PeerID(rawValue: 0xB2)

  let config: NetworkConfig
  let audit: TrafficAudit

  init() throws {
    config = try NetworkConfig.parse(trafficSchema("client-server"), file: "test")
    audit = TrafficAudit(config, keepsTimes: true)
  }

  private func packet(
    _ frames: [UInt8], _ direction: TrafficDirection = .received, link: UInt32 = 1, at time: Double = 0
  ) {
    let body = [UInt8](repeating: 0, count: 12) + frames
    body.withUnsafeBytes { audit.packet(direction, peer: Self.peer, link: link, at: time, body: $0) }
  }

  private func stream(_ offset: Int, _ bytes: [UInt8]) -> [UInt8] {
    [1, UInt8(offset & 255), UInt8(offset >> 8), 0, 0, UInt8(bytes.count & 255), UInt8(bytes.count >> 8)] + bytes
  }

  /// A message of a channel, head and body.
  private func message(_ channel: UInt32, _ body: [UInt8]) -> [UInt8] {
    let head = UInt32(body.count) << 2 | channel
    return (head < 128 ? [UInt8(head)] : [UInt8(head & 127 | 128), UInt8(head >> 7)]) + body
  }

  /// The body of `hit`, by hand: the index in two bits, the score in ten.
  private func hit(_ score: UInt16) throws -> [UInt8] {
    let index = UInt16(try #require(config.messageIndex(named: "hit")))
    let bits = index | score << 2
    return [UInt8(bits & 255), UInt8(bits >> 8)]
  }

  private func bits(_ account: Int, _ direction: TrafficDirection = .received) -> Int {
    audit.ledger.sum(direction: direction).bits[account]
  }

  private func count(_ account: Int) -> Int { audit.ledger.sum().counts[account] }

  /// All accounts together are the wire, and so is the timeline.
  private func expectWhole(_ wireBytes: Int) {
    audit.finish()
    let sum = audit.ledger.sum()
    #expect(sum.bits.reduce(0, +) == wireBytes * 8)
    #expect(sum.wireBits == wireBytes * 8)
    var timed = 0
    for peer in audit.ledger.peers.indices {
      for direction in TrafficDirection.both {
        for kind in TrafficKind.allCases {
          timed += audit.timeline?.bins(peer: peer, direction, kind).reduce(0, +) ?? 0
        }
      }
    }
    #expect(timed == wireBytes * 8)
  }

  @Test func aPacketWithoutFramesIsOverhead() {
    packet([])
    #expect(bits(audit.accounts.overhead(.packetHeads)) == 72)
    #expect(bits(audit.accounts.overhead(.acknowledgements)) == 96)
    #expect(bits(audit.accounts.overhead(.seals)) == 128)
    #expect(audit.ledger.sum(direction: .sent).wireBits == 0)
    expectWhole(37)
  }

  @Test func controlFramesAreOverhead() {
    packet([4, 1, 0, 5, 1, 0, 6, 0, 9, 0, 0, 0], .sent)
    #expect(bits(audit.accounts.overhead(.pings), .sent) == 48)
    #expect(bits(audit.accounts.overhead(.closes), .sent) == 48)
    expectWhole(49)
  }

  @Test func aMessageIsHeadAndArguments() throws {
    let index = try #require(config.messageIndex(named: "hit"))
    packet(stream(0, message(2, try hit(200))))
    #expect(bits(audit.accounts.messageArguments(index)) == 10)
    // One byte of head, two bits of index, four of fill.
    #expect(bits(audit.accounts.messageHead(index)) == 14)
    #expect(bits(audit.accounts.overhead(.frameHeads)) == 56)
    #expect(count(audit.accounts.messageHead(index)) == 1)
    expectWhole(37 + 7 + 3)
  }

  @Test func aRelayedMessageIsTheSameMessageWithALongerHead() throws {
    let index = try #require(config.messageIndex(named: "hit"))
    packet(stream(0, message(1, [17, 3, 0, 0, 0] + (try hit(7)))))
    #expect(bits(audit.accounts.messageArguments(index)) == 10)
    #expect(bits(audit.accounts.messageHead(index)) == 14 + 40)
    expectWhole(37 + 7 + 8)
  }

  @Test func aMessageInPiecesIsBookedWhenItsBytesCame() throws {
    let index = try #require(config.messageIndex(named: "hit"))
    let bytes = message(2, try hit(200))
    packet(stream(0, Array(bytes[..<1])), at: 10)
    #expect(audit.waitingBits == 8)
    #expect(count(audit.accounts.messageHead(index)) == 0)
    packet(stream(2, Array(bytes[2...])), at: 11)
    packet(stream(1, Array(bytes[1..<2])), at: 12)
    #expect(audit.waitingBits == 0)
    #expect(count(audit.accounts.messageHead(index)) == 1)
    let bins = try #require(audit.timeline).bins(peer: 1, .received, .messages)
    #expect(bins.filter { $0 > 0 } == [8, 8, 8])
    expectWhole(3 * (37 + 7 + 1))
  }

  @Test func whatWasThereBeforeIsAResend() throws {
    let bytes = message(2, try hit(1)) + message(2, try hit(2))
    packet(stream(0, bytes))
    packet(stream(0, bytes))
    #expect(bits(audit.accounts.resends) == (7 + 6) * 8)
    // Half of this one is new; its head is none that was wasted.
    packet(stream(3, Array(bytes[3...]) + message(2, try hit(3))))
    #expect(bits(audit.accounts.resends) == (7 + 6 + 3) * 8)
    expectWhole(37 * 3 + 7 * 3 + 6 + 6 + 6)
  }

  @Test func aStreamThatBeganBeforeIsJoinedAtAWholeMessage() throws {
    let late = TrafficAudit(config, keepsTimes: false, seesStart: false)
    let index = try #require(config.messageIndex(named: "hit"))
    for (offset, bytes) in [
      (1000, [1, 2, 3] as [UInt8]), (1003, message(2, try hit(1))), (1006, message(2, try hit(2))),
    ] {
      let body = [UInt8](repeating: 0, count: 12) + stream(offset, bytes)
      body.withUnsafeBytes { late.packet(.sent, peer: Self.peer, link: 1, at: 0, body: $0) }
    }
    let sum = late.ledger.sum()
    #expect(sum.bits[late.accounts.overhead(.unreadable)] == 24)
    #expect(sum.counts[late.accounts.messageHead(index)] == 2)
    #expect(sum.bits.reduce(0, +) == sum.wireBits)
  }

  @Test func peersBeyondTheLimitCountAsOne() {
    let body = [UInt8](repeating: 0, count: 12)
    for number in 1...UInt64(Limits.analysedPeers + 9) {
      body.withUnsafeBytes { audit.packet(.sent, peer: PeerID(rawValue: number), link: 1, at: 0, body: $0) }
    }
    #expect(audit.ledger.peers.count == Limits.analysedPeers)
    #expect(audit.ledger[0, .sent].datagrams == 10)
    expectWhole(37 * (Limits.analysedPeers + 9))
  }

  @Test func aGapThatIsNeverFilledIsLeftBehind() throws {
    let piece = [UInt8](repeating: 0, count: 60_000)
    var follower = StreamFollower(isAligned: true)
    var offset = 1
    var unreadable = 0
    while unreadable == 0, offset < 2 * Limits.receiveWindow {
      let outcome = piece.withUnsafeBytes {
        follower.take(offsetLow: UInt32(offset), $0, at: 0, probe: { _ in true }) { _, _, _, _ in }
      }
      offset += piece.count
      unreadable += outcome.unreadable
    }
    #expect(unreadable == offset - 1)
    #expect(follower.waiting.isEmpty && !follower.isAligned)
    // What is whole is taken again.
    var messages = 0
    _ = message(2, try hit(1)).withUnsafeBytes {
      follower.take(offsetLow: UInt32(offset), $0, at: 0, probe: { _ in true }) { _, body, headBits, times in
        messages += 1
        _ = times.take(headBits + body.count * 8)
      }
    }
    #expect(messages == 1)
  }

  @Test func linksThatNoPeerHasAreUnreadable() throws {
    let index = try #require(config.messageIndex(named: "hit"))
    // A message that waits for its end, on each.
    let part = stream(0, Array(message(2, try hit(200))[..<2]))
    for link in 0..<3 { packet(part, link: UInt32(Limits.links + link)) }
    packet(part, link: .max)
    #expect(audit.waitingBits == 0)
    #expect(bits(audit.accounts.overhead(.unreadable)) == 4 * (37 + part.count - PacketHeader.size) * 8)
    packet(stream(0, message(2, try hit(200))), link: UInt32(Limits.links - 1))
    #expect(count(audit.accounts.messageHead(index)) == 1)
    expectWhole(4 * (37 + part.count) + 37 + 7 + 3)
  }

  @Test func peersTakeMemoryForWhatTheyUse() throws {
    let fields = (0..<100).map { "{ name = \"f\($0)\" type = \"t\" }" }.joined(separator: " ")
    let objects = (0..<50).map { "o\($0) = { fields = [ \(fields) ] }" }.joined(separator: "\n")
    let schema = "network_type = \"peer-to-peer\"\ntypes = { t = { type = \"bool\" } }\nobjects = { \(objects) }"
    let wide = TrafficAudit(try NetworkConfig.parse(schema, file: "test"), keepsTimes: true)
    let body = [UInt8](repeating: 0, count: 12) + [4, 1, 0]
    for number in 1..<UInt64(Limits.analysedPeers) {
      body.withUnsafeBytes { wide.packet(.sent, peer: PeerID(rawValue: number), link: 0, at: 0, body: $0) }
    }
    #expect(wide.accounts.count > 15_000)
    #expect(wide.ledger.peers.count == Limits.analysedPeers)
    #expect(wide.ledger.heldAccounts < 200 * Limits.analysedPeers)
    #expect(wide.ledger.sum(direction: .sent).bits.reduce(0, +) == 40 * 8 * (Limits.analysedPeers - 1))
  }

  @Test func anUnreadableHeadLeavesNothingOfTheStreamBehind() throws {
    let hits = message(2, try hit(1)) + message(2, try hit(2))
    var follower = StreamFollower(isAligned: true)
    var messages = 0
    func take(_ offset: UInt32, _ bytes: [UInt8]) -> StreamFollower.Outcome {
      bytes.withUnsafeBytes {
        follower.take(offsetLow: offset, $0, at: 0, probe: { $0.first != 0xFF }) { _, body, headBits, times in
          messages += 1
          _ = times.take(headBits + body.count * 8)
        }
      }
    }
    #expect(take(100, hits).unreadable == 0)
    #expect(take(0, [0xFF, 0xFF, 0xFF, 0xFF]).unreadable == 4 + hits.count)
    #expect(follower.waiting.isEmpty && !follower.isAligned)
    // The stream goes on before the place of what came early.
    #expect(take(94, hits).repeated == 0)
    #expect(take(100, hits).repeated == 0)
    #expect(messages == 4)
  }

  @Test func nonsenseIsBookedAndDoesNoHarm() {
    packet([9, 9, 9])
    packet([1, 0, 0, 0, 0, 200, 0, 1])
    packet(stream(0, [0xFF, 0xFF, 0xFF, 0xFF]), link: 2)
    packet([2, 0x0A, 0xFF])
    packet([3, 2, 0, 0, 0xFF])
    packet([2, 0xFE])
    [UInt8](repeating: 1, count: 5).withUnsafeBytes { audit.packet(.sent, peer: Self.peer, link: 1, at: 0, body: $0) }
    audit.datagram(.received, .game, kind: 16, copies: 1, at: 0, wireBytes: 50)
    audit.datagram(.sent, .lobby, kind: 0x53, copies: 3, at: 0, wireBytes: 3600)
    audit.datagram(.sent, .game, kind: 1, copies: 1, at: .nan, wireBytes: 256)
    #expect(bits(audit.accounts.overhead(.discarded)) == 400)
    #expect(bits(audit.accounts.overhead(.discovery), .sent) == 28_800)
    #expect(bits(audit.accounts.overhead(.handshakes), .sent) == 2048)
    #expect(audit.ledger[0, .sent].datagrams == 4)
    expectWhole(6 * 37 + 3 + 8 + 11 + 3 + 5 + 2 + 30 + 50 + 3600 + 256)
  }

  @Test func randomBytesAreBookedToTheBit() {
    let random = SeededRandomSource(seed: 5)
    var wire = 0
    for round in 0..<3000 {
      var frames: [UInt8] = []
      for _ in 0..<(random.next() % 5) {
        frames.append(UInt8(random.next() % 8))
        frames += (0..<(random.next() % 40)).map { _ in UInt8(truncatingIfNeeded: random.next() & random.next()) }
      }
      packet(frames, round % 2 == 0 ? .sent : .received, link: UInt32(random.next() % 3), at: Double(round) / 7)
      wire += 37 + frames.count
    }
    expectWhole(wire)
  }
}
