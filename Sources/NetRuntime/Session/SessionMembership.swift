/// One member of a session, as this peer sees it.
struct SessionMember {
  let info: MemberInfo
  /// Whether the host said that it has all objects.
  var isSynced: Bool
  var wantsToLeave = false
  var isBroken = false

  var peer: PeerID { info.peer }
  var slot: UInt8 { info.slot }
}

/// Who is in the session, and what this peer is in it. Membership is the host's: it assigns slots and join numbers, and
/// everyone else follows.
struct SessionMembership {
  private enum State {
    case outside
    case hosting
    case joined
    /// The connection to the host is gone; the session goes on for a while, for another peer to take over.
    case hostLost
    /// Over for this peer; a new session object is needed.
    case ended
  }

  private var state = State.outside
  /// Names the session, drawn by its host.
  private(set) var session: UInt64 = 0
  private(set) var ownSlot: UInt8 = 0
  private(set) var ownJoin: UInt32 = 0
  private(set) var host: PeerID?
  /// The host's place: the first host's is 0, one that took over has kept its own.
  private(set) var hostSlot: UInt8 = 0
  private(set) var hostJoin: UInt32 = 0
  /// Counts the hosts of the session that took it over from another, in the order of their reigns.
  private(set) var reign: UInt32 = 0
  private(set) var hostError = false
  /// The other members by slot.
  private var bySlot = [SessionMember?](repeating: nil, count: Limits.peers)
  /// Slots of the other members.
  private(set) var others: UInt64 = 0
  /// The highest join number that was announced.
  private var highestJoin: UInt32 = 0
  /// Joins of the members that were removed last.
  private(set) var removed: [UInt32] = []
  /// Members whose objects this newcomer still waits for; nil when it waits for nothing any more.
  private var expected: UInt64?

  var isOutside: Bool { if case .outside = state { true } else { false } }
  var isHost: Bool { if case .hosting = state { true } else { false } }
  var isOver: Bool { if case .ended = state { true } else { false } }

  /// Whether the session goes on without a host, for the time being.
  var isHostLost: Bool { if case .hostLost = state { true } else { false } }

  var isInSession: Bool {
    switch state {
    case .hosting, .joined, .hostLost: true
    case .outside, .ended: false
    }
  }

  /// The highest join that was given.
  var lastJoin: UInt32 { highestJoin }

  /// All members, this peer among them, as others are told of them.
  func infos(own peer: PeerID) -> [MemberInfo] {
    let others = members.map { MemberInfo(peer: $0.peer, slot: $0.slot, join: $0.info.join, isSynced: $0.isSynced) }
    return [MemberInfo(peer: peer, slot: ownSlot, join: ownJoin, isSynced: true)] + others
  }

  /// The other members in the order of their joining.
  var members: [SessionMember] {
    guard isInSession else { return [] }
    return bySlot.compactMap { $0 }.sorted { $0.info.join < $1.info.join }
  }

  @inline(__always)
  subscript(slot: UInt8) -> SessionMember? {
    get { bySlot[Int(slot & 63)] }
    set { bySlot[Int(slot & 63)] = newValue }
  }

  func member(_ peer: PeerID) -> SessionMember? {
    for slot in SlotMask(others) where bySlot[Int(slot)]?.peer == peer { return bySlot[Int(slot)] }
    return nil
  }

  func member(join: UInt32) -> SessionMember? {
    for slot in SlotMask(others) where bySlot[Int(slot)]?.info.join == join { return bySlot[Int(slot)] }
    return nil
  }

  /// What this peer knows of a membership.
  enum Standing {
    case own
    case member(SessionMember)
    /// It is over.
    case gone
    /// The host has not announced it yet.
    case unknown
  }

  func standing(ofJoin join: UInt32) -> Standing {
    if join == ownJoin { return .own }
    if let member = member(join: join) { return .member(member) }
    return join > highestJoin ? .unknown : .gone
  }

  // MARK: What the host does

  mutating func becomeHost(_ local: PeerID, session: UInt64) {
    state = .hosting
    self.session = session
    host = local
  }

  /// Gives a peer the lowest of the slots that no member has, and that have the fewest objects left of the members
  /// before; nil when there is none.
  /// - Parameter ids: How many ids of a slot's range are in use.
  mutating func add(_ peer: PeerID, ids: (UInt8) -> Int) -> MemberInfo? {
    let free = (UInt8(0)..<UInt8(Limits.peers)).filter { $0 != ownSlot && others & 1 << UInt64($0) == 0 }
    guard let slot = free.min(by: { ids($0) < ids($1) }), ids(slot) <= Limits.usedIDs, highestJoin < .max else {
      return nil
    }
    let info = MemberInfo(peer: peer, slot: slot, join: highestJoin + 1)
    insert(info)
    return info
  }

  mutating func markSynced(slot: UInt8) { bySlot[Int(slot)]?.isSynced = true }
  mutating func markBroken(slot: UInt8) { bySlot[Int(slot)]?.isBroken = true }
  mutating func markLeaving(slot: UInt8) { bySlot[Int(slot)]?.wantsToLeave = true }

  // MARK: What a client hears

  mutating func join(session: UInt64, host: PeerID, _ welcome: SessionWelcome, expectsAll: Bool) {
    state = .joined
    self.session = session
    self.host = host
    hostSlot = welcome.hostSlot
    hostJoin = welcome.hostJoin
    reign = welcome.reign
    ownSlot = welcome.slot
    ownJoin = welcome.join
    for member in welcome.members { insert(member) }
    highestJoin = welcome.join
    expected = expectsAll ? others : 1 << UInt64(hostSlot)
  }

  /// Adds a member that the host announced; false when that contradicts what is known.
  mutating func announce(_ info: MemberInfo) -> Bool {
    guard info.join > highestJoin, info.slot != ownSlot, bySlot[Int(info.slot)] == nil, member(info.peer) == nil else {
      return false
    }
    insert(info)
    return true
  }

  /// A member's objects have all come, or will never come. Returns true when that was the last one waited for.
  mutating func arrived(slot: UInt8) -> Bool {
    guard let waiting = expected else { return false }
    let left = waiting & ~(1 << UInt64(slot))
    expected = left == 0 ? nil : left
    return left == 0
  }

  // MARK: Ends

  mutating func remove(slot: UInt8) {
    if let join = bySlot[Int(slot)]?.info.join { noteRemoval(of: join) }
    bySlot[Int(slot)] = nil
    others &= ~(1 << UInt64(slot))
  }

  mutating func loseHost() {
    guard case .joined = state else { return }
    state = .hostLost
    hostError = true
  }

  mutating func noteRemoval(of join: UInt32) {
    guard !removed.contains(join) else { return }
    if removed.count == Limits.rememberedRemovals { removed.removeFirst() }
    removed.append(join)
  }

  // MARK: Another host

  /// Takes in a member that other survivors know; false when its place is taken.
  mutating func adopt(_ info: MemberInfo) -> Bool {
    guard info.slot != ownSlot, info.join != ownJoin, bySlot[Int(info.slot)] == nil, member(info.peer) == nil else {
      return false
    }
    insert(info)
    return true
  }

  /// This peer hosts the session from now on.
  /// - Parameter known: The highest join that any survivor knows.
  mutating func takeOver(_ local: PeerID, reign: UInt32, known: UInt32) {
    state = .hosting
    host = local
    hostSlot = ownSlot
    hostJoin = ownJoin
    hostError = false
    expected = nil
    self.reign = reign
    // Far above all that the old host may have given, and in a row of this slot's own: after a partition two new hosts
    // never give the same one.
    let known = max(known, highestJoin)
    let row = (known &>> 20 &+ 1) &<< 20
    highestJoin = row > known ? row | UInt32(ownSlot) &<< 14 : known
  }

  /// Another survivor hosts the session from now on.
  /// - Parameter isSynced: Whether this peer counts as having all objects; else it waits for the new host's, too.
  mutating func follow(_ member: SessionMember, reign: UInt32, lastJoin: UInt32, isSynced: Bool) {
    state = .joined
    host = member.peer
    hostSlot = member.slot
    hostJoin = member.info.join
    hostError = false
    self.reign = reign
    highestJoin = max(highestJoin, lastJoin)
    expected = isSynced ? nil : (expected ?? 0) & others | 1 << UInt64(member.slot)
  }

  mutating func end() { state = .ended }

  private mutating func insert(_ info: MemberInfo) {
    bySlot[Int(info.slot)] = SessionMember(info: info, isSynced: info.isSynced)
    others |= 1 << UInt64(info.slot)
    highestJoin = max(highestJoin, info.join)
  }

  // MARK: Traffic

  /// What to do with traffic of a peer that speaks in a context; `kind` is the session message's, 0 for others.
  func verdict(_ context: SessionContext, from peer: PeerID, kind: UInt8) -> SessionGate.Verdict {
    switch state {
    case .outside:
      return kind == SessionMessage.Kind.welcome.rawValue ? .process : .hold
    case .ended:
      return context.session == session && context.receiver <= ownJoin ? .discard : .hold
    case .hosting, .joined, .hostLost:
      guard context.session == session else { return .hold }
      guard context.receiver == ownJoin else { return context.receiver > ownJoin ? .hold : .discard }
      if member(peer)?.info.join == context.sender {
        // What a host that was given up still says is nobody's any more.
        return isHostLost && context.sender == hostJoin ? .discard : .process
      }
      return context.sender > highestJoin ? .hold : .discard
    }
  }
}

/// The slots in a mask, lowest first.
struct SlotMask: Sequence, IteratorProtocol {
  private var bits: UInt64

  @inline(__always)
  init(_ bits: UInt64) { self.bits = bits }

  @inline(__always)
  mutating func next() -> UInt8? {
    guard bits != 0 else { return nil }
    let slot = UInt8(truncatingIfNeeded: bits.trailingZeroBitCount)
    bits &= bits &- 1
    return slot
  }
}
