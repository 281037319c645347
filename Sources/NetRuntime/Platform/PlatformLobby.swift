/// A lobby, room, session or server of a platform that this peer has made or entered. The directory says who is in it;
/// the members are connected to each other.
///
/// What is changed here shows at once, and is asked of the directory with the next transmission; where the directory
/// refuses, it is taken back with a warning.
public final class PlatformLobby {
  enum Phase: Equatable {
    /// The directory has not answered yet; nil before the first frame that could have brought an answer.
    case creating(deadline: Double?)
    case asking(deadline: Double?)
    /// The directory has this player; the way to the host is being found, until the time given at the latest.
    case connecting(deadline: Double)
    case joined
    case failed(PlatformFailure)
    case left
  }

  public let id: EntryID
  /// Who of this machine's players is in it.
  public let player: PeerID
  /// Nil once the client is gone, which scripts, and answers that are still to come, may outlive with a lobby of its.
  private(set) weak var client: PlatformClient?
  let online: OnlineService
  let log: Log
  let localPeer: PeerID
  var phase: Phase {
    didSet { if phase == .joined { client?.showsPeer = true } }
  }
  var mirror: EntryMirror
  /// Changes that the directory has not answered.
  var changes = EntryChangeQueue()
  /// When changes are asked for again that the directory could not take.
  var nextChange = 0.0
  /// Why the last connection to the host did not come about.
  var lastRefusal: RefusalReason?

  init(_ entry: DirectoryEntry, as player: PeerID, client: PlatformClient, phase: Phase) {
    id = entry.id
    self.player = player
    self.client = client
    online = client.online
    log = client.log
    localPeer = client.localPeer
    self.phase = phase
    mirror = EntryMirror(entry)
  }

  // MARK: - What it is

  /// JOINED once the directory has it and, where this peer does not host it, the host has welcomed this peer.
  public var state: LobbyState {
    switch phase {
    case .creating: .creating
    case .asking, .connecting: .joining
    case .joined: .joined
    case .failed, .left: .failed
    }
  }

  /// Whether the directory has said that this player is in.
  var isAnswered: Bool {
    switch phase {
    case .creating, .asking: false
    case .connecting, .joined, .failed, .left: true
    }
  }

  /// False once it failed or was left.
  public var isActive: Bool { state != .failed }

  /// Why the state is FAILED; nil otherwise, and where this peer left by itself.
  public var failure: PlatformFailure? {
    if case .failed(let failure) = phase { failure } else { nil }
  }

  /// The newest known, with this peer's own changes that the directory has not answered.
  public var entry: DirectoryEntry { mirror.shown }

  /// The peers in it, the host first, then in the order of joining. Several players of one machine are one peer.
  public var members: [PeerID] {
    let host = lobbyHost
    var peers: [PeerID] = entry.members.contains { $0.peer == host } ? [host] : []
    for member in entry.members where !peers.contains(member.peer) { peers.append(member.peer) }
    return peers
  }

  /// The peer of the player, or the server, that may change it; nobody while unknown.
  public var lobbyHost: PeerID { entry.member(entry.host)?.peer ?? entry.host }

  public var isHost: Bool { isActive && entry.host == player }

  /// Who hosts the game session; nil where nobody was set.
  public var gameSessionHost: PeerID? { entry.sessionHost }

  public func contains(_ peer: PeerID) -> Bool {
    entry.members.contains { $0.peer == peer } || (entry.kind == .steamServer && entry.host == peer)
  }

  // MARK: - Data

  public func data(_ key: Bytes) -> Bytes? { entry.data[key] }

  /// Sets data that everybody sees. Where this peer is not the host it changes nothing and logs a warning.
  public func setData(_ key: Bytes, to value: Bytes) throws(LobbyDataError) {
    try Self.check(entry.data, key, value, limit: Limits.lobbyDataSize)
    if entry.data[key] != value { changeAsHost("data", .setData(key: key, value: value)) }
  }

  /// What a member has set for itself; nil where it has not, or is no member.
  public func memberData(_ peer: PeerID, _ key: Bytes) -> Bytes? {
    entry.members.first { $0.peer == peer }?.data[key]
  }

  /// What this player has set for itself.
  public func ownData(_ key: Bytes) -> Bytes? { entry.member(player)?.data[key] }

  public func setMemberData(_ key: Bytes, to value: Bytes) throws(LobbyDataError) {
    let own = entry.member(player)?.data ?? [:]
    try Self.check(own, key, value, limit: Limits.memberDataSize)
    if own[key] != value { change([.setMemberData(key: key, value: value)]) }
  }

  /// Sets who hosts the game session, nil for nobody. Where this peer is not the host it changes nothing and warns.
  public func setGameSessionHost(_ peer: PeerID?) {
    if entry.sessionHost != peer { changeAsHost("the game session host", .setSessionHost(peer)) }
  }

  /// Puts a member out; it cannot come back. Where this peer is not the host it changes nothing and warns.
  public func kick(_ peer: PeerID) {
    guard let member = entry.members.first(where: { $0.peer == peer }) else {
      return log(.warnings, "peer \(peer) is not in it; nobody was kicked")
    }
    changeAsHost("who is in it", .kick(member.player))
  }

  /// Asks for changes that only the host may make; from others it changes nothing and logs a warning.
  func changeAsHost(_ what: LogLine, _ change: EntryChange) {
    guard isHost else { return log(.warnings, "only the host can set \(what); nothing was changed") }
    self.change([change])
  }

  /// Shows changes at once, and asks the directory for them with the next transmission. What breaks a limit is left out,
  /// with a warning.
  public func change(_ changes: [EntryChange]) {
    guard isActive else { return }
    for change in changes {
      do throws(DirectoryError) {
        var changed = entry
        // What is refused by what this peer knows of the entry may be right by now: that is the directory's to say.
        if (try? changed.apply(change, by: player)) != nil { try changed.check(changedFrom: entry) }
        enqueue(change)
      } catch {
        log(.warnings, "\(name) was not changed: \(error)")
      }
    }
  }

  private func enqueue(_ change: EntryChange) {
    if let number = changes.replace(with: change) {
      mirror.replace(number, with: change)
    } else {
      changes.append(.init(number: mirror.change([change], by: player), change: change))
    }
  }

  private static func check(
    _ data: [Bytes: Bytes], _ key: Bytes, _ value: Bytes, limit: Int
  ) throws(LobbyDataError) {
    guard key.count <= Limits.lobbyKeySize else { throw .keyTooLong(key.count) }
    if data[key] == nil, data.count >= Limits.lobbyKeys { throw .tooManyKeys }
    var size = 3 + key.count + value.count
    for (other, text) in data where other != key { size += 3 + other.count + text.count }
    guard size <= limit else { throw .full(needed: size, limit: limit) }
  }
}
