/// A player on Steam: the lobbies and servers that it is in, and the browsers.
public final class SteamClient {
  /// What the client is made of: connections, lobbies, the user.
  public let client: PlatformClient
  /// What the game's settings say of Steam.
  public let settings: SteamSettings
  /// Finds lobbies; there for as long as the client.
  public let lobbyBrowser: SteamLobbyBrowser
  /// Finds servers; there for as long as the client.
  public let serverBrowser: SteamServerBrowser
  /// Those that scripts have made.
  public let pingThreads: SteamPingThreads
  private let social: SteamSocial
  private let ask: SteamAsk
  /// Those that were entered and have not been left, failed ones too.
  private var serverLobbies: [SteamGameServerLobby] = []
  /// Servers that were noted in the history.
  private var noted: [ObjectIdentifier] = []

  /// - Parameter client: One of platform `.steam`; this takes its hooks.
  init(_ client: PlatformClient, social: SteamSocial, settings: SteamSettings) {
    self.client = client
    self.social = social
    self.settings = settings
    pingThreads = SteamPingThreads(client)
    let ask = SteamAsk { [online = client.online] request, then in online.ask(request, then: then) }
    self.ask = ask
    let region = client.online.user.region
    lobbyBrowser = SteamLobbyBrowser(title: settings.title, ask: ask)
    serverBrowser = SteamServerBrowser(
      title: settings.title, ask: ask, favorites: SteamKeptServers(.favorite, ask: ask, log: client.log),
      history: SteamKeptServers(.history, ask: ask, log: client.log),
      measure: { [weak client] peer, there in
        client?.paths.ping(peer).map { $0 * 1000 } ?? SteamPing.estimate(from: region, to: there)
      },
      probe: { [weak client] servers in client?.probe(servers) },
      addresses: { [weak client] in client?.paths.localEndpoints.map(\.address) ?? [] })
    client.onAdvance = { [weak self] now in self?.advance(to: now) }
  }

  // MARK: Lobbies

  /// Makes a lobby with this player as its host.
  /// - Parameter maximum: Members there may be, 1...`Limits.lobbyMembers`, this one included.
  public func createLobby(_ kind: SteamLobbyKind, maximum: Int) -> PlatformLobby {
    client.createLobby(
      DirectoryEntry(
        id: client.newEntryID(), kind: .steamLobby, title: settings.title, host: client.localPeer, maximum: maximum,
        visibility: kind.visibility, name: Bytes(client.online.user.name)))
  }

  /// Enters a lobby; it is in state JOINING at first, also where there is no such lobby.
  public func joinLobby(_ id: EntryID) -> PlatformLobby { client.joinLobby(id, kind: .steamLobby) }

  // MARK: Servers

  /// Enters the server whose query port is at an address.
  /// - Parameter password: Nil for none.
  public func joinServer(_ address: Endpoint, password: Bytes?) -> SteamGameServerLobby {
    let lobby = SteamGameServerLobby(address, password: password, client: client, ask: ask, title: settings.title)
    serverLobbies.append(lobby)
    return lobby
  }

  /// Leaves a server, or gives up entering it; it must not be used any more.
  public func leaveServer(_ lobby: SteamGameServerLobby) {
    lobby.leave()
    serverLobbies.removeAll { $0 === lobby }
    noted.removeAll { $0 == ObjectIdentifier(lobby) }
  }

  /// To be called when the client ends: friends are not shown any more where this player plays.
  public func end() { social.show(SteamPlaying()) }

  // MARK: Frames

  private func advance(to now: Double) {
    lobbyBrowser.advance(to: now)
    serverBrowser.advance(to: now)
    pingThreads.advance(to: now)
    for lobby in serverLobbies {
      lobby.advance(to: now)
      guard lobby.state == .joined, !noted.contains(ObjectIdentifier(lobby)), let place = lobby.place else { continue }
      noted.append(ObjectIdentifier(lobby))
      serverBrowser.history.add(place)
    }
    social.show(playing)
  }

  /// Where friends see this player play: the first server, else the first lobby that shows itself to them.
  private var playing: SteamPlaying {
    if let server = serverLobbies.first(where: { $0.state == .joined }), let lobby = server.lobby {
      return SteamPlaying(address: server.place.map { Bytes($0.text) } ?? "", mates: lobby.entry.members.map(\.player))
    }
    let lobby = client.lobbies.first {
      $0.entry.kind == .steamLobby && $0.state == .joined && $0.entry.visibility.isShownToFriends
    }
    return SteamPlaying(entry: lobby?.id)
  }
}
