// Which peers there shall be connections to, and how these come about.
extension PlatformClient {
  /// What this peer does to be connected to another one.
  struct Route {
    /// The runs of the players there, which tell one run of the other's program from the next. A server's is not known.
    var runs: Set<UInt64>
    var endpoints: [Endpoint]
    /// Of two peers the one that came later calls; the other one waits for it a while, so that they do not cross.
    var isCaller: Bool
    var link: LinkID?
    /// When the way is looked for next, unless there is a connection.
    var nextAttempt: Double
    /// Until when the other is waited for.
    var callTime: Double
    /// What was found while the other was still waited for.
    var found: Endpoint?
    /// When the other came back with a new connection; the directory may tell of its new run later than that.
    var renewal: Double?

    /// Whether nobody is left of those who were there, so that the program has begun anew.
    func isOfEarlierRun(than other: Route) -> Bool { !runs.isEmpty && runs.isDisjoint(with: other.runs) }
  }

  /// Seconds for which the other peer is given the time to call.
  private static let callPatience = 1.5
  /// Seconds between two attempts to connect.
  private static let retryInterval = 2.0

  /// Brings the routes up to what the entries say.
  func updateRoutes() {
    hasChangedEntries = false
    var wanted: [PeerID: Route] = [:]
    for lobby in lobbies where lobby.isActive { addRoutes(of: lobby.entry, to: &wanted) }
    for peer in routes.keys.sorted() where wanted[peer] == nil { endRoute(to: peer) }
    // Sorted, so that a seed gives the same game in every process.
    for (peer, route) in wanted.sorted(by: { $0.key < $1.key }) {
      if let known = routes[peer], known.isOfEarlierRun(than: route), !isRenewed(known) {
        // The other program began anew; it knows nothing of this connection.
        endRoute(to: peer)
      }
      if var known = routes[peer] {
        if known.isOfEarlierRun(than: route) || known.endpoints != route.endpoints { known.nextAttempt = now }
        known.runs = route.runs
        known.endpoints = route.endpoints
        known.isCaller = route.isCaller
        routes[peer] = known
      } else {
        routes[peer] = route
        adoptLink(of: peer)
      }
    }
    for lobby in lobbies { greetHost(of: lobby) }
    welcome()
  }

  /// Whether the connection is one that the other's new run has made already.
  private func isRenewed(_ route: Route) -> Bool {
    route.renewal.map { now - $0 < Limits.heartbeatTimeout } ?? false
  }

  private func addRoutes(of entry: DirectoryEntry, to wanted: inout [PeerID: Route]) {
    let own = entry.members.firstIndex { $0.peer == localPeer } ?? (entry.host == localPeer ? -1 : Int.max)
    if entry.kind == .steamServer, entry.host != localPeer, entry.host != .nobody {
      let known = routes[entry.host]
      if known == nil { askForEndpoints(of: entry.host) }
      wanted[entry.host] = route(runs: [], known?.endpoints ?? [], isCaller: true)
    }
    for (index, member) in entry.members.enumerated() where member.peer != localPeer {
      if wanted[member.peer] == nil {
        wanted[member.peer] = route(runs: [member.run], member.endpoints, isCaller: index < own)
      } else {
        wanted[member.peer]?.runs.insert(member.run)
      }
    }
  }

  private func route(runs: Set<UInt64>, _ endpoints: [Endpoint], isCaller: Bool) -> Route {
    Route(
      runs: runs, endpoints: endpoints, isCaller: isCaller, link: nil, nextAttempt: now,
      callTime: isCaller ? now : now + Self.callPatience)
  }

  /// A server is no member, so its entry does not say where it is.
  private func askForEndpoints(of peer: PeerID) {
    online.ask(.players([peer]), as: localPeer) { [weak self] result in
      guard let self, case .success(.players(let players)) = result, var route = routes[peer] else { return }
      guard let player = players.first(where: { $0.id == peer }), player.endpoints != route.endpoints else { return }
      route.endpoints = player.endpoints
      route.nextAttempt = now
      routes[peer] = route
    }
  }

  private func endRoute(to peer: PeerID) {
    guard routes.removeValue(forKey: peer) != nil else { return }
    paths.forget(peer)
    unwelcomed.removeAll { $0.peer == peer }
    // A broken one is no route's any more, and is there all the same.
    if let link = links.link(to: peer) { control.release(link) }
  }

  /// Takes a connection that is there already: the other was quicker, or a session uses it.
  private func adoptLink(of peer: PeerID) {
    guard let link = links.link(to: peer), links.state(of: link) == .connected else { return }
    strangers.remove(link)
    routes[peer]?.link = link
  }

  /// Looks for ways where there is no connection.
  func retryRoutes() {
    for peer in unlinked(since: \.nextAttempt) {
      guard let route = routes[peer] else { continue }
      if route.endpoints.isEmpty {
        askForEndpoints(of: peer)
      } else {
        paths.find(peer, route.endpoints)
      }
      routes[peer]?.nextAttempt = now + Self.retryInterval
      if let found = route.found, now >= route.callTime { call(peer, at: found) }
    }
    takePaths()
  }

  /// Peers without a connection for which a time has come, in their order.
  private func unlinked(since time: KeyPath<Route, Double>) -> [PeerID] {
    var peers: [PeerID] = []
    for (peer, route) in routes where !isLinked(route) && now >= route[keyPath: time] { peers.append(peer) }
    peers.sort()
    return peers
  }

  private func isLinked(_ route: Route) -> Bool {
    guard let link = route.link else { return false }
    switch links.state(of: link) {
    case .connecting, .connected: return true
    case .broken, .closed: return false
    }
  }

  func takePaths() {
    while let news = paths.next() {
      switch news {
      case .found(let peer, let endpoint):
        guard let route = routes[peer], !isLinked(route) else { continue }
        routes[peer]?.found = endpoint
        if now >= route.callTime { call(peer, at: endpoint) }
      case .failed(let peer): log(.messages, "no way to peer \(peer) was found yet")
      }
    }
    for peer in unlinked(since: \.callTime) {
      if let found = routes[peer]?.found { call(peer, at: found) }
    }
  }

  private func call(_ peer: PeerID, at endpoint: Endpoint) {
    routes[peer]?.found = nil
    routes[peer]?.link = control.connect(peer, endpoint)
    if let link = routes[peer]?.link, links.state(of: link) == .connected { greetHosts(peer) }
  }
}
