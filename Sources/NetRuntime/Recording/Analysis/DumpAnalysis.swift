/// Where the bits of a dump went, and what else it says of itself.
public struct DumpAnalysis {
  /// With a timeline, and finished: every bit is booked.
  public let audit: TrafficAudit
  public let facts: TrafficFacts

  /// Reads a dump to its end, or to the last frame that is whole.
  /// - Parameter title: What the recording is called; its file.
  /// - Throws: `empty` when no client was recorded, `badSchema` when the client's schema cannot be read.
  public init(_ reader: DumpReader, title: String) throws(DumpError) {
    var audit: TrafficAudit?
    var facts = TrafficFacts(title: title, duration: 0)
    var isForeign = false
    var hasForeign = false
    var opened: Set<UInt32> = []
    while var frame = reader.nextFrame() {
      facts.duration = frame.time
      while let record = frame.next() {
        switch record {
        case .client(let client):
          guard let known = audit else {
            audit = TrafficAudit(try Self.config(client, reader), keepsTimes: true)
            facts.recorder = client.peer
            continue
          }
          isForeign = client.canonicalText != known.config.canonicalText
          hasForeign = hasForeign || isForeign
        case .linkOpened(let link, _, _):
          audit?.end(link: link)
          if link < UInt32(Limits.links) { opened.insert(link) }
        case .packet(let packet):
          if isForeign || !opened.contains(packet.link) {
            audit?.unreadablePacket(packet.direction, peer: packet.peer, at: frame.time, wireBytes: packet.wireBytes)
          } else {
            audit?.packet(packet.direction, peer: packet.peer, link: packet.link, at: frame.time, body: packet.body)
          }
        case .datagram(let datagram):
          audit?.datagram(
            datagram.direction, datagram.port, kind: datagram.kind, copies: datagram.copies, at: frame.time,
            wireBytes: datagram.wireBytes)
        case .transmit: facts.frames += 1
        case .tag(let text): facts.tags.append((frame.time, text))
        default: continue
        }
      }
    }
    guard let audit else { throw .empty(path: reader.path) }
    audit.finish()
    facts.began = reader.startTime > 0 ? Figures.utc(microseconds: reader.startTime) : ""
    facts.remarks = Self.remarks(reader.end, hasForeign)
    self.audit = audit
    self.facts = facts
  }

  private static func config(_ client: DumpClient, _ reader: DumpReader) throws(DumpError) -> NetworkConfig {
    do throws(ConfigError) {
      return try client.config()
    } catch {
      throw .badSchema(path: reader.path, reason: "\(error)")
    }
  }

  private static func remarks(_ end: DumpReader.End, _ hasForeign: Bool) -> [String] {
    var remarks: [String] = []
    switch end {
    case .truncated:
      remarks.append(
        "The dump ends in the middle of a frame: the program was stopped, or still writes. All before that is here.")
    case .damaged(let place):
      remarks.append(
        "The dump is damaged from byte \(Figures.grouped(place)) on. All before that is here, and nothing behind it.")
    case .none, .complete: break
    }
    if hasForeign {
      remarks.append(
        "A later client of this recording had another network config; what it sent and received counts as unreadable.")
    }
    return remarks
  }
}
