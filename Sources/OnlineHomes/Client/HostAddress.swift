import Foundation
import NetRuntime

/// Finds the IPv4 address of a machine by its name.
enum HostAddress {
  /// Asks the system, which may take seconds, on a thread of its own.
  /// - Returns: Nil where the machine has none.
  static func find(_ host: String) async -> UInt32? {
    if let endpoint = Endpoint("\(host):0") { return endpoint.address }
    return await withCheckedContinuation { continuation in
      Thread.detachNewThread { continuation.resume(returning: ask(host)) }
    }
  }

  private static func ask(_ host: String) -> UInt32? {
    var hints = addrinfo()
    hints.ai_family = AF_INET
    var list: UnsafeMutablePointer<addrinfo>?
    guard getaddrinfo(host, nil, &hints, &list) == 0, let list else { return nil }
    defer { freeaddrinfo(list) }
    guard let address = list.pointee.ai_addr, list.pointee.ai_addrlen >= MemoryLayout<sockaddr_in>.size else {
      return nil
    }
    return address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
      UInt32(bigEndian: $0.pointee.sin_addr.s_addr)
    }
  }
}
