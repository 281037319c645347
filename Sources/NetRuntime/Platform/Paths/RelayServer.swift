/// What a relay has done.
public struct RelayCounts: Equatable, Sendable {
  /// Players that are registered now.
  public var players = 0
  /// Questions for their address that were answered.
  public var addresses: UInt64 = 0
  /// Datagrams that were passed on.
  public var datagrams: UInt64 = 0
  /// Bytes of what was passed on, without what the relay adds.
  public var bytes: UInt64 = 0
  /// Datagrams that were over a player's rate.
  public var overRate: UInt64 = 0
  /// Datagrams that made no sense, of senders that are not registered, or to players that do not accept them.
  public var refused: UInt64 = 0

  /// Nothing was counted yet.
  public init() {}
}

/// Tells peers the address that they are seen at, and passes datagrams on between players that find no straight way to
/// each other and both want to.
///
/// It cannot read what it passes on, keeps nothing for a sender without a player's key at an address that has proven
/// itself, and never answers with more than it was asked with.
public final class RelayServer {
  /// Datagrams taken in one call at most.
  private static let datagramsPerReceive = 16_384

  private let transport: any Transport
  private let socket: SocketID
  private let secret: [UInt8]
  private let cookies: AddressCookie
  private var table: RelayTable
  private var now: Double
  private var nextSweep: Double
  private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: Limits.datagramSize + 1, alignment: 8)
  /// What was done since the start.
  public private(set) var counts = RelayCounts()

  /// - Parameters:
  ///   - socket: Stays the caller's to close.
  ///   - secret: What grants are made with: a relay that was started anew with the same one knows them still. 16 random
  ///     bytes or more.
  ///   - rate: Bytes a second that are passed on for one player.
  ///   - now: The time in seconds.
  public init(
    transport: any Transport, socket: SocketID, secret: [UInt8], random: any RandomSource,
    rate: Int = Limits.relayRate, at now: Double = 0
  ) {
    precondition(Sodium.isReady, "libsodium did not start")
    self.transport = transport
    self.socket = socket
    self.secret = Sodium.sha256(Array("stingray-lua relay".utf8), secret)
    cookies = AddressCookie(random: random)
    table = RelayTable(rate: Double(max(1, rate)))
    self.now = now
    nextSweep = now
  }

  deinit {
    buffer.deallocate()
  }

  /// What a player needs to use this relay.
  /// - Parameter endpoint: Where players reach the relay's socket.
  public func grant(for player: PeerID, at endpoint: Endpoint) -> RelayGrant {
    RelayGrant(endpoint: endpoint, key: RelayKey(of: player, secret: secret))
  }

  /// Passes nothing on for a player any more, until it registers again.
  public func forget(_ player: PeerID) {
    table.remove(player)
    counts.players = table.count
  }

  /// Does what has come; to be called again and again, at least once a second.
  public func receive(at now: Double) {
    self.now = max(self.now, now)
    for _ in 0..<Self.datagramsPerReceive {
      guard let datagram = transport.receive(into: buffer, from: socket) else { break }
      if !take(UnsafeMutableRawBufferPointer(rebasing: buffer[..<datagram.count]), from: datagram.source) {
        counts.refused &+= 1
      }
    }
    guard self.now >= nextSweep else { return }
    nextSweep = self.now + 1
    table.removeIdle(at: self.now)
    counts.players = table.count
  }

  /// - Returns: False when nothing was done.
  private func take(_ bytes: UnsafeMutableRawBufferPointer, from source: Endpoint) -> Bool {
    var reader = ByteReader(UnsafeRawBufferPointer(bytes))
    guard let (kind, detail) = PathWire.kind(&reader) else { return false }
    switch kind {
    case .whereAmI where bytes.count == PathWire.addressSize && detail == 0:
      tellAddress(reader.read(), to: source)
      return true
    case .register: return register(bytes, peers: Int(detail), &reader, from: source)
    case .relay where detail == 0: return passOn(bytes, &reader, from: source)
    default: return false
    }
  }

  private func tellAddress(_ nonce: UInt64, to source: Endpoint) {
    counts.addresses &+= 1
    send(to: source) { writer in
      PathWire.writeHead(.address, &writer)
      writer.write(nonce)
      // Some translators write their own address over every one that they find.
      writer.write(source.address ^ UInt32(truncatingIfNeeded: nonce))
      writer.write(source.port ^ UInt16(truncatingIfNeeded: nonce))
      writer.write(UInt16(0))
      writer.write(cookies.make(for: source, at: now))
    }
  }

  private func register(
    _ bytes: UnsafeMutableRawBufferPointer, peers count: Int, _ reader: inout ByteReader, from source: Endpoint
  ) -> Bool {
    guard (1...Limits.relayedPeers).contains(count), bytes.count == PathWire.registerSize + 8 * count else {
      return false
    }
    let player = PeerID(rawValue: reader.read())
    let nonce = reader.read(UInt64.self)
    guard player != .nobody, cookies.isValid(reader.read(), from: source, at: now) else { return false }
    let key = RelayKey(of: player, secret: secret)
    guard key.hasSigned(UnsafeRawBufferPointer(bytes)) else { return false }
    let peers = (0..<count).map { _ in PeerID(rawValue: reader.read()) }
    let isTaken = table.insert(player, key: key, at: source, accepting: peers, now: now)
    counts.players = table.count
    send(to: source) { writer in
      PathWire.writeHead(.registered, detail: isTaken ? 0 : 1, &writer)
      writer.write(nonce)
      key.sign(&writer)
    }
    return true
  }

  private func passOn(
    _ bytes: UnsafeMutableRawBufferPointer, _ reader: inout ByteReader, from source: Endpoint
  ) -> Bool {
    let size = bytes.count - Limits.relayOverhead
    guard size >= 0, let from = table.place(at: source), let base = bytes.baseAddress,
      table[from].key.hasSigned(UnsafeRawBufferPointer(bytes)),
      let to = table.receiver(PeerID(rawValue: reader.read()), of: from)
    else { return false }
    guard table.spend(bytes.count, of: from, at: now) else {
      counts.overRate &+= 1
      return true
    }
    var writer = WireWriter(base: base, capacity: bytes.count)
    PathWire.writeHead(.relayed, &writer)
    writer.write(table[from].player.rawValue)
    _ = writer.reserve(size)
    table[to].key.sign(&writer)
    transport.send(UnsafeRawBufferPointer(bytes), to: table[to].endpoint, from: socket)
    counts.datagrams &+= 1
    counts.bytes &+= UInt64(size)
    return true
  }

  private func send(to endpoint: Endpoint, _ write: (inout WireWriter) -> Void) {
    var writer = WireWriter(buffer)
    write(&writer)
    transport.send(UnsafeRawBufferPointer(rebasing: buffer[..<writer.count]), to: endpoint, from: socket)
  }
}
