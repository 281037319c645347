import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import NetRuntime

extension ServerResponder {
  // MARK: /v1/sign-in

  func signIn(_ request: Request, _ context: Context) async throws(Refusal) -> Response {
    let body: SignInBody = try await self.body(of: request, context)
    guard SignInBody.attemptSize.contains(body.attempt.utf8.count) else {
      throw .malformed("attempt: expected 32 to 64 characters drawn at random, got \(body.attempt.utf8.count)")
    }
    let player = body.identity.id
    let run = key.run(of: player, attempt: body.attempt)
    do throws(DirectoryError) {
      try await service.signIn(body.identity, run: run)
    } catch {
      throw Refusal(error)
    }
    let answer = SignInAnswer(
      token: key.token(of: player, run: run), run: run, heartbeatInterval: Limits.heartbeatInterval,
      heartbeatTimeout: Limits.heartbeatTimeout,
      relay: body.identity.id == .nobody ? nil : relay.thread?.grant(for: player, at: relay.host))
    return Self.response("application/json", AnswerWriter.text(answer))
  }

  // MARK: /v1/requests

  func requests(_ request: Request, _ context: Context) async throws(Refusal) -> Response {
    let (player, run) = try who(request, context)
    // Before anything is read: what cannot be read counts, too, and who is signed in no more has nothing to say.
    try count(1, of: player)
    try await refusing(player, run: run) { () throws(DirectoryError) in try await service.check(player, run: run) }
    let body: RequestsBody = try await self.body(of: request, context)
    guard 1...Limits.requestsPerBatch ~= body.requests.count else {
      throw .malformed("requests: expected 1 to \(Limits.requestsPerBatch) of them, got \(body.requests.count)")
    }
    if body.requests.count > 1 { try count(body.requests.count - 1, of: player, again: 1) }
    let outcome = await service.perform(body.requests.map(\.request), as: player, run: run)
    if outcome.results.contains(.failure(.signedOut)) {
      try await refusing(player, run: run) { () throws(DirectoryError) in throw .signedOut }
    }
    // The store failed: nothing was done, and all of it may be asked again.
    if outcome.results.contains(where: \.isUnavailable) { throw Refusal(.unavailable("its store failed")) }
    let numbered = zip(body.requests, outcome.results).map { (number: $0.number, result: $1) }
    return Self.response("application/json", service.writer.text(of: numbered, news: outcome.news))
  }

  // MARK: /v1/news

  func news(_ request: Request, _ context: Context) async throws(Refusal) -> Response {
    let (player, run) = try who(request, context)
    try count(1, of: player)
    var seen: UInt64?
    if let name = HTTPField.Name("Last-Event-ID"), let text = request.headers[name] { seen = UInt64(text) }
    let stream = NewsStream(player: player, run: run, channel: context.channel, at: clock())
    try await refusing(player, run: run) { () throws(DirectoryError) in try await service.attach(stream) }
    let start = seen
    let body = ResponseBody { writer in
      do {
        try await write(stream, from: start, to: &writer)
        try await writer.finish(nil)
      } catch {
        await service.detach(stream)
        throw error
      }
      await service.detach(stream)
    }
    return Response(
      status: .ok, headers: [.contentType: "text/event-stream", .cacheControl: "no-store"], body: body)
  }

  private func write(
    _ stream: NewsStream, from start: UInt64?, to writer: inout any ResponseBodyWriter
  ) async throws {
    var seen = start
    var signals = stream.signals.makeAsyncIterator()
    while true {
      switch await service.nextNews(of: stream, after: seen) {
      case .write(let text, let number):
        seen = number
        stream.beginWriting(at: clock())
        try await writer.write(ByteBuffer(bytes: text))
        stream.endWriting()
      case .wait:
        // The signals end with the stream, or with the task where the connection is given up.
        if await signals.next() == nil, !stream.ending.isEnded { throw CancellationError() }
      case .end(let text):
        if !text.isEmpty { try await writer.write(ByteBuffer(bytes: text)) }
        return
      }
    }
  }

  // MARK: /health

  func health() async -> Response {
    let gauges = await service.gauges
    let isWell = await service.isWell
    let entries = gauges.entries.values.reduce(0, +)
    let text = "{\"status\":\"\(isWell ? "ok" : "store failed")\",\"players\":\(gauges.players),\"entries\":\(entries)}"
    var response = Self.response("application/json", Array(text.utf8))
    if !isWell { response.status = .serviceUnavailable }
    return response
  }

  // MARK: Bodies

  /// Reads a body, of bounded size, as JSON.
  private func body<Shape: Decodable>(of request: Request, _ context: Context) async throws(Refusal) -> Shape {
    guard request.headers[.contentType]?.lowercased().hasPrefix("application/json") == true else {
      throw .malformed("expected the header Content-Type: application/json", status: .unsupportedMediaType)
    }
    let tooLong = Refusal.malformed(
      "the body has more than \(Limits.serverBodySize) bytes", status: .contentTooLarge, isLast: true)
    if let length = request.headers[.contentLength].flatMap({ Int($0) }), length > Limits.serverBodySize {
      throw tooLong
    }
    var data = Data()
    do {
      for try await piece in request.body {
        guard data.count + piece.readableBytes <= Limits.serverBodySize else { throw tooLong }
        data.append(contentsOf: piece.readableBytesView)
      }
    } catch let error as Refusal {
      throw error
    } catch {
      throw .malformed("the body broke off", isLast: true)
    }
    context.reading.end()
    do {
      return try JSONDecoder().decode(Shape.self, from: data)
    } catch let error as DecodingError {
      throw Refusal(error)
    } catch {
      throw .malformed("the body cannot be read")
    }
  }
}

extension Result where Failure == DirectoryError {
  fileprivate var isUnavailable: Bool {
    if case .failure(.unavailable) = self { true } else { false }
  }
}
