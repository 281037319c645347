/// A game server that Steam's server browsers show: no player itself, and the host of the game session that players
/// join.
public final class SteamGameServer {
  /// How the server stands with Steam.
  public enum State: Int, CaseIterable, Sendable {
    case connecting, connected, disconnected
  }

  /// What the server's script is called with.
  public enum Event: Equatable, Sendable {
    /// A player is there and connected.
    case memberAdded(PeerID)
    /// The server has put a player out.
    case memberKicked(PeerID)
    /// Steam cannot be reached any more.
    case disconnected
    /// A player asks for places; refused with `refuse`.
    case slotRequested(reserver: PeerID, peers: [PeerID], invitee: PeerID)
    /// A player that got a place never came.
    case slotExpired(PeerID)
  }

  /// What the server is made of: connections, its entry in the directory.
  public let client: PlatformClient
  /// What the game's settings say of Steam.
  public let settings: SteamSettings
  /// Those that scripts have made.
  public let pingThreads: SteamPingThreads
  let lobby: PlatformLobby
  private let address: UInt32?
  private var slots = SteamServerSlots()
  private var events: [Event] = []
  private var wasConnected = false
  private var started: Double?
  private var nextReport = 0.0

  /// - Parameter client: One of platform `.steamServer`; this server takes its hooks.
  init(_ server: SteamServerSettings, client: PlatformClient, gamePort: UInt16, settings: SteamSettings) {
    self.client = client
    self.settings = settings
    pingThreads = SteamPingThreads(client)
    address = server.ipAddress
    let id = EntryID(rawValue: client.localPeer.rawValue)
    let entry = DirectoryEntry(
      id: id, kind: .steamServer, title: settings.title, host: client.localPeer, maximum: server.maxPlayers,
      name: server.serverName,
      data: SteamServerKeys.data(
        of: server, address: server.ipAddress ?? client.paths.localEndpoints.first?.address ?? 0, gamePort: gamePort),
      password: server.password)
    lobby = client.createLobby(entry)
    client.onAdvance = { [weak self] now in self?.advance(to: now) }
  }

  // MARK: What it is

  /// How it stands now; it is connected anew by itself after an outage.
  public var state: State {
    switch lobby.state {
    case .creating, .joining: .connecting
    case .failed: .disconnected
    case .joined: client.online.isLost ? .disconnected : .connected
    }
  }

  /// The peers of the players that are there, in the order in which they got their places.
  public var members: [PeerID] { lobby.entry.members.filter { slots.isThere($0.peer) }.map(\.peer) }

  /// A player's name; empty for who is not there.
  public func name(_ peer: PeerID) -> String { member(peer)?.name ?? "" }

  /// What the script has set; empty for what it has not.
  public func data(_ key: Bytes) -> Bytes { SteamServerKeys.isReserved(key) ? "" : lobby.data(key) ?? "" }

  private func member(_ peer: PeerID) -> DirectoryEntry.Member? { lobby.entry.members.first { $0.peer == peer } }

  // MARK: Changes

  /// Sets what players and browsers see under a key.
  /// - Throws: For a key of the platform, and where all of it would be too much.
  public func setData(_ key: Bytes, to value: Bytes) throws(SteamServerError) {
    guard !SteamServerKeys.isReserved(key) else { throw .reserved(key) }
    do throws(LobbyDataError) {
      try lobby.setData(key, to: value)
    } catch {
      throw .data(error)
    }
  }

  /// Sets what browsers show as the map: at most `Limits.entryTextSize` bytes.
  public func setMap(_ map: Bytes) throws(SteamServerError) {
    try Self.check(map, "the map's name")
    lobby.change([.setData(key: SteamServerKeys.map, value: map)])
  }

  /// Sets what browsers show as the server's name: at most `Limits.entryTextSize` bytes.
  public func setName(_ name: Bytes) throws(SteamServerError) {
    try Self.check(name, "the server's name")
    lobby.change([.setName(name)])
  }

  /// Sets words that browsers find the server by, separated by commas.
  public func setTags(_ tags: Bytes) throws(SteamServerError) {
    try Self.check(tags, "the text of all tags", limit: Limits.steamTagsSize)
    let keywords = SteamServerKeys.keywords(of: tags)
    guard keywords.count <= Limits.entryKeywords else { throw .tooManyTags(keywords.count) }
    for keyword in keywords { try Self.check(keyword, "a tag", limit: Limits.keywordSize) }
    lobby.change([.setData(key: SteamServerKeys.tags, value: tags), .setKeywords(keywords)])
  }

  /// Sets what browsers show as a player's score. Of who is not there it changes nothing and logs a warning.
  public func setScore(_ score: Int64, of peer: PeerID) {
    guard let player = member(peer)?.player else {
      return client.log(.warnings, "peer \(peer) is not on the server; no score was set")
    }
    lobby.change([
      .setDataOfMember(player, key: SteamServerKeys.score, value: SteamServerKeys.number(score))
    ])
  }

  /// Puts a player out; it may come back. Of who is not there it changes nothing and logs a warning.
  public func remove(_ peer: PeerID) {
    guard let player = member(peer)?.player else {
      return client.log(.warnings, "peer \(peer) is not on the server; nobody was put out")
    }
    slots.remove(peer)
    events.removeAll { $0.concerns(peer) }
    events.append(.memberKicked(peer))
    lobby.change([.drop(player)])
  }

  private static func check(
    _ text: Bytes, _ what: String, limit: Int = Limits.entryTextSize
  ) throws(SteamServerError) {
    guard text.count <= limit else { throw .tooLong(what, bytes: text.count, maximum: limit) }
  }

  // MARK: Events

  /// The next event; nil when there is none.
  public func nextEvent() -> Event? { events.isEmpty ? nil : events.removeFirst() }

  /// Gives a player no place after all.
  public func refuse(_ peer: PeerID) {
    slots.remove(peer)
    events.removeAll { $0.concerns(peer) }
    if let player = member(peer)?.player { lobby.change([.drop(player)]) }
  }

  func advance(to now: Double) {
    pingThreads.advance(to: now)
    noteConnection()
    let entry = lobby.entry
    guard lobby.state == .joined else { return }
    let start = started ?? now
    started = start
    let guests = entry.members.map { SteamServerSlots.Guest(peer: $0.peer, run: $0.run) }
    for action in slots.update(guests, at: now, isConnected: client.isConnected(to:)) {
      switch action {
      case .came(let peer): take(peer, entry, clock: now - start)
      case .isThere(let peer): events.append(.memberAdded(peer))
      // What was not told of it yet is no news any more.
      case .left(let peer): events.removeAll { $0.concerns(peer) }
      case .expired(let peer):
        refuse(peer)
        events.append(.slotExpired(peer))
      }
    }
    report(entry, now, clock: now - start)
  }

  private func take(_ peer: PeerID, _ entry: DirectoryEntry, clock: Double) {
    let isInvited = entry.invited.contains(peer)
    events.append(.slotRequested(reserver: peer, peers: [peer], invitee: isInvited ? peer : .nobody))
    guard let player = member(peer)?.player else { return }
    let time = SteamServerKeys.number(Int64(clock))
    lobby.change([
      .setData(key: SteamServerKeys.clock, value: time),
      .setDataOfMember(player, key: SteamServerKeys.since, value: time),
    ])
  }

  private func noteConnection() {
    let isConnected = state == .connected
    if wasConnected, !isConnected, !events.contains(.disconnected) { events.append(.disconnected) }
    wasConnected = isConnected
  }

  /// Tells browsers how long players have played, and where the server is.
  private func report(_ entry: DirectoryEntry, _ now: Double, clock: Double) {
    guard now >= nextReport else { return }
    nextReport = now + Limits.steamPlayTimeInterval
    var changes: [EntryChange] = []
    if !entry.members.isEmpty {
      changes.append(.setData(key: SteamServerKeys.clock, value: SteamServerKeys.number(Int64(clock))))
    }
    if address == nil, let found = client.paths.localEndpoints.first?.address,
      let port = entry.data[SteamServerKeys.queryPort]?.integer
    {
      let query = Endpoint(address: found, port: UInt16(clamping: port))
      let fresh: [(Bytes, Bytes)] = [
        (SteamServerKeys.address, Bytes(SteamServerKeys.text(of: found))),
        (SteamServerKeys.network, SteamServerKeys.network(of: found)),
        (SteamServerKeys.query, Bytes(query.description)),
      ]
      for (key, value) in fresh where entry.data[key] != value { changes.append(.setData(key: key, value: value)) }
    }
    if !changes.isEmpty { lobby.change(changes) }
  }
}

extension SteamGameServer.Event {
  /// Whether it is of a player, so that it means nothing once the player is gone.
  fileprivate func concerns(_ player: PeerID) -> Bool {
    switch self {
    case .memberAdded(let peer), .slotRequested(let peer, _, _): peer == player
    case .memberKicked, .slotExpired, .disconnected: false
    }
  }
}

/// Why a server does not take what its script sets.
public enum SteamServerError: Error, Equatable, Sendable {
  case reserved(Bytes)
  case data(LobbyDataError)
  case tooLong(String, bytes: Int, maximum: Int)
  case tooManyTags(Int)
}

extension SteamServerError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .reserved(let key):
      "the key \"\(key.text.prefix(40))\" is the platform's; keys that begin with \(SteamServerKeys.reserved.text) "
        + "cannot be set"
    case .data(let error): error.description
    case .tooLong(let what, let bytes, let maximum):
      "\(what) has \(bytes) bytes; at most \(maximum) are possible"
    case .tooManyTags(let count): "there are \(count) tags; at most \(Limits.entryKeywords) are possible"
    }
  }
}
