import BenchmarkSupport
import CCounters
import Glibc

// startup-benchmark RUNS PROGRAM [ARGUMENTS...]: how long a program takes from its start to its end, and its memory.
// Prints a line: "result", the medians of the runs in milliseconds, by the clock and of processor time, and the most
// memory of any run in MB.
let arguments = Array(CommandLine.arguments.dropFirst())
guard arguments.count >= 2, let runs = Int(arguments[0]), runs > 0 else {
  print("usage: startup-benchmark RUNS PROGRAM [ARGUMENTS...]")
  exit(64)
}

/// - Returns: Milliseconds by the clock and of processor time, and kilobytes of memory at most; nil when the
///   program did not start or end well.
@MainActor
func run(_ command: [String]) -> (clock: Double, processor: Double, kilobytes: Int)? {
  var words: [UnsafeMutablePointer<CChar>?] = command.map { strdup($0) } + [nil]
  defer { for word in words { free(word) } }
  var child = pid_t()
  let begin = wallSeconds()
  guard posix_spawn(&child, command[0], nil, nil, &words, environ) == 0 else { return nil }
  var status: Int32 = 0
  var usage = rusage()
  guard wait4(child, &status, 0, &usage) == child, status == 0 else { return nil }
  let clock = (wallSeconds() - begin) * 1000
  let seconds = usage.ru_utime.tv_sec + usage.ru_stime.tv_sec
  let microseconds = usage.ru_utime.tv_usec + usage.ru_stime.tv_usec
  return (clock, Double(seconds) * 1000 + Double(microseconds) / 1000, usage.ru_maxrss)
}

var times: (clock: [Double], processor: [Double]) = ([], [])
var memory = 0
for _ in 0..<runs {
  guard let (clock, processor, kilobytes) = run(Array(arguments.dropFirst())) else {
    print("\(arguments[1]) does not run")
    exit(1)
  }
  times.clock.append(clock)
  times.processor.append(processor)
  memory = max(memory, kilobytes)
}
print(
  "result", column(times.clock.median, 1, width: 0), column(times.processor.median, 1, width: 0),
  column(Double(memory) / 1024, 1, width: 0))
