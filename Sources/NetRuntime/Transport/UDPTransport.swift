import Glibc

/// Real UDP over IPv4, on all network interfaces or on one.
///
/// With an interface chosen, datagrams of other interfaces are not seen. On `lo` nothing ever leaves this machine: a
/// datagram to an address outside 127.0.0.0/8 is dropped.
public final class UDPTransport: Transport {
  private struct Socket {
    let descriptor: Int32
    let port: UInt16
    let batch: UnsafeMutablePointer<DatagramBatch>

    init(descriptor: Int32, port: UInt16) {
      self.descriptor = descriptor
      self.port = port
      batch = .allocate(capacity: 1)
      batch.initialize(to: DatagramBatch())
    }

    func close() {
      _ = Glibc.close(descriptor)
      batch.pointee.destroy()
      batch.deallocate()
    }
  }

  /// The name of the one interface that is used; nil for all.
  public let interface: String?
  public private(set) var hasFailed = false

  private let interfaceIndex: Int32
  private let isLoopbackOnly: Bool
  /// False once the system refused to cut a long datagram into several, as it does where a network's packets are
  /// shorter.
  private var canSendTogether = true
  /// Indexed by socket id; nil once closed, so that an id never means another socket.
  private var sockets: [Socket?] = []

  /// - Parameter interface: The interface's name in the operating system, such as "lo" or "eth0"; nil for all.
  public init(interface: String? = nil) throws(TransportError) {
    self.interface = interface
    guard let interface else {
      interfaceIndex = 0
      isLoopbackOnly = false
      return
    }
    guard let found = NetworkInterface.all(named: interface).first else {
      throw .unknownInterface(interface)
    }
    interfaceIndex = found.index
    isLoopbackOnly = found.isLoopback
  }

  deinit {
    for case let socket? in sockets { socket.close() }
  }

  public func bind(port: UInt16) throws(TransportError) -> SocketID {
    let type = Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    let descriptor = socket(AF_INET, type, 0)
    guard descriptor >= 0 else { throw .system(errorText("cannot open a UDP socket")) }
    configure(descriptor)
    // The wildcard address: a socket bound to one address would not hear broadcasts.
    var address = sockaddr_in(Endpoint(address: 0, port: port))
    let bound = withSocketAddress(&address) { Glibc.bind(descriptor, $0, $1) }
    guard bound == 0 else {
      let reason: TransportError =
        errno == EADDRINUSE ? .portTaken(port) : .system(errorText("cannot open UDP port \(port)"))
      _ = Glibc.close(descriptor)
      throw reason
    }
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    _ = withSocketAddress(&address) { pointer, _ in getsockname(descriptor, pointer, &length) }
    sockets.append(Socket(descriptor: descriptor, port: address.endpoint.port))
    return SocketID(rawValue: Int32(sockets.count - 1))
  }

  public func port(of socket: SocketID) -> UInt16 {
    self[socket]?.port ?? 0
  }

  public func send(_ datagram: UnsafeRawBufferPointer, to destination: Endpoint, from socket: SocketID) {
    guard let descriptor = self[socket]?.descriptor, datagram.count <= Limits.datagramSize else { return }
    if isLoopbackOnly && destination.address >> 24 != 127 { return }
    var address = sockaddr_in(destination)
    let sent = withSocketAddress(&address) {
      sendto(descriptor, datagram.baseAddress, datagram.count, Int32(MSG_NOSIGNAL), $0, $1)
    }
    if sent < 0 { note(errno) }
  }

  public func send(
    _ datagrams: UnsafeRawBufferPointer, each size: Int, to destination: Endpoint, from socket: SocketID
  ) {
    guard let descriptor = self[socket]?.descriptor, size > 0, size <= Limits.datagramSize else { return }
    if isLoopbackOnly && destination.address >> 24 != 127 { return }
    if datagrams.count > size && canSendTogether {
      guard let error = SystemDatagram.send(datagrams, each: size, to: destination, from: descriptor) else { return }
      switch error {
      case EINVAL, EIO, EOPNOTSUPP, ENOPROTOOPT: canSendTogether = false
      default: note(error)
      }
    }
    var start = 0
    while start < datagrams.count {
      let end = min(start + size, datagrams.count)
      send(UnsafeRawBufferPointer(rebasing: datagrams[start..<end]), to: destination, from: socket)
      start = end
    }
  }

  public func broadcast(_ datagram: UnsafeRawBufferPointer, toPort port: UInt16, from socket: SocketID) {
    // Asked for each time: interfaces come and go, and broadcasts are rare.
    for interface in NetworkInterface.all(named: interface) {
      guard let address = interface.broadcastAddress else { continue }
      send(datagram, to: Endpoint(address: address, port: port), from: socket)
    }
  }

  public var broadcastCopies: Int {
    NetworkInterface.all(named: interface).count { $0.broadcastAddress != nil }
  }

  public var localAddresses: [UInt32] {
    let interfaces = NetworkInterface.all(named: interface)
    return (interfaces.filter { !$0.isLoopback } + interfaces.filter(\.isLoopback)).map(\.address)
  }

  /// Sleeps until a datagram has come to the socket, for so many seconds at most: for a program that does nothing but
  /// answer.
  public func wait(for socket: SocketID, seconds: Double) {
    guard let descriptor = self[socket]?.descriptor else { return }
    var question = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    _ = poll(&question, 1, Int32(min(max(0, seconds), 3600) * 1000))
  }

  public func receive(into buffer: UnsafeMutableRawBufferPointer, from socket: SocketID) -> ReceivedDatagram? {
    guard let open = self[socket] else { return nil }
    let limit = min(buffer.count, Limits.datagramSize)
    while true {
      if let datagram = open.batch.pointee.take(into: buffer, limit: limit) { return datagram }
      switch SystemDatagram.receive(into: open.batch.pointee.buffer, from: open.descriptor) {
      case .failure(let error):
        guard error.code == EINTR else {
          note(error.code)
          return nil
        }
      case .success(let datagram):
        if datagram.count == 0 && isWanted(datagram) { return ReceivedDatagram(count: 0, source: datagram.source) }
        guard datagram.count <= DatagramBatch.capacity, isWanted(datagram) else { continue }
        open.batch.pointee.fill(datagram)
      }
    }
  }

  public func close(_ socket: SocketID) {
    guard let open = self[socket] else { return }
    sockets[Int(socket.rawValue)] = nil
    open.close()
  }

  /// The operating system's number of a socket, for tests; nil once it is closed.
  func descriptor(of socket: SocketID) -> Int32? {
    self[socket]?.descriptor
  }

  private subscript(socket: SocketID) -> Socket? {
    let index = Int(socket.rawValue)
    return sockets.indices.contains(index) ? sockets[index] : nil
  }

  private func isWanted(_ datagram: SystemDatagram) -> Bool {
    guard interfaceIndex != 0 else { return true }
    if isLoopbackOnly && datagram.source.address >> 24 != 127 { return false }
    return datagram.interfaceIndex == interfaceIndex
  }

  private func configure(_ descriptor: Int32) {
    set(descriptor, SOL_SOCKET, SO_BROADCAST, 1)
    set(descriptor, SOL_SOCKET, SO_RCVBUF, Int32(Limits.socketReceiveBufferSize))
    // Datagrams that arrive close together come in one piece; an old system takes no notice.
    set(descriptor, Int32(IPPROTO_UDP), SystemDatagram.joins, 1)
    guard let interface else { return }
    set(descriptor, Int32(IPPROTO_IP), IP_PKTINFO, 1)
    // Not permitted everywhere; where it fails, the filters above and below still hold.
    _ = interface.withCString {
      setsockopt(descriptor, SOL_SOCKET, SO_BINDTODEVICE, $0, socklen_t(interface.utf8.count + 1))
    }
  }

  private func set(_ descriptor: Int32, _ level: Int32, _ option: Int32, _ value: Int32) {
    var value = value
    _ = setsockopt(descriptor, level, option, &value, socklen_t(MemoryLayout<Int32>.size))
  }

  /// Tells errors of one datagram from the end of a socket.
  private func note(_ error: Int32) {
    switch error {
    case EBADF, ENOTSOCK, ENODEV, EIO, EPIPE: hasFailed = true
    default: break
    }
  }
}

private func errorText(_ what: String) -> String {
  "\(what): \(String(cString: strerror(errno)))"
}

private func withSocketAddress<Result>(
  _ address: inout sockaddr_in, _ body: (UnsafeMutablePointer<sockaddr>, socklen_t) -> Result
) -> Result {
  withUnsafeMutablePointer(to: &address) {
    $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
  }
}
