/// Where a player plays, as friends are shown it without a script's doing.
struct SteamPlaying: Equatable {
  var entry: EntryID?
  /// A server's `SteamServerPlace`; empty for none.
  var address: Bytes = ""
  /// Who is on that server.
  var mates: [PeerID] = []
}

/// The user's friends, what they play, invitations, and what the user shows of itself. It is there with and without a
/// client.
public final class SteamSocial {
  /// Who the user is, and where what is shown here comes from.
  public let online: OnlineService
  /// What the game's settings say of Steam.
  public let settings: SteamSettings
  private let log: Log
  private let clock: () -> Double
  private var playing = SteamPlaying()
  private var advertised: PlayerActivity?
  private var shown: PlayerActivity?
  private var ownPresence: [Bytes: Bytes] = [:]
  /// What the last count of friends counted.
  private var counted = SteamFriendCategory.friend
  private var strangers = SteamStrangers()
  /// The service has forgotten what the user shows, for the user was signed out.
  private var isForgotten = false

  /// Shows the user's friends from now on that it is in this game.
  /// - Parameter clock: Seconds; never goes back.
  public init(
    _ online: OnlineService, settings: SteamSettings, log: @escaping Log, clock: @escaping () -> Double
  ) {
    self.online = online
    self.settings = settings
    self.log = log
    self.clock = clock
    online.listen(self) { [weak self] in self?.take($0) }
    show()
  }

  deinit { online.stopListening(ObjectIdentifier(self)) }

  /// What the user shows ends with its run, and is told again to the next one.
  private func take(_ event: OnlineService.Event) {
    switch event {
    case .signedOut(online.user.id, _): isForgotten = true
    case .signedIn(online.user.id) where isForgotten:
      isForgotten = false
      if !ownPresence.isEmpty { online.ask(.setPresence(ownPresence)) }
      shown = nil
      show()
    case .signedIn, .signedOut, .change: break
    }
  }

  // MARK: Friends

  private func acquaintance(_ id: PeerID) -> Acquaintance? { online.acquaintances.first { $0.player.id == id } }

  /// The users of any of the categories, in the order of their ids.
  private func users(_ categories: SteamFriendCategory) -> [PeerID] {
    online.acquaintances.map(\.player.id).filter { isIn($0, categories) }.sorted()
  }

  /// How many users are in any of the categories; `friend(at:)` then counts the same ones.
  public func count(_ categories: SteamFriendCategory) -> Int {
    counted = categories
    return users(categories).count
  }

  /// The users that `count` has counted last, friends before that.
  public var countedUsers: [PeerID] { users(counted) }

  /// Whether a user is in any of the categories.
  public func isIn(_ id: PeerID, _ categories: SteamFriendCategory) -> Bool {
    guard let user = acquaintance(id) else {
      return categories.contains(.onGameServer) && isMate(id)
    }
    return !user.steamCategories.isDisjoint(with: categories) || (categories.contains(.onGameServer) && isMate(id))
  }

  private func isMate(_ id: PeerID) -> Bool { id != online.user.id && playing.mates.contains(id) }

  /// What another user is to this one; `.none` for strangers.
  public func relationship(_ id: PeerID) -> SteamRelationship { acquaintance(id)?.steamRelationship ?? .none }

  /// Online or offline; a stranger is offline until the directory has told of it.
  public func status(_ id: PeerID) -> SteamStatus {
    let isOnline = id == online.user.id ? online.isConnected : player(id)?.isOnline ?? false
    return isOnline ? .online : .offline
  }

  /// A user's name; empty while it is not known. A stranger's is asked for, and is known some frames later.
  public func name(_ id: PeerID) -> String { id == online.user.id ? online.user.name : player(id)?.name ?? "" }

  private func player(_ id: PeerID) -> DirectoryPlayer? {
    if let known = acquaintance(id)?.player { return known }
    return strangers.find(id, at: clock()) { [online] then in
      online.ask(.players([id])) { answer in
        if case .success(.players(let players)) = answer { then(.found(players.first)) } else { then(.failed) }
      }
    }
  }

  /// What a user plays; nil for nothing that it shows, or none of this user's friends.
  public func game(of id: PeerID) -> SteamGameInfo? {
    acquaintance(id).flatMap { $0.isFriend ? $0.player.activity : nil }.flatMap(SteamGameInfo.init)
  }

  // MARK: Presence

  /// What a user shows under a key; nil for nothing, and for who is none of this user's friends.
  public func presence(_ id: PeerID, _ key: Bytes) -> Bytes? {
    if id == online.user.id { return ownPresence[key] }
    return acquaintance(id).flatMap { $0.isFriend ? $0.player.presence[key] : nil }
  }

  /// Shows a text under a key; an empty one takes it away.
  public func setPresence(_ key: Bytes, to value: Bytes) {
    ownPresence[key] = value.isEmpty ? nil : value
    online.ask(.setPresence([key: value])) { [weak self, log] answer in
      // Who is signed in no more tells it to the next run.
      guard case .failure(let error) = answer, !error.isEndOfRun else { return }
      log(.warnings, "the presence was not set: \(error)")
      if self?.ownPresence[key] == value { self?.ownPresence[key] = nil }
    }
  }

  /// Shows friends where to come, instead of what they are shown without it.
  public func advertise(_ place: SteamPlace, parameters: Bytes, password: Bytes) {
    advertised = activity(at: place, parameters, password)
    show()
  }

  /// Shows friends again what they are shown without `advertise`.
  public func stopAdvertising() {
    advertised = nil
    show()
  }

  func show(_ playing: SteamPlaying) {
    guard playing != self.playing else { return }
    self.playing = playing
    show()
  }

  private func show() {
    let automatic = PlayerActivity(title: settings.title, entry: playing.entry, address: playing.address)
    let activity = advertised ?? automatic
    guard activity != shown else { return }
    shown = activity
    online.ask(.setActivity(activity)) { [log] answer in
      if case .failure(let error) = answer { log(.warnings, "friends are not shown what is played: \(error)") }
    }
  }

  private func activity(at place: SteamPlace, _ parameters: Bytes, _ password: Bytes) -> PlayerActivity {
    switch place {
    case .lobby(let id):
      PlayerActivity(title: settings.title, entry: id, parameters: parameters, password: password)
    case .server(let address):
      PlayerActivity(title: settings.title, address: address, parameters: parameters, password: password)
    }
  }

  // MARK: Invitations

  /// Invites a user.
  public func invite(_ id: PeerID, to place: SteamPlace, parameters: Bytes, password: Bytes) {
    let activity = activity(at: place, parameters, password)
    let invitation = Invitation(
      id: online.drawID(), title: activity.title, entry: activity.entry, address: activity.address,
      parameters: parameters, password: password)
    online.ask(.invite(invitation, to: [id])) { [log] answer in
      if case .failure(let error) = answer { log(.warnings, "player \(id) was not invited: \(error)") }
    }
  }

  /// The oldest invitation to this game that waits; nil for none. Those to other games are left.
  public func nextInvite() -> SteamInvite? {
    online.takeInvitation(title: settings.title).map(SteamInvite.init)
  }
}
