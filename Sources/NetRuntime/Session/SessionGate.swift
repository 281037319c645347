/// Where session traffic waits that this peer cannot place yet: its session does not exist yet, or the sender's
/// membership is not known yet.
///
/// The runtime owns it and keeps it from session to session. It knows which session each link speaks of, so that a
/// session's traffic needs no tag and what a past session left behind is told apart.
public final class SessionGate {
  /// What is to be done with traffic that speaks of some session.
  enum Verdict {
    case process
    case hold
    case discard
  }

  struct Lane {
    var context: SessionContext?
    /// The packet that brought the context: unreliable traffic of earlier packets is of an earlier session.
    var packet: UInt64 = 0
    var generation: UInt16 = 0
    var peer = PeerID.nobody
    var held = HeldMessages()
  }

  /// Called with a link whose waiting traffic has grown over `Limits.heldBytes`: it must be closed, since a part of its
  /// stream is lost.
  public var onOverflow: ((LinkID) -> Void)?

  private(set) var lanes: [Lane] = []
  /// Lanes with traffic that waits.
  private(set) var waiting = 0
  /// Memberships that this peer ended: their traffic is not wanted any more.
  private var ended: [(session: UInt64, receiver: UInt32)] = []

  /// Holds the body of the message released last.
  private var released = UnsafeMutableRawBufferPointer(start: nil, count: 0)

  public init() {}

  deinit {
    released.deallocate()
  }

  /// Takes in a reliable delivery of the session, or a session-bound reliable message, while there is no session.
  public func hold(_ delivery: Delivery) {
    _ = admit(delivery) { _, _, _ in .hold }
  }

  /// The link no longer exists.
  public func forget(_ link: LinkID) {
    guard let lane = lane(of: link) else { return }
    drop(lane)
    lanes[lane] = Lane()
  }

  /// Forgets everything, for a new client.
  public func reset() {
    lanes = []
    waiting = 0
    ended = []
  }

  /// The context that a link speaks in.
  func context(of link: LinkID) -> (context: SessionContext, packet: UInt64)? {
    guard let lane = lane(of: link), let context = lanes[lane].context else { return nil }
    return (context, lanes[lane].packet)
  }

  /// True when a reliable delivery can be applied now; else it is held or gone.
  func admit(_ delivery: Delivery, verdict: (SessionContext, PeerID, UInt8) -> Verdict) -> Bool {
    let lane = openLane(of: delivery.link, peer: delivery.peer)
    let isSession = delivery.channel == .session
    let kind = isSession ? delivery.body.first ?? 0 : 0
    // Nobody who is in no session has a say in who hosts one.
    if ElectionMessage.isElection(kind) { return false }
    if kind == SessionMessage.Kind.begin.rawValue {
      guard case .begin(let context)? = SessionMessage(delivery.body) else { return false }
      // The sender has moved on, so what waits under its old context can never be placed.
      drop(lane)
      lanes[lane].context = hasEnded(context) ? nil : context
      lanes[lane].packet = delivery.packet
      return true
    }
    guard let context = lanes[lane].context else { return false }
    if lanes[lane].held.isEmpty {
      switch verdict(context, delivery.peer, kind) {
      case .process: return true
      case .hold: break
      case .discard: return false
      }
    }
    if kind == SessionMessage.Kind.removed.rawValue || kind == SessionMessage.Kind.sessionEnd.rawValue {
      // An invitation that was taken back before it was seen.
      drop(lane)
      lanes[lane].context = nil
      return false
    }
    keep(delivery, in: lane)
    return false
  }

  /// The next message that waited and can be applied now; its body is valid until the next call.
  func release(verdict: (SessionContext, PeerID, UInt8) -> Verdict) -> Delivery? {
    guard waiting > 0 else { return nil }
    for lane in lanes.indices {
      while !lanes[lane].held.isEmpty, let context = lanes[lane].context {
        let peer = lanes[lane].peer
        let decision = verdict(context, peer, lanes[lane].held.firstKind)
        if decision == .hold { break }
        let link = LinkID(index: UInt16(lane), generation: lanes[lane].generation)
        if released.count < lanes[lane].held.firstCount {
          released.deallocate()
          released = .allocate(byteCount: lanes[lane].held.firstCount + 4096, alignment: 8)
        }
        let delivery = lanes[lane].held.take(into: released, link: link, peer: peer)
        if lanes[lane].held.isEmpty { waiting -= 1 }
        if decision == .process { return delivery }
      }
    }
    return nil
  }

  /// This peer's membership of a session is over.
  func end(session: UInt64, receiver: UInt32) {
    if ended.count == 16 { ended.removeFirst() }
    ended.append((session, receiver))
    for lane in lanes.indices {
      guard let context = lanes[lane].context, hasEnded(context) else { continue }
      drop(lane)
      lanes[lane].context = nil
    }
  }

  /// What a peer whose part in a session is over answers to who counts it among the survivors of its host; nil when it
  /// owes no answer.
  func answerToElection(_ delivery: Delivery) -> [UInt8]? {
    guard let (session, _, message) = ElectionMessage.read(delivery.body),
      let join = ended.last(where: { $0.session == session })?.receiver
    else { return nil }
    switch message {
    case .beat(let beat) where beat.wantsAnswer: break
    case .part(let part) where part.isFirst && part.kind != .vote: break
    default: return nil
    }
    return ElectionMessage.head(.gone, session: session, sender: join).bytes
  }

  private func hasEnded(_ context: SessionContext) -> Bool {
    ended.contains { $0.session == context.session && context.receiver <= $0.receiver }
  }

  private func lane(of link: LinkID) -> Int? {
    let index = Int(link.index)
    return index < lanes.count && lanes[index].generation == link.generation ? index : nil
  }

  private func openLane(of link: LinkID, peer: PeerID) -> Int {
    let index = Int(link.index)
    while lanes.count <= index { lanes.append(Lane()) }
    if lanes[index].generation != link.generation || lanes[index].peer != peer {
      drop(index)
      lanes[index] = Lane(generation: link.generation, peer: peer)
    }
    return index
  }

  private func drop(_ lane: Int) {
    guard !lanes[lane].held.isEmpty else { return }
    lanes[lane].held.removeAll()
    waiting -= 1
  }

  private func keep(_ delivery: Delivery, in lane: Int) {
    guard lanes[lane].held.byteCount + HeldMessages.header + delivery.body.count <= Limits.heldBytes else {
      drop(lane)
      lanes[lane].context = nil
      onOverflow?(delivery.link)
      return
    }
    if lanes[lane].held.isEmpty { waiting += 1 }
    lanes[lane].held.append(delivery)
  }
}
