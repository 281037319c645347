import HTTPTypes
import Hummingbird
import NIOCore

/// What the requests of one place are counted by.
enum ClientAddress {
  static func of(_ request: Request, channel: any Channel, isBehindProxy: Bool) -> String {
    if isBehindProxy, let name = HTTPField.Name("X-Forwarded-For"), let list = request.headers[name],
      let last = list.split(separator: ",").last
    {
      // The last one is what the proxy itself saw; those before it anybody can make up.
      return key(of: String(last.prefix(64)).filter { $0 != " " })
    }
    return key(of: channel.remoteAddress?.ipAddress ?? "")
  }

  /// One house has one IPv4 address, or all of an IPv6 network of 64 bits.
  static func key(of address: String) -> String {
    guard address.contains(":"), !address.contains(".") else { return address }
    let halves = address.split(separator: "::", maxSplits: 1, omittingEmptySubsequences: false)
    var groups = halves[0].split(separator: ":").map(String.init)
    if halves.count == 2 {
      let rest = halves[1].split(separator: ":").count
      groups += [String](repeating: "0", count: max(0, 8 - groups.count - rest))
      groups += halves[1].split(separator: ":").map(String.init)
    }
    return groups.prefix(4).joined(separator: ":")
  }
}
