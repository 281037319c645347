/// Plays a dump: the session of the recorded peer lives again, frame by frame, at the pace of the time that is told.
///
/// What came in goes through the same session as then; what the recorded peer did comes from its packets, and from what
/// the recording says besides. Nothing is sent.
public final class Replay {
  public let config: NetworkConfig
  public private(set) var peer: PeerID
  /// The session that is seen; another one from each `create_game_session` of the recording on.
  public private(set) var session: GameSession
  /// Called with each session that takes the place of the one before.
  public var sessionChanged: ((GameSession) -> Void)?
  /// Whether the last frame was played.
  public private(set) var isOver = false

  let reader: DumpReader
  let log: Log
  let openMessage: (UnsafeRawBufferPointer) -> (index: Int, arguments: BitReader)?
  private(set) var links: ReplayLinks
  var gate = SessionGate()
  /// Whether the recorded peer had a session object.
  var hasSession = false
  /// The last record made the session that is seen: another one would be the same.
  private var isNew = false
  /// What the session that is seen was made with.
  private var sessionLinks: ReplayLinks
  var inbox = Inbox()
  var ownMessages = SelfMessages()
  let incoming = UnsafeMutableRawBufferPointer.allocate(byteCount: Limits.messageSize + 64, alignment: 8)

  /// The frame that is played or comes next.
  private var frame: DumpFrame?
  private var isPlaying = false
  /// Seconds of replay, and of the recording where it began.
  private var position = 0.0
  private var origin: Double?
  var goal = Goal.none
  /// Events of the recorded frame that were handed out.
  private var handed = 0
  var isReceiving = false
  /// The recorded peer transmits once everything is handed out.
  private var isFlushDue = false

  /// What has to be handed out before the next record counts.
  enum Goal {
    case none
    /// So many events in this frame.
    case handed(Int)
    /// All there are.
    case everything
  }

  /// - Parameters:
  ///   - reader: Nothing was read from it yet.
  ///   - openMessage: Checks a script's message against a schema.
  init(
    _ reader: DumpReader, log: @escaping Log,
    openMessage: @escaping (UnsafeRawBufferPointer, NetworkConfig) -> (index: Int, arguments: BitReader)?
  ) throws(DumpError) {
    let path = reader.path
    guard var first = reader.nextFrame(), case .client(let client)? = first.next() else { throw .empty(path: path) }
    do throws(ConfigError) {
      config = try client.config()
    } catch {
      throw .badSchema(path: path, reason: error.description)
    }
    self.reader = reader
    self.log = log
    let config = config
    self.openMessage = { openMessage($0, config) }
    peer = client.peer
    origin = first.time
    frame = first
    links = ReplayLinks(localPeer: client.peer, window: config.reliableReceiveBufferSize, log: log)
    sessionLinks = links
    session = Replay.makeSession(links, config, gate, log, self.openMessage)
  }

  deinit {
    inbox.destroy()
    incoming.deallocate()
  }

  private static func makeSession(
    _ links: ReplayLinks, _ config: NetworkConfig, _ gate: SessionGate, _ log: @escaping Log,
    _ openMessage: @escaping (UnsafeRawBufferPointer) -> (index: Int, arguments: BitReader)?
  ) -> GameSession {
    let session = GameSession(
      links: links, config: config, gate: gate, random: SeededRandomSource(seed: 0), log: log)
    session.isReplay = true
    session.decodeMessage = { sender, body in
      openMessage(body).map { .message(index: $0.index, sender: sender, arguments: $0.arguments) }
    }
    return session
  }

  // MARK: Playing

  /// Lets time pass; `nextEvent` then plays the frames that are due.
  public func advance(by dt: Double) {
    if dt > 0, dt.isFinite { position += dt }
  }

  /// Plays on until the script has to see something; nil when all frames that are due are played.
  public func nextEvent() -> NetworkEvent? {
    while true {
      switch goal {
      case .none:
        if let event = session.nextObservedEvent() { return event }
        guard let record = nextRecord() else {
          // What the recorded peer's packets changed shows in its units, too.
          session.synchronizer?.followOthers()
          return nil
        }
        play(record)
      case .handed(let count):
        if handed < count, let event = dispatch() {
          handed += 1
          return event
        }
        goal = .none
      case .everything:
        if let event = dispatch() {
          handed += 1
          return event
        }
        goal = .none
        if isFlushDue {
          isFlushDue = false
          if hasSession { session.flush(at: links.now) }
        }
      }
    }
  }

  private func nextRecord() -> DumpRecord? {
    while !isOver {
      if frame == nil {
        frame = reader.nextFrame()
        isPlaying = false
      }
      guard let next = frame else {
        finish()
        return nil
      }
      if !isPlaying {
        let start = origin ?? next.time
        origin = start
        // Half a unit of slack, for times were rounded.
        guard next.time - start <= position + 1e-5 else { return nil }
        isPlaying = true
        links.now = max(links.now, next.time)
      }
      if let record = frame?.next() { return record }
      frame = nil
    }
    return nil
  }

  private func finish() {
    isOver = true
    if case .damaged(let place) = reader.end {
      log(.warnings, "the dump \(reader.path) is damaged at byte \(place): the replay ends there")
    }
    act { $0.endSession() }
    log(.messages, "the replay is over")
  }

  /// Ends the replay: the units of its objects go.
  func close() { session.synchronizer?.close() }

  /// Lets the session do what the recorded script did.
  func act(_ body: (GameSession) throws -> Void) {
    session.isReplay = false
    do {
      try body(session)
    } catch {
      log(.warnings, "replay: the recorded call fails here: \(error)")
    }
    session.isReplay = true
  }

  /// The recorded script made a session object.
  func renewSession() {
    // Where nothing has happened yet, what the script has prepared stays good.
    let isFresh = (!hasSession || isNew) && session.membership.isOutside && sessionLinks === links
    hasSession = true
    isNew = true
    if isFresh { return }
    let old = session
    sessionLinks = links
    session = Replay.makeSession(links, config, gate, log, openMessage)
    // What the script has set holds for the session that it sees.
    session.interpolationLag = old.interpolationLag
    let world = old.synchronizer?.world
    old.synchronizer?.close()
    if let world, !world.isReleased { session.unitSynchronizer.setWorld(world) }
    sessionChanged?(session)
  }

  /// The recorded program started another client.
  private func restart(_ client: DumpClient) {
    guard (try? client.config().hash) == config.hash else {
      log(.warnings, "the recording goes on with another network config: the replay ends there")
      isOver = true
      act { $0.endSession() }
      return
    }
    act { $0.endSession() }
    hasSession = false
    peer = client.peer
    let now = links.now
    links = ReplayLinks(localPeer: peer, window: config.reliableReceiveBufferSize, log: log)
    links.now = now
    gate = SessionGate()
    inbox.destroy()
    inbox = Inbox()
    ownMessages.removeAll()
  }

  private func play(_ record: DumpRecord) {
    if case .call(.create) = record {} else { isNew = false }
    switch record {
    case .packet(let packet): take(packet)
    case .datagram, .tag: break
    case .linkOpened(let link, let peer, let isKnown): links.open(link, peer, isKnown: isKnown)
    case .linkChanged(let link, let change):
      if let (link, peer) = links.change(link, change) { inbox.append(change.event, link: link, peer: peer) }
    case .receive(let dt):
      session.advanceInterpolation(by: dt, at: links.now)
      inbox.tidy()
      ownMessages.beginReceive()
      handed = 0
      isReceiving = true
    case .transmit:
      goal = .everything
      isFlushDue = true
    case .handed(let events, let isAll): goal = isAll ? .everything : .handed(events)
    case .call(let call): play(call)
    case .ownChange(let body): session.observe(body, at: links.now)
    case .ownEnd(let id, let birth): session.observeDestruction(id, birth: birth, at: links.now)
    case .ownMessage(let body):
      let room = Limits.heldBytes - ownMessages.byteCount
      if body.count <= min(Limits.messageSize, room) { ownMessages.append(body) }
    case .client(let client): restart(client)
    case .pongTimeout(let seconds): links.pongTimeout = seconds
    case .clientEnd: break
    }
  }
}
