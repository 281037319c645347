/// One host of a virtual network.
public final class VirtualTransport: Transport {
  public let network: VirtualNetwork
  /// The host's number in its network.
  public let host: VirtualNetwork.HostID

  init(network: VirtualNetwork, host: VirtualNetwork.HostID) {
    self.network = network
    self.host = host
  }

  /// The host's own IPv4 address, in host byte order.
  public var address: UInt32 { network.hosts[host].address }

  public var localAddresses: [UInt32] { [address] }

  /// True once the host was killed.
  public var hasFailed: Bool { network.isDead(host) }

  public func bind(port: UInt16) throws(TransportError) -> SocketID {
    SocketID(rawValue: Int32(try network.bind(port: port, host: host)))
  }

  public func port(of socket: SocketID) -> UInt16 {
    network.port(of: Int(socket.rawValue))
  }

  public func send(_ datagram: UnsafeRawBufferPointer, to destination: Endpoint, from socket: SocketID) {
    network.send(datagram, to: destination, from: Int(socket.rawValue))
  }

  public func broadcast(_ datagram: UnsafeRawBufferPointer, toPort port: UInt16, from socket: SocketID) {
    network.broadcast(datagram, toPort: port, from: Int(socket.rawValue))
  }

  public func receive(into buffer: UnsafeMutableRawBufferPointer, from socket: SocketID) -> ReceivedDatagram? {
    network.receive(into: buffer, from: Int(socket.rawValue))
  }

  public func close(_ socket: SocketID) {
    network.close(Int(socket.rawValue))
  }
}
