extension NetworkRuntime {
  /// What the game's settings say of Steam.
  public var steamSettings: SteamSettings { environment.platformSettings.steam }

  /// The user's friends and what they play; starts the online service where it does not run yet. To be called once.
  public func steamSocial() throws(NetworkError) -> SteamSocial {
    SteamSocial(try online(), settings: steamSettings, log: environment.log, clock: environment.now)
  }

  /// Starts the Steam client.
  public func startSteamClient(config: NetworkConfig, social: SteamSocial) throws(NetworkError) -> SteamClient {
    SteamClient(try startPlatform(.steam, config: config), social: social, settings: steamSettings)
  }

  /// Starts a Steam game server, which has an id of its own.
  public func startSteamServer(
    _ server: SteamServerSettings, config: NetworkConfig
  ) throws(NetworkError) -> SteamGameServer {
    if replay != nil { throw .replaying }
    if let platform { throw .clientRunning(platform) }
    let online = try online()
    let id = PeerID(rawValue: online.drawID())
    online.signIn(
      DirectoryIdentity(
        id: id, kind: .server,
        name: server.serverName.text.fitting(Limits.playerNameSize),
        region: online.user.region))
    do throws(NetworkError) {
      let client = try startPlatform(.steamServer, config: config, peer: id, gamePort: server.serverPort)
      return SteamGameServer(server, client: client, gamePort: subsystem?.gamePort ?? 0, settings: steamSettings)
    } catch {
      online.signOut(id)
      throw error
    }
  }
}

extension NetworkRuntime {
  /// Leaves a server, and the connections that nothing else uses.
  public func leave(_ lobby: SteamGameServerLobby, of client: SteamClient) throws(NetworkError) {
    let subsystem = try running()
    client.leaveServer(lobby)
    closeUnused(subsystem)
  }
}

extension String {
  /// As many characters from the beginning as fit a number of bytes, but at least one Unicode scalar: 4 bytes or less.
  func fitting(_ size: Int) -> String {
    var text = self
    while text.utf8.count > size, text.count > 1 { text.removeLast() }
    // One character may be of many scalars.
    while text.utf8.count > size, text.unicodeScalars.count > 1 { text.unicodeScalars.removeLast() }
    return text
  }
}

extension PlatformClient {
  /// Whether a connection to a peer stands.
  func isConnected(to peer: PeerID) -> Bool {
    links.link(to: peer).map { links.state(of: $0) == .connected } ?? false
  }

  /// Measures the way to a peer that there is a connection to; `paths.ping` tells of it.
  func probe(_ peer: PeerID) {
    guard let endpoint = links.link(to: peer).flatMap(control.endpoint) else { return }
    paths.probe(endpoint, id: peer)
  }

  /// Measures the ways to peers that there is no connection to.
  func probe(_ peers: [PeerID]) {
    online.ask(.players(Array(peers.prefix(Limits.askedPlayers))), as: localPeer) { [weak self] answer in
      guard let self, case .success(.players(let players)) = answer else { return }
      for player in players {
        for endpoint in player.endpoints.prefix(Limits.playerEndpoints) { paths.probe(endpoint, id: player.id) }
      }
    }
  }
}
