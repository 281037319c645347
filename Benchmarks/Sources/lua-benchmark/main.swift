import BenchmarkSupport
import CCounters

// lua-benchmark FOLDER [SECONDS [ROUNDS]]: FOLDER is Benchmarks/lua/stingray.
let arguments = CommandLine.arguments.dropFirst()
let folder = arguments.first ?? "lua/stingray"
let seconds = arguments.dropFirst().first.flatMap(Double.init) ?? 1.5
let rounds = arguments.dropFirst(2).first.flatMap { Int($0) } ?? 5
_ = pinToCore(1)

let pair = try Pair(folder: folder)
let send = try pair.sender.function("send")
let receive = try pair.receiver.function("receive")

@MainActor
func run(_ seconds: Double, window: Int) throws -> Round {
  try Round.measure {
    let before = pair.received
    let end = threadSeconds() + seconds
    repeat {
      for _ in 0..<16 {
        try pair.sender.call(send, Double(window))
        try pair.receiver.call(receive, 0)
      }
    } while threadSeconds() < end
    return pair.received - before
  }
}

var best = (rate: 0.0, window: 0)
for window in [64, 128, 256, 512, 1024, 2048] {
  _ = try run(0.05, window: window)
  let rate = try run(0.2, window: window).rate
  if rate > best.rate { best = (rate, window) }
}
for _ in 0..<rounds {
  let round = try run(seconds, window: best.window)
  print(
    round.messages, round.seconds, best.window, column(Double(round.allocations) / Double(round.messages), 4, width: 0))
}
