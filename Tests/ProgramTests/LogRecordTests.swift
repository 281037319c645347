import Logging
import NetRuntime
import Synchronization
import Testing

@testable import stingray_lua

@Suite struct LogRecordTests {
  private final class Lines: Sendable {
    private let lines = Mutex<[String]>([])

    var all: [String] { lines.withLock { $0 } }

    func add(_ line: String) { lines.withLock { $0.append(line) } }
  }

  private func record(_ shown: LogLevel, isKept: Bool = false) -> (LogRecord, Lines) {
    let lines = Lines()
    let record = LogRecord(
      prefix: "network", shown: shown, isKept: isKept,
      handler: { label in LogColumns(label: label) { lines.add($0) } },
      now: { 61.2345 })
    return (record, lines)
  }

  @Test func linesHaveColumns() {
    let (record, lines) = record(.spew)
    record.add(.messages, "peer \(PeerID(rawValue: 0x18f7_be4e_bf73_e0)) created \(object: 17)")
    record.add(.warnings, "the lobby failed")
    record.add(.spew, "\(object: 262_143)")
    #expect(
      lines.all == [
        "[  61.235] network: 18f7be4ebf73e0      17  peer 18f7be4ebf73e0 created object 17\n",
        "[  61.235] network: -                    -  warning: the lobby failed\n",
        "[  61.235] network: -               262143  object 262143\n",
      ])
  }

  @Test func whatIsNotShownIsNotBuilt() {
    let (record, lines) = record(.warnings)
    var built = 0
    func line() -> LogLine {
      built += 1
      return "a line"
    }
    record.add(.messages, line())
    record.add(.spew, line())
    #expect(built == 0)
    record.add(.warnings, line())
    #expect(built == 1)
    record.shown = .silent
    record.add(.warnings, line())
    #expect(built == 1)
    record.shown = .spew
    record.add(.spew, line())
    #expect(built == 2)
    #expect(lines.all.count == 2)
    #expect(record.lines(upTo: .spew) == "")
  }

  @Test func aKeptLogHoldsTheNewestLinesAndWarningsLongest() {
    let (record, lines) = record(.silent, isKept: true)
    record.add(.warnings, "the first")
    for number in 0..<5000 { record.add(.messages, "line \(number)") }
    record.add(.spew, "never kept")
    let kept = record.lines(upTo: .messages).split(separator: "\n")
    #expect(kept.count <= LogRecord.limit && kept.count >= LogRecord.limit / 2)
    #expect(kept.first == "the first" && kept.last == "line 4999")
    #expect(record.lines(upTo: .warnings) == "the first\n")
    for number in 0..<5000 { record.add(.warnings, "warning \(number)") }
    #expect(record.lines(upTo: .warnings).hasSuffix("warning 4999\n"))
    #expect(record.lines(upTo: .warnings).split(separator: "\n").count <= LogRecord.limit)
    #expect(lines.all.isEmpty)
  }
}
