extension NetworkRuntime {
  /// Whether a client runs.
  public var isRunning: Bool { subsystem != nil }

  /// Where the client that runs meets others; nil where none runs.
  public var platform: Platform? { subsystem?.platform }

  /// Whether a client that was shut down still gets its last data across: a program that ends calls `receive()` until
  /// this is false.
  public var isFinishing: Bool { lingering != nil }

  /// Starts a client, of which there is one at a time.
  /// - Parameters:
  ///   - gamePort: The UDP port of the connections; 0 takes a free one.
  ///   - transport: What the game port is on; nil for the environment's.
  func start(
    _ platform: Platform, _ config: NetworkConfig, gamePort: UInt16 = 0, peer: PeerID,
    transport: (any Transport)? = nil, makeLayer: (Subsystem.GamePort) throws(TransportError) -> any LobbyLayer
  ) throws(NetworkError) {
    if replay != nil { throw .replaying }
    if let subsystem { throw .clientRunning(subsystem.platform) }
    stopLingering()
    let parts = Subsystem.Parts(
      platform: platform, config: config, gamePort: gamePort, peer: peer, timing: timing,
      hasExplicitConnections: hasExplicitConnections, release: { [unowned self] in closeIfUnused($0) },
      noteAddress: { [unowned self] in remember($0, at: $1) })
    let subsystem: Subsystem
    do throws(TransportError) {
      subsystem = try Subsystem(parts, environment: environment, transport: transport, makeLayer: makeLayer)
    } catch {
      throw .transport(error)
    }
    self.subsystem = subsystem
    environment.recorder?.clientStarted(peer, config, at: environment.now())
    environment.recorder?.pongTimeoutSet(timing.pongTimeout)
    subsystem.tap = allTaps
    forgetPeers()
    layOutUnlogged(config)
    environment.log(.messages, "this is peer \(peer), on UDP port \(subsystem.gamePort)")
  }

  /// What was known under an earlier client is void.
  private func forgetPeers() {
    gate.onOverflow = { [unowned self] link in
      environment.log(
        .warnings,
        "closing a connection: over \(Limits.heldBytes) bytes of session traffic wait on it for a session that is not there"
      )
      subsystem?.connections.close(link)
    }
    knownPeers.removeAll()
    abandoned.removeAll()
    hasToldFailure = false
    dropWarnings.removeAll()
  }

  /// Ends the client, and the session and the lobbies with it. The other peers are told: at once, and again in later
  /// updates until they answer.
  public func stopClient() throws(NetworkError) {
    guard let subsystem else { throw .noClient }
    endSession()
    subsystem.shutdown(at: environment.now())
    environment.log(.messages, "networking ends")
    selfMessages.removeAll()
    gate.reset()
    environment.recorder?.clientEnded()
    self.subsystem = nil
    lingering = subsystem
    hasExplicitConnections = false
  }

  func running() throws(NetworkError) -> Subsystem {
    guard let subsystem else { throw .noClient }
    return subsystem
  }

  func stopLingering() {
    lingering?.close()
    lingering = nil
  }

  /// Closes the connections that nothing needs any more, and tells the others at once.
  func closeUnused(_ subsystem: Subsystem) {
    if !subsystem.hasExplicitConnections {
      for link in subsystem.connections.linkList { closeIfUnused(link) }
    }
    subsystem.connections.transmit(at: environment.now(), state: session, isForced: true)
  }
}
