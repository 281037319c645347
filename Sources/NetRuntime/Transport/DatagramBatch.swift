/// Datagrams of one sender that the system handed over together, and how many of them were taken.
///
/// The system joins datagrams that arrive close together, so that one call takes many.
struct DatagramBatch {
  /// The longest that the system joins.
  static let capacity = 65_536

  let buffer: UnsafeMutableRawBufferPointer
  private var start = 0
  private var end = 0
  private var each = 0
  private(set) var source = Endpoint(address: 0, port: 0)

  init() {
    buffer = .allocate(byteCount: Self.capacity, alignment: 16)
  }

  func destroy() {
    buffer.deallocate()
  }

  /// Takes note of what the system has put into the buffer.
  mutating func fill(_ datagram: SystemDatagram) {
    start = 0
    end = datagram.count
    each = datagram.each > 0 ? datagram.each : datagram.count
    source = datagram.source
  }

  /// Copies the next datagram that is no longer than `limit`, and so skips longer ones; nil when there is none left.
  @inline(__always)
  mutating func take(into target: UnsafeMutableRawBufferPointer, limit: Int) -> ReceivedDatagram? {
    while start < end {
      let count = min(each, end &- start)
      let datagram = UnsafeRawBufferPointer(rebasing: buffer[start..<start &+ count])
      start &+= count
      guard count <= limit else { continue }
      target.copyMemory(from: datagram)
      return ReceivedDatagram(count: count, source: source)
    }
    return nil
  }
}
