import NetRuntime

/// A program's copy of a shared store's contents, with the players of this program signed in to it. All rules run here,
/// in each program; the store makes one order of what they do.
///
/// It knows no thread and no clock: somebody takes turns.
struct DirectoryReplica {
  /// What a program wants of its directory.
  enum Order {
    case signIn(DirectoryIdentity)
    case signOut(PeerID)
    case ask(DirectoryRequest, as: PeerID, number: UInt64)
  }

  /// Everything that an exchange with the store may change; what failed leaves it as it was.
  fileprivate struct Contents {
    var state = DirectoryState()
    var revision: UInt64 = 0
    /// This program's players, and their runs.
    var users: [PeerID: UInt64] = [:]
    var nextHeartbeat = Double.infinity
  }

  private let store: any DirectoryStore
  private let random: any RandomSource
  private var contents = Contents()
  /// What was not done yet, the oldest first.
  private var orders: [Order] = []
  /// Orders that were refused at once.
  private var refused: [DirectoryNews] = []
  private var outage: String?
  private var nextTry = -Double.infinity

  /// - Parameter random: Draws the runs' numbers.
  init(store: any DirectoryStore, random: any RandomSource) {
    self.store = store
    self.random = random
  }

  /// Whether the store could not be used when it was tried last.
  var isLost: Bool { outage != nil }

  /// Adds something to be done with the next turn.
  mutating func add(_ order: Order) {
    if case .ask(_, _, let number) = order, orders.count >= Limits.embeddedOrders {
      refused.append(.answer(number: number, .failure(outage.map { .unavailable($0) } ?? .tooManyRequests)))
    } else {
      orders.append(order)
    }
  }

  /// When a turn has something to do although nobody gave an order or changed the store; seconds on the shared clock.
  var nextDeadline: Double {
    if outage != nil { return nextTry }
    return min(contents.nextHeartbeat, contents.state.nextDeadline ?? .infinity)
  }

  /// Does what was ordered, and takes over what other programs did.
  /// - Parameter now: Seconds on the clock that all users of the store share.
  mutating func turn(at now: Double) -> [DirectoryNews] {
    defer { refused.removeAll() }
    guard outage == nil || now >= nextTry else { return refused }
    guard !orders.isEmpty || now >= nextDeadline || store.hasChanged(since: contents.revision) else { return refused }
    var next = contents
    var news: [DirectoryNews] = []
    do {
      next.revision = try store.exchange(since: contents.revision) { changed, isWhole in
        next.take(changed, isWhole: isWhole, at: now, into: &news)
        next.beat(at: now, into: &news)
        for order in orders { next.perform(order, at: now, random, into: &news) }
        next.state.advance(to: now)
        next.tell(into: &news)
        return next.state.takeRecords()
      }
    } catch {
      nextTry = now + Limits.embeddedRetryInterval
      defer { outage = "\(error)" }
      return (outage == nil ? [.lost("\(error)")] : []) + refused
    }
    contents = next
    orders.removeAll()
    if outage != nil { news.insert(.restored, at: 0) }
    outage = nil
    return news + refused
  }

  /// Signs everybody out; the orders that wait are done first.
  mutating func end(at now: Double) {
    for user in contents.users.keys { orders.append(.signOut(user)) }
    nextTry = now
    _ = turn(at: now)
  }
}

extension DirectoryReplica.Contents {
  /// What others changed.
  fileprivate mutating func take(
    _ changed: [DirectoryRecord], isWhole: Bool, at now: Double, into news: inout [DirectoryNews]
  ) {
    state.absorb(changed, isWhole: isWhole, at: now)
    tell(into: &news)
  }

  fileprivate mutating func beat(at now: Double, into news: inout [DirectoryNews]) {
    guard now >= nextHeartbeat else { return }
    for (user, run) in users {
      do throws(DirectoryError) {
        try state.heartbeat(user, run: run, at: now)
      } catch {
        users[user] = nil
        news.append(.signedOut(user, error))
      }
    }
    nextHeartbeat = users.isEmpty ? .infinity : now + Limits.heartbeatInterval
  }

  fileprivate mutating func perform(
    _ order: DirectoryReplica.Order, at now: Double, _ random: any RandomSource, into news: inout [DirectoryNews]
  ) {
    switch order {
    case .signIn(let identity): signIn(identity, at: now, random, into: &news)
    case .signOut(let user):
      guard let run = users.removeValue(forKey: user) else { return }
      state.signOut(user, run: run)
    case .ask(let request, let user, let number):
      guard let run = users[user] else {
        news.append(.answer(number: number, .failure(.signedOut)))
        return
      }
      let result: Result<DirectoryAnswer, DirectoryError>
      do throws(DirectoryError) {
        result = .success(try state.apply(request, as: user, run: run, at: now))
      } catch {
        result = .failure(error)
      }
      news.append(.answer(number: number, result))
    }
    tell(into: &news)
  }

  private mutating func signIn(
    _ identity: DirectoryIdentity, at now: Double, _ random: any RandomSource, into news: inout [DirectoryNews]
  ) {
    // Who signs in again has only another name or other friends.
    let run = users[identity.id] ?? max(1, random.next())
    do throws(DirectoryError) {
      try state.signIn(identity, run: run, at: now)
    } catch {
      news.append(.signedOut(identity.id, error))
      return
    }
    if users.isEmpty { nextHeartbeat = now + Limits.heartbeatInterval }
    users[identity.id] = run
    news.append(.signedIn(identity.id, run: run))
  }

  /// What this program's players have to hear of.
  fileprivate mutating func tell(into news: inout [DirectoryNews]) {
    for (player, item) in state.takeNews() where users[player] != nil {
      switch item {
      case .change(let change): news.append(.change(change, for: player))
      case .signedOut(let error, let run):
        guard users[player] == run else { continue }
        users[player] = nil
        news.append(.signedOut(player, error))
      }
    }
  }
}
