extension NetworkRuntime {
  /// The online service, which starts with its first use; that may wait for the sign-in (`OnlineService.signInPatience`
  /// at most).
  public func online() throws(NetworkError) -> OnlineService {
    if let onlineService { return onlineService }
    guard let open = environment.online else {
      throw .noOnlineService("this program runs without one; start it with --online FILE or --online http://HOST:PORT")
    }
    do throws(OnlineError) {
      let service = OnlineService(try open(), random: environment.random, log: environment.log)
      onlineService = service
      return service
    } catch {
      throw .noOnlineService(error.description)
    }
  }

  /// Starts the client of a platform. A player that was signed out is signed in again.
  /// - Parameters:
  ///   - peer: The player or server that it plays for; nil for the first player.
  ///   - gamePort: The UDP port of the connections; 0 takes a free one.
  public func startPlatform(
    _ platform: Platform, config: NetworkConfig, peer: PeerID? = nil, gamePort: UInt16 = 0
  ) throws(NetworkError) -> PlatformClient {
    if replay != nil { throw .replaying }
    if let subsystem { throw .clientRunning(subsystem.platform) }
    let online = try online()
    let peer = peer ?? online.user.id
    online.signInAgain(peer)
    let transport = PathTransport(environment.transport)
    try start(platform, config, gamePort: gamePort, peer: peer, transport: transport) { port in
      PlatformClient(
        platform: platform, online: online, links: port.connections, control: port.control,
        paths: PathFinder(
          transport: transport, socket: port.socket, localPeer: peer, random: environment.random,
          log: environment.log), log: environment.log)
    }
    return try platformClient(platform)
  }

  /// The client that runs, where it is one of this platform.
  public func platformClient(_ platform: Platform) throws(NetworkError) -> PlatformClient {
    guard let subsystem else { throw .noPlatformClient(platform) }
    guard subsystem.platform == platform, let client = subsystem.platformClient else {
      throw .otherClient(needed: platform, running: subsystem.platform)
    }
    return client
  }

  /// Leaves a lobby, room, session or server, and the connections that nothing else uses.
  public func leave(_ lobby: PlatformLobby) throws(NetworkError) {
    let subsystem = try running()
    subsystem.platformClient?.leave(lobby)
    closeUnused(subsystem)
  }

  /// Signs out of the online service, if it was used; the last thing that a program does.
  public func closeOnline() {
    onlineService?.close()
    onlineService = nil
  }
}

/// Why there is no online service; the text is for a game designer.
public struct OnlineError: Error, CustomStringConvertible, Sendable {
  public let description: String

  public init(_ description: String) { self.description = description }
}
