/// Measures the round trips to peers by datagrams of their own, which do not wait for the connections' turn.
public final class SteamPingThread {
  private weak var client: PlatformClient?
  private var peers: [PeerID] = []
  private var nextProbe = 0.0

  /// Seconds between two measurements.
  private static let interval = 1.0

  fileprivate init(_ client: PlatformClient?) { self.client = client }

  /// Measures from now on; nothing happens to a peer that is measured already.
  public func add(_ peer: PeerID) {
    guard !peers.contains(peer) else { return }
    guard peers.count < Limits.peers else {
      client?.log(.warnings, "\(Limits.peers) peers are measured already; peer \(peer) is not")
      return
    }
    peers.append(peer)
    nextProbe = 0
  }

  /// Measures a peer no more; nothing happens for one that is not measured.
  public func remove(_ peer: PeerID) { peers.removeAll { $0 == peer } }

  /// Seconds there and back; 0 while it is not known, and for peers that are not measured.
  public func ping(_ peer: PeerID) -> Double { peers.contains(peer) ? client?.paths.ping(peer) ?? 0 : 0 }

  fileprivate func advance(to now: Double) {
    guard now >= nextProbe else { return }
    nextProbe = now + Self.interval
    for peer in peers { client?.probe(peer) }
  }
}

/// The ping threads of a client or server; they have to end before it.
public final class SteamPingThreads {
  private weak var client: PlatformClient?
  private var threads: [SteamPingThread] = []

  init(_ client: PlatformClient) { self.client = client }

  /// Whether all have been destroyed.
  public var isEmpty: Bool { threads.isEmpty }

  /// Measures nobody yet; it is driven by the client's frames until it is destroyed.
  public func make() -> SteamPingThread {
    let thread = SteamPingThread(client)
    threads.append(thread)
    return thread
  }

  /// Ends a thread.
  public func destroy(_ thread: SteamPingThread) { threads.removeAll { $0 === thread } }

  func advance(to now: Double) {
    for thread in threads { thread.advance(to: now) }
  }
}
