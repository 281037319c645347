import ArgumentParser
import Dispatch
import Glibc
import Logging
import OnlineHomes

/// `stingray-lua serve`
struct Serve: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Runs an online service where players of many machines meet.",
    discussion: """
      Games use it with --online http://[SECRET@]HOST:PORT. Everything is in the database before it is answered, so \
      that nothing is lost when the server ends or is killed; a machine that loses its power may lose the last moments. \
      It ends with SIGTERM or SIGINT. docs/online.md tells more; /openapi.json of the server describes its interface.
      """)

  @Option(
    help: ArgumentHelp(
      "Where to listen: an address and a port. 0.0.0.0 is every address of this machine.", valueName: "address:port"))
  var listen = "127.0.0.1:7780"

  @Option(help: ArgumentHelp("The file that everything is kept in; made where there is none.", valueName: "file"))
  var database: String

  @Option(
    help: ArgumentHelp(
      "What a player has to know to sign in; else STINGRAY_ONLINE_SECRET, else nothing.", valueName: "word"))
  var secret: String?

  @Flag(
    name: .customLong("behind-proxy"),
    help: "Count sign-ins by the address in X-Forwarded-For, which a proxy before the server sets.")
  var isBehindProxy = false

  @Option(
    name: .customLong("player-rate"),
    help: ArgumentHelp("Requests a second that one player may make.", valueName: "rate"))
  var playerRate: Double?

  @Option(
    name: .customLong("address-rate"),
    help: ArgumentHelp("Sign-ins and refused requests a second that one address may make.", valueName: "rate"))
  var addressRate: Double?

  @Option(
    name: .customLong("relay-host"),
    help: ArgumentHelp(
      "Where players reach the relay's UDP port, which has the number of --listen's; else where they reach the server.",
      valueName: "host"))
  var relayHost: String?

  func validate() throws {
    _ = try place()
    for (rate, name) in [(playerRate, "player-rate"), (addressRate, "address-rate")] {
      guard let rate, !(rate > 0 && rate <= 1e6) else { continue }
      throw ValidationError("--\(name): expected a rate above 0 and up to 1000000, got \(rate)")
    }
    if secret?.isEmpty == true { throw ValidationError("--secret: expected a word, got an empty one") }
  }

  /// The address and the port of `listen`.
  private func place() throws -> (host: String, port: Int) {
    guard let colon = listen.lastIndex(of: ":"), let port = Int(listen[listen.index(after: colon)...]),
      0...65_535 ~= port, colon > listen.startIndex
    else { throw ValidationError("--listen: expected an address and a port, such as 127.0.0.1:7780, got \(listen)") }
    var host = String(listen[..<colon])
    if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
    return (host, port)
  }

  func run() throws {
    var settings = DirectoryServer.Settings()
    (settings.host, settings.port) = try place()
    settings.secret =
      secret ?? getenv("STINGRAY_ONLINE_SECRET").map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
    settings.isBehindProxy = isBehindProxy
    settings.relayHost = relayHost
    settings.relayInterface = getenv("STINGRAY_INTERFACE").map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
    if let playerRate {
      settings.playerRate = playerRate
      settings.playerBurst = max(1, 4 * playerRate)
    }
    if let addressRate {
      settings.addressRate = addressRate
      settings.addressBurst = max(1, 4 * addressRate)
    }
    // Clients that go away are no reason to end.
    signal(SIGPIPE, SIG_IGN)
    let outcome = Outcome()
    let path = database
    Task.detached { [settings] in
      do {
        try await Self.serve(settings, path: path)
      } catch {
        outcome.error = "\(error)"
      }
      outcome.done.signal()
    }
    outcome.done.wait()
    guard let error = outcome.error else { return }
    Output.error("\(error)\n")
    throw ExitCode.failure
  }

  private static func serve(_ settings: DirectoryServer.Settings, path: String) async throws {
    var logger = Logger(label: "serve") { StreamLogHandler.standardError(label: $0) }
    logger.logLevel = .warning
    let lock = try ServerLock(database: path)
    defer { lock.release() }
    let store = try SQLiteStore(path: path, checkpoints: .beside())
    if SQLiteStore.isReadableByOthers(path) {
      Output.error(
        "other users of this machine can read the database \(path), and what tokens are made with in it; "
          + "chmod 600 \(path)\n")
    }
    let server = try await DirectoryServer(settings, store: store, logger: logger)
    let host = settings.host
    try await server.run { port in Output.standard("listening at http://\(host):\(port)\n") }
  }

  /// What came of the server; written before `done` is signalled, and read after.
  private final class Outcome: @unchecked Sendable {
    let done = DispatchSemaphore(value: 0)
    var error: String?
  }
}
