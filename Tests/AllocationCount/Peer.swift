import NetRuntime

/// Counts datagrams on their way through another transport.
final class CountingTransport: Transport {
  private let inner: any Transport
  private(set) var sent = 0

  init(_ inner: any Transport) { self.inner = inner }

  var hasFailed: Bool { inner.hasFailed }
  func bind(port: UInt16) throws(TransportError) -> SocketID { try inner.bind(port: port) }
  func port(of socket: SocketID) -> UInt16 { inner.port(of: socket) }
  func close(_ socket: SocketID) { inner.close(socket) }

  func send(_ datagram: UnsafeRawBufferPointer, to destination: Endpoint, from socket: SocketID) {
    sent &+= 1
    inner.send(datagram, to: destination, from: socket)
  }

  func broadcast(_ datagram: UnsafeRawBufferPointer, toPort port: UInt16, from socket: SocketID) {
    sent &+= 1
    inner.broadcast(datagram, toPort: port, from: socket)
  }

  func receive(into buffer: UnsafeMutableRawBufferPointer, from socket: SocketID) -> ReceivedDatagram? {
    inner.receive(into: buffer, from: socket)
  }
}

/// A peer that sends messages to the others and changes the fields of its objects, in every frame.
final class Peer {
  let transport: CountingTransport
  let runtime: NetworkRuntime
  let peer: PeerID
  private let recorder: DumpRecorder?
  private(set) var lobby: LANLobby?
  private(set) var session: GameSession?
  private var objects: [UInt32] = []
  /// Of other peers, in the order in which they came.
  private var mirrored: [UInt32] = []
  /// The last counter seen of each.
  private var seen: [UInt64] = []
  private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: Limits.messageSize, alignment: 8)
  private let text = UnsafeMutableRawBufferPointer.allocate(byteCount: 20, alignment: 8)
  private(set) var messages = 0
  private(set) var changes = 0
  private(set) var updates = 0
  /// Values that lay between two that came.
  private(set) var smooth = 0

  /// - Parameter isRecorded: All that it does is written into a dump, which nobody keeps.
  init(_ inner: any Transport, number: UInt64, isRecorded: Bool = false, now: @escaping () -> Double) throws {
    transport = CountingTransport(inner)
    text.initializeMemory(as: UInt8.self, repeating: UInt8(ascii: "x"))
    peer = PeerID(rawValue: 0xAB00 + number)
    var environment = NetworkRuntime.Environment(
      transport: transport, random: SeededRandomSource(seed: number), now: now, log: { _, _ in })
    recorder = isRecorded ? try DumpRecorder(path: "/dev/null", startTime: 0, log: { _, _ in }) : nil
    environment.recorder = recorder
    runtime = NetworkRuntime(environment)
  }

  deinit {
    buffer.deallocate()
    text.deallocate()
  }

  func open(_ config: NetworkConfig, port: UInt16) throws {
    try runtime.startLAN(config: config, peer: peer)
    lobby = try runtime.createLobby(port: port, maxMembers: 4)
    session = try runtime.createSession()
    try session?.makeHost()
  }

  /// False once a recording has ended, and without one.
  var isRecording: Bool { recorder?.isRecording == true }

  func enter(_ config: NetworkConfig, address: String, ownPort: UInt16) throws {
    try runtime.startLAN(config: config, peer: peer)
    lobby = try runtime.joinLobby(address: address, ownPort: ownPort)
    session = try runtime.createSession()
  }

  func frame(_ play: () throws -> Void) rethrows {
    runtime.receive(dt: 1.0 / 60)
    while let event = runtime.nextEvent() {
      switch event {
      case .message: messages &+= 1
      case .objectCreated(let id, _):
        mirrored.append(id)
        seen.append(0)
      default: break
      }
    }
    try play()
    runtime.transmit()
  }

  func createObjects(_ count: Int) throws {
    for _ in 0..<count {
      if let id = try session?.createObject(type: 0, { _ in }) { objects.append(id) }
    }
  }

  /// Changes each field of each own object.
  func changeFields(_ config: NetworkConfig, _ count: Int) throws {
    guard let session else { return }
    let codecs = config.codecs(ofObject: 0)
    for id in objects {
      for field in 0..<codecs.count {
        var writer = BitWriter(buffer)
        let codec = codecs[field]
        switch codec.kind {
        case .int: _ = writer.writeInt(Int64(count & 0xFFFF), codec)
        case .vector3: _ = writer.writeVector3(SIMD3(Float(count % 400), 1, -2), codec)
        case .string: _ = writer.writeBytes(UnsafeRawBufferPointer(rebasing: text[..<(count % 20)]), codec)
        default: _ = writer.writeFloat(Double(count % 100), codec)
        }
        let bits = writer.bitCount
        _ = writer.flush()
        try session.setField(
          id, field: field, packed: BitReader(UnsafeRawBufferPointer(buffer), bitOffset: 0, bitCount: bits))
        changes &+= 1
      }
    }
  }

  /// Sends a reliable message of four arguments, an unreliable and a session-bound one.
  func sendMessages(_ config: NetworkConfig, to other: PeerID, _ count: Int) throws {
    for index in 0..<config.messages.count where try runtime.reliableSendBufferLeft(other) > 1000 {
      let codecs = config.codecs(ofMessage: index)
      var writer = try runtime.beginMessage(index)
      _ = writer.writeInt(17, codecs[0])
      _ = writer.writeInt(Int64(count), codecs[1])
      _ = writer.writeFloat(1.25, codecs[2])
      writer.writeBool(true)
      try runtime.send(writer, index: index, to: other)
    }
  }

  /// Counts the objects of others whose counter is another than in the last frame, and whose place is a smooth one.
  func readFields(_ config: NetworkConfig, counter field: Int, interpolated: Int) throws {
    guard let session else { return }
    for (place, id) in mirrored.enumerated() {
      var reader = try session.field(id, field: field)
      let value = reader.read(bits: 16)
      if value != seen[place] { updates &+= 1 }
      seen[place] = value
      if case .smooth = try session.reading(id, field: interpolated) { smooth &+= 1 }
    }
  }
}
