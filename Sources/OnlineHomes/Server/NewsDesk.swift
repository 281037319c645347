import NetRuntime

/// The news of all players that are signed in, and their open streams.
struct NewsDesk {
  private var logs: [PeerID: NewsLog] = [:]
  private var streams: [PeerID: NewsStream] = [:]
  private let base: UInt64
  private let started: Double

  /// - Parameter base: Higher than the numbers of all news before this desk.
  init(base: UInt64, at now: Double) {
    self.base = base
    started = now
  }

  /// A player signed in. Numbers go on from the microseconds that have passed, so that they are higher than those that
  /// it got when it was signed in before.
  mutating func open(_ player: PeerID, at now: Double) {
    guard logs[player] == nil else { return }
    logs[player] = NewsLog(base: base &+ UInt64(max(0, now - started) * 1e6))
  }

  /// A player is signed out.
  mutating func close(_ player: PeerID) {
    logs[player] = nil
    streams.removeValue(forKey: player)?.end()
  }

  /// Another run took a player's place, or it is signed out: the stream of the old run ends with an event.
  mutating func end(_ player: PeerID, run: UInt64, _ event: NewsLog.Event) {
    guard let stream = streams[player], stream.run == run else { return }
    streams[player] = nil
    stream.end(event)
  }

  /// Forgets all news: everybody that is still signed in gets all anew.
  mutating func clear(_ isSignedIn: (PeerID) -> Bool) {
    for player in Array(logs.keys) {
      if isSignedIn(player) { logs[player]?.clear() } else { close(player) }
    }
    for stream in streams.values { stream.wake() }
  }

  mutating func append(_ event: NewsLog.Event, for player: PeerID) {
    logs[player]?.append(event)
    streams[player]?.wake()
  }

  /// A player listens; the stream takes the place of another.
  mutating func attach(_ stream: NewsStream) {
    streams.updateValue(stream, forKey: stream.player)?.endForAnother()
  }

  mutating func detach(_ stream: NewsStream) {
    if streams[stream.player] === stream { streams[stream.player] = nil }
  }

  /// Ends all streams, so that the server can stop.
  mutating func endStreams() {
    for stream in streams.values { stream.end() }
    streams.removeAll()
  }

  mutating func sweep(at now: Double) {
    for (player, stream) in streams where !stream.sweep(at: now) { streams[player] = nil }
  }

  func log(of player: PeerID) -> NewsLog? { logs[player] }

  func last(of player: PeerID) -> UInt64 { logs[player]?.last ?? 0 }

  /// Streams that are open.
  var streamCount: Int { streams.count }
  /// Bytes of news that are held.
  var heldSize: Int { logs.values.reduce(0) { $0 + $1.held.size } }
}
