extension NetworkRuntime {
  /// Creates the game session, of which there is one at a time.
  public func createSession() throws(NetworkError) -> GameSession {
    if replay != nil { throw .replaying }
    let subsystem = try running()
    guard session == nil else { throw .sessionExists }
    let created = GameSession(
      links: subsystem.connections, config: subsystem.config, gate: gate, random: environment.random,
      log: environment.log)
    session = created
    environment.log(.messages, "created a game session")
    if let recorder = environment.recorder {
      recorder.called(.create)
      created.journal = recorder
    }
    created.decodeMessage = { [unowned self] sender, body in
      guard let (index, arguments) = openMessage(body, subsystem.config) else { return nil }
      return .message(index: index, sender: sender, arguments: arguments)
    }
    return created
  }

  /// Ends the current session, if any: the others are told, and its objects are gone.
  public func endSession() {
    guard let session, let subsystem else { return }
    environment.recorder?.called(.close)
    session.close()
    self.session = nil
    subsystem.connections.forgetState()
    environment.log(.messages, "shut down the game session")
    subsystem.connections.transmit(at: environment.now(), state: nil, isForced: true)
    releaseFormerMembers(of: session)
  }

  /// Closes the connections to peers that left the session, where nothing else needs them.
  func releaseFormerMembers(of session: GameSession) {
    guard let subsystem, session.hasFormerMembers else { return }
    for peer in session.takeFormerMembers() {
      if let link = subsystem.connections.link(to: peer) { closeIfUnused(link) }
    }
  }
}
