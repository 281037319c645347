// What a lobby's host does.
extension LobbyMachine {
  mutating func receiveJoin(from peer: PeerID, _ data: LobbyData, at endpoint: Endpoint) -> [LobbyAction] {
    switch role {
    case .hosting: break
    // An orphan asks before the member it asks knows that the host is gone; it asks again.
    case .member: return contains(peer) ? [] : [.send(.refuse(.notHost), to: peer)]
    // An orphan asks a newcomer that the host let in, and that has not heard of it: it cannot take over.
    case .joining(let host): return host == peer ? [] : [.send(.leave(lobby: lobby), to: peer)]
    default: return []
    }
    if let index = index(of: peer) {
      members[index].endpoint = endpoint
      members[index].connection = .up
      return fullState(for: peer) + setData(of: peer, to: data)
    }
    guard members.count < maximum else {
      return [.send(.refuse(.full(maximum: UInt8(clamping: maximum))), to: peer)]
    }
    var actions = [LobbyAction.note("peer \(peer) joined the lobby from \(endpoint)")]
    let others = others
    members.append(LobbyMember(peer: peer, endpoint: endpoint, data: data, connection: .up))
    actions += fullState(for: peer)
    for other in others {
      actions.append(.send(.memberJoined(term: term, .init(peer: peer, endpoint: endpoint)), to: other))
      actions.append(.send(.memberData(term: term, peer, data), to: other))
    }
    return actions
  }

  /// Everything, for a newcomer or for members of a new term.
  func fullState(for peer: PeerID) -> [LobbyAction] {
    let snapshot = LobbySnapshot(
      lobby: lobby, term: term, maximum: UInt8(clamping: maximum), sessionHost: sessionHost,
      members: members.map { .init(peer: $0.peer, endpoint: $0.peer == localPeer ? .sender : $0.endpoint) },
      data: data)
    return [.send(.state(snapshot), to: peer)]
      + members.map { .send(.memberData(term: term, $0.peer, $0.peer == localPeer ? ownData : $0.data), to: peer) }
  }

  mutating func setData(of peer: PeerID, to data: LobbyData) -> [LobbyAction] {
    guard let index = index(of: peer), members[index].data != data else { return [] }
    members[index].data = data
    return others.filter { $0 != peer }.map { .send(.memberData(term: term, peer, data), to: $0) }
  }

  /// Takes a member off the list and tells the others.
  mutating func remove(_ peer: PeerID, _ reason: LobbyMessage.LeaveReason) -> [LobbyAction] {
    guard peer != localPeer, let index = index(of: peer) else { return [] }
    members.remove(at: index)
    var actions: [LobbyAction] = [.note("peer \(peer) is no longer in the lobby (\(reason))")]
    if reason == .kicked { actions.append(.send(.removed(lobby: lobby, term: term, reason), to: peer)) }
    actions += others.map { .send(.memberLeft(term: term, peer, reason), to: $0) }
    // Nobody should wait for a session whose host is gone.
    if sessionHost == peer { actions += setSessionHost(.nobody) }
    return actions + [.release(peer)]
  }

  mutating func setSessionHost(_ peer: PeerID) -> [LobbyAction] {
    guard isHost else { return [.warn("only the lobby host can set the game session host; nothing was changed")] }
    guard sessionHost != peer else { return [] }
    sessionHost = peer
    return others.map { .send(.sessionHost(term: term, peer), to: $0) }
  }

  mutating func setData(_ key: [UInt8], to value: [UInt8]) throws(LobbyDataError) -> [LobbyAction] {
    guard isHost else { return [.warn("only the lobby host can set lobby data; nothing was changed")] }
    if try data.set(key, to: value, limit: Limits.lobbyDataSize), !changedKeys.contains(key) {
      changedKeys.append(key)
    }
    return []
  }

  mutating func kick(_ peer: PeerID) -> [LobbyAction] {
    guard isHost else { return [.warn("only the lobby host can kick; nothing was changed")] }
    guard peer != localPeer else { return [.warn("the lobby host cannot kick itself; it can leave the lobby")] }
    guard contains(peer) else { return [.warn("peer \(peer) is not in the lobby; nobody was kicked")] }
    return remove(peer, .kicked)
  }

  mutating func setOwnData(_ key: [UInt8], to value: [UInt8]) throws(LobbyDataError) {
    guard try ownData.set(key, to: value, limit: Limits.memberDataSize) else { return }
    ownDataChanged = true
    if let index = index(of: localPeer) { members[index].data = ownData }
  }

  /// Sends what was set since the last flush, each key once.
  mutating func flush() -> [LobbyAction] {
    var actions: [LobbyAction] = []
    if !changedKeys.isEmpty {
      if isHost {
        var changes = LobbyData()
        for key in changedKeys {
          // They are part of `data`, so they fit wherever it does.
          if let value = data[key] { _ = try? changes.set(key, to: value, limit: Limits.lobbyDataSize) }
        }
        actions += others.map { .send(.data(term: term, changes), to: $0) }
      }
      changedKeys.removeAll()
    }
    if ownDataChanged {
      switch role {
      case .hosting: actions += others.map { .send(.memberData(term: term, localPeer, ownData), to: $0) }
      case .member(let host): actions.append(.send(.ownData(ownData), to: host))
      // Whoever becomes the host is told then.
      default: return actions
      }
      ownDataChanged = false
    }
    return actions
  }
}
