import Testing

@testable import NetRuntime

/// The report of a few packets, as it stands in a terminal.
@Suite struct TrafficReportTests {
  static let schema = """
    network_type = "peer-to-peer"
    types = { score = { type = "int" min = 0 max = 1000 } }
    messages = {
      hit = { args = ["score"] }
      a_message_with_a_name_that_is_longer_than_forty_letters = { args = ["score"] }
    }
    """

  private func audit() throws -> TrafficAudit {
    let audit = TrafficAudit(try NetworkConfig.parse(Self.schema, file: "test"), keepsTimes: true)
    // An acknowledgement, then frames: a ping; a stream with a message of two bytes each.
    let packets: [(TrafficDirection, [UInt8])] = [
      (.received, [4, 1, 0]), (.sent, [1, 0, 0, 0, 0, 3, 0, 10, 1, 0]), (.sent, [1, 3, 0, 0, 0, 3, 0, 10, 0, 0]),
    ]
    for (number, (direction, frames)) in packets.enumerated() {
      let body = [UInt8](repeating: 0, count: 12) + frames
      body.withUnsafeBytes {
        audit.packet(direction, peer: PeerID(rawValue: 0xB2), link: 0, at: Double(number), body: $0)
      }
    }
    audit.datagram(.sent, .game, kind: 1, copies: 1, at: 0, wireBytes: 256)
    audit.finish()
    return audit
  }

  @Test func aReportIsAsItWas() throws {
    var facts = TrafficFacts(title: "match.ndp", recorder: PeerID(rawValue: 0xA1), duration: 2)
    facts.began = "2026-11-23 02:15:17 UTC"
    facts.tags = [(1.25, "round 1")]
    facts.remarks = ["A remark."]
    #expect(
      TrafficReport(try audit(), facts).text == """
        match.ndp: 0:02.0, recorded by peer a1 from 2026-11-23 02:15:17 UTC, 1 other peer
        A remark.

        peer           received  kbit/s  datagrams   sent  kbit/s  datagrams
        no connection       0 B     0.0          0  256 B     1.0          1
        b2                 40 B     0.2          1   94 B     0.4          2
        all                40 B     0.2          1  350 B     1.4          3

        kind               received bits    share  sent bits   share
        objects                        0    0.0 %          0   0.0 %
        messages                       0    0.0 %         48   1.7 %
        lobby and session              0    0.0 %          0   0.0 %
        resends                        0    0.0 %          0   0.0 %
        overhead                     320  100.0 %      2,752  98.3 %

        messages                                  messages  bits each  received bits  sent bits  share
        a_message_with_a_nam…_than_forty_letters         1       24.0              0         24  0.8 %
        hit                                              1       24.0              0         24  0.8 %

        overhead          count  bits each  received bits  sent bits   share
        handshakes            1    2,048.0              0      2,048  65.6 %
        seals                 3      128.0            128        256  12.3 %
        acknowledgements      3       96.0             96        192   9.2 %
        packet heads          3       72.0             72        144   6.9 %
        frame heads           2       56.0              0        112   3.6 %
        pings                 1       24.0             24          0   0.8 %

        tags
        0:01.3  round 1

        """)
  }

  @Test func tagsCannotSteerTheTerminalOrFillIt() throws {
    var facts = TrafficFacts(title: "match.ndp", duration: 2)
    facts.tags = [(0, "\u{1B}[2Jé\r\n\u{7F}\u{9B}31m"), (1, String(repeating: "x", count: 5000))]
    facts.tags += (0..<20).map { (1.5, "tag \($0)") }
    let lines = TrafficReport(try audit(), facts).text.split(separator: "\n", omittingEmptySubsequences: false)
    let tags = lines[(try #require(lines.firstIndex(of: "tags")) + 1)...].map(String.init)
    #expect(tags.first == "0:00.0  \u{FFFD}[2Jé\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}31m")
    #expect(tags.dropFirst().first == "0:01.0  " + String(repeating: "x", count: 100) + "…")
    #expect(tags.suffix(3) == ["0:01.5  tag 9", "and 10 more", ""])
  }

  @Test func aRecordingWithoutTrafficSaysSo() throws {
    let audit = TrafficAudit(try NetworkConfig.parse(Self.schema, file: "test"), keepsTimes: true)
    #expect(
      TrafficReport(audit, TrafficFacts(title: "empty.ndp", duration: 0)).text
        == "empty.ndp: 0:00.0, 0 other peers\n\nThe recording holds no datagram.\n")
  }

  @Test func figuresReadWell() {
    #expect(Figures.grouped(0) == "0" && Figures.grouped(-1_234_567) == "-1,234,567")
    #expect(Figures.tenths(1234.56) == "1,234.6" && Figures.tenths(-0.04) == "0.0" && Figures.tenths(.nan) == "-")
    #expect(Figures.clock(59.96) == "1:00.0" && Figures.clock(3661.5) == "1:01:01.5")
    #expect(Figures.utc(microseconds: 1_795_400_117_000_000) == "2026-11-23 02:15:17 UTC")
    #expect(Figures.utc(microseconds: 951_782_400_000_000) == "2000-02-29 00:00:00 UTC")
  }

  @Test func aTimelineMergesItsBinsWhenItGrows() {
    var timeline = TrafficTimeline(start: 10, accounts: 2)
    for second in 0..<4000 {
      timeline.add(page: 0, kind: .messages, account: 1, bits: 3, count: 1, at: 10 + Double(second))
    }
    #expect(timeline.width == 2 && timeline.used == 2000)
    #expect(timeline.bins(peer: 0, .received, .messages).allSatisfy { $0 == 6 })
    #expect(timeline.bins(peer: 0, .received, .objects).isEmpty)
    #expect(timeline.slices(peer: 0, .received, account: 1).reduce(0, +) == 12_000)
    #expect(timeline.counts(peer: 0, .received, account: 1).first == 32)
    #expect(timeline.slices(peer: 5, .sent, account: 0).isEmpty)
    timeline.add(page: 3, kind: .overhead, account: 0, bits: 1, count: 1, at: .infinity)
    #expect(timeline.bins(peer: 1, .sent, .overhead).reduce(0, +) == 1 && timeline.width == 2)
  }
}
