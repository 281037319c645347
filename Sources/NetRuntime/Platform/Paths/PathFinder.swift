/// What a path finder has to tell.
public enum PathNews: Equatable, Sendable {
  /// The peer is reached at this endpoint of the finder's `PathTransport`, which may be one that no network has: that
  /// stands for the relay.
  case found(PeerID, Endpoint)
  /// Nobody answered. Should the peer be heard of later, `found` follows.
  case failed(PeerID)
}

/// Finds the ways to other peers: straight ones, through the doors that address translators open where both sides knock
/// at once, and the server's relay as the last resort.
///
/// Both ends have to look for each other. Each frame call `receive(at:)` behind that of the connections, which read the
/// socket, and `transmit(at:)`.
public final class PathFinder {
  let transport: PathTransport
  let socket: SocketID
  let localPeer: PeerID
  let random: any RandomSource
  let log: Log
  let nonces: ProbeNonces

  /// In the order of `find`: a dictionary's order would differ from run to run.
  var searches: [PathSearch] = []
  var relay: RelayClient?
  private var news: [PathNews] = []
  /// Round trips to peers without a search, newest last.
  private var measured: [(peer: PeerID, roundTrip: Double)] = []
  private var now = 0.0

  private var interfaceEndpoints: [Endpoint] = []
  private var nextLook = 0.0
  /// Grows whenever `localEndpoints` changes.
  public private(set) var endpointsRevision: UInt64 = 0
  private let scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: Limits.packetSize, alignment: 8)

  /// - Parameters:
  ///   - transport: What the connections use, too.
  ///   - socket: The game socket; it stays the caller's to close.
  public init(
    transport: PathTransport, socket: SocketID, localPeer: PeerID, random: any RandomSource, log: @escaping Log
  ) {
    precondition(Sodium.isReady, "libsodium did not start")
    self.transport = transport
    self.socket = socket
    self.localPeer = localPeer
    self.random = random
    self.log = log
    nonces = ProbeNonces(random: random)
    transport.watch(socket)
    lookAtInterfaces()
  }

  deinit {
    scratch.deallocate()
  }

  /// Sets the server that tells this peer its address and has a relay; nil for none.
  public func setServer(_ grant: RelayGrant?) {
    guard grant != relay?.grant else { return }
    let hadAddress = relay?.address != nil
    relay = grant.map { RelayClient($0) }
    transport.tunnel.use(grant)
    if hadAddress { endpointsRevision += 1 }
    guard grant != nil else { return }
    for index in searches.indices where searches[index].path == nil {
      searches[index].refresh([], relay: relayEndpoint(of: searches[index].peer), at: now)
    }
  }

  /// Where others may reach this peer, likeliest first: what to publish. At most `Limits.playerEndpoints`.
  public var localEndpoints: [Endpoint] {
    guard let seen = relay?.address, !interfaceEndpoints.contains(seen) else { return interfaceEndpoints }
    return interfaceEndpoints.prefix(Limits.playerEndpoints - 1) + [seen]
  }

  /// Looks for a way to a peer, or takes more candidates while it does. News follow, at once where the way is known and
  /// the peer has answered lately.
  /// - Parameter candidates: What the directory knows; the first `Limits.playerEndpoints` count.
  public func find(_ peer: PeerID, _ candidates: [Endpoint]) {
    guard peer != localPeer, peer != .nobody else { return }
    if let index = index(of: peer) {
      searches[index].refresh(candidates, relay: relayEndpoint(of: peer), at: now)
      if let path = searches[index].path, !news.contains(.found(peer, path)) { news.append(.found(peer, path)) }
      return
    }
    guard searches.count < Limits.pathPeers else {
      log(.warnings, "no way to peer \(peer) is looked for: there are \(Limits.pathPeers) already")
      return news.append(.failed(peer))
    }
    log(.spew, "looking for a way to peer \(peer) at \(candidates.map(\.description).joined(separator: ", "))")
    searches.append(PathSearch(peer, candidates, relay: relayEndpoint(of: peer), at: now))
  }

  /// Ends the search for a peer. A relayed way ends once nothing has been sent by it for a while, so that a connection
  /// can still say its last words.
  public func forget(_ peer: PeerID) {
    searches.removeAll { $0.peer == peer }
    news.removeAll { $0 == .failed(peer) || $0.isFound(peer) }
    transport.tunnel.release(peer, at: now)
  }

  /// The endpoint of the way that was found; nil while there is none.
  public func path(to peer: PeerID) -> Endpoint? {
    index(of: peer).flatMap { searches[$0].path }
  }

  /// The round trip of the last probe that the peer answered, in seconds; nil when none was.
  public func ping(_ peer: PeerID) -> Double? {
    index(of: peer).flatMap { searches[$0].roundTrip } ?? measured.last { $0.peer == peer }?.roundTrip
  }

  /// Sends a single probe to a peer that need not be looked for; `ping` tells of the answer.
  public func probe(_ endpoint: Endpoint, id peer: PeerID) {
    guard PathCandidate.isPossible(endpoint), peer != localPeer else { return }
    ask(peer, at: endpoint)
  }

  /// The next news; nil when there are none.
  public func next() -> PathNews? {
    news.isEmpty ? nil : news.removeFirst()
  }

  /// Takes what has come.
  /// - Parameter now: Seconds, never less than before.
  public func receive(at now: Double) {
    self.now = max(self.now, now)
    while let (bytes, source) = transport.nextPathDatagram() {
      guard let datagram = PathDatagram(bytes, key: relay?.grant.key) else { continue }
      take(datagram, from: source)
    }
  }

  /// Sends what is due.
  public func transmit(at now: Double) {
    self.now = max(self.now, now)
    if now >= nextLook { lookAtInterfaces() }
    if transport.tunnel.closeUnused(at: now) { relay?.peersChanged() }
    advanceRelay()
    for index in searches.indices {
      let peer = searches[index].peer
      searches[index].advance(to: self.now) { action in perform(action, peer) }
    }
  }

  // MARK: Searches

  func index(of peer: PeerID) -> Int? {
    searches.firstIndex { $0.peer == peer }
  }

  private func perform(_ action: PathSearch.Action, _ peer: PeerID) {
    switch action {
    case .probe(let endpoint): ask(peer, at: endpoint)
    case .found(let endpoint):
      let way = RelayTunnel.contains(endpoint) ? "over the relay" : "at \(endpoint)"
      log(.messages, "found a way to peer \(peer): \(way)")
      news.append(.found(peer, endpoint))
    case .failed:
      log(.warnings, "no way to peer \(peer) was found: nobody answers at its addresses")
      news.append(.failed(peer))
    }
  }

  private func relayEndpoint(of peer: PeerID) -> Endpoint? {
    guard relay != nil else { return nil }
    let isKnown = transport.tunnel.endpoint(of: peer) != nil
    guard let endpoint = transport.tunnel.open(peer) else {
      log(.warnings, "peer \(peer) cannot be reached over the relay: \(Limits.relayedPeers) others are already")
      return nil
    }
    if !isKnown { relay?.peersChanged() }
    return endpoint
  }

  func note(_ roundTrip: Double, of peer: PeerID) {
    measured.removeAll { $0.peer == peer }
    if measured.count >= Limits.measuredPeers { measured.removeFirst() }
    measured.append((peer, roundTrip))
  }

  // MARK: Datagrams

  func ask(_ peer: PeerID, at endpoint: Endpoint) {
    send(
      PathProbe(
        sender: localPeer, receiver: peer, question: nonces.make(for: peer, at: endpoint, now: now), answer: 0),
      to: endpoint)
  }

  func send(_ probe: PathProbe, to endpoint: Endpoint) {
    send(to: endpoint) { probe.write(&$0) }
  }

  func send(to endpoint: Endpoint, _ write: (inout WireWriter) -> Void) {
    var writer = WireWriter(scratch)
    write(&writer)
    transport.send(UnsafeRawBufferPointer(rebasing: scratch[..<writer.count]), to: endpoint, from: socket)
  }

  var time: Double { now }

  func endpointsChanged() {
    endpointsRevision += 1
  }

  private func lookAtInterfaces() {
    nextLook = now + PathTimes.interfaces
    let port = transport.port(of: socket)
    let endpoints = transport.localAddresses.prefix(Limits.playerEndpoints).map { Endpoint(address: $0, port: port) }
    guard endpoints != interfaceEndpoints else { return }
    interfaceEndpoints = endpoints
    endpointsRevision += 1
  }
}

extension PathNews {
  fileprivate func isFound(_ peer: PeerID) -> Bool {
    if case .found(peer, _) = self { return true }
    return false
  }
}
