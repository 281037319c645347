// Counts what the engine allocates once it is warm: peers that are connected, in a game session, send messages of every
// kind and change fields of every kind in each frame, with a recording and without. What is counted is the whole way,
// from the call that sends to the event that the other peer takes. Exits with 1 where a count is not 0.
//
// A program of its own, since only optimised code can be judged, and tests are built without optimisation.
import CAllocationCounter
import Glibc
import NetRuntime

func schema(_ topology: String) throws -> NetworkConfig {
  try NetworkConfig.parse(
    """
    network_type = "\(topology)"
    types = {
      id = { type = "int" min = 0 max = 65535 }
      amount = { type = "int" min = -2147483648 max = 2147483647 }
      height = { type = "float" min = -1000 max = 1000 bits = 24 }
      flag = { type = "bool" }
      place = { type = "vector3" min = -500 max = 500 bits = 18 interpolated = true }
      label = { type = "string" max_size = 20 }
    }
    messages = {
      hit = { args = ["id" "amount" "height" "flag"] }
      near_hit = { args = ["id" "amount" "height" "flag"] reliable = false }
      score = { args = ["id" "amount" "height" "flag"] session_bound = true }
    }
    objects = {
      avatar = {
        fields = [
          { name = "counter" type = "id" } { name = "place" type = "place" }
          { name = "height" type = "height" } { name = "label" type = "label" }
        ]
      }
    }
    """, file: "allocation_count.network_config")
}

/// What a run came to, in the frames that were counted.
struct Counts {
  var allocations: UInt = 0
  var datagrams = 0
  var messages = 0
  var changes = 0
  var updates = 0
  var smooth = 0
}

final class Clock {
  var now = 0.0
}

enum Failure: Error { case notTogether, recordingEnded }

/// - Parameters:
///   - isWarm: Called before counting begins.
///   - advance: Lets a frame's time pass.
func run(
  _ peers: [Peer], _ config: NetworkConfig, address: String, port: UInt16, isWarm: () -> Void = {}, advance: () -> Void
) throws -> Counts {
  try peers[0].open(config, port: port)
  for (index, peer) in peers.enumerated().dropFirst() {
    try peer.enter(config, address: "\(address):\(port)", ownPort: port + UInt16(index))
  }
  var frames = 0
  var isTogether = false
  var added: Set<PeerID> = []
  while !isTogether {
    frames += 1
    guard frames < 3000 else { throw Failure.notTogether }
    advance()
    for peer in peers { peer.frame {} }
    for peer in peers.dropFirst() where !added.contains(peer.peer) {
      guard peers[0].lobby?.contains(peer.peer) == true else { continue }
      if (try? peers[0].session?.addPeer(peer.peer)) != nil { added.insert(peer.peer) }
    }
    isTogether = peers.allSatisfy { $0.session?.synchronizedPeers.count == peers.count - 1 }
  }
  for peer in peers { try peer.createObjects(20) }

  let counter = config.objects[0].fieldIndex(named: "counter") ?? 0
  let interpolated = config.objects[0].fieldIndex(named: "place") ?? 0
  func play(_ count: Int) throws {
    for turn in 0..<count {
      advance()
      for peer in peers {
        try peer.frame {
          try peer.readFields(config, counter: counter, interpolated: interpolated)
          try peer.changeFields(config, turn)
          for other in peers where other !== peer { try peer.sendMessages(config, to: other.peer, turn) }
        }
      }
    }
  }
  func sums() -> Counts {
    var sums = Counts(allocations: allocation_count())
    for peer in peers {
      sums.datagrams += peer.transport.sent
      sums.messages += peer.messages
      sums.changes += peer.changes
      sums.updates += peer.updates
      sums.smooth += peer.smooth
    }
    return sums
  }
  // 40 seconds each: longer than the period of any timer, so that each has run before it is counted, and is counted.
  try play(2400)
  isWarm()
  try play(300)
  let before = sums()
  try play(2400)
  let after = sums()
  return Counts(
    allocations: after.allocations - before.allocations, datagrams: after.datagrams - before.datagrams,
    messages: after.messages - before.messages, changes: after.changes - before.changes,
    updates: after.updates - before.updates, smooth: after.smooth - before.smooth)
}

func overVirtualNetwork(_ topology: String, seed: UInt64, isRecorded: Bool = false) throws -> Counts {
  let network = VirtualNetwork(seed: seed)
  // Buffers grow to what the worst stretch of the network needs; the worst comes first.
  network.defaultFaults = LinkFaults(latency: 0.06, jitter: 0.02, loss: 0.1, duplication: 0.1, reordering: 0.1)
  let transports = (0..<3).map { _ in network.addHost() }
  let peers = try transports.enumerated().map { index, transport in
    try Peer(transport, number: UInt64(index), isRecorded: isRecorded, now: { network.now })
  }
  let address = Endpoint(address: transports[0].address, port: 0).description.prefix { $0 != ":" }
  let counts = try run(
    peers, try schema(topology), address: String(address), port: 4000,
    isWarm: {
      network.defaultFaults = LinkFaults(latency: 0.03, jitter: 0.01, loss: 0.03, duplication: 0.03, reordering: 0.03)
    }, advance: { network.advance(to: network.now + 1.0 / 60) })
  guard peers.allSatisfy({ $0.isRecording == isRecorded }) else { throw Failure.recordingEnded }
  return counts
}

func overLoopback() throws -> Counts {
  let clock = Clock()
  let peers = try (0..<2).map { try Peer(try UDPTransport(interface: "lo"), number: UInt64($0), now: { clock.now }) }
  let port = UInt16(20_000 + getpid() % 10_000)
  return try run(peers, try schema("peer-to-peer"), address: "127.0.0.1", port: port) { clock.now += 1.0 / 60 }
}

/// Runs and prints. False where something was allocated, or where too little moved to show anything.
func passes(_ name: String, _ body: () throws -> Counts) -> Bool {
  do {
    let counts = try body()
    print(
      "\(name): \(counts.allocations) allocations in \(counts.datagrams) packets, \(counts.messages) messages, "
        + "\(counts.changes) fields changed, \(counts.updates) objects seen to change and "
        + "\(counts.smooth) smooth values read")
    return counts.allocations == 0
      && min(counts.messages, counts.updates, counts.smooth, counts.datagrams) > 1000
  } catch {
    print("\(name): \(error)")
    return false
  }
}

func counterCounts() -> Bool {
  let before = allocation_count()
  let memory = UnsafeMutableRawPointer.allocate(byteCount: 100, alignment: 8)
  defer { memory.deallocate() }
  if allocation_count() > before { return true }
  print("the counter does not count")
  return false
}

let results = [
  counterCounts(),
  passes("peer-to-peer, three peers, bad virtual network") { try overVirtualNetwork("peer-to-peer", seed: 3) },
  passes("client-server, three peers, bad virtual network") { try overVirtualNetwork("client-server", seed: 4) },
  passes("peer-to-peer, three peers, each recorded") {
    try overVirtualNetwork("peer-to-peer", seed: 5, isRecorded: true)
  },
  passes("client-server, three peers, each recorded") {
    try overVirtualNetwork("client-server", seed: 6, isRecorded: true)
  },
  passes("two peers, UDP on the loopback interface") { try overLoopback() },
]
exit(results.contains(false) ? 1 : 0)
