// What becomes of the connections to members.
extension PlatformClient {
  /// Peers whose hello waits for the directory's word.
  private static let unwelcomedLimit = 64

  func linkConnected(_ link: LinkID, peer: PeerID, at now: Double) {
    self.now = now
    if routes[peer] != nil {
      routes[peer]?.link = link
      routes[peer]?.found = nil
      greetHosts(peer)
    } else if !strangers.add(link, peer, at: now) {
      log(.warnings, "peer \(peer) is sent away: \(Limits.pendingJoins) peers are connected without having joined")
      control.release(link)
    }
  }

  func linkBroken(_ link: LinkID, peer: PeerID, at now: Double) {
    linkDown(link, peer, at: now)
    if let other = links.link(to: peer), other != link, links.state(of: other) == .connected {
      // It came back with a new connection: whether it is a member still is the directory's to say.
      routes[peer]?.renewal = now
      return
    }
    // Whom the host cannot hear is out, as in any lobby; who is in at least has a way to the host.
    for lobby in lobbies where lobby.isHost {
      for member in lobby.entry.members where member.peer == peer { lobby.change([.drop(member.player)]) }
    }
  }

  func linkClosed(_ link: LinkID, peer: PeerID, at now: Double) { linkDown(link, peer, at: now) }

  func linkRefused(_ link: LinkID, peer: PeerID, reason: RefusalReason, at now: Double) {
    linkDown(link, peer, at: now)
    for lobby in lobbies { lobby.refused(peer, reason) }
  }

  private func linkDown(_ link: LinkID, _ peer: PeerID, at now: Double) {
    self.now = now
    strangers.remove(link)
    unwelcomed.removeAll { $0.link == link }
    guard routes[peer]?.link == link else { return }
    routes[peer]?.link = nil
    // The directory is about to tell that it left; if not, they connect again.
    routes[peer]?.nextAttempt = now + 0.5
  }

  func sendStrangersAway() {
    strangers.forget { link, peer in links.state(of: link) != .connected || routes[peer] != nil }
    while let stranger = strangers.nextOverdue(at: now) {
      log(.messages, "peer \(stranger.peer) is sent away: it connected and did not join")
      unwelcomed.removeAll { $0.link == stranger.link }
      control.release(stranger.link)
    }
  }

  // MARK: Hello and welcome

  func handle(_ delivery: Delivery, at now: Double) {
    self.now = now
    switch PlatformMessage(encoded: delivery.body) {
    case .hello(let entry)?:
      unwelcomed.removeAll { $0.link == delivery.link && $0.entry == entry }
      if unwelcomed.count >= Self.unwelcomedLimit { unwelcomed.removeFirst() }
      unwelcomed.append((delivery.peer, delivery.link, entry))
      welcome()
    case .welcome(let entry)?:
      for lobby in lobbies where lobby.id == entry { lobby.welcomed(by: delivery.peer) }
    case nil: log(.warnings, "peer \(delivery.peer) sent a message of a lobby that makes no sense")
    }
  }

  /// Welcomes those of whom the directory has told meanwhile.
  func welcome() {
    unwelcomed.removeAll { waiting in
      guard lobbies.contains(where: { $0.isActive && $0.id == waiting.entry && $0.contains(waiting.peer) }) else {
        return false
      }
      send(.welcome(waiting.entry), on: waiting.link)
      return true
    }
  }

  func greetHosts(_ peer: PeerID) {
    for lobby in lobbies where lobby.lobbyHost == peer { greetHost(of: lobby) }
  }

  /// Says hello to the host of what this peer is entering, once there is a connection to it.
  func greetHost(of lobby: PlatformLobby) {
    guard case .connecting = lobby.phase, let link = routes[lobby.lobbyHost]?.link,
      links.state(of: link) == .connected
    else { return }
    send(.hello(lobby.id), on: link)
  }

  private func send(_ message: PlatformMessage, on link: LinkID) {
    do {
      _ = try message.encoded.withUnsafeBytes { try links.sendReliable(.lobby, $0, to: link, share: .engine) }
    } catch {
      // The end of the connection is told as an event of its own.
      log(.spew, "a message of a lobby was not sent: \(error)")
    }
  }
}
