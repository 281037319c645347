import BenchmarkSupport
import CCounters
import Glibc

// The generated workloads. SCRIPT is workloads/game.lua, FOLDER has what workloads/generate.lua wrote.
//
//   workload-benchmark host SCRIPT FOLDER NAME PORT CLIENTS SECONDS
//   workload-benchmark clients|stand-ins SCRIPT FOLDER NAME PORT COUNT SECONDS
//   workload-benchmark late-join SCRIPT FOLDER NAME clients|stand-ins COUNT SEEDS
//   workload-benchmark calls SCRIPT FOLDER battle CALL COUNT 0
//
// The last line of the first, of stand-ins and of late-join is "result" and numbers. Of the host: milliseconds of
// processor time that a frame's network takes (median, 95 %, 99 %, most), the process's percentage of a core, and a
// second: bytes a client, sets, gets, messages a client, object updates due at all clients. Of the stand-ins: updates a
// second. Of late-join: seconds, median and most.
let words = Array(CommandLine.arguments.dropFirst())

func usage() -> Never {
  print("usage: see Benchmarks/Sources/workload-benchmark/main.swift")
  exit(64)
}

guard words.count == 7, let number = Int(words[5]), let last = Double(words[6]) else { usage() }
let files = Files(folder: words[2], script: words[1])
let name = words[3]
switch (words[0], Int(words[4])) {
case ("host", let port?):
  try HostRun(files: files, name: name, port: port, clients: number, seconds: last).run()
case ("clients", let port?):
  try ClientRun(files: files, name: name, port: port, count: number, seconds: last).run()
case ("stand-ins", let port?):
  try ClientRun(files: files, name: name, port: port, count: number, seconds: last).runStandIns(window: 10)
case ("late-join", nil):
  var times: [Double] = []
  for seed in 1...UInt64(max(1, last)) {
    let run = LateJoin(files: files, name: name, clients: number, isStandIn: words[4] == "stand-ins", seed: seed)
    guard let time = try run.run() else {
      print("\(name), seed \(seed): the late joiner did not get its objects")
      exit(1)
    }
    times.append(time)
  }
  print("\(name) late join, 50 ms, 2 % loss: \(times.map { column($0, 2, width: 0) }.joined(separator: " ")) s")
  print("result", column(times.median, 2, width: 0), column(times.max() ?? 0, 2, width: 0))
case ("calls", nil):
  try repeatCall(words[4], number)
default: usage()
}

/// Prints nanoseconds of processor time that one call of the API takes.
@MainActor
func repeatCall(_ call: String, _ count: Int) throws {
  let game = try Game(files: files)
  try game.open(name, port: 20_000 + Int(getpid()) % 10_000)
  _ = try game.peer.lua.evaluate("call_repeatedly(\"\(call)\", \(count / 10))")
  let start = threadSeconds()
  _ = try game.peer.lua.evaluate("call_repeatedly(\"\(call)\", \(count))")
  print("\(call): \(column((threadSeconds() - start) / Double(count) * 1e9, width: 0)) ns")
}
