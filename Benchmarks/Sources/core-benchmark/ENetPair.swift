import CCounters
import CENet

/// Two ENet hosts in this process, connected over UDP on the loopback interface.
final class ENetPair {
  private let sender: UnsafeMutablePointer<ENetHost>
  private let receiver: UnsafeMutablePointer<ENetHost>
  private let peer: UnsafeMutablePointer<ENetPeer>
  private var queued = 0
  private var delivered = 0

  init?(mtu: UInt32) {
    var address = ENetAddress(host: UInt32(0x7F00_0001).bigEndian, port: 0)
    guard let receiver = enet_host_create(&address, 1, 1, 0, 0), let sender = enet_host_create(nil, 1, 1, 0, 0) else {
      return nil
    }
    self.receiver = receiver
    self.sender = sender
    if mtu > 0 {
      receiver.pointee.mtu = mtu
      sender.pointee.mtu = mtu
    }
    for host in [receiver, sender] {
      enet_socket_set_option(host.pointee.socket, ENET_SOCKOPT_RCVBUF, 4 << 20)
      enet_socket_set_option(host.pointee.socket, ENET_SOCKOPT_SNDBUF, 4 << 20)
    }
    enet_socket_get_address(receiver.pointee.socket, &address)
    address.host = UInt32(0x7F00_0001).bigEndian
    guard let peer = enet_host_connect(sender, &address, 1, 0) else { return nil }
    self.peer = peer
    let deadline = wallSeconds() + 5
    var isConnected = (false, false)
    var event = ENetEvent()
    while !isConnected.0 || !isConnected.1 {
      guard wallSeconds() < deadline else { return nil }
      if enet_host_service(sender, &event, 1) > 0 && event.type == ENET_EVENT_TYPE_CONNECT { isConnected.0 = true }
      if enet_host_service(receiver, &event, 1) > 0 && event.type == ENET_EVENT_TYPE_CONNECT { isConnected.1 = true }
    }
  }

  deinit {
    enet_host_destroy(sender)
    enet_host_destroy(receiver)
  }

  /// Sends and receives messages for a while.
  /// - Parameter window: Messages that may be queued and not yet delivered.
  func run(_ message: UnsafeRawBufferPointer, seconds: Double, window: Int) -> Int {
    let end = threadSeconds() + seconds
    let before = delivered
    repeat {
      for _ in 0..<64 { step(message, window: window) }
    } while threadSeconds() < end
    return delivered - before
  }

  @inline(__always)
  private func step(_ message: UnsafeRawBufferPointer, window: Int) {
    while queued &- delivered < window {
      let packet = enet_packet_create(message.baseAddress, message.count, ENET_PACKET_FLAG_RELIABLE.rawValue)
      guard enet_peer_send(peer, 0, packet) == 0 else { break }
      queued &+= 1
    }
    enet_host_flush(sender)
    var event = ENetEvent()
    var result = enet_host_service(receiver, &event, 0)
    while result > 0 {
      if event.type == ENET_EVENT_TYPE_RECEIVE {
        delivered &+= 1
        enet_packet_destroy(event.packet)
      }
      result = enet_host_check_events(receiver, &event)
    }
    enet_host_flush(receiver)
    _ = enet_host_service(sender, &event, 0)
  }
}
