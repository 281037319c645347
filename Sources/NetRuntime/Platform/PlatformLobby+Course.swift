// What the client tells a lobby in the course of its life.
extension PlatformLobby {
  /// Seconds that finding a way to the host may take.
  static let connectPatience = 15.0

  /// For the log.
  var name: String {
    let kind =
      switch entry.kind {
      case .steamLobby: "Steam lobby"
      case .steamServer: "Steam server"
      case .psnRoom: "PSN room"
      case .xboxSession: "Xbox Live session"
      }
    return "\(kind) \(id)"
  }

  /// The directory has answered to the wish to create or to join it.
  func answered(_ result: Result<DirectoryAnswer, DirectoryError>) {
    guard isActive else { return }
    switch result {
    case .success(.entry(let entry)):
      _ = mirror.adopt(entry)
      phase = phase == .creating ? .joined : .connecting(deadline: client.now + Self.connectPatience)
      client.log(.messages, "\(phase == .joined ? "created" : "entering") \(name)")
      client.entriesChanged()
      settleHost()
    case .success: fail(.refused(.malformed("the online service gave an answer of another kind")))
    case .failure(let error): fail(.refused(error))
    }
  }

  /// The directory says what the entry is now.
  func adopt(_ entry: DirectoryEntry) {
    guard isActive, phase != .creating, phase != .asking else { return }
    guard mirror.adopt(entry) else { return }
    client.entriesChanged()
    settleHost()
  }

  /// Where this player has become the host while it was looking for one, it is in.
  private func settleHost() {
    guard case .connecting = phase, lobbyHost == client.localPeer else { return }
    enter()
  }

  /// The host has heard of this peer.
  func welcomed(by peer: PeerID) {
    guard case .connecting = phase, lobbyHost == peer else { return }
    enter()
  }

  private func enter() {
    phase = .joined
    client.log(.messages, "joined \(name)")
  }

  func departed(_ reason: DepartureReason) {
    // Before the directory has answered, the word is about an earlier stay.
    guard isActive, phase != .creating, phase != .asking else { return }
    fail(.departed(reason))
  }

  /// The connection to a peer was refused.
  func refused(_ peer: PeerID, _ reason: RefusalReason) {
    guard case .connecting = phase, lobbyHost == peer else { return }
    lastRefusal = reason
    switch reason {
    case .wrongSecret, .version, .schemaMismatch: giveUp()
    case .noAnswer, .idTaken, .wrongPeer, .full: break
    }
  }

  func advance(to now: Double) {
    if case .connecting(let deadline) = phase, now >= deadline { giveUp() }
  }

  private func giveUp() {
    client.online.ask(.leave(id), as: player)
    fail(.connection(lastRefusal.map { "\($0)" } ?? "no answer"))
  }

  func fail(_ failure: PlatformFailure) {
    guard isActive else { return }
    phase = .failed(failure)
    unsent.removeAll()
    client.log(.warnings, "\(name) failed: \(failure)")
    client.entriesChanged()
  }

  /// Leaves for good.
  func leave() {
    guard isActive else { return }
    sendChanges()
    phase = .left
    client.online.ask(.leave(id), as: player)
    client.entriesChanged()
  }

  /// Asks for what was changed since the last time.
  func sendChanges() {
    guard !unsent.isEmpty, isActive else { return }
    let sent = unsent
    unsent.removeAll()
    client.online.ask(.change(id, sent.map(\.change)), as: player) { [weak self] result in
      guard let self else { return }
      for (number, _) in sent { mirror.settle(number) }
      switch result {
      case .success(.entry(let entry)): adopt(entry)
      case .success: break
      case .failure(let error): client.log(.warnings, "\(name) was not changed: \(error)")
      }
    }
  }
}
