/// Sealed connections to other peers over one socket: handshakes, packets, a reliable stream and unreliable messages
/// each.
///
/// It owns no clock: `receive(at:)` and `transmit(at:state:)` are told the time, and everything else happens at the
/// time they were told last. What arrives waits in an inbox, from which `nextDelivery` and `nextLinkEvent` take one
/// entry at a time, in order.
public final class Connections: PeerLinks {
  public let localPeer: PeerID
  /// The times that scripts may set; a change counts at once.
  public var settings: TimingSettings

  let transport: any Transport
  let socket: SocketID
  let schema: SchemaFacts
  let random: any RandomSource
  let statics: KeyPair
  let preSharedKey: [UInt8]
  var offeredCiphers: CipherSet

  // Behind pointers, for access to a class's own variables is checked at run time.
  let table: UnsafeMutablePointer<LinkTable>
  let inbox: UnsafeMutablePointer<Inbox>
  let outbox: UnsafeMutablePointer<Outbox>
  /// One datagram that came.
  let arriving: UnsafeMutableRawPointer
  static let arrivingSize = 2048
  private let tapPlace: UnsafeMutablePointer<(any PacketTap)?>

  var now: Double
  var lastTransmit = -Double.infinity
  var isShutDown = false
  /// Seconds between transmits, smoothed.
  var transmitInterval = 0.03
  var quality: QualityOfService?

  var cookies: CookieJar
  var initiators: [UInt16: InitiatorHandshake] = [:]
  var pending = PendingHandshakes()
  var fetches: [UInt16: SchemaFetch] = [:]
  var connectionMessages: [[UInt8]] = []

  /// Takes lines about each packet; nil while these are not shown, so that it costs nothing to ask.
  var detailLog: Log?

  /// Not weak: every reference to an object that weak ones exist of is counted the slow way.
  var stateSource: (any StateSource)?
  var stateEpoch: UInt32 = 0
  var stateRecords: [UInt64] = []

  /// - Parameters:
  ///   - socket: A socket of the transport, which stays the caller's to close.
  ///   - sharedSecret: Only peers with the same secret can connect; nil is a secret too, the one of all who set none.
  ///   - random: For keys; in a real game the operating system's.
  ///   - now: The time in seconds.
  public init(
    transport: any Transport, socket: SocketID, localPeer: PeerID, schema: SchemaFacts, sharedSecret: [UInt8]? = nil,
    random: any RandomSource, settings: TimingSettings = TimingSettings(), at now: Double = 0
  ) {
    precondition(Sodium.isReady, "libsodium did not start")
    self.transport = transport
    self.socket = socket
    self.localPeer = localPeer
    var schema = schema
    schema.reliableReceiveBufferSize = max(schema.reliableReceiveBufferSize, Limits.leastReceiveWindow)
    self.schema = schema
    self.random = random
    self.settings = settings
    self.now = now
    statics = KeyPair(secret: random.bytes(32))
    preSharedKey = NoiseIX.preSharedKey(of: sharedSecret)
    offeredCiphers = CipherSet.available
    cookies = CookieJar(secret: random.bytes(32), at: now)
    table = .allocate(capacity: 1)
    table.initialize(to: LinkTable())
    inbox = .allocate(capacity: 1)
    inbox.initialize(to: Inbox())
    arriving = .allocate(byteCount: Self.arrivingSize, alignment: 16)
    outbox = .allocate(capacity: 1)
    outbox.initialize(to: Outbox())
    tapPlace = .allocate(capacity: 1)
    tapPlace.initialize(to: nil)
  }

  deinit {
    table.pointee.destroy()
    table.deinitialize(count: 1)
    table.deallocate()
    inbox.pointee.destroy()
    inbox.deinitialize(count: 1)
    inbox.deallocate()
    arriving.deallocate()
    outbox.pointee.destroy()
    outbox.deinitialize(count: 1)
    outbox.deallocate()
    tapPlace.deinitialize(count: 1)
    tapPlace.deallocate()
  }

  /// Sees every datagram from now on; nil for nobody, which costs a branch a datagram.
  public var tap: (any PacketTap)? {
    @inline(__always)
    get { tapPlace.pointee }
    set { tapPlace.pointee = newValue }
  }

  // MARK: Inbox

  /// The next message, when the next entry of the inbox is one; its body may be read until the next entry is asked for.
  public func nextDelivery() -> Delivery? {
    while let delivery = inbox.pointee.popDelivery() {
      // What came before this end closed the link is no longer anybody's.
      if let link = table.pointee[delivery.link], link.pointee.phase == .lingering { continue }
      return delivery
    }
    return nil
  }

  /// The next link event, when the next entry of the inbox is one.
  public func nextLinkEvent() -> (link: LinkID, peer: PeerID, event: LinkEvent)? {
    inbox.pointee.popEvent()
  }

  func report(_ event: LinkEvent, _ link: LinkPointer) {
    tap?.changed(link.pointee.id, link.pointee.peer, event)
    inbox.pointee.append(event, link: link.pointee.id, peer: link.pointee.peer)
  }
}

extension RandomSource {
  func bytes(_ count: Int) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
      fill(UnsafeMutableRawBufferPointer(buffer))
      initialized = count
    }
  }
}
