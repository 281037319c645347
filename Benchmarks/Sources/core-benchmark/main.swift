import BenchmarkSupport
import CCounters
import CENet
import Glibc

// core-benchmark [SECONDS [ROUNDS [ours]]]: reliable messages of 24 bytes, ours and ENet's in turns.
// Its last line is "result", messages a second of ours and of ENet (medians), the median of the rounds' ratios, and
// allocations a message of both.
let seconds = CommandLine.arguments.dropFirst().first.flatMap(Double.init) ?? 1.5
let rounds = CommandLine.arguments.dropFirst(2).first.flatMap { Int($0) } ?? 5
let only = CommandLine.arguments.dropFirst(3).first
_ = pinToCore(1)
guard enet_initialize() == 0 else { fatalError("ENet does not start") }

let message = UnsafeMutableRawBufferPointer.allocate(byteCount: 24, alignment: 8)
for index in 0..<message.count { message[index] = UInt8(index) }
let body = UnsafeRawBufferPointer(message)

// Each at its best: a short run of each setting decides.
guard let ours = try OurPair(buffer: 1 << 20) else { fatalError("our peers do not connect") }
_ = ours.run(body, seconds: 0.2)
var best = (rate: 0.0, mtu: UInt32(0), window: 0, pair: ENetPair(mtu: 0))
if only != "ours" {
  for mtu in [0, 4096] as [UInt32] {
    guard let pair = ENetPair(mtu: mtu) else { continue }
    for window in [128, 512, 1024, 2048, 4096, 16384] {
      _ = pair.run(body, seconds: 0.05, window: window)
      let round = Round.measure { pair.run(body, seconds: 0.2, window: window) }
      print("ENet, MTU \(mtu == 0 ? 1392 : mtu), \(window) messages under way:\(column(round.rate)) messages/s")
      if round.rate > best.rate { best = (round.rate, mtu, window, pair) }
    }
  }
}

var results: (ours: [Round], peer: [Round]) = ([], [])
for _ in 0..<rounds {
  results.ours.append(Round.measure { ours.run(body, seconds: seconds) })
  if let pair = best.pair, only != "ours" {
    results.peer.append(Round.measure { pair.run(body, seconds: seconds, window: best.window) })
  }
}

func show(_ name: String, _ rounds: [Round]) {
  for round in rounds {
    let count = Double(round.messages)
    print(
      name, column(round.rate), "messages/s of processor time,", column(count / round.wall), "by the clock;",
      column(Double(round.bytes) / count, 1, width: 5), "bytes,",
      column(Double(round.networkCalls) / count, 3, width: 6),
      "network calls,", column(Double(round.allocations) / count, 4, width: 7), "allocations a message")
  }
}
show("ours", results.ours)
show("ENet", results.peer)
if !results.peer.isEmpty {
  func allocations(_ rounds: [Round]) -> String {
    column(rounds.map { Double($0.allocations) / Double($0.messages) }.median, 2, width: 0)
  }
  let ratios = zip(results.ours, results.peer).map { $0.rate / $1.rate }
  print(
    "result", column(results.ours.map(\.rate).median, width: 0), column(results.peer.map(\.rate).median, width: 0),
    column(ratios.median, 2, width: 0), allocations(results.ours), allocations(results.peer))
}
