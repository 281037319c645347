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
  public func connection(to peer: PeerID) -> LinkID? {
    guard let connections = lan?.connections, let link = connections.link(to: peer) else { return nil }
    switch connections.state(of: link) {
    case .connected, .broken: return link
    case .connecting, .closed: return nil
    }
  }

  /// Whether nothing can be sent any more to a peer that there is a connection to.
  public func isBroken(_ peer: PeerID) -> Bool {
    guard let connections = lan?.connections, let link = connections.link(to: peer) else { return false }
    return connections.state(of: link) == .broken
  }

  /// Whether a lobby or a session needs the connection to a peer.
  public func isUsed(_ peer: PeerID) -> Bool {
    guard let lan, lan.connections.link(to: peer) != nil else { return false }
    return lan.client.uses(peer) || session?.isMember(peer) == true
  }

  /// Smoothed round-trip time in seconds; 0 where there is no connection.
  public func ping(_ peer: PeerID) -> Double {
    lan?.connections.ping(peer) ?? 0
  }

  /// Bytes left in the script's share of the reliable send buffer; 0 where there is no connection.
  public func reliableSendBufferLeft(_ peer: PeerID) -> Int {
    guard let connections = lan?.connections, let link = connections.link(to: peer) else { return 0 }
    return connections.reliableBytesLeft(on: link)
  }

  func closeIfUnused(_ link: LinkID) {
    guard let lan, !lan.hasExplicitConnections else { return }
    let peer = lan.connections.peer(of: link)
    guard peer != .nobody, !isUsed(peer) else { return }
    lan.connections.close(link)
  }
}
