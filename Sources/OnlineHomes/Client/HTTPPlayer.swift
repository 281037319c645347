import Foundation
import NetRuntime
import Synchronization

/// One run of a player at a server: signs in, and keeps requests, heartbeats and news going until it is signed out.
final class HTTPPlayer: Sendable {
  /// Why a run of the player is over.
  enum Ending: Error {
    /// The server knows nothing of it: nothing was heard of this program for too long.
    case forgotten
    /// The player signed in at another place.
    case replaced
    case refused(DirectoryError)
    /// This program wants no more.
    case cancelled
  }

  let identity: DirectoryIdentity
  let hub: HTTPHub
  let queue = Mutex(RequestQueue())
  let gate: Mutex<NewsGate>
  private let wake = Mutex<AsyncStream<Void>.Continuation?>(nil)
  private let token = Mutex<String?>(nil)
  private let grant = Mutex<RelayGrant?>(nil)
  private let task = Mutex<Task<Void, Never>?>(nil)
  /// The program wants to hear no more of this player but the answers to what it asked.
  private let isLeaving = Atomic(false)

  init(_ identity: DirectoryIdentity, hub: HTTPHub) {
    self.identity = identity
    self.hub = hub
    gate = Mutex(NewsGate(of: identity.id))
  }

  /// A stream that yields when there may be something to send; the one before it is void. Cancelling a task ends the
  /// stream that it waits for, so each run has its own.
  func makeWakes() -> AsyncStream<Void> {
    let (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    wake.withLock { $0 = continuation }
    return stream
  }

  func start() {
    guard !isLeaving.load(ordering: .relaxed) else { return }
    task.withLock { $0 = Task { await self.live() } }
  }

  /// The program signs the player out: what becomes of its run from now on is no news, and might be taken for that of
  /// the next one.
  func fallSilent() { isLeaving.store(true, ordering: .relaxed) }

  private func tell(_ news: [DirectoryNews]) {
    if !isLeaving.load(ordering: .relaxed) { hub.put(news) }
  }

  func ask(_ request: DirectoryRequest, number: UInt64) {
    switch queue.withLock({ $0.append(request, number: number) }) {
    case .taken: wake.withLock { _ = $0?.yield() }
    case .refused(let error): hub.put(.answer(number: number, .failure(error)))
    }
  }

  /// Lets answers go on whose news stay away.
  func releaseLate(at now: Double) {
    gate.withLock { hub.put($0.takeLate(at: now)) }
  }

  /// The server's relay; nil where it has none, or the player is not signed in.
  var relay: RelayGrant? { grant.withLock { $0 } }

  /// Whether nothing that was asked waits for the server.
  var isIdle: Bool { gate.withLock { $0.isEmpty } && queue.withLock { $0.isEmpty } }

  /// Whether the sign-in was answered.
  var isSettled: Bool { token.withLock { $0 != nil } || queue.withLock { $0.ending != nil } }

  /// Signs out, with what was asked before.
  /// - Parameter seconds: At most.
  func signOut(within seconds: Double) async {
    let deadline = SharedClock.now + seconds
    while token.withLock({ $0 }) != nil, !queue.withLock({ $0.isEmpty }), !hub.isLost,
      SharedClock.now < deadline - seconds / 2
    {
      try? await Task.sleep(for: .milliseconds(5))
    }
    // Before the end of the task takes it away.
    let word = token.withLock { $0 }
    task.withLock { $0?.cancel() }
    answerAll(.signedOut)
    guard let word, !hub.isLost else { return }
    _ = try? await hub.call(.signOut, word: word, within: max(0.05, deadline - SharedClock.now))
  }

  // MARK: Runs

  private func live() async {
    let session: SignInAnswer
    do throws(Ending) {
      session = try await signIn()
    } catch {
      // Who never was signed in cannot be forgotten, and would sign in again at once.
      if case .forgotten = error { return end(.refused(.signedOut)) }
      return end(error)
    }
    token.withLock { $0 = session.token }
    tell([.signedIn(identity.id, run: session.run)])
    let ending = await run(session)
    token.withLock { $0 = nil }
    grant.withLock { $0 = nil }
    end(ending)
  }

  private func run(_ session: SignInAnswer) async -> Ending {
    await withTaskGroup(of: Ending.self) { group in
      group.addTask { await self.sendRequests(session.token) }
      group.addTask { await self.beat(session) }
      group.addTask { await self.listen(session.token) }
      if let relay = session.relay { await find(relay) }
      defer { group.cancelAll() }
      return await group.next() ?? .cancelled
    }
  }

  private func find(_ relay: RelayOffer) async {
    guard let port = UInt16(exactly: relay.port), let address = await HostAddress.find(relay.host ?? hub.address.host)
    else { return }
    grant.withLock { $0 = RelayGrant(endpoint: Endpoint(address: address, port: port), key: relay.key) }
  }

  private func end(_ ending: Ending) {
    let error: DirectoryError
    switch ending {
    case .cancelled: return
    case .refused(let reason): error = reason
    case .forgotten: error = .expired
    case .replaced: error = .signedOut
    }
    // What is asked in the name of who is signed in no more is refused for that.
    let answer = error == .expired ? .signedOut : error
    queue.withLock { $0.ending = answer }
    gate.withLock { hub.put($0.takeAll()) }
    // First the reason, then what follows from it.
    tell([.signedOut(identity.id, error)])
    answerAll(answer)
  }

  /// What waits is answered.
  private func answerAll(_ error: DirectoryError) {
    let unanswered = queue.withLock { $0.takeAll() }.map { DirectoryNews.answer(number: $0, .failure(error)) }
    gate.withLock { hub.put($0.takeAll() + unanswered) }
  }

  private func signIn() async throws(Ending) -> SignInAnswer {
    var random = SystemRandomNumberGenerator()
    let attempt = (0..<2).map { _ in String(random.next() | 1 << 63, radix: 16) }.joined()
    let body = AnswerWriter.text(SignInBody(identity: identity, attempt: attempt))
    var session: SignInAnswer?
    _ = try await persist(.signIn, word: hub.address.secret, body: body) { answer in
      session = try? JSONDecoder().decode(SignInAnswer.self, from: answer)
      return session == nil ? "\(hub.address.base) answers a sign-in as no server of stingray-lua does" : nil
    }
    guard let session else { throw .cancelled }
    return session
  }

  private func beat(_ session: SignInAnswer) async -> Ending {
    let interval = min(max(session.heartbeatInterval, 0.5), 60)
    while true {
      do {
        try await Task.sleep(for: .seconds(interval))
        _ = try await persist(.heartbeat, word: session.token)
      } catch {
        return error as? Ending ?? .cancelled
      }
    }
  }

  // MARK: Calls

  /// Calls a route until the server answers.
  /// - Parameter problem: Says why an answer is none of such a server; nil for one that is.
  func persist(
    _ route: Route, word: String?, body: [UInt8]? = nil, problem: (Data) -> String? = { _ in nil }
  ) async throws(Ending) -> Data {
    var retry = Retry()
    while true {
      guard !Task.isCancelled else { throw .cancelled }
      do throws(HTTPHub.Failure) {
        let answer = Data(try await hub.call(route, word: word, body: body).readableBytesView)
        if let why = problem(answer) { throw .unreachable(why) }
        hub.succeeded()
        return answer
      } catch {
        switch error {
        case .unreachable(let why):
          guard !Task.isCancelled else { throw .cancelled }
          hub.failed(why)
          try? await Task.sleep(for: .seconds(retry.next()))
        case .busy(let seconds):
          hub.succeeded()
          try? await Task.sleep(for: .seconds(seconds))
        case .refused(let status, let body):
          hub.succeeded()
          throw HTTPPlayer.ending(status, body)
        case .tooLong(let size):
          // It would be as long again.
          hub.succeeded()
          throw .refused(.malformed("the server's answer has more than \(size) bytes"))
        }
      }
    }
  }

  static func ending(_ status: Int, _ body: ErrorBody) -> Ending {
    guard body.error.isEndOfRun else { return .refused(body.error) }
    return status == 409 ? .replaced : .forgotten
  }
}
