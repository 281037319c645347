import Glibc
import NetRuntime

// One end of Tests/program/nat.sh: a relay, or a peer that looks for another one and then sends to it. What the directory
// would tell goes through files in a folder.
//
//   path-peer relay PORT FOLDER SECONDS
//   path-peer peer ID OTHER RELAY FOLDER SECONDS

func monotonicTime() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}

func fail(_ text: String) -> Never {
  print("failed: \(text)")
  exit(1)
}

/// Writes a file that readers see whole or not at all.
func write(_ text: String, to path: String) {
  guard let file = fopen(path + ".new", "w") else { fail("cannot write \(path)") }
  fputs(text, file)
  fclose(file)
  rename(path + ".new", path)
}

func read(_ path: String) -> String? {
  guard let file = fopen(path, "r") else { return nil }
  defer { fclose(file) }
  var bytes = [UInt8](repeating: 0, count: 4096)
  let count = fread(&bytes, 1, bytes.count, file)
  return String(decoding: bytes[..<count], as: UTF8.self)
}

func relay(port: UInt16, folder: String, end: Double) throws {
  let transport = try UDPTransport()
  let socket = try transport.bind(port: port)
  let server = RelayServer(
    transport: transport, socket: socket, secret: [1, 2, 3], random: SystemRandomSource(), at: monotonicTime())
  for id in 1...2 as ClosedRange<UInt64> {
    let grant = server.grant(for: PeerID(rawValue: id), at: Endpoint(address: 0, port: port))
    write(grant.key.hexadecimal, to: "\(folder)/\(id).key")
  }
  while monotonicTime() < end {
    transport.wait(for: socket, seconds: 0.1)
    server.receive(at: monotonicTime())
    write("\(server.counts.datagrams)", to: "\(folder)/relayed")
  }
}

/// Looks for the other peer, sends it the longest datagrams by the way that was found, and tells what came of it.
final class Peer {
  private static let datagrams = 20
  private let folder: String
  private let id: PeerID
  private let other: PeerID
  private let transport: PathTransport
  private let socket: SocketID
  private let finder: PathFinder
  private var isSearching = false
  private var path: Endpoint?
  private var sent = 0
  private var received = 0
  private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 2048, alignment: 8)

  init(_ id: UInt64, _ other: UInt64, relay: Endpoint, folder: String) throws {
    self.folder = folder
    self.id = PeerID(rawValue: id)
    self.other = PeerID(rawValue: other)
    transport = PathTransport(try UDPTransport())
    socket = try transport.bind(port: 5000)
    finder = PathFinder(
      transport: transport, socket: socket, localPeer: self.id, random: SystemRandomSource(),
      log: { _, line in print(line()) })
    guard let key = read("\(folder)/\(id).key").flatMap({ RelayKey(hexadecimal: $0) }) else { fail("there is no key") }
    finder.setServer(RelayGrant(endpoint: relay, key: key))
  }

  /// Plays until both ends are done.
  func play(until end: Double) {
    while monotonicTime() < end {
      step()
      if sent == Self.datagrams, received > 0, read("\(folder)/\(other).done") != nil { return }
      usleep(10_000)
    }
  }

  private func step() {
    while let datagram = transport.receive(into: buffer, from: socket) {
      guard datagram.count == Limits.packetSize, datagram.source == path || path == nil else { continue }
      received += 1
      if received == Self.datagrams / 2 { write("done", to: "\(folder)/\(id).done") }
    }
    finder.receive(at: monotonicTime())
    look()
    finder.transmit(at: monotonicTime())
    while let news = finder.next() {
      guard case .found(_, let endpoint) = news else { continue }
      path = endpoint
      print("way: \(endpoint.address >> 24 == 0 ? "relay" : "\(endpoint)")")
    }
    if let path, sent < Self.datagrams {
      [UInt8](repeating: 16, count: Limits.packetSize).withUnsafeBytes { transport.send($0, to: path, from: socket) }
      sent += 1
    }
  }

  private func look() {
    if finder.endpointsRevision > 1 {
      write(finder.localEndpoints.map(\.description).joined(separator: "\n"), to: "\(folder)/\(id).endpoints")
    }
    guard !isSearching, let text = read("\(folder)/\(other).endpoints") else { return }
    isSearching = true
    finder.find(other, text.split(separator: "\n").compactMap { Endpoint($0) })
  }

  func tell() {
    print("received: \(received)")
    print("ping: \(finder.ping(other).map { "\(Int($0 * 1000)) ms" } ?? "none")")
  }
}

let arguments = Array(CommandLine.arguments.dropFirst())
do {
  switch arguments.first {
  case "relay" where arguments.count == 4:
    guard let port = UInt16(arguments[1]), let seconds = Double(arguments[3]) else { fail("wrong arguments") }
    try relay(port: port, folder: arguments[2], end: monotonicTime() + seconds)
  case "peer" where arguments.count == 6:
    guard let id = UInt64(arguments[1]), let other = UInt64(arguments[2]), let server = Endpoint(arguments[3]),
      let seconds = Double(arguments[5])
    else { fail("wrong arguments") }
    let peer = try Peer(id, other, relay: server, folder: arguments[4])
    peer.play(until: monotonicTime() + seconds)
    peer.tell()
  default: fail("usage: path-peer relay PORT FOLDER SECONDS | path-peer peer ID OTHER RELAY FOLDER SECONDS")
  }
} catch {
  fail("\(error)")
}
