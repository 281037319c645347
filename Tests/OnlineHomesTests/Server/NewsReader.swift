import AsyncHTTPClient
import Foundation
import NIOCore
import NetRuntime

@testable import OnlineHomes

/// Reads a player's stream of news.
struct NewsReader {
  private var pieces: HTTPClientResponse.Body.AsyncIterator
  private var parser = EventStreamParser()
  private var waiting: [EventStreamParser.Event] = []

  init(_ server: TestServer, _ session: SignInAnswer, after id: String? = nil) async throws {
    var request = HTTPClientRequest(url: "http://127.0.0.1:\(server.port)/v1/news")
    request.headers.add(name: "Authorization", value: "Bearer \(session.token)")
    if let id { request.headers.add(name: "Last-Event-ID", value: id) }
    let response = try await HTTPClient.shared.execute(request, timeout: .seconds(100))
    guard response.status == .ok else { throw CancellationError() }
    pieces = response.body.makeAsyncIterator()
  }

  /// The next event; nil at the stream's end.
  mutating func next() async throws -> EventStreamParser.Event? {
    while waiting.isEmpty {
      guard let piece = try await pieces.next() else { return nil }
      waiting = try parser.feed(piece.readableBytesView)
    }
    return waiting.removeFirst()
  }

  /// The next event, which has to be a change.
  mutating func nextChange() async throws -> DirectoryChange? {
    guard let event = try await next(), event.name == NewsEvent.change.rawValue else { return nil }
    return try JSONDecoder().decode(DirectoryChange.self, from: Data(event.data))
  }

  mutating func nextRefresh() async throws -> NewsRefresh? {
    guard let event = try await next(), event.name == NewsEvent.refresh.rawValue else { return nil }
    return try JSONDecoder().decode(NewsRefresh.self, from: Data(event.data))
  }
}
