import Foundation
import NetRuntime
import Testing

@testable import OnlineHomes

extension NetworkedTests {
  @Suite("News of the server")
  struct ServerNewsTests {
    @Test func itBeginsWithEverything() async throws {
      let server = try await TestServer(store: TestStore())
      let anna = try await server.signIn(1, name: "anna", relations: [PeerID(rawValue: 2): .friend])
      let bob = try await server.signIn(2, name: "bob", relations: [PeerID(rawValue: 1): .friend])
      let invitation = Invitation(id: 5, title: "test", address: "10.0.0.1:7")
      _ = try await server.ask([.makeLobby(9, host: 1)], anna)
      _ = try await server.ask([.invite(invitation, to: [PeerID(rawValue: 1)])], bob)
      var news = try await NewsReader(server, anna)
      let all = try #require(try await news.nextRefresh())
      #expect(all.entries.map(\.id) == [EntryID(rawValue: 9)])
      #expect(all.acquaintances.map(\.player.name) == ["bob"])
      #expect(all.invitations.map(\.id) == [5])
      #expect(all.tickets.isEmpty)
      await server.stop()
    }

    @Test func changesFollow() async throws {
      let server = try await TestServer(store: TestStore())
      let anna = try await server.signIn(1)
      let bob = try await server.signIn(2)
      var news = try await NewsReader(server, anna)
      _ = try await news.next()
      let made = try await server.ask([.makeLobby(9, host: 1)], anna)
      _ = try await server.ask([.joinLobby(9, as: 2)], bob)
      _ = try await server.ask([.leave(EntryID(rawValue: 9))], anna)
      for members in [1, 2] {
        guard case .entry(let entry)? = try await news.nextChange() else {
          Issue.record("no entry")
          return
        }
        #expect(entry.members.count == members)
      }
      #expect(try await news.nextChange() == .left(EntryID(rawValue: 9), .left))
      #expect(made.news > 0)
      await server.stop()
    }

    @Test func aStreamGoesOnWhereItBroke() async throws {
      let server = try await TestServer(store: TestStore())
      let anna = try await server.signIn(1)
      let start = try await server.ask([.makeLobby(9, host: 1)], anna).news
      for value in 1...3 { _ = try await server.ask([.set("k", Bytes("\(value)"), of: 9)], anna) }
      var news = try await NewsReader(server, anna, after: String(start))
      for value in 1...3 {
        let event = try #require(try await news.next())
        #expect(event.name == "change" && event.id == String(start + UInt64(value)))
        let change = try JSONDecoder().decode(DirectoryChange.self, from: Data(event.data))
        guard case .entry(let entry) = change else {
          Issue.record("no entry")
          return
        }
        #expect(entry.data["k"] == Bytes("\(value)"))
      }
      for unknown in ["0", "1", String(start + 100), "x", "-1", "99999999999999999999999"] {
        var news = try await NewsReader(server, anna, after: unknown)
        #expect(try await news.nextRefresh()?.entries.count == 1)
      }
      await server.stop()
    }

    @Test func whoMissesTooMuchGetsEverythingAnew() async throws {
      let server = try await TestServer(store: TestStore()) { $0.playerBurst = 10_000 }
      let anna = try await server.signIn(1)
      let start = try await server.ask([.makeLobby(9, host: 1)], anna).news
      for round in 0..<3 {
        let changes = (0..<60).map { DirectoryRequest.set("k", Bytes("\(round).\($0)"), of: 9) }
        _ = try await server.ask(changes, anna)
      }
      var news = try await NewsReader(server, anna, after: String(start))
      #expect(try await news.nextRefresh()?.entries.first?.data["k"] == "2.59")
      await server.stop()
    }

    @Test func aStreamEndsWithItsRun() async throws {
      let server = try await TestServer(store: TestStore())
      let first = try await server.signIn(1)
      var news = try await NewsReader(server, first)
      _ = try await news.next()
      let second = try await server.signIn(1)
      let last = try #require(try await news.next())
      #expect(last.name == "replaced" && last.id == nil)
      #expect(try JSONDecoder().decode(ErrorBody.self, from: Data(last.data)).error == .signedOut)
      #expect(try await news.next() == nil)
      #expect(try await server.call(.GET, "/v1/news", token: first.token).status == 409)

      news = try await NewsReader(server, second)
      _ = try await news.next()
      _ = try await server.call(.POST, "/v1/sign-out", token: second.token)
      #expect(try await news.next() == nil)
      await server.stop()
    }

    @Test func whoIsSilentIsSignedOut() async throws {
      let clock = TestClock()
      let server = try await TestServer(store: TestStore(), clock: clock)
      let anna = try await server.signIn(1)
      let bob = try await server.signIn(2)
      _ = try await server.ask([.makeLobby(9, host: 1)], anna)
      _ = try await server.ask([.joinLobby(9, as: 2)], bob)
      var silent = try await NewsReader(server, anna)
      var news = try await NewsReader(server, bob)
      _ = try await (silent.next(), news.next())
      clock.advance(by: Limits.heartbeatTimeout - 1)
      #expect(try await server.call(.POST, "/v1/heartbeat", token: bob.token).status == 204)
      clock.advance(by: 2)
      #expect(try await silent.next()?.name == "signedOut")
      guard case .entry(let entry)? = try await news.nextChange() else {
        Issue.record("no entry")
        return
      }
      #expect(entry.host == PeerID(rawValue: 2) && entry.members.count == 1)
      #expect(try await server.call(.POST, "/v1/heartbeat", token: anna.token).status == 401)
      await server.stop()
    }

    @Test func aSecondStreamTakesTheFirstOnesPlace() async throws {
      let server = try await TestServer(store: TestStore())
      let anna = try await server.signIn(1)
      var first = try await NewsReader(server, anna)
      _ = try await first.next()
      var second = try await NewsReader(server, anna)
      _ = try await second.next()
      #expect(try await first.next() == nil)
      _ = try await server.ask([.makeLobby(9, host: 1)], anna)
      #expect(try await second.nextChange() != nil)
      await server.stop()
    }

    @Test func silenceIsBrokenBySigns() async throws {
      let clock = TestClock()
      let server = try await TestServer(store: TestStore(), clock: clock)
      let anna = try await server.signIn(1)
      let reader = try RawConnection(port: server.port)
      try reader.send("GET /v1/news HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \(anna.token)\r\n\r\n")
      #expect(await reader.reads("event: refresh"))
      clock.advance(by: Limits.newsSilence / 2 + 1)
      #expect(try await server.call(.POST, "/v1/heartbeat", token: anna.token).status == 204)
      clock.advance(by: Limits.newsSilence / 2)
      #expect(await reader.reads("\r\n:\n\n"), "a comment in a chunk of its own")
      await server.stop()
    }

    @Test func whoReadsTooSlowlyIsCutOff() async throws {
      let clock = TestClock()
      let server = try await TestServer(store: TestStore(), clock: clock) { $0.playerBurst = 1e6 }
      let anna = try await server.signIn(1)
      let filler = Bytes(String(repeating: "x", count: 4000))
      let made = try await server.ask(
        [.makeLobby(9, host: 1, data: ["a": filler, "b": filler, "c": filler])], anna)
      let reader = try RawConnection(port: server.port, receiveBuffer: 4096)
      try reader.send("GET /v1/news HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \(anna.token)\r\n\r\n")
      // More than the system's buffers take; nothing of it is read.
      var held = 0
      for round in 0..<40 {
        _ = try await server.ask((0..<20).map { .set("k", Bytes("\(round).\($0)"), of: 9) }, anna)
        let metrics = try await server.call(.GET, "/metrics").text
        let line = metrics.split(separator: "\n").first { $0.hasPrefix("stingray_held_news_bytes ") }
        held = max(held, line.flatMap { Int($0.split(separator: " ")[1]) } ?? 0)
      }
      #expect(held > 100_000 && held <= Limits.heldNewsSize)
      let before = try await server.call(.GET, "/metrics").text
      #expect(before.contains("stingray_news_streams 1\n"))
      clock.advance(by: Limits.slowReaderTime + 1)
      var isOpen = true
      for _ in 0..<200 where isOpen {
        try await Task.sleep(for: .milliseconds(50))
        isOpen = try await server.call(.GET, "/metrics").text.contains("stingray_news_streams 1\n")
      }
      #expect(!isOpen)
      #expect(await reader.readsToItsEnd())
      var news = try await NewsReader(server, anna, after: String(made.news))
      #expect(try await news.nextRefresh()?.entries.first?.data["k"] == "39.19")
      await server.stop()
    }

    @Test func whoListensAnewDoesNotLeaveAStuckStreamBehind() async throws {
      let server = try await TestServer(store: TestStore()) { $0.playerBurst = 1e6 }
      let anna = try await server.signIn(1)
      let filler = Bytes(String(repeating: "x", count: 4000))
      _ = try await server.ask([.makeLobby(9, host: 1, data: ["a": filler, "b": filler, "c": filler])], anna)
      let reader = try RawConnection(port: server.port, receiveBuffer: 4096)
      try reader.send("GET /v1/news HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \(anna.token)\r\n\r\n")
      // More than the system's buffers take; nothing of it is read.
      for round in 0..<40 {
        _ = try await server.ask((0..<20).map { .set("k", Bytes("\(round).\($0)"), of: 9) }, anna)
      }
      var news = try await NewsReader(server, anna)
      #expect(try await news.nextRefresh()?.entries.count == 1)
      #expect(await reader.readsToItsEnd())
      await server.stop()
    }
  }
}
