/// A running LAN client: its schema, the game port with the connections on it, and the lobbies.
final class LANSubsystem {
  let config: NetworkConfig
  let connections: Connections
  let client: LANClient
  let hasExplicitConnections: Bool
  /// The UDP port of the connections.
  let gamePort: UInt16
  private let transport: any Transport
  private let socket: SocketID
  private var shutdownTime: Double?

  /// Seconds for which the connections of a client that was shut down go on, so that its last words arrive.
  static let lingerTime = 2.5

  init(
    config: NetworkConfig, gamePort: UInt16, peer: PeerID, environment: NetworkRuntime.Environment,
    timing: TimingSettings, hasExplicitConnections: Bool, release: @escaping (LinkID) -> Void,
    noteAddress: @escaping (PeerID, Endpoint) -> Void
  ) throws(TransportError) {
    self.config = config
    self.hasExplicitConnections = hasExplicitConnections
    transport = environment.transport
    socket = try transport.bind(port: gamePort)
    self.gamePort = transport.port(of: socket)
    let connections = Connections(
      transport: transport, socket: socket, localPeer: peer, schema: SchemaFacts(of: config, environment),
      sharedSecret: environment.sharedSecret, random: environment.random, settings: timing, at: environment.now())
    self.connections = connections
    do throws(TransportError) {
      client = try LANClient(
        transport: transport, links: connections,
        control: LobbyLinkControl(
          connect: { [unowned connections] peer, endpoint in
            noteAddress(peer, endpoint)
            return connections.connect(to: peer, at: endpoint)
          },
          release: release,
          endpoint: { [unowned connections] in connections.endpoint(of: $0) }),
        gamePort: transport.port(of: socket), schemaHash: config.hash, random: environment.random, log: environment.log)
    } catch {
      transport.close(socket)
      throw error
    }
    client.pongTimeout = timing.pongTimeout
  }

  /// Sees every datagram of the client.
  var tap: (any PacketTap)? {
    get { connections.tap }
    set {
      connections.tap = newValue
      client.tap = newValue
    }
  }

  /// Ends the lobby and the connections; call `linger` until it says that all is done.
  func shutdown(at now: Double) {
    client.shutdown()
    connections.shutdown(at: now)
    shutdownTime = now
  }

  /// Lets the last data get across.
  /// - Returns: False once there is nothing left to do.
  func linger(at now: Double) -> Bool {
    connections.receive(at: now)
    while connections.nextDelivery() != nil || connections.nextLinkEvent() != nil {}
    connections.transmit(at: now, state: nil)
    return !connections.isFinished && now - (shutdownTime ?? now) < Self.lingerTime
  }

  func close() {
    transport.close(socket)
  }
}

extension SchemaFacts {
  init(of config: NetworkConfig, _ environment: NetworkRuntime.Environment) {
    self.init(
      hash: config.hash, canonicalText: config.canonicalText,
      reliableSendBufferSize: environment.reliableSendBufferSize ?? config.reliableSendBufferSize,
      reliableReceiveBufferSize: environment.reliableReceiveBufferSize ?? config.reliableReceiveBufferSize,
      differences: { text in
        guard let there = try? NetworkConfig(canonicalText: text) else { return [] }
        return NetworkConfig.differences(here: config, there: there)
      })
  }
}
