import ArgumentParser
import LuaBindings
import NetRuntime

/// `stingray-lua test`
struct Test: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Runs tests written in Lua.",
    discussion: """
      Each file runs in a Lua state of its own. The last line says "N passed, N failed"; the exit status is 1 when a \
      test failed.
      """
  )

  @Argument(help: ArgumentHelp("Test files, or folders of them.", valueName: "file"))
  var files: [String]

  @Option(
    help: ArgumentHelp(
      "Run only tests with this full name; or else, with this text or Lua pattern in their name.", valueName: "pattern")
  )
  var filter = ""

  @Option(help: ArgumentHelp("Also write the results as JUnit XML.", valueName: "file"))
  var junit: String?

  @Option(help: ArgumentHelp("How long one test may take.", valueName: "seconds"))
  var timeout = 60.0

  @Option(
    name: .customLong("data-dir"),
    help: ArgumentHelp("Where else scripts and network configs are found; may be given again.", valueName: "folder"))
  var dataFolders: [String] = []

  @Option(help: ArgumentHelp("What a test's own network tells: silent, warnings, messages or spew."))
  var log = LogLevel.silent

  func validate() throws {
    guard timeout > 0, timeout <= 86_400 else {
      throw ValidationError("--timeout: expected over 0 and at most 86400 seconds")
    }
  }

  func run() throws {
    var report = TestReport()
    let clock = SystemClock()
    let options = TestFileRunner.Options(filter: filter, timeLimit: timeout, dataFolders: dataFolders, shownLog: log)
    for path in files.flatMap({ Files.all($0, ending: ".lua") }) {
      report.begin(file: path)
      for result in try TestFileRunner(path, options, clock: clock).run() {
        report.add(result)
        if result.outcome == .failed { Output.standard(TestReport.describe(result, of: path)) }
      }
      Output.standard(report.summary)
    }
    if let junit { try Files.write(report.junit, to: junit) }
    if report.isEmpty, !filter.isEmpty { Output.error("no test has \"\(filter)\" in its name\n") }
    if report.pending > 0 { Output.standard("\(report.pending) pending\n") }
    Output.standard("\(report.passed) passed, \(report.failed) failed\n")
    if report.failed > 0 || report.isEmpty { throw ExitCode.failure }
  }
}

extension LogLevel: ExpressibleByArgument {
  public init?(argument: String) {
    guard let index = LogLevel.names.firstIndex(of: argument) else { return nil }
    self.init(rawValue: index)
  }

  public static var allValueStrings: [String] { names }

  public var defaultValueDescription: String { LogLevel.names[rawValue] }
}
