import Foundation
import NIOCore
import NetRuntime
import Synchronization

/// A relay on a UDP port, in a thread of its own: peers learn there what address they are seen at, and those that find
/// no straight way to each other exchange their sealed datagrams over it.
final class RelayThread: Sendable {
  /// The thread's and those who ask for grants; all of it is used under the lock.
  private struct Relay: @unchecked Sendable {
    let server: RelayServer
    let transport: UDPTransport
    let socket: SocketID
  }

  /// Seconds after which the thread looks whether it has to end, without a datagram.
  private static let patience = 0.2

  let port: Int
  private let relay: Mutex<Relay>
  private let isEnding = Mutex(false)
  private let isEnded = Mutex(false)

  /// - Parameters:
  ///   - interface: The network interface; nil for all.
  ///   - secret: What grants are made with; the same after a restart.
  init(port: Int, interface: String?, secret: [UInt8]) throws(TransportError) {
    let transport = try UDPTransport(interface: interface)
    let socket = try transport.bind(port: UInt16(clamping: port))
    self.port = Int(transport.port(of: socket))
    let server = RelayServer(
      transport: transport, socket: socket, secret: secret, random: SystemRandomSource(), at: SharedClock.now)
    let relay = Relay(server: server, transport: transport, socket: socket)
    self.relay = Mutex(relay)
    Thread.detachNewThread { [self] in
      while !isEnding.withLock({ $0 }) {
        // Waiting changes nothing of the transport, so it needs no lock.
        relay.transport.wait(for: relay.socket, seconds: RelayThread.patience)
        self.relay.withLock { $0.server.receive(at: SharedClock.now) }
      }
      self.relay.withLock { $0.transport.close($0.socket) }
      isEnded.withLock { $0 = true }
    }
  }

  /// The network interface that has an address, so that a relay is reached where its server is and nowhere else.
  /// - Returns: Nil for all of them, where the address is all of the machine's.
  static func interface(with address: String) throws(TransportError) -> String? {
    if address == "0.0.0.0" || address == "::" { return nil }
    if address.hasPrefix("127.") || address == "::1" { return "lo" }
    let devices = (try? System.enumerateDevices()) ?? []
    guard let device = devices.first(where: { $0.address?.ipAddress == address }) else {
      throw .unknownInterface(address)
    }
    return device.name
  }

  /// Passes nothing on any more for a player that is signed out.
  func forget(_ player: PeerID) { relay.withLock { $0.server.forget(player) } }

  /// What a player needs to use it.
  /// - Parameter host: Where players reach this machine; nil where they reach the server.
  func grant(for player: PeerID, at host: String?) -> RelayOffer {
    let nowhere = Endpoint(address: 0, port: UInt16(clamping: port))
    return RelayOffer(host: host, port: port, key: relay.withLock { $0.server.grant(for: player, at: nowhere).key })
  }

  var counts: RelayCounts { relay.withLock { $0.server.counts } }

  /// Ends the thread, and gives the port back.
  func end() async {
    isEnding.withLock { $0 = true }
    while !isEnded.withLock({ $0 }) { try? await Task.sleep(for: .milliseconds(5)) }
  }
}

/// Where the server finds its relay, which starts once the port is known.
final class RelaySlot: Sendable {
  /// Where players reach the relay; nil where they reach the server.
  let host: String?
  private let slot = Mutex<RelayThread?>(nil)

  init(host: String?) { self.host = host }

  var thread: RelayThread? {
    get { slot.withLock { $0 } }
    set { slot.withLock { $0 = newValue } }
  }
}
