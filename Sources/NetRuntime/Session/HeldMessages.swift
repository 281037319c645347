/// Messages that wait, one behind the other in one piece of memory.
struct HeldMessages {
  /// Bytes of bookkeeping in front of each message.
  static let header = 13
  private var bytes: [UInt8] = []
  private var head = 0

  var isEmpty: Bool { head == bytes.count }

  var byteCount: Int { bytes.count - head }

  /// The session message kind of the first message, 0 for one of another channel.
  var firstKind: UInt8 {
    guard !isEmpty, bytes[head + 4] == MessageChannel.session.rawValue, count(at: head) > 0 else { return 0 }
    return bytes[head + HeldMessages.header]
  }

  mutating func append(_ delivery: Delivery) {
    if head > 0, head * 2 > bytes.count {
      bytes.removeFirst(head)
      head = 0
    }
    withUnsafeBytes(of: UInt32(delivery.body.count)) { bytes.append(contentsOf: $0) }
    bytes.append(delivery.channel.rawValue)
    withUnsafeBytes(of: delivery.packet) { bytes.append(contentsOf: $0) }
    bytes.append(contentsOf: delivery.body)
  }

  /// Bytes of the first message.
  var firstCount: Int { isEmpty ? 0 : count(at: head) }

  /// Takes the first message out into a buffer that has room for `firstCount` bytes. The queue must not be empty.
  mutating func take(into buffer: UnsafeMutableRawBufferPointer, link: LinkID, peer: PeerID) -> Delivery {
    let count = count(at: head)
    let channel = MessageChannel(rawValue: bytes[head + 4]) ?? .session
    let packet = bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: head + 5, as: UInt64.self) }
    let start = head + HeldMessages.header
    bytes.withUnsafeBytes { buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[start..<start + count])) }
    head = start + count
    if head == bytes.count { removeAll() }
    let body = UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(buffer)[..<count])
    return Delivery(link: link, peer: peer, channel: channel, isReliable: true, packet: packet, body: body)
  }

  mutating func removeAll() {
    bytes = []
    head = 0
  }

  private func count(at position: Int) -> Int {
    Int(bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: position, as: UInt32.self) })
  }
}
