import NetRuntime

// Becoming a member, or the host, and the end of it.
extension Player {
  func stepSession(_ lobby: LANLobby) {
    guard let session, let instance else {
      if now >= nextSession, hasSessionToJoin(lobby) || shouldHost(lobby) { createSession() }
      return
    }
    if instance.isHost { return stepHost(session, instance) }
    if session.isInSession {
      if !instance.wasMember {
        instance.wasMember = true
        ledger.counts.joins += 1
        world.note(self, "joined the session of \(session.host?.description ?? "nobody")")
      }
      if session.hostError {
        if hostErrorSince == nil { hostErrorSince = now }
        if let since = hostErrorSince, now - since > 5.5 { fail("still in the session 5.5 s after the host's death") }
      } else if let since = leavingSince {
        if now - since > 15 {
          fail("leave() has not let it out for 15 s")
          leavingSince = now
        }
      } else {
        play(session, instance)
      }
      return
    }
    if instance.wasMember {
      for (id, mirrored) in instance.mirror where !session.exists(id) {
        fail("object \(id) of player \(mirrored.object.owner.player) is gone before the session object")
      }
      dropSession(expectsDisconnect: true)
      return
    }
    if shouldHost(lobby) { return becomeHost(session, instance, lobby) }
    if !world.addsByItself, hasSessionToJoin(lobby), let host = lobby.gameSessionHost,
      askedAt.map({ now - $0 > 5 }) ?? true
    {
      askedAt = now
      send("ask_to_join", [.uint64(UInt64(instance.number))], to: host)
    }
    if now - instanceSince > 40 {
      fail("has waited 40 s to get into the session")
      instanceSince = now
    }
  }

  private func hasSessionToJoin(_ lobby: LANLobby) -> Bool {
    guard let host = lobby.gameSessionHost else { return false }
    return host != peer && lobby.contains(host)
  }

  private func shouldHost(_ lobby: LANLobby) -> Bool {
    guard lobby.isHost else { return false }
    guard let host = lobby.gameSessionHost else { return true }
    return host == peer || !lobby.contains(host)
  }

  private func createSession() {
    do {
      session = try runtime.createSession()
      let number = ledger.beginLife(player: index, peer: peer, isBound: true, at: now)
      instance = Ledger.Instance(number: number, player: index, peer: peer, begin: now)
      instanceSince = now
      askedAt = nil
    } catch {
      fail("create_game_session: \(error)")
    }
  }

  private func becomeHost(_ session: GameSession, _ instance: Ledger.Instance, _ lobby: LANLobby) {
    do { try session.makeHost() } catch { fail("make_game_session_host: \(error)") }
    instance.isHost = true
    instance.wasMember = true
    instance.isSynced = true
    world.host = self
    lobby.setGameSessionHost(peer)
    world.note(self, "hosts the session")
  }

  // MARK: The host

  private func stepHost(_ session: GameSession, _ instance: Ledger.Instance) {
    while let leaver = session.wantsToLeave { remove(leaver, session, instance) }
    while let broken = session.brokenConnection { remove(broken, session, instance) }
    let pending = asks
    asks.removeAll()
    for ask in pending { admit(ask, session, instance) }
    if world.addsByItself {
      for member in lobby?.members ?? [] where member != peer && !instance.members.contains(member) {
        if let due = nextAdd[member] {
          if now >= due { add(member, session, instance) }
        } else {
          nextAdd[member] = now + dice.between(0, 2)
        }
      }
    }
    guard session.isInSession, self.instance === instance else { return }
    play(session, instance)
    guard !world.isSettling, self.instance === instance else { return }
    if dice.chance(world.kickRate * world.step), let victim = dice.pick(instance.members) {
      ledger.counts.kicks += 1
      world.note(self, "kicks \(victim)")
      remove(victim, session, instance)
    }
  }

  private func admit(_ ask: (peer: PeerID, instance: Int), _ session: GameSession, _ instance: Ledger.Instance) {
    guard askedWith[ask.peer] != ask.instance else { return }
    if instance.members.contains(ask.peer) { remove(ask.peer, session, instance) }
    add(ask.peer, session, instance)
    if instance.members.contains(ask.peer) { askedWith[ask.peer] = ask.instance }
  }

  private func add(_ member: PeerID, _ session: GameSession, _ instance: Ledger.Instance) {
    do throws(SessionError) {
      try session.addPeer(member)
      instance.members.append(member)
      world.added[member] = now
      world.note(self, "adds \(member)")
    } catch {
      // It may have gone since it asked.
      guard case .notConnected = error else { return fail("add_peer: \(error)") }
      nextAdd[member] = now + 1
    }
  }

  func remove(_ member: PeerID, _ session: GameSession, _ instance: Ledger.Instance) {
    if let other = world.players.first(where: { $0.peer == member && $0.session?.host == peer }) {
      other.instance?.isRemoved = true
    }
    if world.migrationRate > 0, dice.chance(0.3) { keepObjects(of: member, session, instance) }
    do { try session.removePeer(member) } catch { fail("remove_peer: \(error)") }
    instance.members.removeAll { $0 == member }
    askedWith[member] = nil
    nextAdd[member] = now + dice.between(0.5, 3)
    world.note(self, "removes \(member)")
    while let event = session.nextRemovalEvent() { handle(event) }
    if session.isMember(member) { fail("peer \(member) is a member after remove_peer") }
    if !session.objects(ownedBy: member).isEmpty,
      !instance.mirror.values.contains(where: { $0.object.owner.peer == member || $0.object.hasMoved })
    {
      // An event may be under way whose object stays until the next; the last one goes with the next call of
      // `nextEvent`.
      if session.objects(ownedBy: member).count > 1 { fail("objects of \(member) outlive remove_peer") }
    }
  }

  // MARK: Leaving

  func leaveAtRandom(_ session: GameSession, _ instance: Ledger.Instance) {
    ledger.counts.leaves += 1
    switch dice.below(6) {
    case 0, 1:
      world.note(self, "leave()")
      do { try session.leave() } catch { fail("leave: \(error)") }
      instance.expectsDisconnect = true
      leavingSince = now
    case 2:
      world.note(self, "disconnect_from_host()")
      do { try session.disconnectFromHost() } catch { fail("disconnect_from_host: \(error)") }
      if session.isInSession { fail("is in the session after disconnect_from_host") }
      dropSession(expectsDisconnect: false)
    case 3:
      world.note(self, "leaves the session and the lobby")
      dropSession(expectsDisconnect: false)
      leaveLobby()
      phase = .searching(since: now)
    default: restart(after: dice.chance(0.3) ? 0 : dice.between(0, 6))
    }
  }

  /// The host ends the session in good order and goes.
  func handOver() {
    guard let session, let instance, instance.isHost else { return }
    ledger.counts.handovers += 1
    world.note(self, "ends the session and goes")
    do { try session.shutdownHost() } catch { fail("shutdown_game_session_host: \(error)") }
    instance.members.removeAll()
    world.host = nil
    if dice.chance(0.5) {
      dropSession(expectsDisconnect: false)
      leaveLobby()
      phase = .searching(since: now)
    } else {
      restart(after: dice.between(4, 8))
    }
  }
}
