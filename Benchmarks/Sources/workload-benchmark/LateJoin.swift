import BenchmarkSupport
import LuaPeers
import NetRuntime

/// How long the last peer takes to get all objects while the others play, on a virtual network and clock: the figure
/// depends on nothing but the seed.
struct LateJoin {
  let files: Files
  let name: String
  let clients: Int
  let isStandIn: Bool
  let seed: UInt64

  /// 50 ms each way, and every fiftieth datagram lost.
  private static let faults = LinkFaults(latency: 0.05, loss: 0.02)
  private static let patience = 60.0

  /// - Returns: Seconds from `add_peer` to `game_object_sync_done`.
  func run() throws -> Double? {
    let network = VirtualNetwork(seed: seed)
    network.defaultFaults = LateJoin.faults
    func transport() -> VirtualTransport { network.addHost() }
    func game(_ transport: VirtualTransport, _ number: UInt64) throws -> Game {
      try Game(
        LuaPeer(
          script: files.script, configs: files.folder, prelude: files.prelude, transport: transport,
          random: SeededRandomSource(seed: seed &* 1000 &+ number), now: { network.now }))
    }
    let hostTransport = transport()
    let host = try game(hostTransport, 0)
    try host.open(name, port: 4000)
    let address = "\(Endpoint(address: hostTransport.address, port: 4000))"
    var games: [Game] = []
    var standIns: [StandIn] = []
    let config = try files.config(name)
    func add() throws {
      let number = games.count + standIns.count
      if isStandIn {
        standIns.append(
          try StandIn(
            config, address: address, number: number, transport: transport(),
            random: SeededRandomSource(seed: seed &* 1000 &+ UInt64(number) &+ 1), at: network.now))
      } else {
        let client = try game(transport(), UInt64(number) + 1)
        try client.join(name, address: address)
        games.append(client)
      }
    }
    func frame() throws {
      network.advance(to: network.now + Frames.period)
      try host.frame(Frames.period, at: network.now)
      for game in games { try game.frame(Frames.period, at: network.now) }
      for standIn in standIns { standIn.frame(at: network.now) }
    }
    func play(until isDone: () -> Bool) throws -> Bool {
      let end = network.now + LateJoin.patience
      while !isDone() {
        guard network.now < end else { return false }
        try frame()
      }
      return true
    }
    for _ in 1..<clients {
      try add()
      for _ in 0..<4 { try frame() }
    }
    guard try play(until: { host.report.synchronised == clients - 1 }) else { return nil }
    let settled = network.now + 2
    _ = try play(until: { network.now >= settled })
    try add()
    guard try play(until: { host.report.synchronised == clients }) else { return nil }
    return host.joinTime
  }
}
