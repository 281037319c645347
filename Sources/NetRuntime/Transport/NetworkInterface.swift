import Glibc

/// An IPv4 address of a network interface of this machine.
struct NetworkInterface {
  let name: String
  /// The operating system's number of the interface.
  let index: Int32
  let address: UInt32
  /// Where a datagram goes to that is for every host on this interface's network; nil where the network has no such
  /// address.
  let broadcastAddress: UInt32?
  let isLoopback: Bool

  /// The interfaces that are up now, one entry an IPv4 address; a name restricts them to one interface.
  static func all(named wanted: String? = nil) -> [NetworkInterface] {
    var first: UnsafeMutablePointer<ifaddrs>?
    guard getifaddrs(&first) == 0 else { return [] }
    defer { freeifaddrs(first) }
    var found: [NetworkInterface] = []
    var next = first
    while let entry = next {
      next = entry.pointee.ifa_next
      if let interface = NetworkInterface(entry.pointee), wanted == nil || wanted == interface.name {
        found.append(interface)
      }
    }
    return found
  }

  private init?(_ entry: ifaddrs) {
    let flags = Int32(bitPattern: entry.ifa_flags)
    guard flags & Int32(IFF_UP) != 0, let address = hostAddress(entry.ifa_addr) else { return nil }
    name = String(cString: entry.ifa_name)
    index = Int32(truncatingIfNeeded: if_nametoindex(entry.ifa_name))
    self.address = address
    isLoopback = flags & Int32(IFF_LOOPBACK) != 0
    if flags & Int32(IFF_BROADCAST) != 0 {
      broadcastAddress = hostAddress(entry.ifa_ifu.ifu_broadaddr)
    } else if isLoopback, let mask = hostAddress(entry.ifa_netmask) {
      // The loopback interface names no broadcast address, yet its network has one.
      broadcastAddress = address | ~mask
    } else {
      broadcastAddress = nil
    }
  }
}

/// The IPv4 address in a socket address, in host byte order; nil for other families.
private func hostAddress(_ pointer: UnsafeMutablePointer<sockaddr>?) -> UInt32? {
  guard let pointer, pointer.pointee.sa_family == sa_family_t(AF_INET) else { return nil }
  return pointer.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
    UInt32(bigEndian: $0.pointee.sin_addr.s_addr)
  }
}

extension sockaddr_in {
  init(_ endpoint: Endpoint) {
    self.init()
    sin_family = sa_family_t(AF_INET)
    sin_port = endpoint.port.bigEndian
    sin_addr.s_addr = endpoint.address.bigEndian
  }

  var endpoint: Endpoint {
    Endpoint(address: UInt32(bigEndian: sin_addr.s_addr), port: UInt16(bigEndian: sin_port))
  }
}
