import ArgumentParser
import NetRuntime

/// `stingray-lua analyze`
struct Analyze: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Shows where the bits of a network dump went.",
    discussion: """
      Prints the totals of a dump, which `run --dump FILE` or network.log in settings.ini recorded, and writes a page for \
      a browser: bandwidth over time, and tables by message, object type and field. The page is one file that needs \
      nothing else.
      """)

  @Argument(help: ArgumentHelp("The dump.", valueName: "dump"))
  var dump: String

  @Option(help: ArgumentHelp("Where the page goes; else beside the dump, with the ending .html.", valueName: "file"))
  var output: String?

  func run() throws {
    let path = output ?? Analyze.page(for: dump)
    if Files.isSame(path, dump) {
      throw ValidationError("--output: \(path) is the dump itself; expected another file for the page")
    }
    let analysis: DumpAnalysis
    do throws(DumpError) {
      analysis = try DumpAnalysis(try DumpReader(path: dump), title: Analyze.name(of: dump))
    } catch {
      if case .unreadable = error { throw ValidationError(error.description) }
      Output.error("\(error)\n")
      throw ExitCode.failure
    }
    Output.standard(TrafficReport(analysis.audit, analysis.facts).text)
    let page = TrafficPage(analysis.audit, analysis.facts).text
    do {
      try Files.write(page, to: path)
    } catch {
      Output.error("\(error)\n")
      throw ExitCode.failure
    }
    Output.standard("\nwrote \(path)\n")
  }

  private static func name(of path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
  }

  /// "match.ndp" has its page in "match.html".
  private static func page(for dump: String) -> String {
    let name = name(of: dump)
    guard let dot = name.lastIndex(of: "."), dot > name.startIndex, name[dot...] != ".html" else {
      return dump + ".html"
    }
    return dump.dropLast(name[dot...].count) + ".html"
  }
}
