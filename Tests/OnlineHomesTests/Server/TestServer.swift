import AsyncHTTPClient
import Foundation
import Logging
import NIOCore
import NIOHTTP1
import NetRuntime
import Synchronization
import Testing

@testable import OnlineHomes

/// A clock that stands until the test moves it.
final class TestClock: Sendable {
  private let time = Mutex(1000.0)

  var now: Double { time.withLock { $0 } }

  func advance(by seconds: Double) { time.withLock { $0 += seconds } }
}

/// A server in this process, at a port of its own.
final class TestServer: Sendable {
  struct Answer {
    var status: Int
    var headers: HTTPHeaders
    var body: [UInt8]

    var text: String { String(decoding: body, as: UTF8.self) }

    func read<Shape: Decodable>(_ type: Shape.Type) throws -> Shape {
      try JSONDecoder().decode(type, from: Data(body))
    }

    var error: ErrorBody? { try? read(ErrorBody.self) }
  }

  let port: Int
  let secret: String?
  private let task: Task<Void, any Error>

  var address: OnlineAddress {
    get throws {
      guard let address = OnlineAddress("http://127.0.0.1:\(port)", secret: secret) else { throw CancellationError() }
      return address
    }
  }

  /// - Parameter clock: Stands, so that nobody is too late on a machine that is busy. Moved by seconds at once, it does
  ///   not count as the server's own standstill.
  init(
    store: sending any DirectoryStore, port: Int = 0, clock: TestClock = TestClock(),
    _ change: (inout DirectoryServer.Settings) -> Void = { _ in }
  ) async throws {
    var settings = DirectoryServer.Settings()
    settings.port = port
    change(&settings)
    secret = settings.secret
    var logger = Logger(label: "server") { StreamLogHandler.standardError(label: $0) }
    logger.logLevel = .critical
    let server = try await DirectoryServer(
      settings, store: store, logger: logger, pulse: { 0 }, clock: { clock.now })
    let (ports, port) = AsyncThrowingStream.makeStream(of: Int.self)
    task = Task {
      do {
        try await server.run { port.yield($0) }
        port.finish()
      } catch {
        port.finish(throwing: error)
        throw error
      }
    }
    var listening = ports.makeAsyncIterator()
    self.port = try await listening.next() ?? 0
  }

  deinit { task.cancel() }

  /// Ends the server, as SIGTERM does not: at once.
  func stop() async {
    task.cancel()
    _ = try? await task.value
  }

  // MARK: Calls

  func call(
    _ method: HTTPMethod, _ path: String, token: String? = nil, body: String? = nil,
    headers: HTTPHeaders = ["Content-Type": "application/json"]
  ) async throws -> Answer {
    var request = HTTPClientRequest(url: "http://127.0.0.1:\(port)\(path)")
    request.method = method
    request.headers = headers
    if let token { request.headers.replaceOrAdd(name: "Authorization", value: "Bearer \(token)") }
    if let body { request.body = .bytes(ByteBuffer(string: body)) }
    let response = try await HTTPClient.shared.execute(request, timeout: .seconds(100))
    let answer = try await response.body.collect(upTo: 64 << 20)
    return Answer(status: Int(response.status.code), headers: response.headers, body: Array(answer.readableBytesView))
  }

  /// Signs a player in.
  func signIn(
    _ id: UInt64, name: String = "", relations: [PeerID: PlayerRelation] = [:],
    attempt: UInt64 = .random(in: 0 ... .max)
  ) async throws -> SignInAnswer {
    let id = PeerID(rawValue: id)
    let body = SignInBody(
      identity: DirectoryIdentity(id: id, name: name.isEmpty ? "player \(id)" : name, relations: relations),
      attempt: String(repeating: "0", count: 16) + String(attempt | 1 << 63, radix: 16))
    let answer = try await call(
      .POST, "/v1/sign-in", token: secret, body: String(decoding: AnswerWriter.text(body), as: UTF8.self))
    return try answer.read(SignInAnswer.self)
  }

  /// Asks in the name of who signed in.
  func ask(_ requests: [DirectoryRequest], _ session: SignInAnswer) async throws -> AnswersBody {
    let body = RequestsBody(
      requests: requests.enumerated().map { NumberedRequest(number: UInt64($0.offset), request: $0.element) })
    let answer = try await call(
      .POST, "/v1/requests", token: session.token, body: String(decoding: AnswerWriter.text(body), as: UTF8.self))
    return try answer.read(AnswersBody.self)
  }
}

extension DirectoryRequest {
  /// Makes a lobby.
  static func makeLobby(_ id: UInt64, host: UInt64, maximum: Int = 8, data: [Bytes: Bytes] = [:]) -> DirectoryRequest {
    .create(
      entry: DirectoryEntry(
        id: EntryID(rawValue: id), kind: .steamLobby, title: "test", host: PeerID(rawValue: host), maximum: maximum,
        data: data), peer: PeerID(rawValue: host), memberData: [:])
  }

  static func joinLobby(_ id: UInt64, as player: UInt64) -> DirectoryRequest {
    .join(EntryID(rawValue: id), password: nil, peer: PeerID(rawValue: player), memberData: [:])
  }

  static func set(_ key: Bytes, _ value: Bytes, of id: UInt64) -> DirectoryRequest {
    .change(EntryID(rawValue: id), [.setData(key: key, value: value)])
  }
}

/// A store in memory, which counts and can fail.
final class TestStore: DirectoryStore, @unchecked Sendable {
  struct Trouble: Error {}

  private struct State {
    var records: [String: DirectoryRecord] = [:]
    var exchanges = 0
    var failures = 0
    var seconds = 0.0
    var largestNote = Int.max
  }

  private let state = Mutex(State())

  func exchange(
    since revision: UInt64, _ body: (_ changed: [DirectoryRecord], _ isWhole: Bool) throws -> [DirectoryRecord]
  ) throws -> UInt64 {
    let (records, seconds) = state.withLock { ($0.records.values.sorted { $0.key < $1.key }, $0.seconds) }
    let written = try body(revision == 0 ? records : [], revision == 0)
    if seconds > 0 { Thread.sleep(forTimeInterval: seconds) }
    try state.withLock { state in
      state.exchanges += 1
      guard state.failures == 0 else {
        state.failures -= 1
        throw Trouble()
      }
      for case .notes(let notes)? in written.map(\.content)
      where notes.values.contains(where: { $0.count > state.largestNote && $0.count != TokenKey.size }) {
        throw StoreError.tooLarge(path: "here", record: "the notes")
      }
      for record in written {
        state.records["\(record.kind) \(record.key)"] = record.content == nil ? nil : record
      }
    }
    return 1
  }

  func hasChanged(since revision: UInt64) -> Bool { revision == 0 }

  /// Lets so many of the next exchanges fail, behind what they did.
  func fail(_ count: Int) { state.withLock { $0.failures = count } }

  /// Takes no notes of more bytes.
  func limitNotes(_ size: Int) { state.withLock { $0.largestNote = size } }

  /// Lets each exchange take so long.
  func slowDown(_ seconds: Double) { state.withLock { $0.seconds = seconds } }

  var exchanges: Int { state.withLock { $0.exchanges } }

  func records(_ kind: DirectoryRecord.Kind) -> [DirectoryRecord] {
    state.withLock { $0.records.values.filter { $0.kind == kind } }
  }
}

/// Tests that need the time of the machine, and threads of the concurrency pool: one after the other.
@Suite("Over the network", .serialized, .timeLimit(.minutes(5)))
enum NetworkedTests {}

/// Waits until the other tests leave some of the machine.
func calm() async {
  var quick = 0
  for _ in 0..<600 where quick < 5 {
    let start = SharedClock.now
    try? await Task.sleep(for: .milliseconds(50))
    quick = SharedClock.now - start < 0.3 ? quick + 1 : 0
  }
}
