import Foundation
import NetRuntime
import Testing

@testable import OnlineHomes

extension NetworkedTests {
  @Suite("A server that ends and comes back")
  struct ServerRestartTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func start(clock: TestClock = TestClock()) async throws -> TestServer {
      try await TestServer(store: SQLiteStore(path: folder.file("serve.sqlite")), clock: clock)
    }

    @Test func nothingIsLostAndTokensStayGood() async throws {
      let clock = TestClock()
      var server = try await start(clock: clock)
      let anna = try await server.signIn(1)
      let bob = try await server.signIn(2)
      _ = try await server.ask([.makeLobby(9, host: 1, data: ["k": "v"]), .keep(key: "note", value: "kept")], anna)
      let joined = try await server.ask([.joinLobby(9, as: 2)], bob)
      await server.stop()
      // Almost all of the time in which players have to be heard of.
      clock.advance(by: Limits.heartbeatTimeout - 1)
      server = try await start(clock: clock)
      clock.advance(by: Limits.heartbeatTimeout - 1)
      #expect(try await server.call(.POST, "/v1/heartbeat", token: anna.token).status == 204)
      var news = try await NewsReader(server, bob, after: String(joined.news))
      let all = try #require(try await news.nextRefresh())
      guard case .entry(let entry)? = joined.answers.first?.answer else {
        Issue.record("no entry")
        return
      }
      #expect(all.entries == [entry])
      #expect(try await server.ask([.kept(prefix: "")], anna).answers.first?.answer == .notes(["note": "kept"]))
      let later = try await server.ask([.set("k", "w", of: 9)], anna)
      #expect(later.news > joined.news, "numbers go on")
      await server.stop()
    }

    @Test func whoDoesNotComeBackIsGone() async throws {
      let clock = TestClock()
      var server = try await start(clock: clock)
      let anna = try await server.signIn(1)
      _ = try await server.ask([.makeLobby(9, host: 1)], anna)
      await server.stop()
      server = try await start(clock: clock)
      #expect(try await server.call(.GET, "/health").text.contains("\"entries\":1"))
      clock.advance(by: Limits.heartbeatTimeout + 1)
      var isThere = true
      for _ in 0..<100 where isThere {
        try await Task.sleep(for: .milliseconds(50))
        isThere = try await server.call(.GET, "/health").text.contains("\"entries\":1")
      }
      #expect(!isThere)
      await server.stop()
    }

    @Test func oneServerAtATimeUsesADatabase() throws {
      let path = folder.file("serve.sqlite")
      let lock = try ServerLock(database: path)
      #expect(throws: ServerLock.Failure.taken(path)) { try ServerLock(database: path) }
      lock.release()
      try ServerLock(database: path).release()
      #expect(throws: ServerLock.Failure.cannotLock("/nowhere/x", errno: ENOENT)) {
        try ServerLock(database: "/nowhere/x")
      }
    }

    @Test func aKeyThatWasChangedIsTold() async throws {
      let store = TestStore()
      _ = try store.exchange(since: 0) { _, _ in [DirectoryRecord(tokenKey: [1, 2, 3])] }
      await #expect(throws: ServerFailure.noKey) { _ = try await TestServer(store: store) }
    }
  }
}
