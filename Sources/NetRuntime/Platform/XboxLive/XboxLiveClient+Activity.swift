extension XboxLiveClient {
  /// Shows others that a user plays in a session, so that they can follow.
  public func setActivity(user: Int, _ number: Int) throws(XboxLiveError) {
    let session = try readySession(number, of: user)
    let activity = PlayerActivity(title: settings.title, entry: session.lobby.id)
    online.ask(.setActivity(activity), as: session.user.player) { [weak self] result in
      if case .failure(let error) = result { self?.log(.warnings, "the activity was not set: \(error)") }
    }
  }

  /// Shows nothing any more.
  public func clearActivity(user: Int) throws(XboxLiveError) {
    let user = try users.signedIn(user)
    // Asked for again while one is under way, too: the user may have shown something in between.
    let run = activityClearing[user.id, default: SingleJob()].begin(at: now)
    online.ask(.setActivity(nil), as: user.player) { [weak self] result in
      let outcome: SessionJobStatus = if case .success = result { .complete } else { .failed }
      self?.activityClearing[user.id]?.end(run, outcome)
    }
  }

  public func clearActivityStatus(user: Int) throws(XboxLiveError) -> SessionJobStatus {
    let user = try users.user(user)
    return activityClearing[user.id, default: SingleJob()].status(at: now)
  }

  /// Asks what players do in this game.
  /// - Returns: The lookup's id.
  public func activities(user: Int, of players: [PeerID]) throws(XboxLiveError) -> Int {
    let user = try users.signedIn(user)
    guard players.count <= Limits.askedPlayers else { throw .tooManyPlayers(players.count) }
    let lookup = try lookups.begin(.activities, at: now)
    online.ask(.players(players), as: user.player) { [weak self] result in
      guard let self else { return }
      guard case .success(.players(let found)) = result else { return lookups.end(lookup, nil) }
      let active = found.filter { $0.activity?.title == settings.title && $0.activity?.entry != nil }
      let search = ActivitySearch(active, serviceConfigID: settings.serviceConfigID)
      for _ in 0..<Limits.sessionsAskedTogether { findNext(search, for: user, lookup) }
    }
    return lookup
  }

  private func findNext(_ search: ActivitySearch, for user: XboxUser, _ lookup: Int) {
    guard let entry = search.waiting.popLast() else {
      if search.underWay == 0 { lookups.end(lookup, .activities(search.result)) }
      return
    }
    search.underWay += 1
    online.ask(.find(entry), as: user.player) { [weak self] result in
      if case .success(.entry(let found)) = result { search.sessions[entry] = found }
      search.underWay -= 1
      self?.findNext(search, for: user, lookup)
    }
  }

  // MARK: Invitations

  /// Invites a user's friends who are online and not in the session: as many as `maximum`, those first whose names come
  /// first. Nobody is invited where there are fewer than `minimum`.
  public func inviteFriends(
    user: Int, _ number: Int, minimum: Int, maximum: Int, customID: Bytes
  ) throws(XboxLiveError) {
    let session = try readySession(number, of: user)
    guard 0 <= minimum, minimum <= maximum else { throw .selection(minimum: minimum, maximum: maximum) }
    guard maximum > 0 else { return }
    online.ask(.friends, as: session.user.player) { [weak self, weak session] result in
      guard let self, let session, case .success(.friends(let all)) = result else { return }
      let friends = all.filter { one in
        one.isFriend && one.player.isOnline && session.lobby.entry.member(one.player.id) == nil
      }
      let chosen = friends.map(\.player).sorted { ($0.name, $0.id) < ($1.name, $1.id) }.prefix(maximum)
      guard chosen.count >= minimum else {
        return log(
          .warnings, "nobody was invited: \(chosen.count) friends are online, and \(minimum) are to be selected")
      }
      invite(chosen.map(\.id), to: session, customID)
    }
  }

  /// Invites players.
  public func invite(
    user: Int, _ number: Int, _ players: [PeerID], customID: Bytes
  ) throws(XboxLiveError) {
    let session = try readySession(number, of: user)
    guard players.count <= Limits.askedPlayers else { throw .tooManyPlayers(players.count) }
    invite(players, to: session, customID)
  }

  private func invite(_ players: [PeerID], to session: MultiplayerSession, _ customID: Bytes) {
    guard !players.isEmpty else { return }
    let invitation = Invitation(
      id: online.drawID(), title: settings.title, entry: session.lobby.id, parameters: customID)
    online.ask(.invite(invitation, to: players), as: session.user.player) { [weak self] result in
      if case .failure(let error) = result { self?.log(.warnings, "nobody was invited: \(error)") }
    }
  }
}

/// The sessions of players, while they are asked for.
private final class ActivitySearch {
  private let players: [DirectoryPlayer]
  private let serviceConfigID: String
  /// Each session once: friends often play together.
  var waiting: [EntryID]
  var underWay = 0
  var sessions: [EntryID: DirectoryEntry] = [:]

  init(_ players: [DirectoryPlayer], serviceConfigID: String) {
    self.players = players
    self.serviceConfigID = serviceConfigID
    waiting = players.compactMap { $0.activity?.entry }.unique
  }

  /// In the order of the players; those whose session is gone are left out.
  var result: [ActivityDetails] {
    players.compactMap { player in
      player.activity?.entry.flatMap { sessions[$0] }.flatMap {
        ActivityDetails($0, player: player.id, serviceConfigID: serviceConfigID)
      }
    }
  }
}
