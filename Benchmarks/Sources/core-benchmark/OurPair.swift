import CCounters
import Glibc
import NetRuntime

/// Two peers of the engine in this process, connected over real UDP on the loopback interface.
final class OurPair {
  private let sender: Connections
  private let receiver: Connections
  private let link: LinkID
  private let transports: [UDPTransport]

  /// - Parameter buffer: Bytes of the reliable buffers, as a schema would set them.
  init?(buffer: Int) throws {
    let schema = SchemaFacts(
      hash: 1, canonicalText: "", reliableSendBufferSize: buffer, reliableReceiveBufferSize: buffer
    ) { _ in [] }
    var settings = TimingSettings(maxTransmitRate: 0)
    settings.sendRate = .infinity
    var ends: [Connections] = []
    var transports: [UDPTransport] = []
    var ports: [UInt16] = []
    for peer in 1...2 as ClosedRange<UInt64> {
      let transport = try UDPTransport(interface: "lo")
      let socket = try transport.bind(port: 0)
      ports.append(transport.port(of: socket))
      transports.append(transport)
      ends.append(
        Connections(
          transport: transport, socket: socket, localPeer: PeerID(rawValue: peer), schema: schema,
          random: SystemRandomSource(), settings: settings, at: wallSeconds()))
    }
    self.transports = transports
    (sender, receiver) = (ends[0], ends[1])
    guard let link = sender.connect(to: PeerID(rawValue: 2), at: Endpoint(address: 0x7F00_0001, port: ports[1])) else {
      return nil
    }
    self.link = link
    let deadline = wallSeconds() + 5
    while sender.state(of: link) != .connected || receiver.linkList.isEmpty {
      guard wallSeconds() < deadline else { return nil }
      _ = step()
    }
  }

  /// Sends and receives messages for a while.
  func run(_ message: UnsafeRawBufferPointer, seconds: Double) -> Int {
    let end = threadSeconds() + seconds
    var delivered = 0
    repeat {
      for _ in 0..<64 {
        var left = sender.reliableBytesLeft(on: link)
        while left >= message.count + 3 {
          guard (try? sender.sendReliable(.rpc, message, to: link, share: .script)) != nil else { break }
          left = left &- message.count &- 1
        }
        delivered &+= step()
      }
    } while threadSeconds() < end
    return delivered
  }

  private func step() -> Int {
    let now = wallSeconds()
    sender.transmit(at: now, state: nil)
    receiver.receive(at: now)
    var delivered = 0
    while true {
      if receiver.nextDelivery() != nil {
        delivered &+= 1
      } else if receiver.nextLinkEvent() == nil {
        break
      }
    }
    receiver.transmit(at: now, state: nil)
    sender.receive(at: now)
    while sender.nextLinkEvent() != nil {}
    return delivered
  }
}
