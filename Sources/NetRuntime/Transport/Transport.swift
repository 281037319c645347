/// Datagrams in and out. A peer reaches the network only through the transport it is given: real UDP, or a virtual
/// network in the same process.
///
/// Nothing here blocks. Sending may lose, duplicate or reorder datagrams, as UDP does.
public protocol Transport: AnyObject {
  /// Opens a socket on a UDP port; port 0 takes a free one.
  func bind(port: UInt16) throws(TransportError) -> SocketID

  /// The port that a socket is bound to.
  func port(of socket: SocketID) -> UInt16

  /// Sends one datagram; a datagram that cannot be sent now is lost.
  func send(_ datagram: UnsafeRawBufferPointer, to destination: Endpoint, from socket: SocketID)

  /// Sends several datagrams to one destination, each as `send(_:to:from:)` would. Each is `size` bytes long; the last
  /// one may be shorter.
  func send(_ datagrams: UnsafeRawBufferPointer, each size: Int, to destination: Endpoint, from socket: SocketID)

  /// Sends one datagram to every host on the chosen interfaces, to the given port.
  func broadcast(_ datagram: UnsafeRawBufferPointer, toPort port: UInt16, from socket: SocketID)

  /// Datagrams that `broadcast` sends: one to each interface.
  var broadcastCopies: Int { get }

  /// The IPv4 addresses, in host byte order, by which hosts of the same network reach this one, the likeliest first; one
  /// that only this machine reaches comes last.
  var localAddresses: [UInt32] { get }

  /// Takes the next datagram that has arrived, writing at most `buffer.count` bytes; nil when there is none. A longer
  /// datagram is skipped.
  func receive(into buffer: UnsafeMutableRawBufferPointer, from socket: SocketID) -> ReceivedDatagram?

  /// Closes a socket; its id is not used again.
  func close(_ socket: SocketID)

  /// True once the network is unusable for good, such as when a socket died.
  var hasFailed: Bool { get }
}

extension Transport {
  public var broadcastCopies: Int { 1 }

  public var localAddresses: [UInt32] { [] }
}

extension Transport {
  /// One after another.
  public func send(
    _ datagrams: UnsafeRawBufferPointer, each size: Int, to destination: Endpoint, from socket: SocketID
  ) {
    var rest = datagrams
    while size > 0, !rest.isEmpty {
      send(UnsafeRawBufferPointer(rebasing: rest.prefix(size)), to: destination, from: socket)
      rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(size))
    }
  }
}

/// A socket of a transport.
public struct SocketID: Hashable, Sendable {
  public let rawValue: Int32

  public init(rawValue: Int32) {
    self.rawValue = rawValue
  }
}

/// What `Transport.receive` put into the buffer.
public struct ReceivedDatagram: Sendable {
  /// Bytes written to the buffer.
  public let count: Int
  /// Where the datagram came from.
  public let source: Endpoint

  @inlinable
  public init(count: Int, source: Endpoint) {
    self.count = count
    self.source = source
  }
}

/// Why a socket could not be opened.
public enum TransportError: Error, Equatable, Sendable {
  /// Another socket on this machine has the port.
  case portTaken(UInt16)
  /// No network interface has this name.
  case unknownInterface(String)
  /// The operating system refused for another reason, in its words.
  case system(String)
}

extension TransportError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .portTaken(let port): "UDP port \(port) is taken by another program"
    case .unknownInterface(let name): "no network interface is named \"\(name)\""
    case .system(let text): text
    }
  }
}
