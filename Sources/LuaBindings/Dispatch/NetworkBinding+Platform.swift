import NetRuntime

/// What scripts have of the consoles.
struct ConsoleFaces {
  /// Nil while no PSN client runs.
  var psn: PSNClient?
  /// The handle of its browser, once that was asked for.
  var psnBrowser: Handle?
  /// Nil while no Xbox Live client runs.
  var xbox: XboxLiveClient?
  /// Nil until they are asked for; from then on they stay.
  var users: XboxUsers?
  /// For all clients, one after the other.
  let numbers = ConsoleNumbers()

  mutating func forgetClient() {
    psn = nil
    psnBrowser = nil
    xbox = nil
  }
}

extension NetworkBinding {
  /// Starts a platform's client with the schema `name`.network_config.
  func start(_ platform: Platform, config name: String) throws(ScriptError) -> PlatformClient {
    try start(config: name) { config throws(ScriptError) in
      do throws(NetworkError) {
        return try network.startPlatform(platform, config: config)
      } catch {
        throw ScriptError(error.description)
      }
    }
  }

  /// Starts a client with the schema `name`.network_config.
  func start<Client>(
    config name: String, _ body: (NetworkConfig) throws(ScriptError) -> Client
  ) throws(ScriptError) -> Client {
    if network.replay != nil { throw ScriptError(NetworkError.replaying.description) }
    if let running = network.platform { throw ScriptError(NetworkError.clientRunning(running).description) }
    let config = try host.loadConfig(name)
    try adopt(config)
    let client = try body(config)
    isRunning = true
    pointMessages(to: schema)
    return client
  }
}
