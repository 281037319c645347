/// Where a link stands.
enum LinkPhase: UInt8 {
  /// This end wants the link; the handshake is under way.
  case connecting
  /// Keys are agreed, but the schemas differ: only their comparison goes on, and the rooms above do not see a
  /// connection.
  case comparing
  case connected
  /// This end closed it; the last data is on its way.
  case lingering
  /// The other end closed it; repeated closes are answered for a while.
  case drained
  /// Nothing is sent or taken any more; kept until the rooms above close it.
  case broken
  /// To be removed at the next transmit.
  case dead
}

/// One connection's lifetime. Holds no references, so that working with it counts none.
struct Link {
  let id: LinkID
  let peer: PeerID
  /// Where packets go to and have to come from; fixed once the handshake is over.
  var endpoint: Endpoint
  /// Asked for by this end, and so known above from the start.
  let isWanted: Bool
  var phase: LinkPhase
  /// When the phase began.
  var phaseSince: Double

  // Agreed in the handshake.
  var localConnectionID: UInt32 = 0
  var remoteConnectionID: UInt32 = 0
  var remoteStatic = SIMD32<UInt8>()
  var helloNonce: UInt64 = 0
  var remoteWindow = 0
  var sealing: PacketCipher?
  var opening: PacketCipher?
  /// The other end has asked for the schema and gets it.
  var hasSentSchema = false
  /// False until the first packet from the other end was opened.
  var isConfirmed = false

  var replay = ReplayWindow()
  var sent = SentPackets()
  var states = StateRecords()
  var roundTrip = RoundTripEstimator()
  var outgoing: ReliableSendStream
  var incoming: ReliableReceiveStream
  var unreliable = UnreliableQueue()
  var ping: PingClock
  var limiter: RateLimiter
  var close = CloseHandshake()
  var traffic = LinkTraffic()
  /// Counts the datagrams with data, for each kind of data to have its turn.
  var turn: UInt8 = 0

  // Quality of service.
  /// Steers the limiter; nil while the rate is fixed.
  var control: RateController?
  /// The script wants a fixed rate on this link.
  var isExempt = false
  /// Bytes a second that the link gets of the total; negative while that is open.
  var grant = -1.0
  /// A measured packet that came, to be reported to the other end.
  var arrival = MeasuredArrival()
  /// Packets that arrived and have to be acknowledged.
  var owed = 0
  var pongOwed: UInt16?
  /// The state source that the records in flight belong to.
  var stateEpoch: UInt32 = 0

  init(
    id: LinkID, peer: PeerID, endpoint: Endpoint, isWanted: Bool, phase: LinkPhase, sendBuffer: Int, receiveWindow: Int,
    sendRate: Double, at now: Double
  ) {
    self.id = id
    self.peer = peer
    self.endpoint = endpoint
    self.isWanted = isWanted
    self.phase = phase
    phaseSince = now
    outgoing = ReliableSendStream(scriptLimit: sendBuffer)
    incoming = ReliableReceiveStream(window: receiveWindow)
    ping = PingClock(at: now)
    limiter = RateLimiter(rate: sendRate, at: now)
  }

  func destroy() {
    sealing?.destroy()
    opening?.destroy()
    replay.destroy()
    sent.destroy()
    states.destroy()
    outgoing.destroy()
    incoming.destroy()
    unreliable.destroy()
  }

  mutating func enter(_ phase: LinkPhase, at now: Double) {
    self.phase = phase
    phaseSince = now
  }

  /// True while the rooms above may queue messages.
  @inline(__always)
  var takesMessages: Bool { phase == .connected || phase == .connecting || phase == .comparing }

  /// True while packets are sent and taken.
  @inline(__always)
  var isLive: Bool { phase == .connected || phase == .comparing || phase == .lingering || phase == .drained }
}

typealias LinkPointer = UnsafeMutablePointer<Link>
