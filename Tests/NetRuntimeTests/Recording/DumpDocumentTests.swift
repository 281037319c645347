import Foundation
import Testing

@testable import NetRuntime

/// The example in docs/dump.md, which was put together from the document alone, is what is written and read.
@Suite struct DumpDocumentTests {
  private static func example() throws -> [UInt8] {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let text = try String(contentsOf: root.appending(path: "docs/dump.md"), encoding: .utf8)
    let parts = text.components(separatedBy: "```hex\n")
    try #require(parts.count == 2)
    let block = try #require(parts[1].components(separatedBy: "```").first)
    return block.split(whereSeparator: \.isWhitespace).compactMap { UInt8($0, radix: 16) }
  }

  private static let ping: [UInt8] = [UInt8](repeating: 0, count: 12) + [4, 7, 0]
  private static let pong: [UInt8] = [1] + [UInt8](repeating: 0, count: 11) + [5, 7, 0]

  @Test func theExampleIsWhatIsWritten() throws {
    let file = TemporaryFile()
    let recorder = try DumpRecorder(path: file.path, startTime: 1_000_000, log: { _, _ in })
    let config = try NetworkConfig(canonicalText: "network_config 1 peer-to-peer\n")
    let link = LinkID(index: 0, generation: 4)
    let peer = PeerID(rawValue: 0xA2)
    recorder.clientStarted(PeerID(rawValue: 0xA1), config, at: 10)
    recorder.beginReceive(dt: 1.0 / 60, at: 10 + 1.0 / 60)
    recorder.opened(link, peer, isKnown: true)
    recorder.changed(link, peer, .connected)
    Self.ping.withUnsafeBytes { recorder.packet(.received, link, peer, sequence: 1, body: $0) }
    recorder.handedEvent(true)
    recorder.tag("go")
    recorder.beginTransmit()
    Self.pong.withUnsafeBytes { recorder.packet(.sent, link, peer, sequence: 1, body: $0) }
    recorder.close()
    #expect(try file.bytes == Self.example())
  }

  @Test func theExampleIsRead() throws {
    let reader = try DumpReader(bytes: Self.example())
    #expect(reader.startTime == 1_000_000)
    var lines: [String] = []
    var times: [Double] = []
    while var frame = reader.nextFrame() {
      times.append(frame.time)
      while let record = frame.next() {
        switch record {
        case .client(let client): lines.append("client \(client.peer) \(client.source) \(client.canonicalText)")
        case .packet(let packet):
          lines.append("\(packet.direction) \(packet.link) \(packet.peer) \(packet.sequence) \(Array(packet.body))")
        default: lines.append("\(record)")
        }
      }
    }
    #expect(reader.end == .complete)
    #expect(times == [0, 0.01667])
    #expect(
      lines == [
        "client a1 [] network_config 1 peer-to-peer\n", "receive(dt: 0.01667)",
        "linkOpened(link: 0, a2, isKnown: true)", "linkChanged(link: 0, NetRuntime.DumpLinkChange.connected)",
        "received 0 a2 1 \(Self.ping)", "handed(events: 1, isAll: false)", "tag(\"go\")", "transmit",
        "sent 0 a2 1 \(Self.pong)",
      ])
  }
}
