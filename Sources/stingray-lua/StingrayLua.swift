import ArgumentParser

/// The program.
@main
struct StingrayLua: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stingray-lua",
    abstract: "Runs multiplayer games that are scripted in Lua.",
    usage: "stingray-lua [run] [OPTIONS] SCRIPT|FOLDER [ARGS...]\nstingray-lua COMMAND ...",
    version: Version.text,
    subcommands: [
      Run.self, Test.self, Check.self, Analyze.self, Annotate.self, CoverageReport.self, Reference.self, Serve.self,
    ],
    defaultSubcommand: Run.self)
}
