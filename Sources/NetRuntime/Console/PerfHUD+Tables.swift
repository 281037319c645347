extension PerfHUD {
  /// Messages in one table at most, those with the most bits.
  private static let shownMessages = 15

  /// One table, without a line feed at the end.
  func text(of table: Table, _ rates: TrafficRates) -> String {
    let lines =
      switch table {
      case .network: kinds("network (kbit/s)", rates, of: nil)
      case .messages: messages(rates)
      case .peer(let number): peer(number, rates)
      case .peers(let inBytes): peers(rates, inBytes: inBytes)
      case .ping: ping()
      case .qos: qos()
      }
    return lines.hasSuffix("\n") ? String(lines.dropLast()) : lines
  }

  private func kinds(_ title: String, _ rates: TrafficRates, of peer: PeerID?) -> String {
    let pages = TrafficDirection.both.map { rates.page($0, of: peer) }
    var table = TextTable(title, "received", "sent")
    for kind in TrafficKind.allCases {
      let bits = pages.map { page in
        (0..<rates.audit.accounts.count).reduce(0) {
          $0 + (rates.audit.accounts.kind(of: $1) == kind ? page.bits[$1] : 0)
        }
      }
      table.add(kind.name, Figures.rate(bits[0], over: rates.seconds), Figures.rate(bits[1], over: rates.seconds))
    }
    let wire = pages.map { Figures.rate($0.wireBits, over: rates.seconds) }
    table.add("all", wire[0], wire[1])
    let datagrams = pages.map { Figures.tenths(Double($0.datagrams) / rates.seconds) }
    table.add("datagrams a second", datagrams[0], datagrams[1])
    return table.text
  }

  private func messages(_ rates: TrafficRates) -> String {
    let (received, sent) = (rates.page(.received), rates.page(.sent))
    let rows = TrafficRows(rates.audit.config, rates.audit.accounts).rows.filter { $0.section == .messages }
      .map { (name: $0.name, received: $0.whole.bits(received), sent: $0.whole.bits(sent), row: $0.whole) }
      .filter { $0.received + $0.sent > 0 }
      .sorted { ($1.received + $1.sent, $0.name) < ($0.received + $0.sent, $1.name) }
    guard !rows.isEmpty else { return "messages: none" }
    var table = TextTable("messages (kbit/s)", "received", "sent", "a second", "bits each")
    for row in rows.prefix(Self.shownMessages) {
      let count = row.row.count(received) + row.row.count(sent)
      table.add(
        row.name, Figures.rate(row.received, over: rates.seconds), Figures.rate(row.sent, over: rates.seconds),
        Figures.tenths(Double(count) / rates.seconds),
        count > 0 ? Figures.tenths(Double(row.received + row.sent) / Double(count)) : "-")
    }
    let others = rows.count - Self.shownMessages
    return table.text + (others > 0 ? "and \(others) more" : "")
  }

  // MARK: Peers

  /// The peers with their numbers, which `perfhud network_peer` takes.
  private var numbered: [(name: String, peer: PeerID, statistics: LinkStatistics)] {
    network.connectedPeers.enumerated().compactMap { index, peer in
      guard let statistics = network.linkStatistics(peer) else { return nil }
      return ("\(index + 1) \(peer)", peer, statistics)
    }
  }

  private func peer(_ number: Int, _ rates: TrafficRates) -> String {
    let peers = network.connectedPeers
    guard number <= peers.count, let link = network.linkStatistics(peers[number - 1]) else {
      return "peer \(number): not connected"
    }
    let peer = peers[number - 1]
    return kinds("peer \(number) \(peer) (kbit/s)", rates, of: peer)
      + "ping \(milliseconds(link.roundTrip)) ms, loss \(percent(link.loss)), "
      + "\(Figures.grouped(link.reliableBytesWaiting)) reliable bytes wait"
  }

  private func peers(_ rates: TrafficRates, inBytes: Bool) -> String {
    var table = TextTable(inBytes ? "peers (bytes a second)" : "peers (kbit/s)", "received", "sent", "ping ms", "loss")
    for (name, peer, link) in numbered {
      let figures = TrafficDirection.both.map { direction in
        let bits = rates.page(direction, of: peer).wireBits
        return inBytes
          ? Figures.grouped(Int(Double(bits) / 8 / rates.seconds)) : Figures.rate(bits, over: rates.seconds)
      }
      table.add(name, figures[0], figures[1], milliseconds(link.roundTrip), percent(link.loss))
    }
    return table.isEmpty ? "peers: none is connected" : table.text
  }

  private func ping() -> String {
    var table = TextTable("ping (ms)", "round trip", "jitter", "loss")
    for (name, _, link) in numbered {
      table.add(name, milliseconds(link.roundTrip), milliseconds(link.jitter), percent(link.loss))
    }
    return table.isEmpty ? "ping: no peer is connected" : table.text
  }

  private func qos() -> String {
    var table = TextTable(
      "qos", "adapts", "limit kbit/s", "sent kbit/s", "queue ms", "loss", "reliable B waiting", "unreliable waiting")
    for (name, _, link) in numbered {
      table.add(
        name, link.isAdaptive ? "yes" : "no",
        link.sendLimit.isFinite ? Figures.tenths(link.sendLimit * 8 / 1000) : "none",
        Figures.tenths(link.sentPerSecond * 8 / 1000), link.queueingDelay.map(milliseconds) ?? "-",
        percent(link.loss), Figures.grouped(link.reliableBytesWaiting), Figures.grouped(link.unreliableMessagesWaiting))
    }
    return table.isEmpty ? "qos: no peer is connected" : table.text
  }

  private func milliseconds(_ seconds: Double) -> String { Figures.tenths(seconds * 1000) }

  private func percent(_ part: Double) -> String { Figures.tenths(part * 100) + " %" }
}
