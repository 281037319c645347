import BenchmarkSupport
import CCounters
import Glibc

/// The host of a workload on real UDP: waits for its clients, plays, and prints what it took.
struct HostRun {
  let files: Files
  let name: String
  let port: Int
  let clients: Int
  let seconds: Double

  /// Seconds that all play before anything is measured.
  private static let settling = 2.0
  private static let patience = 30.0

  func run() throws {
    let game = try Game(files: files)
    try game.open(name, port: port)
    var frames = Frames()
    let deadline = wallSeconds() + HostRun.patience
    while game.report.synchronised < clients {
      let (dt, now) = frames.next()
      guard now < deadline else {
        print("only \(game.report.synchronised) of \(clients) clients came")
        exit(1)
      }
      try game.frame(dt, at: now)
    }
    let settled = wallSeconds() + HostRun.settling
    while wallSeconds() < settled {
      let (dt, now) = frames.next()
      try game.play(dt)
      try game.network(dt, at: now)
    }
    try measure(game, &frames)
  }

  private func measure(_ game: Game, _ frames: inout Frames) throws {
    let before = (report: game.report, counters: countersNow(), process: processSeconds(), wall: wallSeconds())
    var times = (calls: FrameTimes(), update: FrameTimes(), network: FrameTimes(), wall: FrameTimes())
    while wallSeconds() - before.wall < seconds {
      let (dt, now) = frames.next()
      let start = (thread: threadSeconds(), wall: wallSeconds())
      try game.play(dt)
      let between = threadSeconds()
      try game.network(dt, at: now)
      let end = threadSeconds()
      times.calls.add(between - start.thread)
      times.update.add(end - between)
      times.network.add(end - start.thread)
      times.wall.add(wallSeconds() - start.wall)
    }
    let wall = wallSeconds() - before.wall
    let process = processSeconds() - before.process
    let counters = countersNow()
    let report = game.report - before.report
    func rate(_ count: some BinaryInteger) -> String { column(Double(count) / wall, width: 0) }
    func row(_ what: String, _ times: FrameTimes) {
      let parts = [0.5, 0.95, 0.99, 1].map { column(times.part($0), 3, width: 8) }
      print("  \(what)\(parts.joined()) ms (median, 95 %, 99 %, most), mean \(column(times.mean, 3, width: 0))")
    }
    print("\(name): \(clients) clients, \(column(wall, 1, width: 0)) s")
    row("calls of the game, processor  ", times.calls)
    row("Network.update, processor     ", times.update)
    row("both, processor               ", times.network)
    row("both, by the clock            ", times.wall)
    print(
      "  a second: \(rate(report.sets)) sets, \(rate(report.gets)) gets, \(rate(report.sent)) messages sent,",
      "\(rate(report.received)) received, \(rate(report.moved * clients)) object updates due at clients")
    let datagrams = counters.datagramsSent - before.counters.datagramsSent
    let bytes = counters.bytesSent - before.counters.bytesSent
    let allocations = counters.allocations - before.counters.allocations
    print(
      "  a second: \(rate(datagrams)) datagrams, \(rate(bytes)) bytes sent",
      "(\(rate(bytes / UInt64(clients))) a client),",
      "\(rate(allocations)) allocations (Lua's included)")
    print("  host process: \(column(process / wall * 100, 1, width: 0)) % of a core")
    let parts = [0.5, 0.95, 0.99, 1].map { column(times.network.part($0), 3, width: 0) }
    print(
      "result", parts.joined(separator: " "), column(process / wall * 100, 1, width: 0), rate(bytes / UInt64(clients)),
      rate(report.sets), rate(report.gets), rate(report.sent / clients), rate(report.moved * clients))
  }
}

/// Seconds of processor time of this process, the kernel's work for it included.
func processSeconds() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}
