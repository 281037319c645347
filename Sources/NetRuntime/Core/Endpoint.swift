/// An IPv4 address and a UDP port, both in host byte order.
public struct Endpoint: Hashable, Sendable {
  public let address: UInt32
  public let port: UInt16

  @inlinable
  public init(address: UInt32, port: UInt16) {
    self.address = address
    self.port = port
  }

  /// Reads "a.b.c.d:port" with decimal numbers; nil for anything else.
  public init?(_ text: some StringProtocol) {
    let halves = text.split(separator: ":", omittingEmptySubsequences: false)
    guard halves.count == 2, let port = UInt16(halves[1]) else { return nil }
    let numbers = halves[0].split(separator: ".", omittingEmptySubsequences: false)
    guard numbers.count == 4 else { return nil }
    var address: UInt32 = 0
    for number in numbers {
      guard let byte = UInt8(number) else { return nil }
      address = address << 8 | UInt32(byte)
    }
    self.init(address: address, port: port)
  }
}

extension Endpoint: CustomStringConvertible {
  public var description: String {
    "\(address >> 24).\(address >> 16 & 255).\(address >> 8 & 255).\(address & 255):\(port)"
  }
}
