/// Sealed packets to one endpoint, handed to the transport together: all are equally long, but for the last, which may
/// be shorter.
struct Outbox {
  private static let capacity = Limits.datagramsTogether * Limits.packetSize

  private let bytes: UnsafeMutableRawPointer
  private var used = 0
  /// Bytes of each packet, and where they go.
  private var each = 0
  private var endpoint = Endpoint(address: 0, port: 0)

  init() {
    bytes = .allocate(byteCount: Self.capacity, alignment: 16)
  }

  func destroy() {
    bytes.deallocate()
  }

  /// Where the next packet is written; there is room for the longest.
  @inline(__always)
  var place: UnsafeMutableRawPointer { bytes + used }

  /// Adds a packet that was written to `place`; what cannot wait longer is sent.
  @inline(__always)
  mutating func add(
    _ packet: UnsafeMutableRawPointer, size: Int, to endpoint: Endpoint, by transport: any Transport,
    from socket: SocketID
  ) {
    if used > 0 && (size > each || endpoint != self.endpoint) { flush(by: transport, from: socket) }
    if packet != place { place.copyMemory(from: packet, byteCount: size) }
    if used == 0 {
      each = size
      self.endpoint = endpoint
    }
    used &+= size
    if size < each || used &+ Limits.packetSize > Self.capacity { flush(by: transport, from: socket) }
  }

  /// Sends what waits.
  mutating func flush(by transport: any Transport, from socket: SocketID) {
    guard used > 0 else { return }
    let packets = UnsafeRawBufferPointer(start: bytes, count: used)
    used = 0
    transport.send(packets, each: each, to: endpoint, from: socket)
  }
}
