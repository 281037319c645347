extension NetworkRuntime {
  /// Starts the LAN client.
  /// - Parameters:
  ///   - gamePort: The UDP port of the connections; 0 takes a free one.
  ///   - peer: This peer's id; nil draws one.
  public func startLAN(config: NetworkConfig, gamePort: UInt16 = 0, peer: PeerID? = nil) throws(NetworkError) {
    if replay != nil { throw .replaying }
    guard lan == nil else { throw .clientRunning }
    stopLingering()
    do throws(TransportError) {
      lan = try LANSubsystem(
        config: config, gamePort: gamePort, peer: peer ?? drawPeerID(), environment: environment, timing: timing,
        hasExplicitConnections: hasExplicitConnections, release: { [unowned self] in closeIfUnused($0) },
        noteAddress: { [unowned self] in remember($0, at: $1) })
    } catch {
      throw .transport(error)
    }
    if let recorder = environment.recorder, let lan {
      recorder.clientStarted(lan.connections.localPeer, config, at: environment.now())
      recorder.pongTimeoutSet(timing.pongTimeout)
    }
    lan?.tap = allTaps
    gate.onOverflow = { [unowned self] link in
      environment.log(
        .warnings,
        "closing a connection: over \(Limits.heldBytes) bytes of session traffic wait on it for a session that is not there"
      )
      self.lan?.connections.close(link)
    }
    knownPeers.removeAll()
    abandoned.removeAll()
    hasToldFailure = false
    dropWarnings.removeAll()
    layOutUnlogged(config)
    if let lan { environment.log(.messages, "this is peer \(lan.connections.localPeer), on UDP port \(lan.gamePort)") }
  }

  /// Ends the client, and the session and the lobby with it. The other peers are told: at once, and again in later
  /// updates until they answer.
  public func stopLAN() throws(NetworkError) {
    guard let lan else { throw .noClient }
    endSession()
    lan.shutdown(at: environment.now())
    environment.log(.messages, "networking ends")
    selfMessages.removeAll()
    gate.reset()
    environment.recorder?.clientEnded()
    self.lan = nil
    lingering = lan
    hasExplicitConnections = false
  }

  /// Whether a client runs.
  public var isRunning: Bool { lan != nil }

  /// Whether a client that was shut down still gets its last data across: a program that ends calls `receive()` until
  /// this is false.
  public var isFinishing: Bool { lingering != nil }

  /// The browser of LAN lobbies.
  public func lobbyBrowser() throws(NetworkError) -> LANLobbyBrowser {
    try running().client.browser
  }

  /// Opens a lobby; see `LANClient.createLobby`.
  public func createLobby(port: UInt16, maxMembers: Int) throws(NetworkError) -> LANLobby {
    try running().client.createLobby(port: port, maxMembers: maxMembers)
  }

  /// Enters the lobby at "ip:port"; see `LANClient.joinLobby`.
  /// - Parameter ownPort: The lobby port of this peer, should it become the lobby's host.
  public func joinLobby(address: String, ownPort: UInt16?) throws(NetworkError) -> LANLobby {
    let client = try running().client
    environment.log(.messages, "joining the lobby at \(address)")
    return client.joinLobby(address: address, port: ownPort)
  }

  /// Leaves a lobby, and the connections that nothing else uses. The others are told within this call.
  public func leaveLobby(_ lobby: LANLobby) throws(NetworkError) {
    let lan = try running()
    lobby.leave()
    environment.log(.messages, "left the lobby")
    if !lan.hasExplicitConnections {
      for link in lan.connections.linkList { closeIfUnused(link) }
    }
    lan.connections.transmit(at: environment.now(), state: session, isForced: true)
  }

  func running() throws(NetworkError) -> LANSubsystem {
    guard let lan else { throw .noClient }
    return lan
  }

  func stopLingering() {
    lingering?.close()
    lingering = nil
  }

  /// 53 bits, so that a script may also hold the id as a number.
  private func drawPeerID() -> PeerID {
    PeerID(rawValue: max(1, environment.random.next() >> 11))
  }
}
