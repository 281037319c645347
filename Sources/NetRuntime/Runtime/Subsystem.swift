/// A running client: its schema, the game port with the connections on it, and the lobbies that make these.
final class Subsystem {
  let platform: Platform
  let config: NetworkConfig
  let connections: Connections
  let layer: any LobbyLayer
  let hasExplicitConnections: Bool
  /// The UDP port of the connections.
  let gamePort: UInt16
  private let transport: any Transport
  private let socket: SocketID
  private var shutdownTime: Double?

  /// Seconds for which the connections of a client that was shut down go on, so that its last words arrive.
  static let lingerTime = 2.5

  /// What a client is made of, besides its lobbies.
  struct Parts {
    let platform: Platform
    let config: NetworkConfig
    let gamePort: UInt16
    let peer: PeerID
    let timing: TimingSettings
    let hasExplicitConnections: Bool
    let release: (LinkID) -> Void
    let noteAddress: (PeerID, Endpoint) -> Void
  }

  /// The game port, once it is open.
  struct GamePort {
    let transport: any Transport
    let socket: SocketID
    let port: UInt16
    let connections: Connections
    let control: LobbyLinkControl
  }

  /// - Parameter transport: What the game port is on; nil for that of the environment.
  init(
    _ parts: Parts, environment: NetworkRuntime.Environment, transport: (any Transport)? = nil,
    makeLayer: (GamePort) throws(TransportError) -> any LobbyLayer
  ) throws(TransportError) {
    platform = parts.platform
    config = parts.config
    hasExplicitConnections = parts.hasExplicitConnections
    let transport = transport ?? environment.transport
    self.transport = transport
    socket = try transport.bind(port: parts.gamePort)
    gamePort = transport.port(of: socket)
    let connections = Connections(
      transport: transport, socket: socket, localPeer: parts.peer, schema: SchemaFacts(of: parts.config, environment),
      sharedSecret: environment.sharedSecret, random: environment.random, settings: parts.timing,
      at: environment.now())
    self.connections = connections
    let control = LobbyLinkControl(
      connect: { [unowned connections] peer, endpoint in
        parts.noteAddress(peer, endpoint)
        return connections.connect(to: peer, at: endpoint)
      },
      release: parts.release, endpoint: { [unowned connections] in connections.endpoint(of: $0) })
    do throws(TransportError) {
      layer = try makeLayer(
        GamePort(
          transport: transport, socket: socket, port: gamePort, connections: connections, control: control))
    } catch {
      transport.close(socket)
      throw error
    }
    layer.pongTimeout = parts.timing.pongTimeout
  }

  /// The LAN's lobbies, where this is a LAN client.
  var lan: LANClient? { layer as? LANClient }

  /// A platform's lobbies, where this is a platform's client.
  var platformClient: PlatformClient? { layer as? PlatformClient }

  /// Sees every datagram of the client.
  var tap: (any PacketTap)? {
    get { connections.tap }
    set {
      connections.tap = newValue
      layer.tap = newValue
    }
  }

  /// Ends the lobby and the connections; call `linger` until it says that all is done.
  func shutdown(at now: Double) {
    layer.shutdown()
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
