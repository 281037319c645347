import LuaPeers
import NetRuntime

/// A light client: it enters the lobby and the session, acknowledges, sends its input and looks at what it gets,
/// without Lua. It is connected to the host alone, as in client-server play little goes between two clients.
final class StandIn {
  private let config: NetworkConfig
  private let connections: Connections
  private let client: LANClient
  private let session: GameSession
  private let host: Host
  private let input: UnsafeMutableRawBufferPointer
  private let inputSize: Int
  private var nextInput: Double
  /// Objects that move, and the last counter seen of each.
  private var moving: [(id: UInt32, field: Int, seen: UInt64)] = []
  /// Updates of moving objects that arrived.
  private(set) var updates = 0
  private(set) var objects = 0

  /// Inputs a second.
  private static let inputRate = 20.0

  /// The one peer to connect to.
  private final class Host {
    var peer: PeerID?
  }

  init(
    _ config: NetworkConfig, address: String, number: Int, transport: any Transport, random: any RandomSource,
    at now: Double
  ) throws {
    self.config = config
    let socket = try transport.bind(port: 0)
    let schema = SchemaFacts(
      hash: config.hash, canonicalText: config.canonicalText,
      reliableSendBufferSize: config.reliableSendBufferSize,
      reliableReceiveBufferSize: config.reliableReceiveBufferSize
    ) { _ in [] }
    // The lobby would warn of each connection that is not made.
    let log: Log = { _, _ in }
    let connections = Connections(
      transport: transport, socket: socket, localPeer: PeerID(rawValue: 0xC000 + UInt64(number)), schema: schema,
      random: random, settings: TimingSettings(), at: now)
    let host = Host()
    client = try LANClient(
      transport: transport, links: connections,
      control: LobbyLinkControl(
        connect: { peer, endpoint in
          if host.peer == nil { host.peer = peer }
          return peer == host.peer ? connections.connect(to: peer, at: endpoint) : nil
        },
        release: { _ in }, endpoint: { connections.endpoint(of: $0) }),
      gamePort: transport.port(of: socket), schemaHash: config.hash, random: random, log: log)
    session = GameSession(links: connections, config: config, gate: SessionGate(), random: random, log: log)
    session.decodeMessage = { _, _ in nil }
    self.connections = connections
    self.host = host
    input = .allocate(byteCount: 64, alignment: 8)
    inputSize = StandIn.packInput(config, into: input)
    // Each at its own moment.
    nextInput = now + Double(number % 32) / 32 / StandIn.inputRate
    _ = client.joinLobby(address: address)
  }

  deinit {
    input.deallocate()
  }

  /// Packs the message that is sent again and again.
  private static func packInput(_ config: NetworkConfig, into buffer: UnsafeMutableRawBufferPointer) -> Int {
    guard let index = config.messageIndex(named: "input") else { return 0 }
    var writer = BitWriter(buffer)
    writer.write(UInt64(index), bits: Int.bitWidth - (config.messages.count - 1).leadingZeroBitCount)
    let codecs = config.codecs(ofMessage: index)
    _ = writer.writeInt(17, codecs[0])
    _ = writer.writeFloat(0.5, codecs[1])
    _ = writer.writeFloat(-0.5, codecs[2])
    return writer.flush()
  }

  func frame(at now: Double) {
    connections.receive(at: now)
    client.receive(at: now)
    takeEvents(at: now)
    client.advance(to: now)
    session.advance(at: now)
    while let event = session.nextEvent() { take(event) }
    count()
    if now >= nextInput { sendInput(at: now) }
    client.transmit(at: now)
    session.flush(at: now)
    connections.transmit(at: now, state: session)
  }

  private func takeEvents(at now: Double) {
    while true {
      if let delivery = connections.nextDelivery() {
        switch delivery.channel {
        case .lobby: client.handle(delivery, at: now)
        case .session, .rpc: session.handle(delivery, at: now)
        case .connection: break
        }
      } else if let (link, peer, event) = connections.nextLinkEvent() {
        switch event {
        case .connected:
          client.linkConnected(link, peer: peer, at: now)
          session.linkConnected(link, peer: peer, at: now)
        case .broken:
          client.linkBroken(link, peer: peer, at: now)
          session.linkBroken(link, peer: peer, at: now)
        case .closed, .refused:
          client.linkClosed(link, peer: peer, at: now)
          session.linkClosed(link, peer: peer, at: now)
        }
      } else {
        return
      }
      while let event = session.nextEvent() { take(event) }
    }
  }

  private func take(_ event: NetworkEvent) {
    guard case .objectCreated(let id, _) = event, let type = try? session.objectType(of: id) else { return }
    objects += 1
    if let field = config.objects[type].fieldIndex(named: "tick") { moving.append((id, field, 0)) }
  }

  private func count() {
    for index in moving.indices {
      guard var reader = try? session.field(moving[index].id, field: moving[index].field) else { continue }
      let value = reader.read(bits: reader.remainingBits)
      if value != moving[index].seen { updates += 1 }
      moving[index].seen = value
    }
  }

  private func sendInput(at now: Double) {
    nextInput = max(nextInput + 1 / StandIn.inputRate, now - 1 / StandIn.inputRate)
    guard session.isInSession, let peer = host.peer, let link = connections.link(to: peer) else { return }
    let body = UnsafeRawBufferPointer(rebasing: input[..<inputSize])
    try? connections.sendUnreliable(.rpc, body, priority: 1, to: link)
  }

  /// Says goodbye.
  func end(at now: Double) {
    client.shutdown()
    connections.shutdown(at: now)
  }
}
