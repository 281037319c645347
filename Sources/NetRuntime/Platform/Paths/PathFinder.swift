/// Finds the way to other peers: which of their addresses can be reached from here.
public final class PathFinder {
  private let transport: any Transport
  private let socket: SocketID
  private var news: [PathNews] = []

  public init(
    transport: any Transport, socket: SocketID, localPeer: PeerID, random: any RandomSource, log: @escaping Log
  ) {
    self.transport = transport
    self.socket = socket
  }

  /// Where this peer may be reached, the likeliest first.
  public var localEndpoints: [Endpoint] {
    transport.localAddresses.prefix(Limits.playerEndpoints).map {
      Endpoint(address: $0, port: transport.port(of: socket))
    }
  }

  /// Grows whenever `localEndpoints` changes.
  public private(set) var endpointsRevision: UInt64 = 0

  /// Starts to look for the way to a peer; what is found is told by `next()`.
  public func find(_ peer: PeerID, _ candidates: [Endpoint]) {
    news.append(candidates.first.map { .found(peer, $0) } ?? .failed(peer))
  }

  /// Ends a search.
  public func forget(_ peer: PeerID) {}

  public func receive(at now: Double) {}

  public func transmit(at now: Double) {}

  /// What was found; nil when nothing more was.
  public func next() -> PathNews? { news.isEmpty ? nil : news.removeFirst() }

  /// Seconds of the last measured round trip to a peer; nil where none was measured.
  public func ping(_ peer: PeerID) -> Double? { nil }
}

/// What a `PathFinder` found.
public enum PathNews: Equatable, Sendable {
  case found(PeerID, Endpoint)
  /// None of the peer's addresses answers, and there is no relay.
  case failed(PeerID)
}
