import NetRuntime

extension DirectoryService {
  /// What a stream has to do next.
  enum NewsStep: Sendable {
    /// Write this, and ask again with this number.
    case write([UInt8], UInt64)
    case wait
    /// Write this, and end.
    case end([UInt8])
  }

  /// A player listens.
  /// - Throws: `signedOut` where this run is not signed in.
  func attach(_ stream: NewsStream) throws(DirectoryError) {
    try check(stream.player, run: stream.run)
    desk.attach(stream)
  }

  func detach(_ stream: NewsStream) { desk.detach(stream) }

  /// Looks after the next share of the streams: to be called `NewsDesk.shares` times as often as `tick`.
  func sweepStreams() { desk.sweep(at: clock()) }

  /// Ends all streams, so that the server can stop.
  func endStreams() { desk.endStreams() }

  /// - Parameter seen: The number of the last news that the player has; nil for none.
  func nextNews(of stream: NewsStream, after seen: UInt64?) -> NewsStep {
    let ending = stream.ending
    if ending.isEnded { return .end(ending.event.map { Self.frame($0, number: nil) } ?? []) }
    guard let log = desk.log(of: stream.player) else { return .end([]) }
    guard let seen, let events = log.events(after: seen) else {
      // What is in memory may not be in the store.
      guard isWell else { return .wait }
      metrics.refreshed()
      return .write(Self.frame(refresh(of: stream.player), number: log.last), log.last)
    }
    if events.isEmpty { return stream.takeSign() ? .write(Array(":\n\n".utf8), seen) : .wait }
    var text: [UInt8] = []
    for (number, event) in events { text += Self.frame(event, number: number) }
    return .write(text, log.last)
  }

  /// All that a player has to know now.
  private func refresh(of player: PeerID) -> NewsLog.Event {
    var refresh = NewsRefresh()
    for change in state.present(for: player) {
      switch change {
      case .entry(let entry): refresh.entries.append(entry)
      case .acquaintance(let acquaintance): refresh.acquaintances.append(acquaintance)
      case .invitation(let invitation): refresh.invitations.append(invitation)
      case .ticket(let ticket): refresh.tickets.append(ticket)
      case .left: break
      }
    }
    return NewsLog.Event(name: .refresh, data: writer.text(of: refresh))
  }

  /// An event as it stands in the stream. JSON has no line breaks, so one line of data will do.
  private static func frame(_ event: NewsLog.Event, number: UInt64?) -> [UInt8] {
    var text: [UInt8] = []
    text.reserveCapacity(event.data.count + 64)
    if let number { text += Array("id: \(number)\n".utf8) }
    text += Array("event: \(event.name.rawValue)\ndata: ".utf8)
    text += event.data
    text += Array("\n\n".utf8)
    return text
  }
}

extension DirectoryService {
  /// What is true now.
  var gauges: ServerMetrics.Gauges {
    ServerMetrics.Gauges(
      players: state.onlinePlayers.count, entries: watch.entryCounts, streams: desk.streamCount,
      heldNews: desk.heldSize,
      encodedEntries: writer.size)
  }
}
