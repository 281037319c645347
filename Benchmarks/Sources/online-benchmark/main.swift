import BenchmarkSupport
import CCounters
import Glibc

// online-benchmark PROGRAM [SECONDS]: a `stingray-lua serve` on one core, with 2,000 lobbies and 8,000 players, each
// with a stream of news and a connection for requests; the load comes from another core. Prints what lists, joins and
// heartbeats took, and ends with 1 where lists or joins took over 50 ms in one of a hundred. Takes under a minute, and
// three with a server that hangs.
let arguments = Array(CommandLine.arguments.dropFirst())
guard let program = arguments.first, let seconds = Double(arguments.count > 1 ? arguments[1] : "20"), seconds > 0 else {
  print("usage: online-benchmark PROGRAM [SECONDS]")
  exit(64)
}
let cores = sysconf(Int32(_SC_NPROCESSORS_ONLN))
guard let server = ServerUnderTest(program: program, core: cores > 1 ? 1 : 0) else {
  print("\(program) serve does not start")
  exit(1)
}
_ = pinToCore(0)

func giveUp(_ why: String) -> Never {
  print(why)
  server.stop()
  exit(1)
}

var load = Load(port: server.port)
let begin = wallSeconds()
do {
  try load.setUp()
} catch {
  giveUp("the players cannot be set up: \(error)")
}
print(
  "\(Load.players) players in \(Load.entries) lobbies after",
  "\(column(wallSeconds() - begin, 1, width: 0)) s of the clock,",
  "\(column(server.processorSeconds, 1, width: 0)) s of the server's processor")
let before = (processor: server.processorSeconds, wall: wallSeconds(), events: load.events)
do {
  try load.run(seconds: min(seconds, 30), lists: 50, joins: 50)
} catch {
  giveUp("the load ended early: \(error)")
}
let wall = wallSeconds() - before.wall
let share = (server.processorSeconds - before.processor) / wall * 100
let events = Double(load.events - before.events) / wall
let megabytes = server.megabytes
server.stop()

print("milliseconds    count         p50         p99         max")
var isTooSlow = false
var figures: [String] = []
for kind in [LoadConnection.Kind.list, .join, .leave, .heartbeat] {
  let sorted = (load.times[kind] ?? []).sorted()
  guard !sorted.isEmpty else { continue }
  let place = { (part: Double) in sorted[min(sorted.count - 1, Int(Double(sorted.count) * part))] * 1000 }
  let name = "\(kind)"
  print(
    name + String(repeating: " ", count: 10 - name.count), column(Double(sorted.count), width: 10),
    column(place(0.5), 2, width: 11), column(place(0.99), 2, width: 11), column(place(1), 2, width: 11))
  if kind == .list || kind == .join { isTooSlow = isTooSlow || place(0.99) > 50 }
  figures += [column(place(0.5), 2, width: 0), column(place(0.99), 2, width: 0)]
}
print(
  "server: \(column(share, 1, width: 0)) % of a core, \(column(megabytes, 1, width: 0)) MB at most,",
  "\(column(events, 0, width: 0)) news a second,",
  "\(load.listed / max(1, load.times[.list]?.count ?? 1)) entries a list,",
  "\(load.refused) requests refused")
// list p50 p99, join p50 p99, leave p50 p99, heartbeat p50 p99, % of a core, MB
print("result", figures.joined(separator: " "), column(share, 1, width: 0), column(megabytes, 1, width: 0))
if isTooSlow { print("lists or joins took over 50 ms in one of a hundred") }
exit(isTooSlow || load.refused > 0 ? 1 : 0)
