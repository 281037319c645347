/// Datagrams of path finding between the socket and the frame: a ring of equal places, so that taking them out of the
/// game's traffic allocates nothing. What finds no place is lost.
struct PathQueue {
  private struct Place {
    var source: Endpoint
    var count: Int
  }

  private let bytes = UnsafeMutableRawPointer.allocate(
    byteCount: Limits.pathDatagrams * PathWire.longest, alignment: 16)
  private var places = [Place](
    repeating: Place(source: Endpoint(address: 0, port: 0), count: 0), count: Limits.pathDatagrams)
  private var first = 0
  private(set) var count = 0

  func destroy() {
    bytes.deallocate()
  }

  mutating func append(_ datagram: UnsafeRawBufferPointer, from source: Endpoint) {
    guard count < Limits.pathDatagrams, datagram.count <= PathWire.longest, let start = datagram.baseAddress else {
      return
    }
    let place = (first + count) % Limits.pathDatagrams
    (bytes + place * PathWire.longest).copyMemory(from: start, byteCount: datagram.count)
    places[place] = Place(source: source, count: datagram.count)
    count += 1
  }

  /// Takes out the oldest datagram, which may be read until the next one is put in.
  mutating func pop() -> (bytes: UnsafeRawBufferPointer, source: Endpoint)? {
    guard count > 0 else { return nil }
    let place = first
    first = (first + 1) % Limits.pathDatagrams
    count -= 1
    let start = UnsafeRawPointer(bytes + place * PathWire.longest)
    return (UnsafeRawBufferPointer(start: start, count: places[place].count), places[place].source)
  }
}
