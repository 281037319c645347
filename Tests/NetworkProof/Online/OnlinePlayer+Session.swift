import NetRuntime

// The game session of the lobby: who is in the lobby plays.
extension OnlinePlayer {
  func stepSession(_ lobby: PlatformLobby) {
    let now = world.network.now
    let hostThere = lobby.gameSessionHost.map { lobby.contains($0) } ?? false
    guard let session else {
      guard now >= nextSession else { return }
      if lobby.isHost, !hostThere || lobby.gameSessionHost == peer {
        host(lobby)
      } else if hostThere, lobby.gameSessionHost != peer {
        open()
      }
      return
    }
    if isHosting {
      // The host of the lobby may have thought that this one was gone.
      if lobby.gameSessionHost != peer { return drop(now) }
      return stepHost(session, lobby)
    }
    if session.isInSession {
      if !wasInSession { world.counts.sessions += 1 }
      wasInSession = true
      if session.hostError || session.host != lobby.gameSessionHost { drop(now) }
    } else if wasInSession || !hostThere || lobby.gameSessionHost == peer {
      drop(now)
    } else if now - sessionSince > 30 {
      fail("has waited 30 s to be taken into the session of \(lobby.gameSessionHost?.description ?? "nobody")")
      drop(now)
    }
  }

  private func drop(_ now: Double) {
    forgetSession()
    nextSession = now + 0.5
  }

  private func open() {
    do {
      session = try runtime?.createSession()
      sessionSince = world.network.now
    } catch {
      fail("create_game_session: \(error)")
    }
  }

  private func host(_ lobby: PlatformLobby) {
    open()
    do { try session?.makeHost() } catch { fail("make_game_session_host: \(error)") }
    isHosting = true
    wasInSession = true
    lobby.setGameSessionHost(peer)
  }

  private func stepHost(_ session: GameSession, _ lobby: PlatformLobby) {
    while let leaver = session.wantsToLeave { remove(leaver, session) }
    while let broken = session.brokenConnection { remove(broken, session) }
    let members = lobby.members
    for other in session.otherPeers where !members.contains(other) { remove(other, session) }
    for member in members where member != peer && !session.otherPeers.contains(member) {
      // It may not be connected yet.
      guard (try? runtime?.connection(to: member)) != nil, (try? runtime?.isBroken(member)) == false else { continue }
      try? session.addPeer(member)
    }
  }

  private func remove(_ other: PeerID, _ session: GameSession) {
    do { try session.removePeer(other) } catch { fail("remove_peer: \(error)") }
    while session.nextRemovalEvent() != nil {}
  }
}
