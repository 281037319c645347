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
    guard let client, !isAnswered else { return }
    switch result {
    case .success(.entry(let entry)):
      mirror.restart(entry)
      if case .creating = phase {
        phase = .joined
      } else {
        phase = .connecting(deadline: client.now + Self.connectPatience)
      }
      log(.messages, "\(phase == .joined ? "created" : "entering") \(name)")
      client.entriesChanged()
      settleHost()
    case .success: giveUp(.refused(.malformed("the online service gave an answer of another kind")))
    // It may have been done all the same.
    case .failure(.unavailable(let why)): giveUp(.refused(.unavailable(why)))
    case .failure(let error): fail(.refused(error))
    }
  }

  /// The directory says what the entry is now.
  func adopt(_ entry: DirectoryEntry) {
    guard isActive, isAnswered else { return }
    guard mirror.adopt(entry) else { return }
    client?.entriesChanged()
    settleHost()
  }

  /// Where this player has become the host while it was looking for one, it is in.
  private func settleHost() {
    guard case .connecting = phase, lobbyHost == localPeer else { return }
    enter()
  }

  /// The host has heard of this peer.
  func welcomed(by peer: PeerID) {
    guard case .connecting = phase, lobbyHost == peer else { return }
    enter()
  }

  private func enter() {
    phase = .joined
    log(.messages, "joined \(name)")
  }

  func departed(_ reason: DepartureReason) {
    // Before the directory has answered, the word is about an earlier stay.
    guard isActive, isAnswered else { return }
    fail(.departed(reason))
  }

  /// The connection to a peer was refused.
  func refused(_ peer: PeerID, _ reason: RefusalReason) {
    guard case .connecting = phase, lobbyHost == peer else { return }
    lastRefusal = reason
    switch reason {
    case .wrongSecret, .version, .schemaMismatch: giveUp(noConnection)
    case .noAnswer, .idTaken, .wrongPeer, .full: break
    }
  }

  private var noConnection: PlatformFailure { .connection(lastRefusal.map { "\($0)" } ?? "no answer") }

  func advance(to now: Double) {
    switch phase {
    // A frame may have taken long, so it is from here that the answer has its time.
    case .creating(nil): phase = .creating(deadline: now + Limits.entryAnswerTime)
    case .asking(nil): phase = .asking(deadline: now + Limits.entryAnswerTime)
    case .creating(let deadline?), .asking(let deadline?): if now >= deadline { giveUp(.noAnswer) }
    case .connecting(let deadline): if now >= deadline { giveUp(noConnection) }
    case .joined, .failed, .left: break
    }
  }

  /// The player was signed out, and has left everything.
  func signedOut(_ reason: DirectoryError) {
    // What is not answered may yet be done, where the player signs in again.
    if isAnswered { fail(.signedOut(reason)) } else { giveUp(.signedOut(reason)) }
  }

  /// Fails where the directory may have this player in it, or may have it soon.
  private func giveUp(_ failure: PlatformFailure) {
    guard isActive else { return }
    online.ask(.leave(id), as: player)
    fail(failure)
  }

  func fail(_ failure: PlatformFailure) {
    guard isActive else { return }
    phase = .failed(failure)
    changes.removeAll()
    log(.warnings, "\(name) failed: \(failure)")
    client?.entriesChanged()
  }

  /// Leaves for good.
  func leave() {
    guard isActive else { return }
    sendChanges()
    phase = .left
    changes.removeAll()
    online.ask(.leave(id), as: player)
    client?.entriesChanged()
  }

  // MARK: Changes

  /// Asks for what was changed since the last time, unless the directory has not answered to that yet.
  func transmitChanges(at now: Double) {
    if changes.isIdle, now >= nextChange { sendNextChanges() }
  }

  /// Asks for all that was changed, so that what is asked next finds it done.
  func sendChanges() {
    while sendNextChanges() {}
  }

  @discardableResult
  private func sendNextChanges() -> Bool {
    guard isActive, let batch = changes.next() else { return false }
    online.ask(.change(id, batch.changes.map(\.change)), as: player) { [weak self] in
      self?.answered(batch.number, $0)
    }
    return true
  }

  private func answered(_ batch: UInt64, _ result: Result<DirectoryAnswer, DirectoryError>) {
    guard isActive else { return }
    switch result {
    case .success(let answer):
      settle(changes.finish(batch))
      if case .entry(let entry) = answer { adopt(entry) }
    case .failure(let error) where error.isPassing:
      settle(changes.postpone(batch))
      nextChange = (client?.now ?? 0) + Limits.entryChangeRetryInterval
    case .failure(let error) where error.concernsWholeEntry: takeBack(changes.finish(batch), error)
    case .failure(let error):
      let (refused, old) = changes.refuse(batch)
      settle(old)
      takeBack(refused, error)
    }
  }

  private func settle(_ changes: [EntryChangeQueue.Change]) {
    for change in changes { mirror.settle(change.number) }
  }

  private func takeBack(_ refused: [EntryChangeQueue.Change], _ error: DirectoryError) {
    guard !refused.isEmpty else { return }
    settle(refused)
    log(.warnings, "\(name) was not changed: \(error)")
    // Members may have been shown as gone, and are there.
    client?.entriesChanged()
  }
}
