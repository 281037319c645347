import NetRuntime

// What is in memory goes through to the store, and what happened is told.
extension DirectoryService {
  /// Lets time pass: to be called several times a second.
  func tick() {
    if pulse.beat() { excuseSilence(at: clock()) }
    let isDue = state.nextDeadline.map { $0 <= clock() } ?? false
    if isDue || isVoid || store.hasChanged(since: storeRevision) { flush() }
  }

  func flush() {
    isFlushing = false
    let batch = queue
    queue.removeAll(keepingCapacity: true)
    settle(batch)
  }

  private func settle(_ batch: [Order]) {
    let started = clock()
    do {
      let results = try exchange(batch.map(\.work))
      metrics.stored(requests: batch.count, seconds: clock() - started)
      announce()
      for (order, results) in zip(batch, results) { finish(order, results) }
    } catch let error as StoreError where error.isTooLarge && !batch.isEmpty {
      fail(because: error)
      // One of them is to blame, and the others shall not wait for it.
      for order in batch { finish(order, apart(order.work, error)) }
    } catch {
      fail(because: error)
      for order in batch { finish(order, order.work.answered(.failure(.unavailable("its store failed")))) }
    }
  }

  private func finish(_ order: Order, _ results: [Result<DirectoryAnswer, DirectoryError>]) {
    order.finish.resume(returning: Outcome(results: results, news: desk.last(of: order.work.player)))
  }

  /// Does work alone, and where that is too large, each of its requests alone.
  private func apart(_ work: Work, _ error: StoreError) -> [Result<DirectoryAnswer, DirectoryError>] {
    do {
      let results = try exchange([work])
      announce()
      return results[0]
    } catch let error as StoreError where error.isTooLarge {
      fail(because: error)
      guard case .requests(let requests, let run) = work.kind, requests.count > 1 else {
        return work.answered(.failure(.malformed(error.description)))
      }
      return requests.flatMap { apart(Work(kind: .requests([$0], run: run), player: work.player), error) }
    } catch {
      fail(because: error)
      return work.answered(.failure(.unavailable("its store failed")))
    }
  }

  private func exchange(_ batch: [Work]) throws -> [[Result<DirectoryAnswer, DirectoryError>]] {
    let now = clock()
    if pulse.beat() { excuseSilence(at: now) }
    if isVoid { storeRevision = 0 }
    if !isVoid, !needsStore(batch, at: now) { return batch.map { run($0, at: now) } }
    var results: [[Result<DirectoryAnswer, DirectoryError>]] = []
    storeRevision = try store.exchange(since: storeRevision) { changed, isWhole in
      let records = changed.filter(\.isServed)
      state.absorb(records, isWhole: isWhole, at: now)
      watch.note(records, isWhole: isWhole)
      if isVoid { excuseSilence(at: now) }
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

  /// Nobody could be heard for a while, so everybody has a full timeout from now.
  private func excuseSilence(at now: Double) {
    for player in Array(state.onlinePlayers) {
      if let run = state.run(of: player) { try? state.heartbeat(player, run: run, at: now) }
    }
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
  private func fail(because error: any Error) {
    logger.error("the store failed: \(error)")
    metrics.storeFailed()
    isVoid = true
    _ = state.takeNews()
  }
}

extension DirectoryService.Work {
  /// The same answer for all of it.
  fileprivate func answered(
    _ answer: Result<DirectoryAnswer, DirectoryError>
  ) -> [Result<DirectoryAnswer, DirectoryError>] {
    if case .requests(let requests, _) = kind { requests.map { _ in answer } } else { [answer] }
  }
}

extension DirectoryRecord {
  /// Whether it is of what the server serves. Heartbeats are in its memory alone: one in the store was left by a program
  /// that used the file without a server, and says nothing of now.
  var isServed: Bool { !isTokenKey && kind != .heartbeat }
}
