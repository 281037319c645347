import Glibc

/// Writes what a peer does into a dump: the front door tells it when frames begin and end, the connections what is on
/// the wire, the session what is not.
///
/// A file that cannot be written any more ends the recording with one warning; the game goes on.
public final class DumpRecorder {
  private var file: DumpFile
  private var isOpen = true
  /// Nothing is recorded before there is a client.
  private var hasClient = false
  private let path: String
  private let log: Log
  /// When the recording began, on the peer's clock; taken from the first frame.
  private var origin: Double?
  private var now: Int64 = 0
  private var lastReceived: [UInt64] = []
  private var lastSent: [UInt64] = []
  /// Events handed to the script since `receive` began, times two, and one more once it knows that there are no more;
  /// and what of that was told.
  private var handed: UInt64 = 0
  private var handedTold: UInt64 = 0
  /// Bytes of values that went to nobody and may still be told.
  private var valueBytes = DumpRecorder.valueRate
  private var valueTime: Int64 = 0

  /// Bytes a second of values that went to nobody: with the heads of 60 frames they stay below a kilobyte.
  private static let valueRate = 256.0

  /// Begins a dump, in place of a file that is there.
  /// - Parameters:
  ///   - startTime: Microseconds since 1970 UTC.
  ///   - log: Gets the warning when recording ends before its time.
  public init(path: String, startTime: UInt64, log: @escaping Log) throws(DumpError) {
    self.path = path
    self.log = log
    file = try DumpFile(path: path, startTime: startTime)
  }

  deinit {
    close()
  }

  /// Writes what is left and ends the recording.
  public func close() {
    guard isOpen else { return }
    file.endFrame()
    file.flush()
    end()
  }

  /// Ends the recording, and says so where that is not meant.
  private func end() {
    isOpen = false
    if let failure = file.failure { log(.warnings, "recording to \(path) ended: \(failure)") }
    file.close()
  }

  /// False once the recording has ended, by `close` or by an error.
  public var isRecording: Bool { isOpen }

  // MARK: Frames

  /// The network is about to receive.
  public func beginReceive(dt: Double, at time: Double) {
    endFrame()
    advance(to: time)
    handed = 0
    handedTold = 0
    append(.receive) { Varint.write(Varint.folded(DumpFormat.units(dt)), to: $0) }
  }

  /// The network is about to transmit.
  public func beginTransmit() {
    append(.transmit)
    handed |= 1
    handedTold = handed
  }

  /// The frame is whole.
  public func endFrame() {
    guard isOpen else { return }
    file.endFrame()
    if file.failure != nil { end() }
  }

  /// An event went to the script, or it was told that there are no more.
  @inline(__always)
  public func handedEvent(_ isOne: Bool) {
    if isOne { handed = (handed &+ 2) & ~1 } else { handed |= 1 }
  }

  private func advance(to time: Double) {
    let start = origin ?? time
    origin = start
    now = max(now, DumpFormat.units(time - start))
  }

  // MARK: Records

  /// A client was started. Nothing is recorded before one is.
  public func clientStarted(_ peer: PeerID, _ config: NetworkConfig, at time: Double) {
    hasClient = true
    advance(to: time)
    let text = Array(config.canonicalText.utf8)
    let source = config.source
    append(.client, bytes: 8 + 2 * Varint.maximumSize + text.count + source.count) { place in
      place.storeBytes(of: peer.rawValue.littleEndian, as: UInt64.self)
      var size = 8
      for part in [text, source] { part.withUnsafeBytes { size += DumpRecorder.store($0, at: place + size) } }
      return size
    }
    endFrame()
  }

  /// A peer that is silent for so long counts as gone.
  public func pongTimeoutSet(_ seconds: Double) {
    tellHanded()
    append(.pongTimeout) { Varint.write(UInt64(max(0, DumpFormat.units(seconds))), to: $0) }
  }

  public func clientEnded() {
    append(.clientEnd)
  }

  /// Marks this moment; over `Limits.dumpTagSize` bytes the rest is cut off.
  public func tag(_ text: String) {
    var bytes = Array(text.utf8.prefix(Limits.dumpTagSize))
    if bytes.count < text.utf8.count {
      while let last = bytes.last, last & 0xC0 == 0x80 { bytes.removeLast() }
      if let last = bytes.last, last >= 0xC0 { bytes.removeLast() }
    }
    tellHanded()
    bytes.withUnsafeBytes { appendCounted(.tag, $0) }
  }

  /// A message that the script sent to itself.
  public func ownMessage(_ body: UnsafeRawBufferPointer) {
    tellHanded()
    appendCounted(.ownMessage, body)
  }

  @inline(__always)
  private func append(
    _ kind: DumpFormat.Kind, bytes: Int = 32, _ body: (UnsafeMutableRawPointer) -> Int = { _ in 0 }
  ) {
    guard isOpen, hasClient else { return }
    let place = file.room(bytes + 1, at: now)
    place.storeBytes(of: kind.rawValue, as: UInt8.self)
    file.commit(1 + body(place + 1))
  }

  private func appendCounted(_ kind: DumpFormat.Kind, _ bytes: UnsafeRawBufferPointer) {
    append(kind, bytes: Varint.maximumSize + bytes.count) { DumpRecorder.store(bytes, at: $0) }
  }

  private static func store(_ bytes: UnsafeRawBufferPointer, at place: UnsafeMutableRawPointer) -> Int {
    let size = Varint.write(UInt64(bytes.count), to: place)
    if let source = bytes.baseAddress { (place + size).copyMemory(from: source, byteCount: bytes.count) }
    return size + bytes.count
  }

  /// What the script does has its place among the events that it was handed.
  private func tellHanded() {
    guard handed != handedTold else { return }
    handedTold = handed
    append(.handed) { Varint.write(handed, to: $0) }
  }
}

extension DumpRecorder: SessionJournal {
  public func called(_ call: SessionCall) {
    tellHanded()
    let (kind, argument, object) = call.bytes
    append(.call) { place in
      place.storeBytes(of: kind, as: UInt8.self)
      guard let argument else { return 1 }
      (place + 1).storeBytes(of: argument.littleEndian, as: UInt64.self)
      guard let object else { return 9 }
      (place + 9).storeBytes(of: object.littleEndian, as: UInt32.self)
      return 13
    }
  }

  public func changed(_ message: UnsafeRawBufferPointer) {
    tellHanded()
    valueBytes -= Double(message.count)
    appendCounted(.ownChange, message)
  }

  public func destroyed(_ id: UInt32, birth: UInt64) {
    tellHanded()
    append(.ownEnd) { place in
      var size = Varint.write(UInt64(id), to: place)
      size += Varint.write(birth >> 32, to: place + size)
      return size + Varint.write(birth & 0xFFFF_FFFF, to: place + size)
    }
  }

  public func valueBytesLeft() -> Int {
    guard isOpen else { return 0 }
    let seconds = Double(now - valueTime) / DumpFormat.unitsPerSecond
    valueTime = now
    valueBytes = min(valueBytes + seconds * DumpRecorder.valueRate, DumpRecorder.valueRate)
    return Int(valueBytes)
  }
}

extension DumpRecorder: PacketTap {
  public func packet(
    _ direction: PacketTapping.Direction, _ link: LinkID, _ peer: PeerID, sequence: UInt64,
    body: UnsafeRawBufferPointer
  ) {
    let index = Int(link.index)
    guard index < lastSent.count else { return }
    let last: UInt64
    if direction == .sent {
      last = lastSent[index]
      lastSent[index] = sequence
    } else {
      last = lastReceived[index]
      lastReceived[index] = sequence
    }
    append(direction == .sent ? .sent : .received, bytes: 3 * Varint.maximumSize + body.count) { place in
      var size = Varint.write(UInt64(link.index), to: place)
      let step = Int64(bitPattern: sequence &- last) &- 1
      size &+= Varint.write(Varint.folded(step), to: place + size)
      return size &+ DumpRecorder.store(body, at: place + size)
    }
  }

  public func datagram(
    _ direction: PacketTapping.Direction, _ port: PacketTapping.Port, bytes: UnsafeRawBufferPointer,
    endpoint: Endpoint, copies: Int
  ) {
    append(.datagram, bytes: 2 + 2 * Varint.maximumSize + 6) { place in
      place.storeBytes(of: direction.rawValue | port.rawValue << 1, as: UInt8.self)
      place.storeBytes(of: bytes.first ?? 0, toByteOffset: 1, as: UInt8.self)
      var size = 2
      size += Varint.write(UInt64(bytes.count), to: place + size)
      size += Varint.write(UInt64(max(0, copies)), to: place + size)
      (place + size).storeBytes(of: endpoint.address.littleEndian, as: UInt32.self)
      (place + size + 4).storeBytes(of: endpoint.port.littleEndian, as: UInt16.self)
      return size + 6
    }
  }

  public func opened(_ link: LinkID, _ peer: PeerID, isKnown: Bool) {
    let index = Int(link.index)
    while lastSent.count <= index {
      lastSent.append(0)
      lastReceived.append(0)
    }
    lastSent[index] = 0
    lastReceived[index] = 0
    tellHanded()
    append(.linkOpened) { place in
      let size = Varint.write(UInt64(link.index), to: place)
      (place + size).storeBytes(of: peer.rawValue.littleEndian, as: UInt64.self)
      (place + size + 8).storeBytes(of: isKnown ? 1 : 0, as: UInt8.self)
      return size + 9
    }
  }

  public func changed(_ link: LinkID, _ peer: PeerID, _ event: LinkEvent) {
    let (event, reason) = DumpLinkChange(event).bytes
    tellHanded()
    append(.linkChanged) { place in
      let size = Varint.write(UInt64(link.index), to: place)
      place.storeBytes(of: event, toByteOffset: size, as: UInt8.self)
      place.storeBytes(of: reason, toByteOffset: size + 1, as: UInt8.self)
      return size + 2
    }
  }
}
