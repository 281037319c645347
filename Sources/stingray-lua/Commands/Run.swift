import ArgumentParser
import Glibc
import LuaBindings
import NetRuntime

/// `stingray-lua run`, which is also what happens without a command.
struct Run: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Runs a script, or the game in a folder.",
    usage: "stingray-lua [run] [OPTIONS] SCRIPT|FOLDER [ARGS...]",
    discussion: """
      A folder has a settings.ini with boot_script = "...", or a main.lua. Everything behind the script goes to the \
      script. Calls init(), then update(dt) and render() each frame, and shutdown() at the end, where the script \
      defines them.
      """)

  @Option(help: ArgumentHelp("Frames a second.", valueName: "rate"))
  var fps = 60.0

  @Option(help: ArgumentHelp("End after so many frames.", valueName: "count"))
  var frames: Int?

  @Option(
    name: .customLong("data-dir"),
    help: ArgumentHelp("Where else scripts and network configs are found; may be given again.", valueName: "folder"))
  var dataFolders: [String] = []

  @Option(
    help: ArgumentHelp(
      "The network interface to use, such as lo or eth0; else STINGRAY_INTERFACE, else the settings, else all.",
      valueName: "name"))
  var interface: String?

  @Option(
    help: ArgumentHelp(
      """
      Where players of Steam, PSN and Xbox Live meet: a file that programs of this machine share, a server such as \
      http://127.0.0.1:7780, or off; else STINGRAY_ONLINE, else online.service of the settings, else a file of this \
      user.
      """,
      valueName: "file|url|off"))
  var online: String?

  @Option(
    help: ArgumentHelp(
      """
      The player's name online; else online.user_name of the settings, else the login name, with a number behind it \
      for the second program and so on.
      """,
      valueName: "name"))
  var user: String?

  @Option(help: ArgumentHelp("Read instead of the folder's settings.ini.", valueName: "file"))
  var settings: String?

  @Option(
    help: ArgumentHelp(
      "Record the network's traffic into a file; else network.log of the settings says whether and where.",
      valueName: "file"))
  var dump: String?

  @Flag(name: .customLong("no-globals"), help: "Offer the API in the table `stingray` only.")
  var hasNoGlobals = false

  @Flag(
    name: .customLong("console"),
    help: "Run the lines of standard input as console commands; `help` lists them. Terminal.keys gives no keys then.")
  var hasConsole = false

  @Option(help: "What the network tells on standard error: silent, warnings, messages or spew.")
  var log = LogLevel.warnings

  @Argument(
    parsing: .captureForPassthrough,
    help: ArgumentHelp("The script or folder, then its arguments.", valueName: "script"))
  var words: [String] = []

  func validate() throws {
    if let first = words.first, first == "--help" || first == "-h" { throw CleanExit.helpRequest(self) }
    if words.first == "--version" { throw CleanExit.message(Version.text) }
    guard let script = words.first else { throw ValidationError("expected a script or a folder to run") }
    if script.hasPrefix("-") {
      throw ValidationError("unknown option \(script)\(suggestion(for: script, in: Run.options))")
    }
    guard fps > 0, fps <= 1000 else { throw ValidationError("--fps: expected over 0 and at most 1000") }
    if let frames, frames < 0 { throw ValidationError("--frames: expected 0 or more") }
    if dump == "" { throw ValidationError("--dump: \(DumpPath.missing)") }
    for folder in dataFolders where !Files.isFolder(folder) {
      throw ValidationError("--data-dir: there is no folder \(folder)")
    }
  }

  private static let options = [
    "--fps", "--frames", "--data-dir", "--interface", "--online", "--user", "--settings", "--dump", "--no-globals",
    "--console", "--log",
    "--version",
    "--help",
  ]

  func run() throws {
    let project: Project
    do throws(Project.Problem) {
      project = try Project(words[0], settingsFile: settings)
    } catch {
      throw ValidationError(error.description)
    }
    let status = try play(project)
    fflush(nil)
    if status != 0 { throw ExitCode(status) }
  }

  private func play(_ project: Project) throws -> Int32 {
    let clock = SystemClock()
    let start = clock.now
    let log = LogRecord(prefix: "network", shown: log) { clock.now - start }
    let folders = [project.folder] + dataFolders
    let transport: UDPTransport
    do throws(TransportError) {
      transport = try UDPTransport(interface: chosenInterface(project.settings))
    } catch {
      throw ValidationError(error.description)
    }
    var environment = NetworkRuntime.Environment(
      transport: transport, random: SystemRandomSource(), now: { clock.now },
      log: { level, text in log.add(level, text()) },
      sharedSecret: project.settings.sharedSecret)
    environment.shownLog = { log.shown }
    environment.recorder = try recorder(project.settings, log)
    defer { environment.recorder?.close() }
    environment.online = try online(project)
    environment.platformSettings = project.settings.platforms
    environment.reliableSendBufferSize = project.settings.reliableSendBufferSize
    environment.reliableReceiveBufferSize = project.settings.reliableReceiveBufferSize
    let peer = try ScriptPeer(
      environment,
      ScriptPeer.Options(
        dataFolders: folders, arguments: words, settings: project.settings, hasGlobals: !hasNoGlobals, log: log))
    Signals.catchEnding(interrupting: peer.lua.state)
    var loop = GameLoop(peer: peer, clock: clock) { Output.error(Traceback.withFullPaths($0, folders: folders) + "\n") }
    loop.options = GameLoop.Options(rate: fps, frameLimit: frames)
    if hasConsole {
      peer.lua.scriptHost.readKeys = { [] }
      var input = ConsoleInput()
      loop.beginFrame = {
        for line in input.lines() {
          switch line {
          case .command(let text): peer.runConsole(text)
          case .tooLong: Output.error("console: \(ConsoleInput.tooLong)\n")
          }
        }
      }
    }
    loop.isStopped = { Signals.received != 0 }
    let status = loop.run(project.script, arguments: Array(words.dropFirst()))
    Signals.release()
    peer.end(clock)
    return status
  }

  private func online(_ project: Project) throws -> () throws(OnlineError) -> OnlineService.Setup {
    do throws(OnlineError) {
      let home = try OnlineChoice.home(online: online, user: user, project: project)
      return { () throws(OnlineError) in try home.open() }
    } catch {
      throw ValidationError(error.description)
    }
  }

  private func recorder(_ settings: Settings, _ log: LogRecord) throws -> DumpRecorder? {
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    let path: String
    if let dump {
      path = dump
    } else if let dump = settings.dump {
      path = DumpPath.expanded(dump, time: now.tv_sec, random: UInt32.random(in: 0 ... .max))
      DumpPath.makeFolders(for: path)
    } else {
      return nil
    }
    do throws(DumpError) {
      return try DumpRecorder(
        path: path, startTime: UInt64(now.tv_sec) * 1_000_000 + UInt64(now.tv_nsec / 1000),
        log: { level, text in log.add(level, text()) })
    } catch {
      // Two programs of one game share its settings; who asks for a recording on the command line wants it.
      guard dump == nil, case .taken = error else { throw ValidationError(error.description) }
      log.add(.warnings, LogLine("\(error.description); this run is not recorded"))
      return nil
    }
  }

  private func chosenInterface(_ settings: Settings) -> String? {
    if let interface { return interface }
    // Set to nothing, the variable asks for all interfaces.
    if let variable = getenv("STINGRAY_INTERFACE") { return variable.pointee == 0 ? nil : String(cString: variable) }
    return settings.interface
  }
}
