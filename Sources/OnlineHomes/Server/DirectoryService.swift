import Logging
import NetRuntime

/// The directory behind the server: the rules' state in memory, which goes through to a store before anything is
/// answered. Requests that come together share one exchange with the store.
///
/// Heartbeats stay in memory. After a restart every player has a full timeout to be heard of again.
actor DirectoryService {
  /// What waits for the next exchange.
  private struct Work {
    enum Kind {
      case signIn(DirectoryIdentity, run: UInt64)
      case signOut(run: UInt64)
      case requests([DirectoryRequest], run: UInt64)
    }

    var kind: Kind
    var player: PeerID
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
  private let store: any DirectoryStore
  private var storeRevision: UInt64 = 0
  var state = DirectoryState()
  var watch = RecordWatch()
  var desk: NewsDesk
  private var queue: [Work] = []
  private var isFlushing = false
  /// The store failed, so what is in memory may not be in it.
  private var isVoid = false
  private(set) var key: TokenKey

  /// Reads the store.
  /// - Parameters:
  ///   - clock: Seconds on the clock that all users of the store share.
  ///   - newsBase: Higher than the numbers of all news that a server on this store ever gave.
  /// - Throws: What the store throws.
  init(
    store: sending any DirectoryStore, metrics: ServerMetrics, logger: Logger, newsBase: UInt64,
    clock: @escaping @Sendable () -> Double
  ) throws {
    self.store = store
    self.metrics = metrics
    self.logger = logger
    self.clock = clock
    writer = AnswerWriter()
    desk = NewsDesk(base: newsBase, at: clock())
    var kept: [UInt8]?
    var state = DirectoryState()
    var watch = RecordWatch()
    let drawn = TokenKey.draw()
    storeRevision = try store.exchange(since: 0) { records, isWhole in
      for record in records where record.isTokenKey { kept = record.tokenKey }
      let records = records.filter { !$0.isTokenKey }
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
  func signOut(_ player: PeerID, run: UInt64) async {
    guard state.run(of: player) == run else { return }
    _ = await wait(for: .signOut(run: run), of: player)
  }

  /// Does what a player asks, one request after the other.
  func perform(_ requests: [DirectoryRequest], as player: PeerID, run: UInt64) async -> Outcome {
    await wait(for: .requests(requests, run: run), of: player)
  }

  func heartbeat(_ player: PeerID, run: UInt64) throws(DirectoryError) {
    if isVoid { return }
    try state.heartbeat(player, run: run, at: clock())
  }

  /// Whether another run of the player's program than this one is signed in.
  func isReplaced(_ player: PeerID, run: UInt64) -> Bool {
    guard let current = state.run(of: player) else { return false }
    return current != run
  }

  private func wait(for kind: Work.Kind, of player: PeerID) async -> Outcome {
    await withCheckedContinuation { continuation in
      queue.append(Work(kind: kind, player: player, finish: continuation))
      guard !isFlushing else { return }
      isFlushing = true
      // Behind all that already wait at the actor's door, so that they share the exchange.
      Task { self.flush() }
    }
  }

  // MARK: The store

  /// Lets time pass: to be called several times a second.
  func tick() {
    desk.sweep(at: clock())
    let isDue = state.nextDeadline.map { $0 <= clock() } ?? false
    if isDue || isVoid || store.hasChanged(since: storeRevision) { flush() }
  }

  private func flush() {
    isFlushing = false
    let batch = queue
    queue.removeAll(keepingCapacity: true)
    let started = clock()
    do {
      let results = try exchange(batch)
      metrics.stored(requests: batch.count, seconds: clock() - started)
      announce()
      for (work, outcome) in zip(batch, results) {
        work.finish.resume(returning: Outcome(results: outcome, news: desk.last(of: work.player)))
      }
    } catch {
      giveUp(batch, because: error)
    }
  }

  private func exchange(_ batch: [Work]) throws -> [[Result<DirectoryAnswer, DirectoryError>]] {
    let now = clock()
    if isVoid { storeRevision = 0 }
    if !isVoid, !needsStore(batch, at: now) { return batch.map { run($0, at: now) } }
    var results: [[Result<DirectoryAnswer, DirectoryError>]] = []
    storeRevision = try store.exchange(since: storeRevision) { changed, isWhole in
      let records = changed.filter { !$0.isTokenKey }
      state.absorb(records, isWhole: isWhole, at: now)
      watch.note(records, isWhole: isWhole)
      results = batch.map { run($0, at: now) }
      state.advance(to: now)
      let written = state.takeRecords().filter { $0.kind != .heartbeat }
      watch.note(written)
      return written
    }
    if isVoid { desk.clear { state.run(of: $0) != nil } }
    isVoid = false
    return results
  }

  /// Questions alone change nothing, so that they can do without the store, which this server alone writes to.
  private func needsStore(_ batch: [Work], at now: Double) -> Bool {
    if let deadline = state.nextDeadline, deadline <= now { return true }
    if store.hasChanged(since: storeRevision) { return true }
    return batch.contains { work in
      guard case .requests(let requests, _) = work.kind else { return true }
      return !requests.allSatisfy(\.isQuestion)
    }
  }

  private func run(_ work: Work, at now: Double) -> [Result<DirectoryAnswer, DirectoryError>] {
    switch work.kind {
    case .signIn(let identity, let run):
      return [
        Result { () throws(DirectoryError) in
          try state.signIn(identity, run: run, at: now)
          return .done
        }
      ]
    case .signOut(let run):
      state.signOut(work.player, run: run)
      return []
    case .requests(let requests, let run):
      return requests.map { request in
        let result = Result { () throws(DirectoryError) in
          try state.apply(request, as: work.player, run: run, at: now)
        }
        metrics.asked(request, result)
        return result
      }
    }
  }

  /// Tells players what happened.
  private func announce() {
    let changed = watch.takePlayers()
    for player in changed where state.run(of: player) != nil { desk.open(player, at: clock()) }
    for (player, news) in state.takeNews() {
      switch news {
      case .change(let change):
        desk.append(NewsLog.Event(name: .change, data: writer.text(of: change)), for: player)
      case .signedOut(let error, let run): desk.end(player, run: run, end(of: player, error))
      }
    }
    for player in changed where state.run(of: player) == nil { desk.close(player) }
    for id in watch.takeEnded() { writer.forget(id) }
  }

  private func end(of player: PeerID, _ error: DirectoryError) -> NewsLog.Event {
    let isReplaced = state.run(of: player) != nil
    return NewsLog.Event(
      name: isReplaced ? .replaced : .signedOut,
      data: AnswerWriter.text(isReplaced ? ErrorBody(.signedOut, message: ErrorBody.elsewhere) : ErrorBody(error)))
  }

  /// What is in memory may not be in the store: all is read again, and nobody is told that anything was done.
  private func giveUp(_ batch: [Work], because error: any Error) {
    logger.error("the store failed: \(error)")
    metrics.storeFailed()
    isVoid = true
    _ = state.takeNews()
    let answer: Result<DirectoryAnswer, DirectoryError> = .failure(.unavailable("its store failed"))
    for work in batch {
      guard case .requests(let requests, _) = work.kind else {
        work.finish.resume(returning: Outcome(results: [answer]))
        continue
      }
      work.finish.resume(returning: Outcome(results: requests.map { _ in answer }))
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
