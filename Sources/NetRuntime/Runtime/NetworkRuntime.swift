/// One peer: its client, connections, lobby and game session behind one door.
///
/// It owns no thread, no clock and no Lua. Once a frame the host program calls `receive(dt:)`, takes events with
/// `nextEvent()` until there is none, and calls `transmit()`.
public final class NetworkRuntime {
  /// What a peer needs of the world around it.
  public struct Environment {
    public var transport: any Transport
    public var random: any RandomSource
    /// Seconds on a clock that never goes back.
    public var now: () -> Double
    public var log: Log
    /// The highest level that is shown. Asked once a frame: lines of `.spew` are not even offered below that level.
    public var shownLog: () -> LogLevel = { .silent }
    /// Mixed into every connection's keys: peers with another secret cannot connect.
    public var sharedSecret: [UInt8]?
    /// Writes down what the peer does; nil for no recording.
    public var recorder: DumpRecorder?
    /// Opens the online service, at its first use; nil where there is none.
    public var online: (() throws(OnlineError) -> OnlineService.Setup)?
    public var platformSettings = PlatformSettings()
    /// Bytes; overrides the schema's `reliable_send_buffer_size`.
    public var reliableSendBufferSize: Int?
    /// Bytes; overrides the schema's `reliable_receive_buffer_size`.
    public var reliableReceiveBufferSize: Int?

    public init(
      transport: any Transport, random: any RandomSource, now: @escaping () -> Double, log: @escaping Log,
      sharedSecret: [UInt8]? = nil
    ) {
      self.transport = transport
      self.random = random
      self.now = now
      self.log = log
      self.sharedSecret = sharedSecret
    }
  }

  let environment: Environment
  /// What every datagram of this peer goes through; does nothing until faults are set.
  public let faults: FaultyTransport
  /// The connection layer's times, kept from call to call; a change counts at once, and for clients that come later.
  public var timing = TimingSettings() {
    didSet { applyTiming() }
  }
  /// Whether the script ends connections of the next client; see `setExplicitConnections()`.
  var hasExplicitConnections = false

  var subsystem: Subsystem?
  /// Connections of a client that was shut down, which still get their last data across.
  var lingering: Subsystem?
  /// Sees every datagram of this peer; nil for nobody.
  public var tap: (any PacketTap)? {
    didSet { applyTaps() }
  }
  /// Sees them too, for a display of the traffic.
  var displayTap: (any PacketTap)? {
    didSet { applyTaps() }
  }
  /// Called after each transmit; nil for nobody.
  var onFrame: (() -> Void)?
  /// Seconds between two updates of what `PerfHUD` shows; 0 for each frame.
  public var displayInterval = 1.0
  /// The current game session.
  public internal(set) var session: GameSession?
  /// The replay of a recording, which then is what scripts see.
  public internal(set) var replay: Replay?
  /// Nil until it is first used.
  var onlineService: OnlineService?
  let gate = SessionGate()
  var selfMessages = SelfMessages()
  /// Between `receive()` and the last event that came of it.
  var isReceiving = false
  /// When the script was last told that a message to a peer was dropped.
  var dropWarnings: [PeerID: Double] = [:]
  /// Peers that a lobby showed or that were connected, and where they were last.
  var knownPeers: [PeerID: Endpoint] = [:]
  /// Explicit connections that the other end has closed: for scripts they are broken until they destroy them.
  var abandoned: [(peer: PeerID, link: LinkID)] = []
  /// Whether the log has told that the network is unusable.
  var hasToldFailure = false
  /// Names of messages that do not appear in the log, and whether each message of the schema is one of them.
  var unloggedNames: Set<String> = []
  var isUnlogged: [Bool] = []
  let scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: Limits.messageSize + 64, alignment: 8)
  let incoming = UnsafeMutableRawBufferPointer.allocate(byteCount: Limits.messageSize + 64, alignment: 8)

  public init(_ environment: Environment) {
    var environment = environment
    faults = FaultyTransport(environment.transport, now: environment.now, random: environment.random)
    environment.transport = faults
    self.environment = environment
    tap = environment.recorder
  }

  deinit {
    subsystem?.connections.forgetState()
    scratch.deallocate()
    incoming.deallocate()
  }

  /// This peer's id; nil before a client is running.
  public var peerID: PeerID? { replay?.peer ?? subsystem?.connections.localPeer }

  /// This peer's id as scripts see it: a platform may show it only once it has entered something.
  public var shownPeerID: PeerID? {
    if replay == nil, subsystem?.platformClient?.showsPeer == false { return nil }
    return peerID
  }

  /// What the game's settings say of platforms.
  public var platformSettings: PlatformSettings { environment.platformSettings }

  /// The running client's schema, or that of the replay.
  public var config: NetworkConfig? { replay?.config ?? subsystem?.config }

  /// True once the network is unusable for good: the game port's socket died, or the player was signed out of the
  /// platform.
  public var hasFailed: Bool {
    guard let subsystem else { return false }
    return environment.transport.hasFailed || subsystem.platformClient?.hasFailed == true
  }

  var allTaps: (any PacketTap)? {
    guard let tap, let displayTap else { return tap ?? displayTap }
    return TapPair(tap, displayTap)
  }

  private func applyTaps() {
    subsystem?.tap = allTaps
    lingering?.tap = allTaps
  }

  /// Seconds on the host program's clock.
  var now: Double { environment.now() }

  private func applyTiming() {
    guard let subsystem else { return }
    if subsystem.connections.settings.pongTimeout != timing.pongTimeout {
      environment.recorder?.pongTimeoutSet(timing.pongTimeout)
    }
    subsystem.connections.settings = timing
    subsystem.layer.pongTimeout = timing.pongTimeout
  }
}
