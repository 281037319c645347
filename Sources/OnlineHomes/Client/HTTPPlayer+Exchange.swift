import AsyncHTTPClient
import Foundation
import NetRuntime

extension HTTPPlayer {
  // MARK: Requests

  func sendRequests(_ token: String) async -> Ending {
    var signals = makeWakes().makeAsyncIterator()
    var most = Limits.requestsPerBatch
    while !Task.isCancelled {
      guard let body = queue.withLock({ $0.nextBody(most: most) }) else {
        _ = await signals.next()
        continue
      }
      do throws(Ending) {
        let answer = try await persist(.requests, word: token, body: body)
        take(answer)
        most = Limits.requestsPerBatch
      } catch {
        guard case .refused(let reason) = error else { return error }
        // One of them is none that the server takes: the others shall not go with it.
        if most > 1, case .malformed = reason {
          most = 1
          continue
        }
        most = Limits.requestsPerBatch
        let numbers = queue.withLock { $0.answered() }
        hub.put(numbers.map { .answer(number: $0, .failure(reason)) })
      }
    }
    return .cancelled
  }

  private func take(_ data: Data) {
    let body = try? JSONDecoder().decode(AnswersBody.self, from: data)
    let answers = Dictionary(
      (body?.answers ?? []).map { ($0.number, $0) }, uniquingKeysWith: { first, _ in first })
    // Where the answers are too long together, the last ones are missing, and are asked for again.
    let count = answers.isEmpty ? .max : answers.count
    let news = queue.withLock { $0.answered(count) }.map { number -> DirectoryNews in
      let unread = DirectoryError.unavailable("the server's answer cannot be read")
      guard let answer = answers[number] else { return .answer(number: number, .failure(unread)) }
      if let good = answer.answer { return .answer(number: number, .success(good)) }
      return .answer(number: number, .failure(answer.error ?? unread))
    }
    let now = SharedClock.now
    // Under the gate's lock, so that no answer slips in before the news that just passed.
    gate.withLock { hub.put($0.hold(news, until: body?.news ?? 0, at: now)) }
  }

  // MARK: News

  func listen(_ token: String) async -> Ending {
    var id: String?
    var retry = Retry()
    while !Task.isCancelled {
      do {
        let response = try await hub.openNews(word: token, after: id)
        hub.succeeded()
        var parser = EventStreamParser(limit: hub.eventSize)
        for try await piece in response.body {
          for event in try parser.feed(piece.readableBytesView) {
            while hub.isFull { try await Task.sleep(for: .milliseconds(20)) }
            if let ending = take(event) { return ending }
            id = event.id ?? id
            retry = Retry()
          }
        }
      } catch HTTPHub.Failure.refused(let status, let body) {
        return HTTPPlayer.ending(status, body)
      } catch HTTPHub.Failure.busy(let seconds) {
        try? await Task.sleep(for: .seconds(seconds))
      } catch HTTPHub.Failure.unreachable(let why) {
        if Task.isCancelled { return .cancelled }
        hub.failed(why)
      } catch is EventStreamParser.Overlong {
        // It would come again and again.
        return .refused(.unavailable("an event of its news has more than \(hub.eventSize) bytes"))
      } catch {
        // The stream broke; it goes on behind the last event.
      }
      try? await Task.sleep(for: .seconds(retry.next()))
    }
    return .cancelled
  }

  private func take(_ event: EventStreamParser.Event) -> Ending? {
    let data = Data(event.data)
    let number = event.id.flatMap { UInt64($0) }
    switch NewsEvent(rawValue: event.name) {
    case .change:
      guard let change = try? JSONDecoder().decode(DirectoryChange.self, from: data) else { return nil }
      gate.withLock { gate in
        gate.note(change)
        tell([change], number, &gate)
      }
    case .refresh:
      guard let all = try? JSONDecoder().decode(NewsRefresh.self, from: data) else { return nil }
      gate.withLock { gate in tell(gate.adopt(all), number, &gate) }
    case .signedOut: return .forgotten
    case .replaced: return .replaced
    case nil: break
    }
    return nil
  }

  private func tell(_ changes: [DirectoryChange], _ number: UInt64?, _ gate: inout NewsGate) {
    hub.put(changes.map { .change($0, for: identity.id) })
    if let number { hub.put(gate.pass(number)) }
  }
}
