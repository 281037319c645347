extension NetworkRuntime {
  /// Adapts the upload to what each link carries, until the client ends. A later call changes the limits; links that
  /// run keep what they learned, within them.
  public func enableQualityOfService(_ quality: QualityOfService) throws(NetworkError) {
    try running().connections.qualityOfService = quality
  }

  /// Takes the connection to a peer out of quality of service, or back in, where it begins with the initial rate.
  /// Changes nothing without quality of service or without a connection to the peer; a later connection is adapted.
  public func setAdaptive(_ isAdaptive: Bool, _ peer: PeerID) throws(NetworkError) {
    let connections = try running().connections
    guard connections.qualityOfService != nil, let link = connections.link(to: peer) else { return }
    connections.setAdaptive(isAdaptive, link: link)
  }
}
