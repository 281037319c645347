// What a member does that is not the host.
extension LobbyMachine {
  // MARK: The host's word

  mutating func receive(
    _ snapshot: LobbySnapshot, from peer: PeerID, at endpoint: Endpoint, now: Double
  ) -> [LobbyAction] {
    guard snapshot.members.contains(where: { $0.peer == peer }) else { return [] }
    let listsThis = snapshot.members.contains { $0.peer == localPeer }
    guard snapshot.lobby == lobby else {
      // A lobby that this peer was in before, or that let it in when it had already given up.
      return listsThis ? [.send(.leave(lobby: snapshot.lobby), to: peer)] : []
    }
    switch role {
    case .joining(let host):
      // Not only from the host that was asked: it may have died right after letting this peer in.
      guard listsThis else { return [] }
      var actions = adopt(snapshot, from: peer, at: endpoint)
      if let host, !contains(host) { actions.append(.release(host)) }
      return actions
    case .member(let host) where host == peer:
      return snapshot.term >= term ? adopt(snapshot, from: peer, at: endpoint) : []
    case .member(let host):
      return outranks(peer, term: snapshot.term, host: host)
        ? adopt(snapshot, from: peer, at: endpoint) : []
    case .orphaned:
      return contains(peer) && snapshot.term > term ? adopt(snapshot, from: peer, at: endpoint) : []
    case .hosting:
      guard outranks(peer, term: snapshot.term, host: localPeer) else {
        return rebuff(peer, term: snapshot.term)
      }
      let warning: LogLine = "peer \(peer) took over as lobby host of term \(snapshot.term); this peer steps down"
      return [.warn(warning), .steppedDown] + adopt(snapshot, from: peer, at: endpoint)
    default: return []
    }
  }

  /// Whether a member that says it is the host comes before the host known so far: the later term wins, in the same
  /// term the longer standing.
  private func outranks(_ peer: PeerID, term: UInt32, host: PeerID) -> Bool {
    guard let standing = index(of: peer) else { return false }
    if term != self.term { return term > self.term }
    return index(of: host).map { standing < $0 } ?? true
  }

  /// Tells a member that thinks it is the host that it is not: once, for it may think the same of this peer.
  private mutating func rebuff(_ peer: PeerID, term: UInt32) -> [LobbyAction] {
    guard lastRebuffed.peer != peer || lastRebuffed.term != term else { return [] }
    lastRebuffed = (peer, term)
    return contains(peer) ? fullState(for: peer) : [.send(.removed(lobby: lobby, term: self.term, .lost), to: peer)]
  }

  private mutating func adopt(
    _ snapshot: LobbySnapshot, from host: PeerID, at endpoint: Endpoint
  ) -> [LobbyAction] {
    let before = members
    let oldHost = self.host
    term = snapshot.term
    maximum = Int(snapshot.maximum)
    sessionHost = snapshot.sessionHost
    data = snapshot.data
    changedKeys.removeAll()
    isLeftBehind = false
    members.removeAll()
    become(.member(host: host))
    var actions: [LobbyAction] = []
    for member in snapshot.members {
      if member.peer == localPeer {
        members.append(LobbyMember(peer: localPeer, endpoint: .sender, data: ownData))
      } else if let known = before.first(where: { $0.peer == member.peer }) {
        members.append(known)
      } else {
        members.append(LobbyMember(peer: member.peer, endpoint: place(of: member, hostAddress: endpoint.address)))
        if member.peer != host { actions.append(.connect(member.peer, members[members.count - 1].endpoint)) }
      }
    }
    if let index = index(of: host) {
      members[index].connection = .up
      members[index].endpoint = endpoint
    }
    for gone in before where !contains(gone.peer) && gone.peer != localPeer {
      // An old host that lives on without this lobby's members should not go on counting this one.
      if gone.peer == oldHost {
        formerHosts.insert(oldHost)
        actions.append(.send(.leave(lobby: lobby), to: gone.peer))
      }
      actions.append(.release(gone.peer))
    }
    if contains(localPeer) {
      // What the new host knows of this peer may be older.
      actions.append(.send(.ownData(ownData), to: host))
      ownDataChanged = false
    } else {
      members.append(LobbyMember(peer: localPeer, endpoint: .sender, data: ownData))
      actions.append(.send(.join(lobby: lobby, ownData), to: host))
    }
    return actions + [.note("lobby of \(members.count) members, host \(host), term \(term)")]
  }

  /// Where to reach a member. A host names a loopback address for members on its own machine, which others reach where
  /// they reach the host.
  private func place(of member: LobbySnapshot.Member, hostAddress: UInt32) -> Endpoint {
    member.endpoint.address >> 24 == 127
      ? Endpoint(address: hostAddress, port: member.endpoint.port) : member.endpoint
  }

  mutating func add(_ member: LobbySnapshot.Member, hostAddress: UInt32) -> [LobbyAction] {
    guard !contains(member.peer), member.peer != .nobody, members.count < Limits.lobbyMembers else { return [] }
    let place = place(of: member, hostAddress: hostAddress)
    members.append(LobbyMember(peer: member.peer, endpoint: place))
    // The newcomer connects too; but a script may send to the new member from now on, and needs a link to queue on.
    return [.connect(member.peer, place), .note("peer \(member.peer) joined the lobby")]
  }

  mutating func drop(_ peer: PeerID, _ reason: LobbyMessage.LeaveReason) -> [LobbyAction] {
    guard peer != localPeer, peer != host, let index = index(of: peer) else { return [] }
    members.remove(at: index)
    // The one that was dropped may believe that all others died; this tells it.
    let farewell: [LobbyAction] = reason == .left ? [] : [.send(.removed(lobby: lobby, term: term, reason), to: peer)]
    let goodbye: LobbyAction = reason == .left ? .demote(peer) : .release(peer)
    return farewell + [.note("peer \(peer) is no longer in the lobby (\(reason))"), goodbye]
  }

  mutating func adoptData(_ data: LobbyData, of peer: PeerID) -> [LobbyAction] {
    guard peer != localPeer, let index = index(of: peer) else { return [] }
    members[index].data = data
    return []
  }

  mutating func merge(_ changes: LobbyData) -> [LobbyAction] {
    for entry in changes.entries {
      guard (try? data.set(entry.key, to: entry.value, limit: Limits.lobbyDataSize)) != nil else {
        return [.warn("the lobby host sent more lobby data than a lobby may have")]
      }
    }
    return []
  }

  mutating func receive(_ refusal: LobbyMessage.Refusal, from peer: PeerID) -> [LobbyAction] {
    switch (role, refusal) {
    case (.joining(peer), .full(let maximum)), (.member(peer), .full(let maximum)): return fail(.full(Int(maximum)))
    case (.joining(peer), .notHost): return fail(.notHost)
    default: return []
    }
  }

  mutating func receiveRemoved(
    term: UInt32, _ reason: LobbyMessage.LeaveReason, from peer: PeerID
  ) -> [LobbyAction] {
    switch role {
    case .member(peer): return fail(reason == .kicked ? .kicked : .leftBehind)
    case .orphaned where contains(peer) && term >= self.term: return fail(reason == .kicked ? .kicked : .leftBehind)
    case .hosting where term > self.term && contains(peer): return fail(.leftBehind)
    case .member where contains(peer) && term >= self.term: isLeftBehind = true
    default: break
    }
    return []
  }

  // MARK: Migration

  mutating func receiveLeave(from peer: PeerID, now: Double) -> [LobbyAction] {
    switch role {
    case .joining(peer): return fail(.hostGone)
    case .hosting: return remove(peer, .left)
    case .member(peer): return hostGone(at: now)
    default:
      // The host will say so; until then this member is no successor.
      if let index = index(of: peer) { members[index].connection = .down }
      return []
    }
  }

  mutating func hostGone(at now: Double) -> [LobbyAction] {
    let old = host
    members.removeAll { $0.peer == old }
    formerHosts.insert(old)
    if sessionHost == old { sessionHost = .nobody }
    guard !isLeftBehind else { return [.release(old)] + fail(.leftBehind) }
    become(.orphaned(since: now, nextRequest: now + Self.requestInterval))
    return [.note("lobby host \(old) is gone"), .release(old)] + advance(to: now)
  }

  /// Seconds between an orphan's calls to the member that should take over.
  private static let requestInterval = 1.0
  /// Seconds between attempts to mend a connection between two members that the host can still reach.
  private static let reconnectInterval = 5.0

  /// Seconds beyond the pong timeout that orphans wait: a successor that dies when it should take over is noticed then.
  private static let patience = 2.0
  /// Seconds for which a member counts as a successor that this peer is still connecting to.
  private static let connectPatience = 5.0

  mutating func advanceOrphan(since: Double, nextRequest: Double, now: Double) -> [LobbyAction] {
    let isPatient = now - since < min(Self.connectPatience, pongTimeout / 2)
    let successor = members.first {
      $0.peer == localPeer || $0.connection == .up || $0.connection == .awaited && isPatient
    }
    guard let successor, successor.peer != localPeer else { return takeOver(at: now) }
    guard now - since < pongTimeout + Self.patience else { return fail(.noSuccessor) }
    guard now >= nextRequest else { return [] }
    // The successor may not know this peer yet, when the old host died right after letting it in.
    become(.orphaned(since: since, nextRequest: now + Self.requestInterval))
    return [.send(.join(lobby: lobby, ownData), to: successor.peer)]
  }

  private mutating func takeOver(at now: Double) -> [LobbyAction] {
    term &+= 1
    become(.hosting)
    changedKeys.removeAll()
    ownDataChanged = false
    let lost = members.filter { $0.connection == .down }
    members.removeAll { $0.connection == .down }
    if !contains(localPeer) { members.insert(LobbyMember(peer: localPeer, endpoint: .sender, data: ownData), at: 0) }
    var actions: [LobbyAction] = [.tookOver, .note("this peer is the lobby host now, term \(term)")]
    for member in lost {
      if sessionHost == member.peer { sessionHost = .nobody }
      actions += [.send(.removed(lobby: lobby, term: term, .lost), to: member.peer), .release(member.peer)]
    }
    for member in members where member.peer != localPeer {
      if member.connection == .awaited { actions.append(.connect(member.peer, member.endpoint)) }
      actions += fullState(for: member.peer)
    }
    return actions
  }

  /// The member that joined later mends a lost connection to one that joined earlier.
  mutating func reconnect(at now: Double) -> [LobbyAction] {
    guard !isHost, now >= nextReconnect, let own = index(of: localPeer) else { return [] }
    nextReconnect = now + Self.reconnectInterval
    let host = host
    return members[..<own].filter { $0.connection == .down && $0.peer != host }
      .map { .connect($0.peer, $0.endpoint) }
  }
}
