/// How an address translator, as homes have one, treats the datagrams of the hosts behind it.
public enum TranslatorKind: CaseIterable, Sendable {
  /// A socket has one port outside, and everybody may send to that.
  case fullCone
  /// One port outside, and hosts may send to it that the socket has sent to.
  case addressRestricted
  /// One port outside, and only the ports may send to it that the socket has sent to.
  case portRestricted
  /// Another port outside for everything that the socket sends to, which alone may answer there.
  case symmetric
}

/// An address translator of a virtual network: one address outside, a network of its own inside.
struct VirtualTranslator {
  private struct Door {
    let host: VirtualNetwork.HostID
    let port: UInt16
    /// The only one that this door is for; nil for all.
    let destination: Endpoint?
    let outside: UInt16
    /// Those that the socket has sent to.
    var sentTo: Set<Endpoint>
  }

  let kind: TranslatorKind
  let address: UInt32
  private(set) var hosts = 0
  private var doors: [Door] = []

  init(_ kind: TranslatorKind, address: UInt32) {
    self.kind = kind
    self.address = address
  }

  /// The address inside of the next host. Each translator gives the same ones.
  mutating func nextAddress() -> UInt32 {
    hosts += 1
    return 0xC0A8_0000 &+ UInt32(truncatingIfNeeded: hosts)
  }

  /// The port outside that a datagram leaves by.
  /// - Parameter free: Gives a port at random.
  mutating func leave(
    _ host: VirtualNetwork.HostID, port: UInt16, to destination: Endpoint, free: () -> UInt16
  ) -> UInt16 {
    let own = kind == .symmetric ? destination : nil
    if let index = doors.firstIndex(where: { $0.host == host && $0.port == port && $0.destination == own }) {
      doors[index].sentTo.insert(destination)
      return doors[index].outside
    }
    var outside = free()
    while doors.contains(where: { $0.outside == outside }) { outside = free() }
    doors.append(Door(host: host, port: port, destination: own, outside: outside, sentTo: [destination]))
    return outside
  }

  /// Whom a datagram from outside is for; nil when the translator drops it.
  func enter(port: UInt16, from source: Endpoint) -> (host: VirtualNetwork.HostID, port: UInt16)? {
    guard let door = doors.first(where: { $0.outside == port }) else { return nil }
    let isLetIn =
      switch kind {
      case .fullCone: true
      case .addressRestricted: door.sentTo.contains { $0.address == source.address }
      case .portRestricted, .symmetric: door.sentTo.contains(source)
      }
    return isLetIn ? (door.host, door.port) : nil
  }
}
