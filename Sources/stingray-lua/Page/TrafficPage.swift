import NetRuntime

/// A recording's traffic as a page for a browser.
struct TrafficPage {
  private let audit: TrafficAudit
  private let facts: TrafficFacts

  /// - Parameter audit: With a timeline, with everything fed and finished.
  init(_ audit: TrafficAudit, _ facts: TrafficFacts) {
    self.audit = audit
    self.facts = facts
  }

  /// The page's whole text.
  var text: String { PageSource.page(title: facts.title, data: data) }

  private var data: String {
    let rows = TrafficRows(audit.config, audit.accounts)
    let used = usedAccounts
    let bins = audit.timeline?.used ?? 0
    return JSON.object([
      "title": JSON.string(facts.title),
      "facts": JSON.list(lines.map { JSON.list([JSON.string($0.name), JSON.string($0.value)]) }),
      "remarks": JSON.list(facts.remarks.map(JSON.string)),
      "footer": JSON.string(
        "Bits and bytes on the wire, without the heads of UDP and IP. Every bit is counted once. \(Version.text)"),
      "duration": "\(duration)",
      "width": "\(audit.timeline?.width ?? 1)",
      "bins": "\(bins)",
      "binsPerSlice": "\(TrafficTimeline.binsPerSlice)",
      "kinds": JSON.list(TrafficKind.allCases.map { JSON.string($0.name) }),
      "sections": JSON.list(
        TrafficRows.Section.allCases.map {
          JSON.list([JSON.string($0.rawValue), JSON.string($0.title), JSON.string($0.counted)])
        }),
      "peers": JSON.list(audit.ledger.peers.map { JSON.string("\($0)") }),
      "rows": JSON.list(rows.rows.filter { $0.accounts.contains { used[$0] } }.map { encoded($0, used) }),
      "datagrams": JSON.list(datagramAccounts.map { "\($0)" }),
      "tags": JSON.list(facts.tags.map { JSON.list(["\(($0.time * 1000).rounded() / 1000)", JSON.string($0.text)]) }),
      "series": JSON.string(series),
    ])
  }

  /// Bins need some length of time.
  private var duration: Double {
    max(facts.duration, (audit.timeline?.width ?? 0) * Double(max(0, (audit.timeline?.used ?? 0) - 1)), 0.001)
  }

  private var lines: [(name: String, value: String)] {
    var lines: [(String, String)] = []
    if let recorder = facts.recorder { lines.append(("recorded by peer", "\(recorder)")) }
    if !facts.began.isEmpty { lines.append(("", facts.began)) }
    lines.append(("", facts.length))
    let others = audit.ledger.peers.count - 1
    lines.append(("", "\(others) other peer\(others == 1 ? "" : "s")"))
    return lines
  }

  private var usedAccounts: [Bool] {
    let page = audit.ledger.sum()
    return page.bits.map { $0 > 0 }
  }

  /// Each datagram has counted once in one of these.
  private var datagramAccounts: [Int] {
    (0..<audit.accounts.count).filter { account in
      guard case .overhead(let part) = audit.accounts.purpose(of: account) else { return false }
      return part.countsDatagrams
    }
  }

  private func encoded(_ row: TrafficRows.Row, _ used: [Bool]) -> String {
    func part(_ part: TrafficRows.Part) -> KeyValuePairs<String, String> {
      [
        "n": JSON.string(part.name), "a": JSON.list(part.accounts.filter { used[$0] }.map(String.init)),
        "c": JSON.list(part.counted.filter { used[$0] }.map(String.init)),
      ]
    }
    let whole = part(row.whole)
    return JSON.object([
      "s": JSON.string(row.section.rawValue), "n": whole[0].value, "a": whole[1].value, "c": whole[2].value,
      "p": JSON.list(row.parts.filter { $0.accounts.contains { used[$0] } }.map { JSON.object(part($0)) }),
    ])
  }

  /// All series one behind the other, in base 64: the bins of each page and kind, then the slices of each page.
  private var series: String {
    var packer = SeriesPacker()
    guard let timeline = audit.timeline else { return "" }
    let pages = audit.ledger.peers.indices.flatMap { peer in TrafficDirection.both.map { (peer, $0) } }
    for (peer, direction) in pages {
      for kind in TrafficKind.allCases {
        packer.add(timeline.bins(peer: peer, direction, kind), count: timeline.used)
      }
    }
    let slices = (timeline.used + TrafficTimeline.binsPerSlice - 1) / TrafficTimeline.binsPerSlice
    for (peer, direction) in pages {
      let accounts = (0..<audit.accounts.count).filter {
        !timeline.slices(peer: peer, direction, account: $0).isEmpty
      }
      packer.add(UInt64(accounts.count))
      var last = 0
      for account in accounts {
        packer.add(UInt64(account - last))
        last = account
        packer.add(timeline.slices(peer: peer, direction, account: account), count: slices)
        packer.add(timeline.counts(peer: peer, direction, account: account), count: slices)
      }
    }
    return packer.base64
  }
}

/// Numbers in as few bytes as they need: seven bits a byte, the low ones first. In a series an even number is twice a
/// value, an odd one is twice the length of a run of zeros and one.
struct SeriesPacker {
  private var bytes: [UInt8] = []

  mutating func add(_ number: UInt64) {
    var number = number
    while number >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: number) | 0x80)
      number >>= 7
    }
    bytes.append(UInt8(truncatingIfNeeded: number))
  }

  /// - Parameter count: The values that a reader expects; those that are missing are zeros.
  mutating func add(_ values: ArraySlice<Int>, count: Int) {
    var zeros = 0
    for value in values.prefix(count) {
      if value == 0 {
        zeros += 1
        continue
      }
      if zeros > 0 { add(UInt64(zeros) << 1 | 1) }
      zeros = 0
      add(UInt64(value) << 1)
    }
    zeros += max(0, count - values.count)
    if zeros > 0 { add(UInt64(zeros) << 1 | 1) }
  }

  var base64: String {
    let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var text: [UInt8] = []
    text.reserveCapacity((bytes.count + 2) / 3 * 4)
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let group = bytes[start..<min(start + 3, bytes.count)]
      var word: UInt32 = 0
      for index in 0..<3 { word = word << 8 | (index < group.count ? UInt32(group[start + index]) : 0) }
      for index in 0..<4 {
        text.append(
          index <= group.count ? digits[Int(word >> (18 - 6 * UInt32(index)) & 63)] : UInt8(ascii: "="))
      }
    }
    return String(decoding: text, as: UTF8.self)
  }
}
