/// One peer: its client, connections, lobby and game session behind one door.
///
/// It owns no thread, no clock and no Lua. Once a frame the host program calls `receive(dt:)`, takes events with `nextEvent()` until there is none, and
/// calls `transmit()`.
public final class NetworkRuntime {
  /// What a peer needs of the world around it.
  public struct Environment {
    public var transport: any Transport
    public var random: any RandomSource
    /// Seconds on a clock that never goes back.
    public var now: () -> Double
    public var log: Log
    /// Mixed into every connection's keys: peers with another secret cannot connect.
    public var sharedSecret: [UInt8]?
    /// Bytes; overrides the schema's `reliable_send_buffer_size`.
    public var reliableSendBufferSize: Int?
    /// Bytes; overrides the schema's `reliable_receive_buffer_size`.
    public var reliableReceiveBufferSize: Int?

    public init(
      transport: any Transport, random: any RandomSource, now: @escaping () -> Double, log: Log,
      sharedSecret: [UInt8]? = nil
    ) {
      self.transport = transport
      self.random = random
      self.now = now
      self.log = log
      self.sharedSecret = sharedSecret
    }
  }

  var environment: Environment
  /// Kept from call to call, before a client exists too, and given to each client's connections.
  var timing = TimingSettings()
  var lan: LANSubsystem?
  var session: GameSession?
  var gate = SessionGate()
  var selfMessages = SelfMessages()
  let scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: Limits.messageSize + 16, alignment: 8)

  public init(_ environment: Environment) {
    self.environment = environment
  }

  deinit {
    scratch.deallocate()
  }
}
