import Logging
import NetRuntime

/// The directory behind the server: the rules' state in memory, which goes through to a store before anything is
/// answered. Requests that come together share one exchange with the store.
///
/// Heartbeats stay in memory. After a restart every player has a full timeout to be heard of again.
actor DirectoryService {
  /// What waits for the next exchange.
  struct Work {
    enum Kind {
      case signIn(DirectoryIdentity, run: UInt64)
      case signOut(run: UInt64)
      case requests([DirectoryRequest], run: UInt64)
    }

    var kind: Kind
    var player: PeerID
  }

  /// Work, and who waits for what comes of it.
  struct Order {
    var work: Work
    var finish: CheckedContinuation<Outcome, Never>
  }

  /// What came of one sign-in, or of each request of a body.
  struct Outcome: Sendable {
    var results: [Result<DirectoryAnswer, DirectoryError>]
    /// The number of the player's newest news.
    var news: UInt64 = 0
  }

  let writer: AnswerWriter
  let metrics: ServerMetrics
  let logger: Logger
  let clock: @Sendable () -> Double
  let store: any DirectoryStore
  var storeRevision: UInt64 = 0
  var state = DirectoryState()
  var watch = RecordWatch()
  var desk: NewsDesk
  var pulse: Pulse
  var queue: [Order] = []
  var isFlushing = false
  /// The store failed, so what is in memory may not be in it.
  var isVoid = false
  private(set) var key: TokenKey

  /// Reads the store.
  /// - Parameters:
  ///   - clock: Seconds on the clock that all users of the store share.
  ///   - pulse: The clock that tells it how long it was held up itself; nil for `clock`.
  ///   - newsBase: Higher than the numbers of all news that a server on this store ever gave.
  /// - Throws: What the store throws.
  init(
    store: sending any DirectoryStore, metrics: ServerMetrics, logger: Logger, newsBase: UInt64,
    pulse: (@Sendable () -> Double)? = nil, clock: @escaping @Sendable () -> Double
  ) throws {
    self.store = store
    self.metrics = metrics
    self.logger = logger
    self.clock = clock
    self.pulse = Pulse(pulse ?? clock)
    writer = AnswerWriter()
    desk = NewsDesk(base: newsBase, at: clock())
    var kept: [UInt8]?
    var state = DirectoryState()
    var watch = RecordWatch()
    let drawn = TokenKey.draw()
    storeRevision = try store.exchange(since: 0) { records, isWhole in
      for record in records where record.isTokenKey { kept = record.tokenKey }
      let records = records.filter(\.isServed)
      state.absorb(records, isWhole: isWhole, at: clock())
      watch.note(records)
      guard kept == nil else { return [] }
      kept = drawn
      return [DirectoryRecord(tokenKey: drawn)]
    }
    guard let key = TokenKey(kept ?? []) else { throw ServerFailure.noKey }
    self.key = key
    self.state = state
    self.watch = watch
    _ = self.state.takeNews()
    for player in state.onlinePlayers { desk.open(player, at: clock()) }
    _ = self.watch.takePlayers()
  }

  /// Whether the store took what was given to it last.
  var isWell: Bool { !isVoid }

  // MARK: What clients ask

  /// Signs a player in, in the store, too.
  func signIn(_ identity: DirectoryIdentity, run: UInt64) async throws(DirectoryError) {
    let outcome = await wait(for: .signIn(identity, run: run), of: identity.id)
    if case .failure(let error)? = outcome.results.first { throw error }
  }

  /// Signs a player out. Nothing happens where another run is signed in.
  /// - Returns: Whether the player is signed out.
  func signOut(_ player: PeerID, run: UInt64) async -> Bool {
    guard isVoid || state.run(of: player) == run else { return false }
    _ = await wait(for: .signOut(run: run), of: player)
    return state.run(of: player) == nil
  }

  /// Does what a player asks, one request after the other.
  func perform(_ requests: [DirectoryRequest], as player: PeerID, run: UInt64) async -> Outcome {
    await wait(for: .requests(requests, run: run), of: player)
  }

  func heartbeat(_ player: PeerID, run: UInt64) throws(DirectoryError) {
    do throws(DirectoryError) {
      try state.heartbeat(player, run: run, at: clock())
    } catch {
      // Who is signed in, the store alone knows.
      if !isVoid { throw error }
    }
  }

  /// Whether a run may ask anything, before more of what it asks is read. While the store is away nobody can say that
  /// it may not.
  func check(_ player: PeerID, run: UInt64) throws(DirectoryError) {
    guard isVoid || state.run(of: player) == run else { throw .signedOut }
  }

  /// Whether another run of the player's program than this one is signed in.
  func isReplaced(_ player: PeerID, run: UInt64) -> Bool {
    guard let current = state.run(of: player) else { return false }
    return current != run
  }

  private func wait(for kind: Work.Kind, of player: PeerID) async -> Outcome {
    await withCheckedContinuation { continuation in
      queue.append(Order(work: Work(kind: kind, player: player), finish: continuation))
      guard !isFlushing else { return }
      isFlushing = true
      // Behind all that already wait at the actor's door, so that they share the exchange.
      Task { self.flush() }
    }
  }
}

/// Why a server cannot run.
enum ServerFailure: Error, Equatable, CustomStringConvertible {
  case noKey

  var description: String {
    switch self {
    case .noKey: "the database's key for tokens cannot be read; it was changed by hand, or by another program"
    }
  }
}
