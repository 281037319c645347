import ArgumentParser
import NetRuntime

/// `stingray-lua check`
struct Check: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Checks a network config, and says how many bits its messages and objects take.",
    discussion: "Options that nobody knows are errors here; a game only warns of them.")

  @Argument(help: ArgumentHelp("The network config.", valueName: "file"))
  var file: String

  func run() throws {
    Output.standard(try loadStrictly(file).sizeReport())
  }
}

/// Reads a network config in which nothing may be wrong; says what is, and ends the program, where something is.
func loadStrictly(_ file: String) throws -> NetworkConfig {
  do {
    return try NetworkConfig.parse(try Files.read(file), file: file, strict: true)
  } catch {
    Output.error("\(error)\n")
    throw ExitCode.failure
  }
}
