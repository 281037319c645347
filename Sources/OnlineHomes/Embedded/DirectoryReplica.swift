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
  private var outage: (why: String, start: Double)?
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
      refused.append(.answer(number: number, .failure(outage.map { .unavailable($0.why) } ?? .tooManyRequests)))
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
    do {
      let news = try exchange(orders, at: now)
      orders.removeAll()
      return news + refused
    } catch let error as StoreError where error.isTooLarge && !orders.isEmpty {
      return doApart(at: now) + refused
    } catch {
      return lose(error, at: now) + refused
    }
  }

  /// One of the orders is too large for the store: it is refused, and the others do not wait for it.
  private mutating func doApart(at now: Double) -> [DirectoryNews] {
    var news: [DirectoryNews] = []
    while let order = orders.first {
      do {
        news += try exchange([order], at: now)
      } catch let error as StoreError where error.isTooLarge {
        news += order.refused(.malformed(error.description))
      } catch {
        return news + lose(error, at: now)
      }
      orders.removeFirst()
    }
    return news
  }

  private mutating func exchange(_ orders: [Order], at now: Double) throws -> [DirectoryNews] {
    var next = contents
    var news: [DirectoryNews] = []
    let isLateForAll = outage.map { now - $0.start > Limits.heartbeatInterval } ?? false
    next.revision = try store.exchange(since: contents.revision) { changed, isWhole in
      next.take(changed, isWhole: isWhole, at: now, into: &news)
      if isLateForAll { next.excuseSilence(at: now) }
      next.beat(at: now, into: &news)
      for order in orders { next.perform(order, at: now, random, into: &news) }
      next.state.advance(to: now)
      next.tell(into: &news)
      return next.state.takeRecords()
    }
    contents = next
    defer { outage = nil }
    return (outage == nil ? [] : [.restored]) + news
  }

  private mutating func lose(_ error: any Error, at now: Double) -> [DirectoryNews] {
    nextTry = now + Limits.embeddedRetryInterval
    defer { outage = ("\(error)", outage?.start ?? now) }
    return outage == nil ? [.lost("\(error)")] : []
  }

  /// Signs everybody out, also who is just signing in; the orders that wait are done first.
  mutating func end(at now: Double) {
    var leaving = Set(contents.users.keys)
    for case .signIn(let identity) in orders { leaving.insert(identity.id) }
    for user in leaving { orders.append(.signOut(user)) }
    nextTry = now
    _ = turn(at: now)
  }
}

extension DirectoryReplica.Order {
  /// What is told where it cannot be done.
  fileprivate func refused(_ error: DirectoryError) -> [DirectoryNews] {
    switch self {
    case .signIn(let identity): [.signedOut(identity.id, error)]
    case .signOut: []
    case .ask(_, _, let number): [.answer(number: number, .failure(error))]
    }
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

  /// Nobody could write that it lives while the store could not be used: all have a full timeout from now.
  fileprivate mutating func excuseSilence(at now: Double) {
    for player in Array(state.onlinePlayers) {
      if let run = state.run(of: player) { try? state.heartbeat(player, run: run, at: now) }
    }
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
