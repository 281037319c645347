import NetRuntime

/// The news of all players that are signed in, and their open streams.
struct NewsDesk {
  private var logs: [PeerID: NewsLog] = [:]
  private var streams = Streams()
  private var sweptShare = 0
  /// Shares of the streams, so that no sweep wakes many of them at once, and all who ask wait for them.
  static let shares = 16
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
    streams.take(player)?.end()
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
    streams.forEach { $0.wake() }
  }

  mutating func append(_ event: NewsLog.Event, for player: PeerID) {
    logs[player]?.append(event)
    streams[player]?.wake()
  }

  /// A player listens; the stream takes the place of another.
  mutating func attach(_ stream: NewsStream) {
    streams.take(stream.player)?.endForAnother()
    streams[stream.player] = stream
  }

  mutating func detach(_ stream: NewsStream) {
    if streams[stream.player] === stream { streams[stream.player] = nil }
  }

  /// Ends all streams, so that the server can stop.
  mutating func endStreams() {
    streams.forEach { $0.end() }
    streams = Streams()
  }

  /// Looks after one share of the streams, the next with each call.
  mutating func sweep(at now: Double) {
    sweptShare = (sweptShare + 1) % NewsDesk.shares
    for (player, stream) in streams.shares[sweptShare] where !stream.sweep(at: now) { streams[player] = nil }
  }

  func log(of player: PeerID) -> NewsLog? { logs[player] }

  func last(of player: PeerID) -> UInt64 { logs[player]?.last ?? 0 }

  /// Streams that are open.
  var streamCount: Int { streams.count }
  /// Bytes of news that are held.
  var heldSize: Int { logs.values.reduce(0) { $0 + $1.held.size } }
}

/// Streams by their player, in shares of about the same size.
private struct Streams {
  private(set) var shares = [[PeerID: NewsStream]](repeating: [:], count: NewsDesk.shares)

  var count: Int { shares.reduce(0) { $0 + $1.count } }

  subscript(_ player: PeerID) -> NewsStream? {
    get { shares[share(of: player)][player] }
    set { shares[share(of: player)][player] = newValue }
  }

  /// Takes a stream out.
  mutating func take(_ player: PeerID) -> NewsStream? { shares[share(of: player)].removeValue(forKey: player) }

  func forEach(_ body: (NewsStream) -> Void) {
    for share in shares { for stream in share.values { body(stream) } }
  }

  private func share(of player: PeerID) -> Int { Int(player.spread >> 32 & 0xFFFF) % NewsDesk.shares }
}

extension PeerID {
  /// A number as evenly spread over all numbers as ids are not, which may be counted up: Fibonacci hashing (Knuth, The
  /// Art of Computer Programming, 6.4).
  var spread: UInt64 { rawValue &* 0x9E37_79B9_7F4A_7C15 }
}
