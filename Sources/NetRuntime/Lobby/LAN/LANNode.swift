/// What the parts of a LAN client share: the way to the network, to the other peers and to the log.
final class LANNode {
  let transport: any Transport
  let links: any PeerLinks
  let control: LobbyLinkControl
  let random: any RandomSource
  let log: Log
  let gamePort: UInt16
  let schemaHash: UInt64
  var pongTimeout = 60.0
  var strangers = Strangers()
  /// Sees the datagrams of the lobby ports.
  var tap: (any PacketTap)?

  private let buffer: UnsafeMutableRawBufferPointer

  init(
    transport: any Transport, links: any PeerLinks, control: LobbyLinkControl, gamePort: UInt16, schemaHash: UInt64,
    random: any RandomSource, log: @escaping Log
  ) {
    self.transport = transport
    self.links = links
    self.control = control
    self.gamePort = gamePort
    self.schemaHash = schemaHash
    self.random = random
    self.log = log
    buffer = .allocate(byteCount: LANDatagram.size + 1, alignment: 8)
  }

  deinit {
    buffer.deallocate()
  }

  func send(_ datagram: LANDatagram, to destination: Endpoint, from socket: SocketID) {
    datagram.encoded.withUnsafeBytes {
      tap?.datagram(.sent, .lobby, bytes: $0, endpoint: destination, copies: 1)
      transport.send($0, to: destination, from: socket)
    }
  }

  func broadcast(_ datagram: LANDatagram, toPort port: UInt16, from socket: SocketID) {
    datagram.encoded.withUnsafeBytes {
      tap?.datagram(
        .sent, .lobby, bytes: $0, endpoint: Endpoint(address: .max, port: port), copies: transport.broadcastCopies)
      transport.broadcast($0, toPort: port, from: socket)
    }
  }

  /// Hands on the datagrams of ours that arrived at a socket; those of other programs are skipped.
  func receive(from socket: SocketID, _ body: (LANDatagram, Endpoint) -> Void) {
    for _ in 0..<Limits.lobbyDatagramsPerUpdate {
      guard let received = transport.receive(into: buffer, from: socket) else { return }
      let bytes = UnsafeRawBufferPointer(rebasing: buffer[..<received.count])
      tap?.datagram(.received, .lobby, bytes: bytes, endpoint: received.source, copies: 1)
      if let datagram = LANDatagram(encoded: bytes) { body(datagram, received.source) }
    }
  }
}

/// What a lobby needs of the connections beyond `PeerLinks`: making and ending them.
public struct LobbyLinkControl {
  /// Makes a connection to a peer, or gives the one that is there; nil when there is room for no more.
  public var connect: (PeerID, Endpoint) -> LinkID?
  /// The lobby no longer uses a connection. Whether it is closed is up to its owner: a game session may still use it.
  public var release: (LinkID) -> Void
  /// Where the peer at the other end is seen; nil when the link no longer exists.
  public var endpoint: (LinkID) -> Endpoint?

  public init(
    connect: @escaping (PeerID, Endpoint) -> LinkID?, release: @escaping (LinkID) -> Void,
    endpoint: @escaping (LinkID) -> Endpoint?
  ) {
    self.connect = connect
    self.release = release
    self.endpoint = endpoint
  }
}
