extension NetworkRuntime {
  /// Starts the LAN client.
  /// - Parameters:
  ///   - gamePort: The UDP port of the connections; 0 takes a free one.
  ///   - peer: This peer's id; nil draws one.
  public func startLAN(config: NetworkConfig, gamePort: UInt16 = 0, peer: PeerID? = nil) throws(NetworkError) {
    let peer = peer ?? drawPeerID()
    try start(.lan, config, gamePort: gamePort, peer: peer) { port throws(TransportError) in
      try LANClient(
        transport: port.transport, links: port.connections, control: port.control, gamePort: port.port,
        schemaHash: config.hash, random: environment.random, log: environment.log)
    }
  }

  /// The browser of LAN lobbies.
  public func lobbyBrowser() throws(NetworkError) -> LANLobbyBrowser {
    try runningLAN().browser
  }

  /// Opens a lobby; see `LANClient.createLobby`.
  public func createLobby(port: UInt16, maxMembers: Int) throws(NetworkError) -> LANLobby {
    try runningLAN().createLobby(port: port, maxMembers: maxMembers)
  }

  /// Enters the lobby at "ip:port"; see `LANClient.joinLobby`.
  /// - Parameter ownPort: The lobby port of this peer, should it become the lobby's host.
  public func joinLobby(address: String, ownPort: UInt16?) throws(NetworkError) -> LANLobby {
    let client = try runningLAN()
    environment.log(.messages, "joining the lobby at \(address)")
    return client.joinLobby(address: address, port: ownPort)
  }

  /// Leaves a lobby, and the connections that nothing else uses. The others are told within this call.
  public func leaveLobby(_ lobby: LANLobby) throws(NetworkError) {
    let subsystem = try running()
    lobby.leave()
    environment.log(.messages, "left the lobby")
    closeUnused(subsystem)
  }

  private func runningLAN() throws(NetworkError) -> LANClient {
    let subsystem = try running()
    guard let client = subsystem.lan else { throw .otherClient(needed: .lan, running: subsystem.platform) }
    return client
  }

  /// 53 bits, so that a script may also hold the id as a number.
  private func drawPeerID() -> PeerID {
    PeerID(rawValue: max(1, environment.random.next() >> 11))
  }
}
