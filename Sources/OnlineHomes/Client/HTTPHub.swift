import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import NetRuntime
import Synchronization

/// What all players of one program share towards a server: its connections, what is known of an outage, and the news
/// that the program has not taken yet.
final class HTTPHub: Sendable {
  /// Why a call came to nothing.
  enum Failure: Error {
    /// Nobody answered, or not as this server would.
    case unreachable(String)
    /// Too many requests: try again after so many seconds.
    case busy(Double)
    case refused(status: Int, ErrorBody)
    /// The answer has more bytes than this.
    case tooLong(Int)
  }

  private struct State {
    var news: [DirectoryNews] = []
    var taken = 0
    var failures = 0
    var isLost = false
  }

  let address: OnlineAddress
  private let client: HTTPClient
  private let state = Mutex(State())

  private let answerTime: Double
  private let answerSize: Int
  let eventSize: Int

  /// - Parameters:
  ///   - answerTime: Seconds that the server may take over an answer.
  ///   - answerSize: Bytes of an answer.
  ///   - eventSize: Bytes of an event of the news.
  init(
    _ address: OnlineAddress, answerTime: Double = Limits.answerTime, answerSize: Int = Limits.answerSize,
    eventSize: Int = Limits.eventSize
  ) {
    self.address = address
    self.answerTime = answerTime
    self.answerSize = answerSize
    self.eventSize = eventSize
    var configuration = HTTPClient.Configuration(
      redirectConfiguration: .disallow,
      timeout: .init(connect: .seconds(3), read: .milliseconds(Int64(Limits.newsPatience * 1000))))
    // Below the server's idle time, so that no request goes out on a connection that is just being closed.
    configuration.connectionPool.idleTimeout = .seconds(20)
    // A server that is away is to be told at once; who asks tries again.
    configuration.connectionPool.retryConnectionEstablishment = false
    // Each player's stream of news takes one for itself.
    configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 128
    client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
  }

  // MARK: News

  func put(_ news: DirectoryNews) { state.withLock { $0.news.append(news) } }

  func put(_ news: [DirectoryNews]) { state.withLock { $0.news += news } }

  func next() -> DirectoryNews? {
    state.withLock { state in
      guard state.taken < state.news.count else {
        if state.taken > 0 {
          state.news.removeAll(keepingCapacity: true)
          state.taken = 0
        }
        return nil
      }
      state.taken += 1
      return state.news[state.taken - 1]
    }
  }

  /// Whether so many news wait that no more are read from the server; a program that takes none at all gets them by a
  /// refresh once it does.
  var isFull: Bool { waiting >= Limits.clientNews }

  /// News that the program has not taken.
  var waiting: Int { state.withLock { $0.news.count - $0.taken } }

  // MARK: Outages

  var isLost: Bool { state.withLock { $0.isLost } }

  /// A call failed. One alone may be a connection that the server just closed.
  func failed(_ why: String) {
    state.withLock { state in
      state.failures += 1
      guard state.failures >= 2, !state.isLost else { return }
      state.isLost = true
      state.news.append(.lost(why))
    }
  }

  /// The server answered.
  func succeeded() {
    state.withLock { state in
      state.failures = 0
      guard state.isLost else { return }
      state.isLost = false
      state.news.append(.restored)
    }
  }

  // MARK: Calls

  /// Calls a route once.
  func call(
    _ route: Route, word: String?, body: [UInt8]? = nil, within seconds: Double? = nil
  ) async throws(Failure) -> ByteBuffer {
    let request = request(route, word: word, body: body)
    let status: Int
    let answer: ByteBuffer
    do {
      let time = TimeAmount.milliseconds(Int64((seconds ?? answerTime) * 1000))
      let response = try await client.execute(request, timeout: time)
      status = Int(response.status.code)
      answer = try await response.body.collect(upTo: answerSize)
    } catch is NIOTooManyBytesError {
      throw .tooLong(answerSize)
    } catch {
      throw .unreachable(describe(error))
    }
    guard 200..<300 ~= status else { throw failure(status, answer) }
    return answer
  }

  /// Opens the stream of a player's news.
  func openNews(word: String, after id: String?) async throws(Failure) -> HTTPClientResponse {
    var request = request(.news, word: word, body: nil)
    if let id { request.headers.add(name: "Last-Event-ID", value: id) }
    do {
      let response = try await client.execute(request, deadline: .distantFuture)
      guard response.status != .ok else { return response }
      let answer = try await response.body.collect(upTo: Limits.serverBodySize)
      throw failure(Int(response.status.code), answer)
    } catch let failure as Failure {
      throw failure
    } catch {
      throw .unreachable(describe(error))
    }
  }

  private func request(_ route: Route, word: String?, body: [UInt8]?) -> HTTPClientRequest {
    var request = HTTPClientRequest(url: address.base + route.rawValue)
    request.method = HTTPMethod(rawValue: route.method.rawValue)
    if let word { request.headers.add(name: "Authorization", value: "Bearer \(word)") }
    if let body {
      request.headers.add(name: "Content-Type", value: "application/json")
      request.body = .bytes(ByteBuffer(bytes: body))
    }
    return request
  }

  private func failure(_ status: Int, _ answer: ByteBuffer) -> Failure {
    guard let body = try? JSONDecoder().decode(ErrorBody.self, from: Data(answer.readableBytesView)) else {
      return .unreachable("\(address.base) answers with HTTP status \(status); is it a server of stingray-lua?")
    }
    switch status {
    case 429: return .busy(min(max(body.retryAfter ?? 1, 0.05), 30))
    case 500...: return .unreachable(body.message)
    default: return .refused(status: status, body)
    }
  }

  private func describe(_ error: any Error) -> String {
    switch error {
    case let error as HTTPClientError where error == .deadlineExceeded || error == .readTimeout:
      "\(address.base) does not answer in time"
    case let error as HTTPClientError where error == .connectTimeout: "\(address.base) cannot be connected to in time"
    case let error as IOError where error.errnoCode == ECONNREFUSED: "nobody listens at \(address.base)"
    case is NIOConnectionError: "\(address.base) cannot be reached"
    default: "\(address.base): \(error)"
    }
  }

  /// Closes all connections.
  func shutDown() async { try? await client.shutdown() }
}
