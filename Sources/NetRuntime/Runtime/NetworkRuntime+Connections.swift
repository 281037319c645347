extension NetworkRuntime {
  /// The peers that there is a connection to, broken ones too, but none that is still being made.
  public var connectedPeers: [PeerID] {
    if let replay { return replay.links.connectedPeers }
    guard let connections = subsystem?.connections else { return [] }
    let linked: [PeerID] = connections.linkList.compactMap { link in
      switch connections.state(of: link) {
      case .connected, .broken: connections.peer(of: link)
      case .connecting, .closed: nil
      }
    }
    return linked + abandoned.map(\.peer).filter { connections.link(to: $0) == nil }
  }

  /// The connection to a peer, broken ones too; nil when there is none. One that is still being made counts where
  /// scripts make connections themselves, so that they do not make it twice.
  public func connection(to peer: PeerID) throws(NetworkError) -> LinkID? {
    if let replay {
      return replay.links.link(to: peer).flatMap { replay.links.state(of: $0) == .connecting ? nil : $0 }
    }
    let subsystem = try running()
    guard let link = subsystem.connections.link(to: peer) else { return abandoned.first { $0.peer == peer }?.link }
    return subsystem.hasExplicitConnections || subsystem.connections.state(of: link) != .connecting ? link : nil
  }

  /// Whether nothing can be sent any more to a peer that there is a connection to.
  public func isBroken(_ peer: PeerID) throws(NetworkError) -> Bool {
    if let replay { return replay.links.link(to: peer).map(replay.links.state) == .broken }
    let connections = try running().connections
    guard let link = connections.link(to: peer) else { return abandoned.contains { $0.peer == peer } }
    return connections.state(of: link) == .broken
  }

  /// Whether a lobby or a session needs the connection to a peer.
  public func isUsed(_ peer: PeerID) throws(NetworkError) -> Bool {
    if let replay { return replay.links.link(to: peer) != nil && replay.session.isMember(peer) }
    let subsystem = try running()
    return (subsystem.connections.link(to: peer) != nil || abandoned.contains { $0.peer == peer })
      && isNeeded(peer, subsystem)
  }

  /// Smoothed round-trip time in seconds; 0 where there is no connection.
  public func ping(_ peer: PeerID) throws(NetworkError) -> Double {
    // A recording does not say how long answers took.
    if replay != nil { return 0 }
    return try running().connections.ping(peer)
  }

  /// Bytes left in the script's share of the reliable send buffer; 0 where there is no connection.
  public func reliableSendBufferLeft(_ peer: PeerID) throws(NetworkError) -> Int {
    let connections: any PeerLinks = if let replay { replay.links } else { try running().connections }
    let left = connections.link(to: peer).map(connections.reliableBytesLeft) ?? 0
    return min(left, session?.relayBytesLeft(to: peer) ?? left)
  }

  /// How the connection to a peer fares; nil where there is none.
  func linkStatistics(_ peer: PeerID) -> LinkStatistics? {
    guard let connections = subsystem?.connections else { return nil }
    return connections.link(to: peer).flatMap(connections.statistics)
  }

  func isNeeded(_ peer: PeerID, _ subsystem: Subsystem) -> Bool {
    subsystem.layer.uses(peer) || session?.isMember(peer) == true
  }

  func closeIfUnused(_ link: LinkID) {
    guard let subsystem, !subsystem.hasExplicitConnections else { return }
    let peer = subsystem.connections.peer(of: link)
    guard peer != .nobody, !isNeeded(peer, subsystem) else { return }
    subsystem.connections.close(link)
  }

  /// Keeps where a peer is.
  func remember(_ peer: PeerID, at endpoint: Endpoint) {
    if knownPeers[peer] == nil, knownPeers.count >= Limits.knownPeers {
      knownPeers = knownPeers.filter { subsystem?.connections.link(to: $0.key) != nil }
    }
    knownPeers[peer] = endpoint
  }
}

// MARK: - Explicit connections

extension NetworkRuntime {
  /// From the next client on, until it is shut down, no connection ends by itself: lobbies still make them, and the
  /// script destroys them once nothing uses them.
  public func setExplicitConnections() throws(NetworkError) {
    if let subsystem { throw .clientRunning(subsystem.platform) }
    hasExplicitConnections = true
  }

  /// Starts to connect to a peer that a lobby has shown; what is sent meanwhile waits.
  public func createConnection(to peer: PeerID) throws(NetworkError) -> LinkID {
    let subsystem = try running()
    guard subsystem.hasExplicitConnections else { throw .automaticConnections }
    guard peer != subsystem.connections.localPeer else { throw .connectionToSelf(peer) }
    guard try connection(to: peer) == nil else { throw .connectionExists(peer) }
    guard let endpoint = knownPeers[peer] else { throw .unknownAddress(peer) }
    guard let link = subsystem.connections.connect(to: peer, at: endpoint) else { throw .tooManyConnections }
    return link
  }

  /// Ends the connection to a peer, if there is one.
  public func destroyConnection(to peer: PeerID) throws(NetworkError) {
    let subsystem = try running()
    guard try !isUsed(peer) else { throw .connectionInUse(peer) }
    abandoned.removeAll { $0.peer == peer }
    if let link = subsystem.connections.link(to: peer) { subsystem.connections.close(link) }
  }

  /// The other end closed a connection that is the script's to destroy.
  func abandon(_ link: LinkID, _ peer: PeerID) {
    guard subsystem?.connections.link(to: peer) == nil else { return }
    abandoned.removeAll { $0.peer == peer }
    // No more than there can be at one time: a script that never looks is not to fill the memory.
    if abandoned.count >= Limits.links { abandoned.removeFirst() }
    abandoned.append((peer, link))
  }
}
