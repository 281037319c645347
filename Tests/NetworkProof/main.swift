import Glibc
import NetRuntime

/// What one seed came to.
struct Outcome: Sendable {
  var seed: UInt64
  var peers: Int
  var failures: [String] = []
  var failureCount = 0
  var digest: UInt64 = 0
  var summary = ""
  /// Of the host kills: from the first call for another host to the last survivor's having it.
  var resumeTime: Double?
}

func play(seed: UInt64, peers: Int, _ options: World.Options) -> Outcome {
  if options.hostKills { return playHostKill(seed: seed, peers: peers, options) }
  if let platform = options.online { return playOnline(seed: seed, peers: peers, platform, options) }
  var outcome = Outcome(seed: seed, peers: peers)
  do {
    let world = try World(seed: seed, peers: peers, options: options)
    world.run()
    outcome.failures = world.ledger.failures
    outcome.failureCount = world.ledger.failureCount
    outcome.digest = world.ledger.digest.value
    let counts = world.ledger.counts
    outcome.summary =
      "\(world.config.topology.rawValue), \(Int((1 / world.step).rounded())) frames/s: \(counts.created) objects, \(counts.sets) sets, "
      + "\(counts.reliable) reliable and \(counts.unreliable) unreliable messages (\(counts.unreliableArrived) arrived), "
      + "\(counts.joins) joins, \(counts.leaves) leaves, \(counts.migrations) migrations, \(counts.kicks) kicks, \(counts.restarts) restarts, "
      + "\(counts.handovers) handovers, \(counts.kills) kills, \(world.network.datagramsSent) datagrams"
  } catch {
    outcome.failures = ["the world could not be built: \(error)"]
    outcome.failureCount = 1
  }
  return outcome
}

func playHostKill(seed: UInt64, peers: Int, _ options: World.Options) -> Outcome {
  var outcome = Outcome(seed: seed, peers: peers)
  do {
    let world = try HostKillWorld(seed: seed, peers: peers, verbosity: options.verbosity)
    world.play()
    outcome.failures = world.failures
    outcome.failureCount = world.failureCount
    outcome.digest = world.digest.value
    outcome.resumeTime = world.resumeTime
    outcome.summary = world.plan.description
  } catch {
    outcome.failures = ["the world could not be built: \(error)"]
    outcome.failureCount = 1
  }
  return outcome
}

func playOnline(seed: UInt64, peers: Int, _ platform: Platform, _ options: World.Options) -> Outcome {
  var outcome = Outcome(seed: seed, peers: peers)
  do {
    let world = try OnlineWorld(
      seed: seed, peers: peers, platform: platform, seconds: options.seconds, verbosity: options.verbosity)
    world.run()
    outcome.failures = world.failures
    outcome.failureCount = world.failureCount
    outcome.digest = world.digest
    outcome.summary = world.summary
  } catch {
    outcome.failures = ["the world could not be built: \(error)"]
    outcome.failureCount = 1
  }
  return outcome
}

func clockSeconds() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}

guard let arguments = Arguments(Array(CommandLine.arguments.dropFirst())) else {
  print(Arguments.usage)
  exit(64)
}

let begin = clockSeconds()
var skipped = 0
var tally = Tally()

struct Tally {
  var passed = 0
  var failed = 0
  var resumeTimes: [Double] = []
  /// Where play took longest to go on.
  var slowest: Outcome?
}

func report(_ outcome: Outcome, _ arguments: Arguments, _ tally: inout Tally) {
  defer { fflush(nil) }
  if let time = outcome.resumeTime {
    tally.resumeTimes.append(time)
    if time > tally.slowest?.resumeTime ?? 0 { tally.slowest = outcome }
  }
  if arguments.showsDigest || arguments.options.verbose {
    print("peers \(outcome.peers) seed \(outcome.seed) digest \(String(outcome.digest, radix: 16))")
  }
  if arguments.options.verbose { print("  \(outcome.summary)") }
  guard outcome.failureCount > 0 else {
    tally.passed += 1
    return
  }
  tally.failed += 1
  print("FAILED: \(outcome.peers) peers, seed \(outcome.seed); \(outcome.summary)")
  for failure in outcome.failures { print("  \(failure)") }
  if outcome.failureCount > outcome.failures.count {
    print("  and \(outcome.failureCount - outcome.failures.count) more")
  }
  print("  repeat: \(arguments.command(outcome)) --verbose")
}

@Sendable func playOnce(_ seed: UInt64, _ arguments: Arguments) -> Outcome {
  var outcome = play(seed: seed, peers: arguments.peers(of: seed), arguments.options)
  if arguments.twice {
    let again = play(seed: seed, peers: arguments.peers(of: seed), arguments.options)
    if again.digest != outcome.digest {
      outcome.failures.append("the second run of the seed differs from the first")
      outcome.failureCount += 1
    }
  }
  return outcome
}

let settings = arguments
await withTaskGroup(of: Outcome.self) { group in
  var running = 0
  for seed in settings.seeds {
    if let limit = settings.timeLimit, clockSeconds() - begin > limit {
      skipped += 1
      continue
    }
    if running >= settings.jobs, let outcome = await group.next() {
      report(outcome, settings, &tally)
      running -= 1
    }
    group.addTask { playOnce(seed, settings) }
    running += 1
  }
  for await outcome in group { report(outcome, settings, &tally) }
}
if !tally.resumeTimes.isEmpty {
  let times = tally.resumeTimes.sorted().map { Int(($0 * 1000).rounded()) }
  print(
    "play resumed after \(times[times.count / 2]) ms in the median, \(times[times.count * 99 / 100]) ms in 99 of 100, \(times[times.count - 1]) ms at most"
  )
  if let slowest = tally.slowest { print("the longest: \(arguments.command(slowest)) --verbose") }
}
if skipped > 0 { print("\(skipped) seeds not begun: the time is over") }
print("\(tally.passed) passed, \(tally.failed) failed (\(Int((clockSeconds() - begin).rounded())) s)")
exit(tally.failed == 0 ? 0 : 1)
