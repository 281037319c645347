import Glibc
import Testing

@testable import NetRuntime

/// A file that is gone with the value.
final class TemporaryFile {
  let path: String

  init() {
    var template = Array("/tmp/stingray-dump-XXXXXX".utf8CString)
    let descriptor = mkstemp(&template)
    close(descriptor)
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  deinit { unlink(path) }

  var bytes: [UInt8] {
    guard let file = fopen(path, "r") else { return [] }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65536)
    while true {
      let count = fread(&buffer, 1, buffer.count, file)
      if count == 0 { return bytes }
      bytes += buffer[..<count]
    }
  }
}

/// A recording of a peer without traffic.
func startedRecorder(_ path: String, _ log: @escaping Log = { _, _ in }) throws -> DumpRecorder {
  let recorder = try DumpRecorder(path: path, startTime: 0, log: log)
  let config = try NetworkConfig(canonicalText: "network_config 1 peer-to-peer\n")
  recorder.clientStarted(PeerID(rawValue: 1), config, at: 0)
  return recorder
}

/// Counts what goes through another transport.
final class WireCounter: Transport {
  private let inner: any Transport
  private(set) var sent = 0
  private(set) var received = 0

  init(_ inner: any Transport) { self.inner = inner }

  var bytes: Int { sent + received }
  var hasFailed: Bool { inner.hasFailed }
  func bind(port: UInt16) throws(TransportError) -> SocketID { try inner.bind(port: port) }
  func port(of socket: SocketID) -> UInt16 { inner.port(of: socket) }
  func close(_ socket: SocketID) { inner.close(socket) }

  func send(_ datagram: UnsafeRawBufferPointer, to destination: Endpoint, from socket: SocketID) {
    sent += datagram.count
    inner.send(datagram, to: destination, from: socket)
  }

  func broadcast(_ datagram: UnsafeRawBufferPointer, toPort port: UInt16, from socket: SocketID) {
    sent += datagram.count * inner.broadcastCopies
    inner.broadcast(datagram, toPort: port, from: socket)
  }

  func receive(into buffer: UnsafeMutableRawBufferPointer, from socket: SocketID) -> ReceivedDatagram? {
    let datagram = inner.receive(into: buffer, from: socket)
    received += datagram?.count ?? 0
    return datagram
  }
}

/// What a script would see of an event.
func describe(_ event: NetworkEvent) -> String {
  guard case .message(let index, let sender, var arguments) = event else { return "\(event)" }
  var text = "message \(index) of \(sender):"
  while arguments.remainingBits > 0 { text += " \(arguments.read(bits: min(8, arguments.remainingBits)))" }
  return text
}

/// Messages and objects whose bits tests follow.
func trafficSchema(_ topology: String) -> String {
  """
  network_type = "\(topology)"
  types = {
    score = { type = "int" min = 0 max = 1000 }
    place = { type = "vector3" min = -100 max = 100 bits = 16 }
    text = { type = "string" max_size = 3000 }
  }
  messages = {
    hit = { args = ["score"] session_bound = true }
    shout = { args = ["text"] }
    look = { args = ["place"] reliable = false session_bound = true }
  }
  objects = {
    pawn = { fields = [ { name = "points" type = "score" } { name = "at" type = "place" } ] }
    sign = { fields = [ { name = "text" type = "text" } ] }
  }
  """
}

/// Peers on a virtual network, each with a recording.
final class RecordedWorld {
  struct Peer {
    let runtime: NetworkRuntime
    let wire: WireCounter
    let dump: TemporaryFile
    let recorder: DumpRecorder?
    var events: [String] = []
  }

  let network: VirtualNetwork
  let config: NetworkConfig
  var peers: [Peer] = []
  /// Peers that do nothing any more.
  var dead: Set<Int> = []
  static let port: UInt16 = 10_000

  /// - Parameter bufferSize: Of both reliable buffers, as settings.ini may say.
  init(
    _ schema: String, count: Int, seed: UInt64 = 1, isRecording: Bool = true, faults: LinkFaults = .none,
    bufferSize: Int? = nil
  ) throws {
    network = VirtualNetwork(seed: seed)
    network.defaultFaults = faults
    config = try NetworkConfig.parse(schema, file: "test")
    for number in 1...UInt64(count) {
      let wire = WireCounter(network.addHost())
      let dump = TemporaryFile()
      let network = network
      var environment = NetworkRuntime.Environment(
        transport: wire, random: SeededRandomSource(seed: seed &* 1000 + number), now: { network.now },
        log: { _, _ in })
      environment.reliableSendBufferSize = bufferSize
      environment.reliableReceiveBufferSize = bufferSize
      if isRecording {
        environment.recorder = try DumpRecorder(path: dump.path, startTime: 1_000_000 * number, log: { _, _ in })
      }
      let runtime = NetworkRuntime(environment)
      try runtime.startLAN(config: config, peer: PeerID(rawValue: 0xA0 + number))
      peers.append(Peer(runtime: runtime, wire: wire, dump: dump, recorder: environment.recorder))
    }
  }

  func id(_ index: Int) -> PeerID { PeerID(rawValue: 0xA1 + UInt64(index)) }

  /// Peer 0 opens a lobby, the others join it.
  func meet() throws {
    _ = try peers[0].runtime.createLobby(port: Self.port, maxMembers: 16)
    let address = Endpoint(address: VirtualNetwork.address(of: 0), port: Self.port).description
    for peer in peers.dropFirst() { _ = try peer.runtime.joinLobby(address: address, ownPort: nil) }
    step(60)
  }

  /// All are in one session, peer 0 is its host.
  func play() throws {
    try meet()
    for peer in peers { _ = try peer.runtime.createSession() }
    try peers[0].runtime.session?.makeHost()
    for index in peers.indices.dropFirst() { try peers[0].runtime.session?.addPeer(id(index)) }
    step(60)
  }

  func step(_ frames: Int = 1) { step(frames) { _, _ in } }

  func step(_ frames: Int, _ act: (Int, NetworkRuntime) throws -> Void) rethrows {
    for _ in 0..<frames {
      network.advance(to: network.now + 1.0 / 60)
      for index in peers.indices where !dead.contains(index) {
        let runtime = peers[index].runtime
        runtime.receive(dt: 1.0 / 60)
        while let event = runtime.nextEvent() { peers[index].events.append(describe(event)) }
        try act(index, runtime)
        runtime.transmit()
      }
    }
  }

  func finish() {
    for peer in peers { peer.recorder?.close() }
  }
}

/// All of a dump, as text and sums.
struct DumpSummary {
  var wire = [0, 0]
  var frames = 0
  var tags: [String] = []
  var lines: [String] = []
  var end = DumpReader.End.none
  var last = 0.0

  init(_ reader: DumpReader) {
    while var frame = reader.nextFrame() {
      frames += 1
      last = frame.time
      while let record = frame.next() {
        switch record {
        case .packet(let packet): wire[Int(packet.direction.rawValue)] += packet.wireBytes
        case .datagram(let datagram): wire[Int(datagram.direction.rawValue)] += datagram.wireBytes
        case .tag(let text): tags.append(text)
        default: lines.append("\(record)")
        }
      }
    }
    end = reader.end
  }
}

/// The accounts, the kinds over time and the slices over time are all the wire.
func expectWhole(_ analysis: DumpAnalysis, _ wire: WireCounter) throws {
  let audit = analysis.audit
  let timeline = try #require(audit.timeline)
  for (direction, bytes) in [(TrafficDirection.received, wire.received), (.sent, wire.sent)] {
    let page = audit.ledger.sum(direction: direction)
    #expect(page.wireBits == bytes * 8)
    #expect(page.bits.reduce(0, +) == bytes * 8)
    var bins = 0
    var slices = 0
    for peer in audit.ledger.peers.indices {
      for kind in TrafficKind.allCases { bins += timeline.bins(peer: peer, direction, kind).reduce(0, +) }
      for account in 0..<audit.accounts.count {
        slices += timeline.slices(peer: peer, direction, account: account).reduce(0, +)
      }
    }
    #expect(bins == bytes * 8)
    #expect(slices == bytes * 8)
  }
  var rows = 0
  let sum = audit.ledger.sum()
  for row in TrafficRows(audit.config, audit.accounts).rows where row.section != .fields {
    rows += row.whole.bits(sum)
  }
  #expect(rows == sum.wireBits)
  for row in TrafficRows(audit.config, audit.accounts).rows where !row.parts.isEmpty {
    #expect(row.parts.reduce(0) { $0 + $1.bits(sum) } == row.whole.bits(sum))
  }
}
