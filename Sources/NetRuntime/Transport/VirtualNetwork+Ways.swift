// Who is where, and where a datagram arrives.

extension VirtualNetwork {
  private static let loopback: UInt32 = 0x7F00_0001

  /// 10.0.0.1 and upward, of a host on the open network.
  static func address(of host: HostID) -> UInt32 {
    0x0A00_0001 &+ UInt32(truncatingIfNeeded: host)
  }

  /// The socket that a datagram arrives at, and where it seems to come from there; nil when nobody gets it.
  func way(from socket: Int, to destination: Endpoint) -> (target: Int, source: Endpoint)? {
    let sender = sockets[socket].host
    let port = sockets[socket].port
    if destination.address >> 24 == 127 {
      return self.socket(host: sender, port: destination.port).map {
        ($0, Endpoint(address: Self.loopback, port: port))
      }
    }
    let source = Endpoint(address: hosts[sender].address, port: port)
    guard translators.isEmpty else { return translatedWay(from: sender, source, to: destination) }
    let host = Int(destination.address) - 0x0A00_0001
    guard hosts.indices.contains(host) else { return nil }
    return self.socket(host: host, port: destination.port).map { ($0, source) }
  }

  func socket(host: HostID, port: UInt16) -> Int? {
    hosts[host].sockets.first { sockets[$0].port == port }
  }

  // MARK: Address translators

  /// An address translator's number, from 0 in the order of `addTranslator`.
  public typealias TranslatorID = Int

  /// Adds an address translator, with an address of its own on the open network: 203.0.113.1 for the first.
  public func addTranslator(_ kind: TranslatorKind) -> TranslatorID {
    translators.append(VirtualTranslator(kind, address: 0xCB00_7101 &+ UInt32(truncatingIfNeeded: translators.count)))
    return translators.count - 1
  }

  /// Adds a host behind an address translator: 192.168.0.1 for the first behind each. It reaches the others behind the
  /// same translator, and the open network through the translator.
  public func addHost(behind translator: TranslatorID) -> VirtualTransport {
    guard translators.indices.contains(translator) else { return addHost() }
    return addHost(Host(address: translators[translator].nextAddress(), translator: translator))
  }

  /// The way of a datagram where there are translators.
  func translatedWay(
    from sender: HostID, _ source: Endpoint, to destination: Endpoint
  ) -> (target: Int, source: Endpoint)? {
    let network = hosts[sender].translator
    if let host = hosts.firstIndex(where: { $0.translator == network && $0.address == destination.address }) {
      return socket(host: host, port: destination.port).map { ($0, source) }
    }
    var source = source
    if let network {
      let outside = translators[network].leave(sender, port: source.port, to: destination) {
        UInt16(truncatingIfNeeded: 1024 + random.next(below: 64_000))
      }
      source = Endpoint(address: translators[network].address, port: outside)
      if let host = hosts.firstIndex(where: { $0.translator == nil && $0.address == destination.address }) {
        return socket(host: host, port: destination.port).map { ($0, source) }
      }
    }
    // Like many, these translators do not send back inside what comes from there.
    guard let other = translators.firstIndex(where: { $0.address == destination.address }), other != network,
      let (host, port) = translators[other].enter(port: destination.port, from: source)
    else { return nil }
    return socket(host: host, port: port).map { ($0, source) }
  }
}
