/// The frames of an opened packet, one after the other.
struct PacketFrames: Sequence, IteratorProtocol {
  enum Frame {
    case stream(offsetLow: UInt32, UnsafeRawBufferPointer)
    case unreliable(MessageChannel, headSize: Int, UnsafeRawBufferPointer)
    case state(UnsafeRawBufferPointer)
    /// What only the connections heed: a `FrameKind`, and the bytes of the whole frame.
    case control(kind: UInt8, size: Int)
  }

  private var reader: ByteReader

  /// Bytes that were not read yet.
  var remaining: Int { reader.remaining }

  /// - Parameter body: Acknowledgement and frames.
  init(_ body: UnsafeRawBufferPointer) {
    reader = ByteReader(body)
    reader.skip(Acknowledgement.size)
  }

  /// The next frame; nil at the end, and at what is no frame.
  mutating func next() -> Frame? {
    guard reader.remaining > 0 else { return nil }
    let frame = read(reader.read(UInt8.self))
    return reader.failed ? nil : frame
  }

  private mutating func read(_ kind: UInt8) -> Frame? {
    switch kind {
    case FrameKind.stream:
      let offset = reader.read(UInt32.self)
      return .stream(offsetLow: offset, bytes(Int(reader.read(UInt16.self))))
    case FrameKind.unreliable:
      guard let start = reader.bytes(0) else { return nil }
      let head = MessageHead.read(start, count: reader.remaining)
      guard head.size > 0 else { return nil }
      reader.skip(head.size)
      return .unreliable(MessageChannel(twoBits: head.value), headSize: head.size, bytes(Int(head.value >> 2)))
    case FrameKind.state: return .state(bytes(Int(reader.read(UInt16.self))))
    case FrameKind.ping, FrameKind.pong: return control(kind, FrameKind.pingSize)
    case FrameKind.close: return control(kind, FrameKind.closeSize)
    case FrameKind.measure: return control(kind, FrameKind.measureSize)
    case FrameKind.report: return control(kind, FrameKind.reportSize)
    default: return nil
    }
  }

  private mutating func control(_ kind: UInt8, _ size: Int) -> Frame {
    reader.skip(size - 1)
    return .control(kind: kind, size: size)
  }

  private mutating func bytes(_ count: Int) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(start: reader.bytes(count), count: reader.failed ? 0 : count)
  }
}
