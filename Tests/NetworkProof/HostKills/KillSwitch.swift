import NetRuntime

/// A peer's network card, behind which the power fails at a chosen datagram.
final class KillSwitch: Transport {
  enum Moment: String, CaseIterable {
    /// The datagram does not leave any more.
    case beforeSending
    /// It leaves, and those behind it do not.
    case afterSending
    case beforeReceiving
    /// It is read, and nothing that comes of it leaves.
    case afterReceiving
  }

  let inner: VirtualTransport
  private let network: VirtualNetwork
  private var fuse: (moment: Moment, count: Int)?
  private(set) var isDead = false
  private(set) var diedAt = 0.0

  init(_ inner: VirtualTransport, _ network: VirtualNetwork) {
    self.inner = inner
    self.network = network
  }

  /// Dies at the `count`th datagram from now, 1 for the next.
  func arm(_ moment: Moment, at count: Int) { fuse = (moment, count) }

  func die() {
    guard !isDead else { return }
    isDead = true
    diedAt = network.now
    network.kill(inner.host)
  }

  /// Whether the time has come.
  private func burns(_ moment: Moment) -> Bool {
    guard let left = fuse, left.moment == moment else { return false }
    fuse = (moment, left.count - 1)
    return left.count <= 1
  }

  var hasFailed: Bool { isDead || inner.hasFailed }
  func bind(port: UInt16) throws(TransportError) -> SocketID { try inner.bind(port: port) }
  func port(of socket: SocketID) -> UInt16 { inner.port(of: socket) }
  func close(_ socket: SocketID) { if !isDead { inner.close(socket) } }

  func send(_ datagram: UnsafeRawBufferPointer, to destination: Endpoint, from socket: SocketID) {
    if burns(.beforeSending) { die() }
    guard !isDead else { return }
    inner.send(datagram, to: destination, from: socket)
    if burns(.afterSending) { die() }
  }

  func broadcast(_ datagram: UnsafeRawBufferPointer, toPort port: UInt16, from socket: SocketID) {
    if !isDead { inner.broadcast(datagram, toPort: port, from: socket) }
  }

  func receive(into buffer: UnsafeMutableRawBufferPointer, from socket: SocketID) -> ReceivedDatagram? {
    if isDead { return nil }
    guard let datagram = inner.receive(into: buffer, from: socket) else { return nil }
    if burns(.beforeReceiving) {
      die()
      return nil
    }
    if burns(.afterReceiving) { die() }
    return datagram
  }
}
