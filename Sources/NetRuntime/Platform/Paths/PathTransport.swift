/// The game socket of a peer that finds its way to others: takes the datagrams of path finding out of what arrives, and
/// lets datagrams to and from peers that only a relay reaches pass through that. All others pass untouched, and nothing
/// is allocated for any of them.
///
/// It does so for the one socket that a `PathFinder` was made for; other sockets have nothing of it.
public final class PathTransport: Transport {
  private let inner: any Transport
  private var gameSocket: SocketID?
  private var queue = PathQueue()
  var tunnel = RelayTunnel()
  private let scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: Limits.datagramSize, alignment: 8)

  /// - Parameter inner: What carries the datagrams.
  public init(_ inner: any Transport) {
    self.inner = inner
  }

  deinit {
    queue.destroy()
    scratch.deallocate()
  }

  public var hasFailed: Bool { inner.hasFailed }
  public var broadcastCopies: Int { inner.broadcastCopies }
  public var localAddresses: [UInt32] { inner.localAddresses }

  public func bind(port: UInt16) throws(TransportError) -> SocketID { try inner.bind(port: port) }

  public func port(of socket: SocketID) -> UInt16 { inner.port(of: socket) }

  public func close(_ socket: SocketID) {
    if socket == gameSocket { gameSocket = nil }
    inner.close(socket)
  }

  public func broadcast(_ datagram: UnsafeRawBufferPointer, toPort port: UInt16, from socket: SocketID) {
    inner.broadcast(datagram, toPort: port, from: socket)
  }

  @inline(__always)
  public func send(_ datagram: UnsafeRawBufferPointer, to destination: Endpoint, from socket: SocketID) {
    if RelayTunnel.contains(destination) { return sendByRelay(datagram, to: destination, from: socket) }
    inner.send(datagram, to: destination, from: socket)
  }

  public func send(
    _ datagrams: UnsafeRawBufferPointer, each size: Int, to destination: Endpoint, from socket: SocketID
  ) {
    guard RelayTunnel.contains(destination) else {
      return inner.send(datagrams, each: size, to: destination, from: socket)
    }
    var start = 0
    while size > 0, start < datagrams.count {
      let end = min(start &+ size, datagrams.count)
      sendByRelay(UnsafeRawBufferPointer(rebasing: datagrams[start..<end]), to: destination, from: socket)
      start = end
    }
  }

  public func receive(into buffer: UnsafeMutableRawBufferPointer, from socket: SocketID) -> ReceivedDatagram? {
    guard socket == gameSocket else { return inner.receive(into: buffer, from: socket) }
    for _ in 0..<Limits.pathDatagramsPerReceive {
      guard let datagram = inner.receive(into: buffer, from: socket) else { return nil }
      guard PathWire.isOurs(buffer, count: datagram.count) else {
        // Nobody on a network is there; who seems to be would pass for a relayed peer.
        if RelayTunnel.contains(datagram.source) { continue }
        return datagram
      }
      if let relayed = takeOurs(UnsafeMutableRawBufferPointer(rebasing: buffer[..<datagram.count]), datagram.source) {
        return relayed
      }
    }
    return nil
  }

  // MARK: For the path finder

  /// Takes the datagrams of path finding out of what this socket receives from now on.
  func watch(_ socket: SocketID) {
    gameSocket = socket
  }

  /// The next datagram of path finding that has come; its bytes may be read until the next call of any kind.
  func nextPathDatagram() -> (bytes: UnsafeRawBufferPointer, source: Endpoint)? {
    queue.pop()
  }

  // MARK: The relay's

  private func sendByRelay(_ datagram: UnsafeRawBufferPointer, to destination: Endpoint, from socket: SocketID) {
    guard socket == gameSocket, let relay = tunnel.grant?.endpoint,
      let size = tunnel.wrap(datagram, to: destination, into: scratch)
    else { return }
    inner.send(UnsafeRawBufferPointer(rebasing: scratch[..<size]), to: relay, from: socket)
  }

  /// Keeps a datagram of path finding for the frame, and unwraps what the relay passed on.
  /// - Returns: The game's datagram that was in it, at the buffer's start; nil for none.
  private func takeOurs(_ bytes: UnsafeMutableRawBufferPointer, _ source: Endpoint) -> ReceivedDatagram? {
    var reader = ByteReader(UnsafeRawBufferPointer(bytes))
    guard let (kind, detail) = PathWire.kind(&reader) else { return nil }
    guard kind == .relayed else {
      if !RelayTunnel.contains(source) { queue.append(UnsafeRawBufferPointer(bytes), from: source) }
      return nil
    }
    guard detail == 0, let (payload, peer) = tunnel.unwrap(UnsafeRawBufferPointer(bytes), from: source),
      let start = payload.baseAddress, let target = bytes.baseAddress
    else { return nil }
    target.copyMemory(from: start, byteCount: payload.count)
    guard PathWire.isOurs(bytes, count: payload.count) else {
      return ReceivedDatagram(count: payload.count, source: peer)
    }
    // Only probes have a meaning over the relay: the queue's reader drops what else may be in it.
    queue.append(UnsafeRawBufferPointer(rebasing: bytes[..<payload.count]), from: peer)
    return nil
  }
}
