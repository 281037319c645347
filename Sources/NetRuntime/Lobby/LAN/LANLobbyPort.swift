/// The lobby port of a host: answers those who look for lobbies, and keeps nothing about them.
struct LANLobbyPort {
  /// What there is to tell.
  struct Advertisement {
    var lobby: UInt64 = 0
    var members = 0
    var maximum = 0
    var data = LobbyData()
  }

  let socket: SocketID
  private let cookies: AddressCookie
  private var advertised = LobbyData()
  private var encoded: [UInt8] = []
  private var revision: UInt32

  init(port: UInt16, node: LANNode) throws(TransportError) {
    socket = try node.transport.bind(port: port)
    cookies = AddressCookie(random: node.random)
    revision = UInt32(truncatingIfNeeded: node.random.next())
  }

  mutating func answer(_ advertisement: Advertisement, node: LANNode, at now: Double) {
    if advertised != advertisement.data {
      advertised = advertisement.data
      encoded = advertised.encoded
      revision &+= 1
    }
    node.receive(from: socket) { datagram, source in
      switch datagram {
      case .query(let nonce):
        node.send(.info(info(nonce, for: source, advertisement, node: node, now: now)), to: source, from: socket)
      case .queryMore(let nonce, let cookie, let revision, let offset):
        guard cookies.isValid(cookie, from: source, at: now) else { return }
        let answer: LANDatagram =
          revision == self.revision
          ? .chunk(chunk(nonce, offset: Int(offset), node: node))
          : .info(info(nonce, for: source, advertisement, node: node, now: now))
        node.send(answer, to: source, from: socket)
      case .info, .chunk: break
      }
    }
  }

  private func info(
    _ nonce: UInt64, for source: Endpoint, _ advertisement: Advertisement, node: LANNode, now: Double
  ) -> LANLobbyInfo {
    LANLobbyInfo(
      nonce: nonce, cookie: cookies.make(for: source, at: now), host: node.links.localPeer,
      lobby: advertisement.lobby, schemaHash: node.schemaHash, gamePort: node.gamePort,
      members: UInt8(clamping: advertisement.members), maximum: UInt8(clamping: advertisement.maximum),
      revision: revision, dataCount: UInt16(clamping: encoded.count),
      data: Array(encoded.prefix(LANLobbyInfo.room)))
  }

  private func chunk(_ nonce: UInt64, offset: Int, node: LANNode) -> LANDataChunk {
    LANDataChunk(
      nonce: nonce, host: node.links.localPeer, revision: revision, dataCount: UInt16(clamping: encoded.count),
      offset: UInt16(truncatingIfNeeded: min(offset, encoded.count)),
      data: Array(encoded.dropFirst(offset).prefix(LANDataChunk.room)))
  }
}
