import Glibc
import Hummingbird
import Logging
import NIOCore
import NetRuntime
import ServiceLifecycle

/// A directory for many machines: HTTP and JSON before a `DirectoryService`.
public struct DirectoryServer: Sendable {
  /// How a server runs.
  public struct Settings: Sendable {
    /// The address to listen at; this machine alone by default.
    public var host = "127.0.0.1"
    /// 0 for one that is free.
    public var port = 7780
    /// What who signs in has to know; nil for nothing.
    public var secret: String?
    /// Whether a proxy stands before it, which says by X-Forwarded-For who asks.
    public var isBehindProxy = false
    /// Requests a second of a player.
    public var playerRate = Limits.playerRequestRate
    /// Requests of a player at once.
    public var playerBurst = Limits.playerRequestBurst
    /// Sign-ins and refused requests a second of an address.
    public var addressRate = Limits.addressRequestRate
    /// Sign-ins and refused requests of an address at once.
    public var addressBurst = Limits.addressRequestBurst
    /// Seconds that a connection may take over a request, or stay open without one.
    public var idleTime = Limits.idleConnectionTime
    /// Connections at one time, or fewer where the system's limit of open files leaves fewer.
    public var connections = Limits.serverConnections

    /// Whether a relay for game traffic runs on the UDP port of the same number.
    public var hasRelay = true
    /// Where players reach the relay; nil where they reach the server.
    public var relayHost: String?
    /// The network interface of the relay; nil for the one that has `host`, which may be all.
    public var relayInterface: String?

    /// A server for this machine alone, without a secret.
    public init() {}
  }

  private let settings: Settings
  private let service: DirectoryService
  private let metrics: ServerMetrics
  private let key: TokenKey
  private let logger: Logger
  private let clock: @Sendable () -> Double

  /// Reads the store.
  /// - Parameters:
  ///   - pulse: The clock, in seconds, by which it notices that it was held up itself; nil for `clock`.
  ///   - clock: Seconds on the clock that all users of the store share.
  /// - Throws: What the store throws.
  public init(
    _ settings: Settings, store: sending any DirectoryStore, logger: Logger,
    pulse: (@Sendable () -> Double)? = nil, clock: @escaping @Sendable () -> Double = { SharedClock.now }
  ) async throws {
    self.settings = settings
    self.logger = logger
    self.clock = clock
    metrics = ServerMetrics()
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    let microseconds = UInt64(max(0, time.tv_sec)) * 1_000_000 + UInt64(max(0, time.tv_nsec)) / 1000
    service = try DirectoryService(
      store: store, metrics: metrics, logger: logger, newsBase: microseconds, pulse: pulse,
      clock: clock)
    key = await service.key
  }

  /// Runs until SIGTERM, SIGINT or the end of the task. What is under way is answered first.
  /// - Parameter onRunning: Called once with the port that it listens at.
  public func run(onRunning: @escaping @Sendable (Int) -> Void = { _ in }) async throws {
    let connections = min(settings.connections, Self.allowManyConnections())
    let slot = RelaySlot(host: settings.relayHost)
    let responder = ServerResponder(
      service: service, metrics: metrics,
      limiter: RateLimiter(
        player: .init(rate: settings.playerRate, burst: settings.playerBurst),
        address: .init(rate: settings.addressRate, burst: settings.addressBurst)),
      secret: settings.secret.map { SharedSecret($0) }, isBehindProxy: settings.isBehindProxy, key: key, clock: clock,
      relay: slot)
    let application = Application(
      responder: responder,
      server: .http1(
        configuration: .init(
          additionalChannelHandlers: [ConnectionDeadlines()],
          idleTimeout: .milliseconds(Int64(settings.idleTime * 1000)),
          httpDecoderConfiguration: .init(
            maxHeaderFieldSize: Limits.serverHeaderSize, maxHeaderListSize: Limits.serverHeaderSize,
            maxHeaderFieldCount: 100))),
      configuration: .init(
        address: .hostname(settings.host, port: settings.port), backlog: 1024,
        availableConnectionsDelegate: .maximum(connections, logger: logger)),
      onServerRunning: { channel in
        let port = channel.localAddress?.port ?? 0
        startRelay(in: slot, at: channel.localAddress?.ipAddress ?? "", port: port)
        onRunning(port)
      }, logger: logger)
    var configuration = ServiceGroupConfiguration(
      services: [application, Ticker(service: service)], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
    configuration.maximumGracefulShutdownDuration = .seconds(2)
    let group = ServiceGroup(configuration: configuration)
    // In a task of its own: to cancel the server would break off connections that it just took.
    let running = Task { try await group.run() }
    do {
      try await withTaskCancellationHandler {
        try await running.value
      } onCancel: {
        Task { await group.triggerGracefulShutdown() }
      }
    } catch is CancellationError {
      // The two seconds were over: nothing is lost, all that was answered is in the store.
    }
    // In a task of its own, because this one may be cancelled and would not sleep.
    await Task { await slot.thread?.end() }.value
  }

  /// - Parameter address: The one that the server listens at.
  private func startRelay(in slot: RelaySlot, at address: String, port: Int) {
    guard settings.hasRelay else { return }
    do throws(TransportError) {
      var interface = settings.relayInterface
      if interface == nil { interface = try RelayThread.interface(with: address) }
      slot.thread = try RelayThread(port: port, interface: interface, secret: key.relaySecret)
    } catch {
      logger.warning("there is no relay: \(error.description)")
    }
  }

  /// Each player takes two connections, and the system's usual 1,024 files are few.
  /// - Returns: Connections that may be open, beside the files that the program needs for itself.
  private static func allowManyConnections() -> Int {
    var limit = rlimit()
    let files = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    guard getrlimit(files, &limit) == 0 else { return 512 }
    var wanted = limit
    wanted.rlim_cur = limit.rlim_max
    if setrlimit(files, &wanted) == 0 { limit = wanted }
    return max(64, Int(clamping: limit.rlim_cur) - 64)
  }

  /// Lets time pass for the service, and ends the streams of news where the server has to stop.
  private struct Ticker: Service {
    let service: DirectoryService

    func run() async throws {
      try? await cancelWhenGracefulShutdown {
        let clock = ContinuousClock()
        var next = clock.now
        while true {
          for _ in 0..<NewsDesk.shares {
            next = max(next + .milliseconds(200) / NewsDesk.shares, clock.now)
            try await Task.sleep(until: next, clock: clock)
            await service.sweepStreams()
          }
          await service.tick()
        }
      }
      await service.endStreams()
    }
  }
}
