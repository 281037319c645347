/// What became of one test.
struct TestResult {
  enum Outcome: String {
    case passed, failed, pending
  }

  let outcome: Outcome
  /// The names of the blocks round it, then its own.
  let name: String
  /// Where it failed; where it stands when it did not.
  let file: String
  let line: Int
  let seconds: Double
  /// Why it failed: position, expected and actual, traceback.
  let text: String
}

/// The results of all files.
struct TestReport {
  private(set) var files: [(path: String, results: [TestResult])] = []

  var passed: Int { count(.passed) }
  var failed: Int { count(.failed) }
  var pending: Int { count(.pending) }
  var isEmpty: Bool { files.allSatisfy { $0.results.isEmpty } }

  /// A line about the newest file.
  var summary: String {
    guard let file = files.last else { return "" }
    let failed = file.results.count { $0.outcome == .failed }
    let text = "\(file.path): \(file.results.count { $0.outcome == .passed }) passed"
    return text + (failed > 0 ? ", \(failed) failed\n" : "\n")
  }

  mutating func begin(file: String) {
    files.append((file, []))
  }

  mutating func add(_ result: TestResult) {
    guard !files.isEmpty else { return }
    files[files.count - 1].results.append(result)
  }

  private func count(_ outcome: TestResult.Outcome) -> Int {
    files.reduce(0) { $0 + $1.results.count { $0.outcome == outcome } }
  }

  /// The command that repeats one test.
  static func repetition(of name: String, in file: String) -> String {
    "stingray-lua test \(shellQuoted(file)) --filter \(shellQuoted(name))"
  }

  private static func shellQuoted(_ text: String) -> String {
    let isPlain = text.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"),
        UInt8(ascii: "."), UInt8(ascii: "/"), UInt8(ascii: "_"), UInt8(ascii: "-"):
        true
      default: false
      }
    }
    if isPlain, !text.isEmpty { return text }
    return "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
  }

  /// A failure as people read it.
  static func describe(_ result: TestResult, of file: String) -> String {
    let head = "\(result.file):\(result.line): "
    var text = result.text
    if text.hasPrefix(head) { text.removeFirst(head.count) }
    let lines = (head + text).split(separator: "\n", omittingEmptySubsequences: false).map { "    " + $0 }
    return "  FAILED  \(result.name)\n" + lines.joined(separator: "\n")
      + "\n    repeat: \(repetition(of: result.name, in: file))\n"
  }

  /// JUnit's XML, which CI servers read.
  var junit: String {
    var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    text += "<testsuites tests=\"\(passed + failed + pending)\" failures=\"\(failed)\">\n"
    for (path, results) in files {
      let failures = results.count { $0.outcome == .failed }
      let skipped = results.count { $0.outcome == .pending }
      text += "  <testsuite name=\"\(escaped(path))\" tests=\"\(results.count)\""
      text += " failures=\"\(failures)\" skipped=\"\(skipped)\">\n"
      for result in results { text += junit(result, path) }
      text += "  </testsuite>\n"
    }
    return text + "</testsuites>\n"
  }

  private func junit(_ result: TestResult, _ path: String) -> String {
    let head = "    <testcase name=\"\(escaped(result.name))\" classname=\"\(escaped(path))\""
    let start = "\(head) time=\"\(milliseconds(result.seconds))\""
    switch result.outcome {
    case .passed: return start + "/>\n"
    case .pending: return start + "><skipped/></testcase>\n"
    case .failed:
      let place = escaped("\(result.file):\(result.line)")
      return start + ">\n      <failure message=\"\(place)\">\(escaped(result.text))</failure>\n    </testcase>\n"
    }
  }

  private func milliseconds(_ seconds: Double) -> String {
    let total = Int((seconds * 1000).rounded())
    let fraction = "\(total % 1000)"
    return "\(total / 1000)." + String(repeating: "0", count: 3 - fraction.count) + fraction
  }

  private func escaped(_ text: String) -> String {
    var result = ""
    for character in text.unicodeScalars {
      switch character {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "\n", "\t": result.unicodeScalars.append(character)
      // XML has no way to write the other control characters.
      case _ where character.value < 32: result += "?"
      default: result.unicodeScalars.append(character)
      }
    }
    return result
  }
}
