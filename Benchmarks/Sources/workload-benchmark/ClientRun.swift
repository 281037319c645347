import BenchmarkSupport
import CCounters
import Glibc
import LuaPeers
import NetRuntime

/// The clients of a workload on real UDP, all in one process.
struct ClientRun {
  let files: Files
  let name: String
  let port: Int
  let count: Int
  /// After which everything ends.
  let seconds: Double

  private var address: String { "127.0.0.1:\(port)" }

  /// Clients with Lua.
  func run() throws {
    var games: [Game] = []
    for _ in 0..<count {
      let game = try Game(files: files)
      try game.join(name, address: address)
      games.append(game)
    }
    var frames = Frames()
    let end = wallSeconds() + seconds
    while wallSeconds() < end {
      let (dt, now) = frames.next()
      for game in games { try game.frame(dt, at: now) }
    }
    let received = games.map { $0.report.received }.reduce(0, +)
    print("\(name) clients: \(received) messages received")
  }

  /// Stand-ins. They come in small groups: only so many may be at a lobby's door at once.
  /// - Parameter window: Seconds over which the best rate of updates is looked for.
  func runStandIns(window: Double) throws {
    let config = try files.config(name)
    var standIns: [StandIn] = []
    var frames = Frames()
    let start = wallSeconds()
    var marks: [(time: Double, updates: Int)] = []
    while true {
      let (_, now) = frames.next()
      if now - start >= seconds { break }
      if standIns.count < count {
        standIns.append(
          try StandIn(
            config, address: address, number: standIns.count, transport: try UDPTransport(interface: "lo"),
            random: SystemRandomSource(), at: now))
      }
      for standIn in standIns { standIn.frame(at: now) }
      if now - (marks.last?.time ?? start) >= 1 { marks.append((now, standIns.map(\.updates).reduce(0, +))) }
    }
    for standIn in standIns { standIn.end(at: wallSeconds()) }
    // The host ends first: the last window that is full of updates counts.
    var best = 0.0
    for (index, mark) in marks.enumerated() {
      guard let later = marks[index...].first(where: { $0.time - mark.time >= window }) else { break }
      best = max(best, Double(later.updates - mark.updates) / (later.time - mark.time))
    }
    let processor = processSeconds() / (wallSeconds() - start) * 100
    print(
      "\(name) stand-ins: \(standIns.map(\.objects).min() ?? 0) objects at each,",
      "\(column(best, width: 0)) updates/s",
      "over the best \(column(window, width: 0)) s, \(column(processor, 1, width: 0)) % of a core")
    print("result", column(best, width: 0))
  }
}
