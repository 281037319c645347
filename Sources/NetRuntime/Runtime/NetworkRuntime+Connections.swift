extension NetworkRuntime {
  /// The peers that there is a connection to, broken ones too.
  public var connectedPeers: [PeerID] {
    guard let connections = lan?.connections else { return [] }
    return connections.linkList.compactMap { link in
      switch connections.state(of: link) {
      case .connected, .broken: connections.peer(of: link)
      case .connecting, .closed: nil
      }
    }
  }

  /// The connection to a peer, broken ones too; nil when there is none.
  public func connection(to peer: PeerID) throws(NetworkError) -> LinkID? {
    let connections = try running().connections
    guard let link = connections.link(to: peer) else { return nil }
    switch connections.state(of: link) {
    case .connected, .broken: return link
    case .connecting, .closed: return nil
    }
  }

  /// Whether nothing can be sent any more to a peer that there is a connection to.
  public func isBroken(_ peer: PeerID) throws(NetworkError) -> Bool {
    let connections = try running().connections
    return connections.link(to: peer).map(connections.state) == .broken
  }

  /// Whether a lobby or a session needs the connection to a peer.
  public func isUsed(_ peer: PeerID) throws(NetworkError) -> Bool {
    let lan = try running()
    return lan.connections.link(to: peer) != nil && isNeeded(peer, lan)
  }

  /// Smoothed round-trip time in seconds; 0 where there is no connection.
  public func ping(_ peer: PeerID) throws(NetworkError) -> Double {
    try running().connections.ping(peer)
  }

  /// Bytes left in the script's share of the reliable send buffer; 0 where there is no connection.
  public func reliableSendBufferLeft(_ peer: PeerID) throws(NetworkError) -> Int {
    let connections = try running().connections
    return connections.link(to: peer).map(connections.reliableBytesLeft) ?? 0
  }

  /// How the connection to a peer fares; nil where there is none.
  public func linkStatistics(_ peer: PeerID) throws(NetworkError) -> LinkStatistics? {
    let connections = try running().connections
    return connections.link(to: peer).flatMap(connections.statistics)
  }

  func isNeeded(_ peer: PeerID, _ lan: LANSubsystem) -> Bool {
    lan.client.uses(peer) || session?.isMember(peer) == true
  }

  func closeIfUnused(_ link: LinkID) {
    guard let lan, !lan.hasExplicitConnections else { return }
    let peer = lan.connections.peer(of: link)
    guard peer != .nobody, !isNeeded(peer, lan), !lan.client.isAwaited(link) else { return }
    lan.connections.close(link)
  }
}
