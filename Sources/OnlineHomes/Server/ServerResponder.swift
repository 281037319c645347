import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import NetRuntime
import Synchronization

/// Answers HTTP requests: /v1 for players, and what tells of the server itself.
struct ServerResponder: HTTPResponder {
  /// What is known of a request beside its head and body.
  struct Context: InitializableFromSource {
    let channel: any Channel
    let reading = BodyReading()

    init(source: ApplicationRequestContextSource) { channel = source.channel }
  }

  let service: DirectoryService
  let metrics: ServerMetrics
  let limiter: RateLimiter
  let secret: SharedSecret?
  let isBehindProxy: Bool
  let key: TokenKey
  let clock: @Sendable () -> Double
  let relay: RelaySlot

  func respond(to request: Request, context: Context) async throws -> Response {
    let started = clock()
    let route = Route(path: request.uri.path)
    let response: Response
    do throws(Refusal) {
      response = try await answer(request, route: route, context: context)
    } catch {
      var error = error
      // What is not read is not waited for, either; a moment is left for the answer to arrive.
      if request.hasBody, !context.reading.isDone { error.isLast = true }
      response = error.response
      if error.isLast {
        context.channel.eventLoop.scheduleTask(in: .seconds(1)) { context.channel.close(mode: .all, promise: nil) }
      }
    }
    metrics.responded(
      route: route?.rawValue ?? "unknown", status: response.status.code, seconds: clock() - started)
    return response
  }

  private func answer(_ request: Request, route: Route?, context: Context) async throws(Refusal) -> Response {
    guard let route else {
      try countAddress(request, context)
      let routes = Route.allCases.map { "\($0.method) \($0.rawValue)" }.joined(separator: ", ")
      throw .malformed("there is no such route; there are \(routes)", status: .notFound)
    }
    guard request.method == route.method else {
      try countAddress(request, context)
      throw .malformed("\(route.rawValue) takes \(route.method) alone", status: .methodNotAllowed)
    }
    switch route {
    case .signIn:
      try countAddress(request, context)
      try checkSecret(request)
      return try await signIn(request, context)
    case .requests: return try await requests(request, context)
    case .heartbeat:
      let (player, run) = try who(request, context)
      try count(1, of: player)
      try await refusing(player, run: run) { () throws(DirectoryError) in try await service.heartbeat(player, run: run)
      }
      return Response(status: .noContent)
    case .signOut:
      let (player, run) = try who(request, context)
      if await service.signOut(player, run: run) { relay.thread?.forget(player) }
      return Response(status: .noContent)
    case .news: return try await news(request, context)
    case .health:
      try countAddress(request, context)
      return await health()
    case .metrics:
      try countAddress(request, context)
      try checkSecret(request)
      let text = metrics.text(await service.gauges, relay: relay.thread?.counts)
      return Self.response("text/plain; version=0.0.4; charset=utf-8", Array(text.utf8))
    case .openAPI:
      try countAddress(request, context)
      return Self.response("application/json", OpenAPI.text)
    }
  }

  // MARK: Who asks

  private func countAddress(_ request: Request, _ context: Context) throws(Refusal) {
    let address = ClientAddress.of(request, channel: context.channel, isBehindProxy: isBehindProxy)
    if let wait = limiter.take(1, from: .address(address), at: clock()) { throw .tooMany(wait) }
  }

  /// - Parameter again: Requests that were counted before, and have to be again once these are repeated.
  func count(_ requests: Int, of player: PeerID, again: Int = 0) throws(Refusal) {
    if let wait = limiter.take(requests, from: .player(player), again: again, at: clock()) { throw .tooMany(wait) }
  }

  private func checkSecret(_ request: Request) throws(Refusal) {
    guard let secret, !secret.matches(request.bearer ?? "") else { return }
    throw Refusal(.badSecret)
  }

  /// Who asks, by its token.
  func who(_ request: Request, _ context: Context) throws(Refusal) -> (player: PeerID, run: UInt64) {
    if let word = request.bearer, let who = key.read(word) { return who }
    try countAddress(request, context)
    throw Refusal(
      .unauthorized,
      ErrorBody(
        .signedOut,
        message: request.bearer == nil
          ? "expected the header Authorization: Bearer TOKEN, with the token of a sign-in"
          : "the token is none that this server gave"))
  }

  /// Turns what the directory refuses into an answer; who was put out by itself elsewhere is told so.
  func refusing<Value>(
    _ player: PeerID, run: UInt64, _ body: () async throws(DirectoryError) -> Value
  ) async throws(Refusal) -> Value {
    do {
      return try await body()
    } catch {
      if error == .signedOut, await service.isReplaced(player, run: run) { throw .replaced }
      throw Refusal(error)
    }
  }

  static func response(_ type: String, _ text: [UInt8]) -> Response {
    Response(
      status: .ok, headers: [.contentType: type], body: ResponseBody(byteBuffer: ByteBuffer(bytes: text)))
  }
}

/// Whether a request's body was read to its end.
final class BodyReading: Sendable {
  private let done = Atomic(false)

  var isDone: Bool { done.load(ordering: .relaxed) }

  func end() { done.store(true, ordering: .relaxed) }
}

extension Request {
  /// Whether anything follows the head.
  var hasBody: Bool {
    headers[.transferEncoding] != nil || headers[.contentLength].map { Int($0) != 0 } ?? false
  }

  /// The word behind `Authorization: Bearer`.
  var bearer: Substring? {
    guard let value = headers[.authorization], value.prefix(7).lowercased() == "bearer " else { return nil }
    return value.dropFirst(7)
  }
}
