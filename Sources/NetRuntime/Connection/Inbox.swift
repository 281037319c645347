/// Everything that arrived and was not taken yet, deliveries and link events in one order, in one piece of memory.
struct Inbox {
  /// What stands before each body.
  private struct Head {
    var size: UInt32
    var kind: UInt8
    var channel: MessageChannel
    var link: LinkID
    var event: UInt32
    var packet: UInt64
    var peer: PeerID
  }

  private static let deliveryKind: UInt8 = 0
  private static let reliableKind: UInt8 = 1
  private static let eventKind: UInt8 = 2
  private static let headSize = 32

  private var bytes: UnsafeMutableRawPointer
  private var capacity: Int
  private var start = 0
  private var end = 0
  private var events: [LinkEvent] = []

  init() {
    capacity = 64 * 1024
    bytes = .allocate(byteCount: capacity, alignment: 16)
  }

  func destroy() {
    bytes.deallocate()
  }

  /// Bytes that wait.
  var count: Int { end - start }

  @inline(__always)
  mutating func append(
    _ channel: MessageChannel, _ body: UnsafeRawBufferPointer, isReliable: Bool, link: LinkID, peer: PeerID,
    packet: UInt64
  ) {
    let size = Self.headSize &+ (body.count &+ 7) & ~7
    if end &+ size > capacity { makeRoom(size) }
    let place = bytes + end
    place.storeBytes(
      of: Head(
        size: UInt32(truncatingIfNeeded: body.count), kind: isReliable ? Self.reliableKind : Self.deliveryKind,
        channel: channel, link: link, event: 0, packet: packet, peer: peer), as: Head.self)
    if let source = body.baseAddress { (place + Self.headSize).copyMemory(from: source, byteCount: body.count) }
    end &+= size
  }

  mutating func append(_ event: LinkEvent, link: LinkID, peer: PeerID) {
    if end + Self.headSize > capacity { makeRoom(Self.headSize) }
    (bytes + end).storeBytes(
      of: Head(
        size: 0, kind: Self.eventKind, channel: .connection, link: link, event: UInt32(events.count), packet: 0,
        peer: peer), as: Head.self)
    events.append(event)
    end += Self.headSize
  }

  /// The next entry when it is a delivery.
  @inline(__always)
  mutating func popDelivery() -> Delivery? {
    guard start < end else { return nil }
    let place = bytes + start
    let head = place.load(as: Head.self)
    guard head.kind != Self.eventKind else { return nil }
    start &+= Self.headSize &+ (Int(head.size) &+ 7) & ~7
    return Delivery(
      link: head.link, peer: head.peer, channel: head.channel, isReliable: head.kind == Self.reliableKind,
      packet: head.packet, body: UnsafeRawBufferPointer(start: place + Self.headSize, count: Int(head.size)))
  }

  /// The next entry when it is an event.
  mutating func popEvent() -> (link: LinkID, peer: PeerID, event: LinkEvent)? {
    guard start < end else { return nil }
    let head = (bytes + start).load(as: Head.self)
    guard head.kind == Self.eventKind else { return nil }
    start += Self.headSize
    return (head.link, head.peer, events[Int(head.event)])
  }

  /// Gives back the room of what was taken; the last delivery's body ends with it.
  mutating func tidy() {
    if start == end {
      start = 0
      end = 0
      events.removeAll(keepingCapacity: true)
    } else if start > capacity / 2 {
      bytes.copyMemory(from: bytes + start, byteCount: end - start)
      end -= start
      start = 0
    }
  }

  private mutating func makeRoom(_ size: Int) {
    var larger = capacity * 2
    while larger < end + size { larger *= 2 }
    let target = UnsafeMutableRawPointer.allocate(byteCount: larger, alignment: 16)
    target.copyMemory(from: bytes, byteCount: end)
    bytes.deallocate()
    bytes = target
    capacity = larger
  }
}
