import Foundation
import Logging
import NetRuntime
import Testing

@testable import OnlineHomes

extension NetworkedTests {
  @Suite("The service behind the server")
  struct DirectoryServiceTests {
    @Test func requestsThatComeTogetherShareAnExchange() async throws {
      let store = TestStore()
      let server = try await TestServer(store: store)
      var sessions: [SignInAnswer] = []
      for player in 1...20 { sessions.append(try await server.signIn(UInt64(player))) }
      let before = store.exchanges
      store.slowDown(0.05)
      try await withThrowingTaskGroup(of: Void.self) { group in
        for (index, session) in sessions.enumerated() {
          group.addTask {
            let id = UInt64(index + 1)
            let answers = try await server.ask([.makeLobby(100 + id, host: id)], session)
            #expect(answers.answers.first?.error == nil)
          }
        }
        try await group.waitForAll()
      }
      #expect(store.records(.entry).count == 20)
      #expect(store.exchanges - before < 15, "one exchange takes long enough for others to come")
      await server.stop()
    }

    @Test func heartbeatsAndQuestionsDoNotReachTheStore() async throws {
      let store = TestStore()
      let server = try await TestServer(store: store)
      let anna = try await server.signIn(1)
      _ = try await server.ask([.makeLobby(9, host: 1)], anna)
      let before = store.exchanges
      for _ in 0..<5 { #expect(try await server.call(.POST, "/v1/heartbeat", token: anna.token).status == 204) }
      _ = try await server.ask([.friends, .find(EntryID(rawValue: 9)), .kept(prefix: "")], anna)
      #expect(store.exchanges == before)
      #expect(store.records(.heartbeat).isEmpty)
      await server.stop()
    }

    @Test func whatTheStoreRefusesDidNotHappen() async throws {
      let store = TestStore()
      let server = try await TestServer(store: store)
      let anna = try await server.signIn(1)
      var news = try await NewsReader(server, anna)
      _ = try await news.next()
      store.fail(2)
      let body = RequestsBody(requests: [NumberedRequest(number: 1, request: .makeLobby(9, host: 1))])
      let text = String(decoding: AnswerWriter.text(body), as: UTF8.self)
      let refused = try await server.call(.POST, "/v1/requests", token: anna.token, body: text)
      #expect(refused.status == 503)
      #expect(refused.error == ErrorBody(.unavailable("its store failed"), retryAfter: 1))
      #expect(refused.headers["Retry-After"] == ["1"])
      // It finds back by itself: everybody gets all anew, and nothing of what was refused is there.
      #expect(try await news.nextRefresh()?.entries == [])
      #expect(try await server.call(.GET, "/health").status == 200)
      let answers = try await server.ask([.find(EntryID(rawValue: 9)), .makeLobby(9, host: 1)], anna)
      #expect(answers.answers[0].error == .unknownEntry(EntryID(rawValue: 9)))
      #expect(answers.answers[1].error == nil)
      #expect(store.records(.entry).count == 1)
      await server.stop()
    }
  }
}
