/// A game session: who is in it, and the objects that its members share.
///
/// It reaches other peers only through `PeerLinks`, owns no clock and no Lua, and is told what arrives. Every update of
/// a frame calls `handle` for each delivery and takes events with `nextEvent` until there is none before the next
/// delivery, then `advance`, and at transmit `flush` before the connections ask `writeState`.
public final class GameSession {
  let links: any PeerLinks
  /// This peer.
  let localPeer: PeerID
  let config: NetworkConfig
  let gate: SessionGate
  let log: Log
  /// Takes lines about each update of an object; nil while these are not shown, so that it costs nothing to ask.
  var detailLog: Log?
  private let random: any RandomSource

  /// Makes an event of a session-bound message that was held, relayed or just came: checks it against the schema; nil
  /// when it is not valid.
  public var decodeMessage: ((PeerID, UnsafeRawBufferPointer) -> NetworkEvent?)?

  /// Is told what a recording needs besides the packets; nil for nobody.
  public var journal: (any SessionJournal)?
  var untold = UntoldValues()
  /// Whether this session follows a recording: what the script does to it is ignored.
  public internal(set) var isReplay = false
  /// In a replay, the events of what the recorded peer itself did.
  var observed = SessionEvents()
  /// In a replay, the births of own objects that were destroyed before their creation was on the wire.
  var earlyEnds: [UInt32: UInt64] = [:]

  let isClientServer: Bool
  let layouts: ObjectLayouts
  let table: ObjectTable
  var membership = SessionMembership()
  var traffic = [MemberTraffic](repeating: MemberTraffic(), count: Limits.peers)
  /// The member slot of each link, by the link's index.
  var linkSlots: [(generation: UInt16, slot: UInt8)?] = []
  var ids = ObjectIDs(slot: 0)
  /// Own ids whose objects others destroyed or relay: they come back with ID_FREE.
  var lentIDs: Set<UInt32> = []
  var quarantine = IDQuarantine()
  /// Own ids of objects that had changed hands, until they go into the quarantine.
  var resting: [(id: UInt32, until: Double)] = []
  /// Reliable messages to other clients and from them, in a client-server session.
  var relays = RelayLedger()
  var migration = HostMigration()
  /// Whether this peer has asked to be let out.
  var wantsOut = false
  var events = SessionEvents()
  /// The events of `removePeer`, which its caller takes before it returns.
  var removals = SessionEvents()
  /// The events of `migrateObject`, which its caller takes before it returns.
  var migrations = SessionEvents()
  /// Peers that ceased to be members: nobody has looked yet whether anything else needs the connections to them.
  private(set) var formerMembers: [PeerID] = []
  /// Made when a script first asks for it.
  private(set) var synchronizer: UnitSynchronizer?
  /// Ticks by which interpolated fields are read behind the fastest packet.
  var interpolationLag = SessionTimes.interpolationLag * SessionTime.ticksPerSecond
  /// The latest time that was told.
  var clock = 0.0
  var scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: Limits.messageSize, alignment: 8)
  /// Objects whose owners have not announced them yet, and when to tell these again.
  var awaited: [(ref: ObjectRef, due: Double)] = []
  /// What can be applied only when all events so far were taken.
  var postponed: PostponedMessage?
  /// The clock on the state that this peer sends, and those of the members, by slot.
  var time = SessionTime()
  var senderClocks = [SenderClock](repeating: SenderClock(), count: Limits.peers)
  /// Objects that this peer created.
  var births: UInt32 = 0
  var acknowledged = [UInt64](repeating: 0, count: Limits.peers)

  /// - Parameters:
  ///   - gate: The runtime's, with what arrived before there was a session.
  ///   - random: The host draws the session's id from it.
  public init(
    links: any PeerLinks, config: NetworkConfig, gate: SessionGate, random: any RandomSource, log: @escaping Log
  ) {
    self.links = links
    localPeer = links.localPeer
    self.config = config
    self.gate = gate
    self.random = random
    self.log = log
    isClientServer = config.topology == .clientServer
    layouts = ObjectLayouts(config)
    table = ObjectTable(layouts)
  }

  deinit {
    scratch.deallocate()
  }

  /// Keeps units and objects together; the same one each time.
  public var unitSynchronizer: UnitSynchronizer {
    if let synchronizer { return synchronizer }
    let made = UnitSynchronizer(self)
    synchronizer = made
    table.onRemove = { [unowned made] in made.objectRemoved($0) }
    return made
  }

  func drawSessionID() -> UInt64 { random.next() }

  func noteFormerMember(_ peer: PeerID) { formerMembers.append(peer) }

  var hasFormerMembers: Bool { !formerMembers.isEmpty }

  /// The peers that ceased to be members since the last call.
  public func takeFormerMembers() -> [PeerID] {
    defer { formerMembers.removeAll() }
    return formerMembers
  }

  /// The members that this peer itself sends an object's creation, changes and destruction to. Every rule of the
  /// topology is here.
  func audience(owner: UInt8) -> UInt64 {
    if isClientServer && membership.isHost { return membership.others & ~(1 << UInt64(owner)) }
    guard owner == membership.ownSlot else { return 0 }
    return isClientServer ? membership.others & 1 << UInt64(membership.hostSlot) : membership.others
  }

  /// Whether this peer's word about an object is its owner's: it owns it, or relays for its owner.
  func speaks(for row: Int) -> Bool {
    isClientServer && membership.isHost || table.rows[row].owner == membership.ownSlot
  }

  /// This peer as an owner.
  var ownOwner: ObjectOwner {
    ObjectOwner(slot: membership.ownSlot, peer: localPeer, join: membership.ownJoin)
  }

  /// Whether a peer's objects are this peer's to move; in a replay nobody's are.
  @inline(__always)
  func isMine(_ peer: PeerID) -> Bool { peer == localPeer && !isReplay }

  /// Whether the script may do something: in a replay it only looks on.
  func isIgnored(_ what: @autoclosure () -> LogLine) -> Bool {
    guard isReplay else { return false }
    log(.spew, "replay: \(what()) was ignored")
    return true
  }

  /// Whether this peer and a member exchange session traffic without a relay.
  func isDirect(_ slot: UInt8) -> Bool {
    !isClientServer || membership.isHost || slot == membership.hostSlot
  }
}

/// A delivery with bytes of its own.
struct PostponedMessage {
  private let delivery: Delivery
  private let bytes: [UInt8]

  init(_ delivery: Delivery) {
    self.delivery = delivery
    bytes = Array(delivery.body)
  }

  func read(_ use: (Delivery) -> Void) {
    bytes.withUnsafeBytes {
      use(
        Delivery(
          link: delivery.link, peer: delivery.peer, channel: delivery.channel, isReliable: delivery.isReliable,
          packet: delivery.packet, body: $0))
    }
  }
}

/// Events that wait to be taken, and the destroyed objects whose fields must stay readable until the event after theirs
/// is asked for.
struct SessionEvents {
  private var queue: [NetworkEvent] = []
  private var head = 0
  /// The doomed object of the event taken last.
  var spent: UInt32?

  mutating func append(_ event: NetworkEvent) { queue.append(event) }

  mutating func next() -> NetworkEvent? {
    guard head < queue.count else { return nil }
    let event = queue[head]
    head += 1
    if head == queue.count {
      queue.removeAll(keepingCapacity: true)
      head = 0
    }
    if case .objectDestroyed(let id, _) = event { spent = id }
    return event
  }
}
