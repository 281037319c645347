/// A directory in memory, on a clock that the caller moves, for tests and simulations: answers take their time, the
/// service can be lost, and players can be signed out. Each program has a door to it (`MemoryDirectory`).
///
/// The same clock, random source and calls give the same course of events.
public final class MemoryDirectoryService {
  /// Seconds that a request takes to the service, and as many again its answer back; drawn anew for each.
  public var latency: ClosedRange<Double>

  /// What there is now.
  public private(set) var state = DirectoryState()
  private let clock: () -> Double
  let random: any RandomSource
  private var doors: [MemoryDirectory] = []
  private var events = MemoryEvents()
  /// The time of the event that happens now.
  private(set) var now: Double

  /// - Parameters:
  ///   - clock: Seconds; never goes back.
  ///   - latency: As the property.
  public init(clock: @escaping () -> Double, random: any RandomSource, latency: ClosedRange<Double> = 0.02...0.06) {
    self.clock = clock
    self.random = random
    self.latency = latency
    now = clock()
  }

  /// A program's way to the service.
  public func makeDoor() -> MemoryDirectory {
    let door = MemoryDirectory(self)
    doors.append(door)
    return door
  }

  /// Whether nobody reaches the service. Requests wait meanwhile, and players that are not heard of expire.
  public var isLost = false {
    didSet {
      guard isLost != oldValue else { return }
      run()
      for door in doors { door.reachabilityChanged() }
    }
  }

  /// Signs a player out as if it had signed in elsewhere.
  public func signOut(_ player: PeerID) {
    run()
    guard let run = state.run(of: player) else { return }
    state.end(player, run: run, because: .signedOut)
    state.matchTickets()
    tellNews()
  }

  /// Lets everything happen that is due.
  func run() {
    let end = clock()
    while true {
      let expiry = state.nextDeadline ?? .infinity
      if let event = events.removeFirst(dueAt: min(end, expiry)) {
        now = max(now, event.time)
        event.door.happen(event.what)
      } else if expiry <= end {
        now = max(now, expiry)
        state.advance(to: now)
      } else {
        break
      }
      tellNews()
    }
    now = max(now, end)
  }

  func schedule(_ what: MemoryEvents.What, at time: Double, of door: MemoryDirectory) {
    events.add(what, at: time, of: door)
  }

  /// Drops what is on its way from a door, but for some that just made it.
  func dropRequests(of door: MemoryDirectory) {
    let dropped = events.removeRequests(of: door)
    let arriving = Int(random.next(below: UInt64(dropped.count + 1)))
    for event in dropped.prefix(arriving) { door.happen(event.what) }
    tellNews()
  }

  func drawLatency() -> Double {
    latency.lowerBound + (latency.upperBound - latency.lowerBound) * random.nextUnit()
  }

  func remove(_ door: MemoryDirectory) { doors.removeAll { $0 === door } }

  // MARK: - What doors do here

  func signIn(_ identity: DirectoryIdentity, run: UInt64) throws(DirectoryError) {
    try state.signIn(identity, run: run, at: now)
  }

  func signOut(_ player: PeerID, run: UInt64) { state.signOut(player, run: run) }

  func heartbeat(_ player: PeerID, run: UInt64) throws(DirectoryError) {
    try state.heartbeat(player, run: run, at: now)
  }

  func apply(
    _ request: DirectoryRequest, as player: PeerID, run: UInt64
  ) throws(DirectoryError) -> DirectoryAnswer {
    try state.apply(request, as: player, run: run, at: now)
  }

  /// Sends news on their way; a door's own requests call it before their answer.
  func tellNews() {
    for (player, news) in state.takeNews() {
      switch news {
      case .change(let change):
        guard let run = state.run(of: player) else { continue }
        door(of: player, run: run)?.post(.change(change, for: player))
      case .signedOut(let error, let run): door(of: player, run: run)?.wasSignedOut(player, error)
      }
    }
    // Nobody stores them.
    state.changed = ChangedRecords()
  }

  private func door(of player: PeerID, run: UInt64) -> MemoryDirectory? {
    doors.first { $0.holds(player, run: run) }
  }
}

/// What will happen at a service, in order.
struct MemoryEvents {
  enum What {
    /// A request arrives; the number is the door's.
    case request(UInt64)
    case heartbeat(PeerID, run: UInt64)
  }

  struct Event {
    var time: Double
    var door: MemoryDirectory
    var what: What
  }

  private var queue: [Event] = []

  /// What is due at the same time happens in the order in which it was added.
  mutating func add(_ what: What, at time: Double, of door: MemoryDirectory) {
    let place = queue.lastIndex { $0.time <= time }.map { $0 + 1 } ?? 0
    queue.insert(Event(time: time, door: door, what: what), at: place)
  }

  mutating func removeFirst(dueAt now: Double) -> Event? {
    guard let first = queue.first, first.time <= now else { return nil }
    return queue.removeFirst()
  }

  /// The requests of a door that have not arrived.
  mutating func removeRequests(of door: MemoryDirectory) -> [Event] {
    func isMeant(_ event: Event) -> Bool {
      if case .request = event.what { event.door === door } else { false }
    }
    defer { queue.removeAll(where: isMeant) }
    return queue.filter(isMeant)
  }
}
