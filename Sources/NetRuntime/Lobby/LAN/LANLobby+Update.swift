// What the runtime tells a lobby in the course of an update.
extension LANLobby {
  /// Seconds that a join may take after the lobby has answered.
  private static let joinTimeout = 15.0
  /// Seconds between attempts to open the lobby port after taking over, while the old host still has it.
  private static let portInterval = 1.0

  func handle(_ delivery: Delivery, at now: Double) {
    guard isActive else { return }
    guard let message = LobbyMessage(encoded: delivery.body) else {
      node.log(.warnings, "peer \(delivery.peer) sent a lobby message that makes no sense")
      return
    }
    let endpoint = node.control.endpoint(delivery.link) ?? .sender
    if case .join = message { memberLinks[delivery.peer] = delivery.link }
    perform(machine.receive(message, from: delivery.peer, at: endpoint, now: now), at: now)
  }

  /// Takes the connection to a member, or to the host that is being asked.
  /// - Returns: False for the connection of anyone else.
  func linkConnected(_ link: LinkID, peer: PeerID, at now: Double) -> Bool {
    guard isActive, machine.contains(peer) || isJoining(peer) else { return false }
    memberLinks[peer] = link
    perform(machine.linkUp(peer), at: now)
    return true
  }

  func linkDown(_ link: LinkID, peer: PeerID, isBroken: Bool, at now: Double) {
    guard isActive, memberLinks[peer] == link else { return }
    perform(machine.linkDown(peer, isBroken: isBroken, at: now), at: now)
    // A broken one is kept until it is released, so that it is not taken for the peer's next one.
    if !isBroken && memberLinks[peer] == link { memberLinks[peer] = nil }
  }

  func linkRefused(_ link: LinkID, peer: PeerID, reason: String, at now: Double) {
    guard isActive, memberLinks[peer] == link else { return }
    perform(machine.linkRefused(peer, reason: reason, at: now), at: now)
    if memberLinks[peer] == link { memberLinks[peer] = nil }
  }

  /// An answer to the question whether a lobby is at the address to join.
  func receive(_ info: LANLobbyInfo, from source: Endpoint, at now: Double) {
    guard isActive, info.nonce == question?.nonce else { return }
    question = nil
    perform(machine.willConnect(to: info.host, lobby: info.lobby), at: now)
    guard isActive else { return }
    joinDeadline = now + Self.joinTimeout
    connect(to: info.host, at: Endpoint(address: source.address, port: info.gamePort), now: now)
  }

  /// Reads the lobby port.
  func receive(at now: Double) {
    guard isActive else { return }
    lobbyPort?.answer(
      .init(lobby: machine.lobby, members: machine.members.count, maximum: machine.maximum, data: machine.data),
      node: node, at: now)
  }

  func advance(to now: Double) {
    guard isActive else { return }
    perform(machine.advance(to: now), at: now)
    if question?.isOver(at: now) == true, let address = question?.address {
      question = nil
      perform(machine.fail(.noAnswer(address)), at: now)
    }
    if let joinDeadline, now >= joinDeadline, state == .joining {
      perform(machine.fail(.connection("no answer")), at: now)
    }
    if isHost && lobbyPort == nil && now >= nextPortAttempt { openPort(at: now) }
  }

  func transmit(at now: Double) {
    guard isActive else { return }
    perform(machine.flush(), at: now)
    guard let socket = questionSocket, question?.isDue(at: now) == true, let question else { return }
    node.send(.query(nonce: question.nonce), to: question.address, from: socket)
  }

  // MARK: -

  func perform(_ actions: [LobbyAction], at now: Double) {
    for action in actions {
      switch action {
      case .send(let message, let peer): send(message, to: peer)
      case .connect(let peer, let endpoint): connect(to: peer, at: endpoint, now: now)
      case .release(let peer):
        if let link = memberLinks.removeValue(forKey: peer) { node.control.release(link) }
      case .demote(let peer):
        guard let link = memberLinks.removeValue(forKey: peer) else { continue }
        let mayBeBack = node.links.state(of: link) == .connected && node.strangers.add(link, peer, at: now)
        if !mayBeBack { node.control.release(link) }
      case .tookOver: openPort(at: now)
      case .steppedDown:
        if let socket = lobbyPort?.socket { node.transport.close(socket) }
        lobbyPort = nil
      case .warn(let text): node.log(.warnings, text)
      case .note(let text): node.log(.messages, text)
      }
    }
  }

  private func send(_ message: LobbyMessage, to peer: PeerID) {
    guard let link = memberLinks[peer] ?? node.links.link(to: peer) else { return }
    do {
      _ = try message.encoded.withUnsafeBytes {
        try node.links.sendReliable(.lobby, $0, to: link, share: .engine)
      }
    } catch {
      // The end of the connection is on its way to the lobby as an event of its own.
      node.log(.spew, "lobby message to peer \(peer) not sent: \(error)")
    }
  }

  private func connect(to peer: PeerID, at endpoint: Endpoint, now: Double) {
    if let link = node.links.link(to: peer) {
      memberLinks[peer] = link
      switch node.links.state(of: link) {
      case .connected:
        perform(machine.linkUp(peer), at: now)
        return
      case .connecting, .broken: return
      case .closed: break
      }
    }
    if let link = node.control.connect(peer, endpoint) {
      memberLinks[peer] = link
    } else {
      perform(machine.linkRefused(peer, reason: "this peer has no room for another connection", at: now), at: now)
    }
  }

  private func openPort(at now: Double) {
    nextPortAttempt = now + Self.portInterval
    do {
      lobbyPort = try LANLobbyPort(port: port, node: node)
    } catch {
      guard !hasWarnedOfPort else { return }
      hasWarnedOfPort = true
      node.log(.warnings, "browsers cannot find the lobby: \(error); trying again every second")
    }
  }

  private func isJoining(_ peer: PeerID) -> Bool {
    machine.role == .joining(host: peer)
  }
}
