/// The peers that are reached over the relay. Each has an endpoint of its own that no network has, for the rooms above to
/// send to.
struct RelayTunnel {
  private struct Place {
    var peer: PeerID
    /// Told apart from former users of the place, so that a datagram for one of these is not sent to another peer.
    var address: UInt32
    /// Whether it is kept, used or not.
    var isHeld = true
    var wasUsed = false
    var usedAt = 0.0
  }

  /// The relay; the peers stay when it changes.
  private(set) var grant: RelayGrant?
  private var places: [Place] = []
  private var lastAddress: UInt32 = 0

  /// Whether an endpoint is one of those that no network has: in 0.0.0.0/8.
  @inline(__always)
  static func contains(_ endpoint: Endpoint) -> Bool { endpoint.address >> 24 == 0 }

  mutating func use(_ grant: RelayGrant?) {
    self.grant = grant
  }

  /// The peer's endpoint, which it keeps until it is released; nil when there are too many peers.
  mutating func open(_ peer: PeerID) -> Endpoint? {
    if let known = places.firstIndex(where: { $0.peer == peer }) {
      places[known].isHeld = true
      return endpoint(of: peer)
    }
    lastAddress = lastAddress >= 0xFF_FFFF ? 1 : lastAddress + 1
    let new = Place(peer: peer, address: lastAddress)
    if let free = places.firstIndex(where: { $0.peer == .nobody }) {
      places[free] = new
    } else {
      guard places.count < Limits.relayedPeers else { return nil }
      places.append(new)
    }
    return endpoint(of: peer)
  }

  /// Nobody looks for the peer any more: its endpoint goes once it is used no more.
  mutating func release(_ peer: PeerID, at now: Double) {
    guard let index = places.firstIndex(where: { $0.peer == peer }) else { return }
    places[index].isHeld = false
    places[index].usedAt = now
  }

  /// Takes the endpoints away that nothing was sent to lately.
  /// - Returns: True when there were any.
  mutating func closeUnused(at now: Double) -> Bool {
    var any = false
    for index in places.indices where places[index].peer != .nobody && !places[index].isHeld {
      if places[index].wasUsed {
        places[index].wasUsed = false
        places[index].usedAt = now
      } else if now - places[index].usedAt > PathTimes.tunnelIdle {
        places[index] = Place(peer: .nobody, address: 0)
        any = true
      }
    }
    return any
  }

  func endpoint(of peer: PeerID) -> Endpoint? {
    guard peer != .nobody, let index = places.firstIndex(where: { $0.peer == peer }) else { return nil }
    return Endpoint(address: places[index].address, port: UInt16(index + 1))
  }

  /// Those that have an endpoint.
  var peers: [PeerID] { places.compactMap { $0.peer == .nobody ? nil : $0.peer } }

  var hasPeers: Bool { places.contains { $0.peer != .nobody } }

  private func place(at endpoint: Endpoint) -> Int? {
    let index = Int(endpoint.port) - 1
    guard places.indices.contains(index), places[index].address == endpoint.address, endpoint.address != 0 else {
      return nil
    }
    return index
  }

  /// Writes the datagram that the relay passes on to the peer with that endpoint.
  /// - Returns: Its size; nil when nobody has that endpoint, or when it would be too long.
  mutating func wrap(
    _ datagram: UnsafeRawBufferPointer, to endpoint: Endpoint, into buffer: UnsafeMutableRawBufferPointer
  ) -> Int? {
    guard let grant, let place = place(at: endpoint) else { return nil }
    places[place].wasUsed = true
    var writer = WireWriter(buffer)
    PathWire.writeHead(.relay, &writer)
    writer.write(places[place].peer.rawValue)
    writer.write(datagram)
    grant.key.sign(&writer)
    return writer.overflowed ? nil : writer.count
  }

  /// Looks at a datagram that the relay passed on.
  /// - Returns: The bytes that were sent, and the endpoint of the peer that sent them; nil when the relay did not send
  ///   it, or of an unknown peer.
  func unwrap(
    _ bytes: UnsafeRawBufferPointer, from source: Endpoint
  ) -> (payload: UnsafeRawBufferPointer, source: Endpoint)? {
    guard let grant, source == grant.endpoint, bytes.count >= Limits.relayOverhead, grant.key.hasSigned(bytes) else {
      return nil
    }
    var reader = ByteReader(bytes)
    reader.skip(PathWire.headSize)
    guard let endpoint = endpoint(of: PeerID(rawValue: reader.read())) else { return nil }
    return (
      UnsafeRawBufferPointer(rebasing: bytes[PathWire.relayHeadSize..<bytes.count - RelayKey.size]), endpoint
    )
  }
}
