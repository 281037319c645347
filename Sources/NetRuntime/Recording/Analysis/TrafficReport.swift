/// What a recording holds besides the traffic.
public struct TrafficFacts: Sendable {
  /// Names the recording: its file.
  public var title: String
  /// Who recorded.
  public var recorder: PeerID?
  /// When the recording began, in words; "" where that is not known.
  public var began = ""
  /// Seconds from the first to the last entry.
  public var duration: Double
  /// Frames that the recorder's network had.
  public var frames = 0
  /// Times since the recording began, in seconds, and words.
  public var tags: [(time: Double, text: String)]
  /// What a reader has to know of the recording's state: that its end is missing, for example.
  public var remarks: [String]

  public init(
    title: String, recorder: PeerID? = nil, duration: Double, tags: [(time: Double, text: String)] = [],
    remarks: [String] = []
  ) {
    self.title = title
    self.recorder = recorder
    self.duration = duration
    self.tags = tags
    self.remarks = remarks
  }

  /// The duration in words: "9:59.9".
  public var length: String { Figures.clock(duration) }
}

/// The totals of a recording as text.
public struct TrafficReport {
  /// Lines of each table; the page has all.
  private static let linesOfTable = 12

  private let audit: TrafficAudit
  private let facts: TrafficFacts
  private let received: TrafficLedger.Page
  private let sent: TrafficLedger.Page

  /// - Parameter audit: With everything fed and finished.
  public init(_ audit: TrafficAudit, _ facts: TrafficFacts) {
    self.audit = audit
    self.facts = facts
    received = audit.ledger.sum(direction: .received)
    sent = audit.ledger.sum(direction: .sent)
  }

  /// The whole report.
  public var text: String {
    var text = heading
    guard received.datagrams + sent.datagrams > 0 else { return text + "\nThe recording holds no datagram.\n" + tags }
    text += "\n" + peers + "\n" + kinds
    for section in TrafficRows.Section.allCases { text += table(section) }
    return text + tags
  }

  private var heading: String {
    let others = audit.ledger.peers.count - 1
    var text = "\(facts.title): \(Figures.clock(facts.duration))"
    if let recorder = facts.recorder { text += ", recorded by peer \(recorder)" }
    if !facts.began.isEmpty { text += " from \(facts.began)" }
    text += ", \(others) other peer\(others == 1 ? "" : "s")\n"
    for remark in facts.remarks { text += remark + "\n" }
    return text
  }

  private var peers: String {
    var table = TextTable("peer", "received", "kbit/s", "datagrams", "sent", "kbit/s", "datagrams")
    for (index, peer) in audit.ledger.peers.enumerated() {
      let (received, sent) = (audit.ledger[index, .received], audit.ledger[index, .sent])
      guard received.datagrams + sent.datagrams > 0 else { continue }
      add(peer == .nobody ? "no connection" : "\(peer)", received, sent, to: &table)
    }
    add("all", received.wire, sent.wire, to: &table)
    return table.text
  }

  private func add(
    _ name: String, _ received: TrafficLedger.Wire, _ sent: TrafficLedger.Wire, to table: inout TextTable
  ) {
    table.add(
      name, Figures.grouped(received.wireBits / 8) + " B", Figures.rate(received.wireBits, over: facts.duration),
      Figures.grouped(received.datagrams), Figures.grouped(sent.wireBits / 8) + " B",
      Figures.rate(sent.wireBits, over: facts.duration), Figures.grouped(sent.datagrams))
  }

  private var kinds: String {
    var table = TextTable("kind", "received bits", "share", "sent bits", "share")
    for kind in TrafficKind.allCases {
      let bits = [received, sent].map { page in
        (0..<audit.accounts.count).reduce(0) { $0 + (audit.accounts.kind(of: $1) == kind ? page.bits[$1] : 0) }
      }
      table.add(
        kind.name, Figures.grouped(bits[0]), Figures.share(bits[0], of: received.wireBits), Figures.grouped(bits[1]),
        Figures.share(bits[1], of: sent.wireBits))
    }
    return table.text
  }

  private func table(_ section: TrafficRows.Section) -> String {
    let rows = TrafficRows(audit.config, audit.accounts).rows.filter { $0.section == section }
      .map { (row: $0, bits: $0.whole.bits(received) + $0.whole.bits(sent)) }
      .filter { $0.bits > 0 }
      .sorted { ($1.bits, $0.row.name) < ($0.bits, $1.row.name) }
    guard !rows.isEmpty else { return "" }
    var table = TextTable(section.title, section.counted, "bits each", "received bits", "sent bits", "share")
    for (row, _) in rows.prefix(Self.linesOfTable) {
      add(row.whole, to: &table)
      // What objects cost is asked for by its occasion.
      guard section == .objects, row.parts.count > 1 else { continue }
      for part in row.parts {
        add(TrafficRows.Part(name: "  " + part.name, accounts: part.accounts, counted: part.counted), to: &table)
      }
    }
    let others = rows.count - Self.linesOfTable
    return "\n" + table.text + (others > 0 ? "and \(others) more\n" : "")
  }

  private func add(_ part: TrafficRows.Part, to table: inout TextTable) {
    let bits = part.bits(received) + part.bits(sent)
    guard bits > 0 else { return }
    let count = part.count(received) + part.count(sent)
    table.add(
      part.name, Figures.grouped(count), count > 0 ? Figures.tenths(Double(bits) / Double(count)) : "-",
      Figures.grouped(part.bits(received)), Figures.grouped(part.bits(sent)),
      Figures.share(bits, of: received.wireBits + sent.wireBits))
  }

  private var tags: String {
    guard !facts.tags.isEmpty else { return "" }
    var text = "\ntags\n"
    for tag in facts.tags.prefix(Self.linesOfTable) {
      text += "\(Figures.clock(tag.time))  \(Figures.printable(tag.text))\n"
    }
    let others = facts.tags.count - Self.linesOfTable
    return text + (others > 0 ? "and \(Figures.grouped(others)) more\n" : "")
  }
}
