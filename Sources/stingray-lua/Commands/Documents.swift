import ArgumentParser
import LuaBindings
import NetRuntime

/// `stingray-lua annotate`
struct Annotate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Writes annotations of the API for Lua editors.",
    discussion: """
      Save what it prints as a Lua file in your project, and the Lua language server completes and checks the API, and \
      what your game adds.
      """
  )

  @Argument(
    help: ArgumentHelp("A network config, whose messages, objects and fields are annotated too.", valueName: "config"))
  var config: String?

  func run() throws {
    Output.standard(Annotations.render(config: try config.map(loadStrictly)))
  }
}

/// `stingray-lua reference`
struct Reference: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Writes the reference of the API, docs/lua-api.md.")

  func run() throws {
    Output.standard(APIReference.render())
  }
}

/// `stingray-lua coverage`
struct CoverageReport: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "coverage", abstract: "Says which functions and constants of the API exist, and which are tested.")

  @Argument(help: ArgumentHelp("Conformance tests, or folders of them.", valueName: "file"))
  var files: [String] = ["Tests/conformance"]

  func run() throws {
    var tests: [Coverage.Test] = []
    var texts: [String] = []
    do {
      for path in files.flatMap({ Files.all($0, ending: ".lua") }) {
        texts.append(String(decoding: try Files.read(path), as: UTF8.self))
        tests += try TestFileRunner(path, TestFileRunner.Options(), clock: SystemClock()).list()
      }
    } catch {
      Output.error("\(error)\n")
      throw ExitCode.failure
    }
    Output.standard(Coverage.render(tests: tests, texts: texts))
  }
}
