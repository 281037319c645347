import Foundation
import NetRuntime
import Testing

@testable import OnlineHomes

extension NetworkedTests {
  @Suite("A program at a server")
  struct HTTPDirectoryTests {
    @Test func playersMeet() async throws {
      let server = try await TestServer(store: TestStore()) { $0.secret = "hush" }
      let anna = ClientPlayer(try server.address, 1)
      let bob = ClientPlayer(try server.address, 2)
      #expect(await anna.ask(.makeLobby(9, host: 1)) != nil)
      guard case .success(.entry(let joined))? = await bob.ask(.joinLobby(9, as: 2)) else {
        Issue.record("not joined")
        return
      }
      #expect(joined.members.map(\.player.rawValue) == [1, 2])
      #expect(await anna.waits { $0.entries.last?.members.count == 2 })
      #expect(anna.news.runs.count == 1 && joined.members[0].run == anna.news.runs[0])
      _ = await bob.ask(.leave(EntryID(rawValue: 9)))
      #expect(await anna.waits { $0.entries.last?.members.count == 1 })
      #expect(await bob.waits { $0.departures == [.left] })
      await bob.close()
      await anna.close()
      let health = try await server.call(.GET, "/health").text
      #expect(health == #"{"status":"ok","players":0,"entries":0}"#, "closing signs out")
      await server.stop()
    }

    @Test func newsComeBeforeTheAnswerToWhatMadeThem() async throws {
      let server = try await TestServer(store: TestStore())
      let anna = ClientPlayer(try server.address, 1)
      #expect(await anna.ask(.makeLobby(9, host: 1)) != nil)
      for round in 1...30 {
        anna.forgetNews()
        _ = await anna.ask(.set("k", Bytes("\(round)"), of: 9))
        #expect(anna.news.entries.last?.data["k"] == Bytes("\(round)"))
      }
      await server.stop()
    }

    @Test func whatIsAskedInOneFrameIsAnsweredInOrder() async throws {
      let server = try await TestServer(store: TestStore())
      let anna = ClientPlayer(try server.address, 1)
      anna.leave(.makeLobby(9, host: 1))
      for value in 1...150 { anna.leave(.set("k", Bytes("\(value)"), of: 9)) }
      #expect(await anna.waits { $0.answer(to: 151) != nil })
      let answered = anna.news.compactMap { if case .answer(let number, .success) = $0 { number } else { nil } }
      #expect(answered == Array(1...151))
      let metrics = try await server.call(.GET, "/metrics").text
      let bodies = metrics.split(separator: "\n").first { $0.contains("route=\"/v1/requests\",status=\"200\"") }
      #expect(bodies.flatMap { Int($0.split(separator: " ")[1]) } ?? 999 < 40, "they travel together")
      await server.stop()
    }

    @Test func whatDoesNotFitOneAnswerComesWithTheNext() async throws {
      let server = try await TestServer(store: TestStore())
      let anna = ClientPlayer(try server.address, 1)
      let note = Bytes([UInt8](repeating: 2, count: Limits.notesSize - 4))
      anna.leave(.keep(key: "k", value: note))
      for _ in 1...40 { anna.leave(.kept(prefix: "")) }
      #expect(await anna.waits { $0.answer(to: 41) != nil })
      let answers = anna.news.compactMap {
        if case .answer(let number, let result) = $0 { (number, result) } else { nil }
      }
      #expect(answers.map(\.0) == Array(1...41))
      #expect(answers.dropFirst().allSatisfy { $0.1 == .success(.notes(["k": note])) })
      #expect(anna.news.outages == 0)
      await server.stop()
    }

    @Test func anAnswerThatIsTooLongIsRefusedAlone() async throws {
      let server = try await TestServer(store: TestStore())
      let anna = ClientPlayer(HTTPHub(try server.address, answerTime: 60, answerSize: 3000), 1)
      anna.leave(.keep(key: "k", value: Bytes(String(repeating: "x", count: 4000))))
      for request in [DirectoryRequest.friends, .kept(prefix: ""), .friends] { anna.leave(request) }
      #expect(await anna.waits { $0.answer(to: 4) != nil })
      #expect(anna.news.answer(to: 2) == .success(.friends([])))
      #expect(anna.news.answer(to: 3) == .failure(.malformed("the server's answer has more than 3000 bytes")))
      #expect(anna.news.answer(to: 4) == .success(.friends([])))
      #expect(anna.news.outages == 0 && Limits.answerSize == 2 * Limits.answersSize)
      await server.stop()
    }

    @Test func newsThatAreTooLongEndTheRun() async throws {
      let server = try await TestServer(store: TestStore())
      let anna = ClientPlayer(HTTPHub(try server.address, answerTime: 60, eventSize: 3000), 1)
      #expect(await anna.waits { $0.runs.count == 1 })
      anna.leave(.makeLobby(9, host: 1, data: ["k": Bytes(String(repeating: "x", count: 4000))]))
      #expect(await anna.waits { !$0.signOuts.isEmpty })
      #expect(anna.news.signOuts == [.unavailable("an event of its news has more than 3000 bytes")])
      await server.stop()
    }

    @Test func aWrongSecretSignsOut() async throws {
      let server = try await TestServer(store: TestStore()) { $0.secret = "hush" }
      let address = try #require(OnlineAddress("http://guess@127.0.0.1:\(server.port)"))
      let anna = ClientPlayer(address, 1)
      let asked = anna.leave(.friends)
      #expect(await anna.waits { $0.signOuts == [.badSecret] })
      #expect(await anna.waits { $0.answer(to: asked) == .failure(.badSecret) })
      #expect(await anna.ask(.friends) == .failure(.badSecret))
      await server.stop()
    }

    @Test func whoSignsInElsewhereStaysThere() async throws {
      let server = try await TestServer(store: TestStore())
      let first = ClientPlayer(try server.address, 1)
      #expect(await first.waits { $0.runs.count == 1 })
      _ = await first.ask(.makeLobby(9, host: 1))
      let second = ClientPlayer(try server.address, 1)
      #expect(await second.waits { $0.runs.count == 1 })
      #expect(await first.waits { $0.signOuts == [.signedOut] })
      #expect(first.news.departures.isEmpty, "as the other directories do")
      #expect(await first.ask(.friends) == .failure(.signedOut))
      await first.close()
      #expect(await second.ask(.friends) == .success(.friends([])))
      #expect(first.news.runs.count == 1 && second.news.signOuts.isEmpty)
      await server.stop()
    }

    @Test func whoSignsOutAndInAgainIsNotTakenForTwo() async throws {
      let server = try await TestServer(store: TestStore())
      let anna = ClientPlayer(try server.address, 1)
      #expect(await anna.waits { $0.runs.count == 1 })
      let identity = DirectoryIdentity(id: anna.id, name: "anna")
      for round in 2...4 {
        // What waits keeps the former run for a moment.
        let asked = anna.leave(.makeLobby(9, host: 1))
        anna.directory.signOut(anna.id)
        anna.directory.signIn(identity)
        #expect(await anna.waits { $0.runs.count == round && $0.answer(to: asked) != nil })
        #expect(await anna.ask(.friends) == .success(.friends([])))
      }
      #expect(anna.news.signOuts.isEmpty && Set(anna.news.runs).count == 4)
      await server.stop()
    }

    @Test func whoSignsOutWhileSigningInIsNotThere() async throws {
      let server = try await TestServer(store: TestStore())
      let anna = ClientPlayer(try server.address, 1)
      #expect(await anna.waits { $0.runs.count == 1 })
      anna.directory.signIn(DirectoryIdentity(id: anna.id, name: "anna"))
      anna.directory.signOut(anna.id)
      let bob = DirectoryIdentity(id: PeerID(rawValue: 2), name: "bob")
      anna.directory.signIn(bob)
      #expect(await anna.waits { $0.contains { if case .signedIn(bob.id, _) = $0 { true } else { false } } })
      try await Task.sleep(for: .milliseconds(100))
      #expect(try await server.call(.GET, "/health").text.contains("\"players\":1"))
      #expect(anna.news.runs.count == 2)
      await server.stop()
    }

    @Test func anOutageIsToldAndNothingAskedIsLost() async throws {
      let folder = try TemporaryFolder()
      var server = try await TestServer(store: SQLiteStore(path: folder.file("s")))
      let port = server.port
      let anna = ClientPlayer(try server.address, 1)
      let bob = ClientPlayer(try server.address, 2)
      _ = await anna.ask(.makeLobby(9, host: 1))
      _ = await bob.ask(.joinLobby(9, as: 2))
      await server.stop()
      let asked = anna.leave(.set("k", "v", of: 9))
      #expect(await anna.waits { $0.outages == 1 })
      #expect(anna.news.answer(to: asked) == nil)
      server = try await TestServer(store: SQLiteStore(path: folder.file("s")), port: port)
      #expect(await anna.waits { $0.returns == 1 && $0.answer(to: asked) != nil })
      #expect(await bob.waits { $0.entries.last?.data["k"] == "v" })
      #expect(anna.news.runs.count == 1 && anna.news.signOuts.isEmpty && bob.news.signOuts.isEmpty)
      #expect(bob.news.departures.isEmpty)
      await server.stop()
    }

    @Test func whoIsForgottenHearsOfItAndMaySignInAgain() async throws {
      let clock = TestClock()
      let server = try await TestServer(store: TestStore(), clock: clock)
      let anna = ClientPlayer(try server.address, 1)
      _ = await anna.ask(.makeLobby(9, host: 1))
      clock.advance(by: Limits.heartbeatTimeout + 1)
      #expect(await anna.waits { $0.signOuts == [.expired] })
      #expect(await anna.ask(.friends) == .failure(.signedOut))
      #expect(anna.news.runs.count == 1 && anna.news.departures.isEmpty, "as the other directories do")
      anna.directory.signIn(DirectoryIdentity(id: anna.id, name: "anna"))
      #expect(await anna.waits { $0.runs.count == 2 })
      #expect(await anna.ask(.find(EntryID(rawValue: 9))) == .failure(.unknownEntry(EntryID(rawValue: 9))))
      #expect(anna.news.signOuts == [.expired])
      await server.stop()
    }

    @Test func heartbeatsGoOnByThemselves() async throws {
      let server = try await TestServer(store: TestStore())
      let anna = ClientPlayer(try server.address, 1)
      #expect(await anna.waits { $0.runs.count == 1 })
      var beats = false
      for _ in 0..<100 where !beats {
        try await Task.sleep(for: .milliseconds(100))
        beats = try await server.call(.GET, "/metrics").text.contains("{route=\"/v1/heartbeat\",status=\"204\"}")
      }
      #expect(beats)
      await server.stop()
    }

    @Test func noServerIsAnOutageAndClosingIsQuick() async throws {
      let address = try #require(OnlineAddress("http://127.0.0.1:1"))
      let anna = ClientPlayer(address, 1)
      await anna.settle(for: 3600)
      #expect(await anna.waits { $0.outages == 1 })
      guard case .lost(let why)? = anna.news.first else {
        Issue.record("\(anna.news)")
        return
      }
      #expect(why == "nobody listens at http://127.0.0.1:1")
      let closing = SharedClock.now
      await anna.close()
      #expect(SharedClock.now - closing < 20, "0.5 s, on a machine that is busy")
      #expect(await anna.ask(.friends) == .failure(.signedOut))
    }

    @Test(arguments: [
      ("404 Not Found", "answers with HTTP status 404; is it a server of stingray-lua?"),
      ("200 OK", "answers a sign-in as no server of stingray-lua does"),
    ])
    func somethingElseThatAnswersIsNamed(_ status: String, _ what: String) async throws {
      let listener = try RawListener(answer: "HTTP/1.1 \(status)\r\nContent-Length: 5\r\n\r\nhello")
      let base = "http://127.0.0.1:\(listener.port)"
      let address = try #require(OnlineAddress(base))
      let anna = ClientPlayer(HTTPHub(address, answerTime: 60), 1)
      #expect(await anna.waits { !$0.isEmpty })
      #expect(anna.news == [.lost("\(base) \(what)")])
      await anna.close()
    }

    @Test func anotherPathOfAServerIsNone() async throws {
      let server = try await TestServer(store: TestStore())
      let address = try #require(OnlineAddress("http://127.0.0.1:\(server.port)/elsewhere"))
      let anna = ClientPlayer(address, 1)
      #expect(await anna.waits { !$0.isEmpty })
      guard case .signedOut(anna.id, .malformed(let why))? = anna.news.first else {
        Issue.record("\(anna.news)")
        return
      }
      #expect(why.hasPrefix("there is no such route; there are POST /v1/sign-in"))
      await server.stop()
    }

    @Test func settlingWaitsForTheSignIn() async throws {
      let server = try await TestServer(store: TestStore())
      let anna = ClientPlayer(try server.address, 1)
      let asked = anna.leave(.friends)
      await anna.settle(for: 90)
      await anna.waits(seconds: 0) { _ in false }
      #expect(anna.news.runs.count == 1 && anna.news.answer(to: asked) == .success(.friends([])))
      await server.stop()
    }

    @Test func aServerThatIsSilentIsAnOutage() async throws {
      let listener = try RawListener()
      let address = try #require(OnlineAddress("http://127.0.0.1:\(listener.port)"))
      let anna = ClientPlayer(HTTPHub(address, answerTime: 0.2), 1)
      #expect(await anna.waits { $0 == [.lost("http://127.0.0.1:\(listener.port) does not answer in time")] })
      #expect(Limits.answerTime == 5)
    }

    @Test func newsThatNobodyTakesAreNotRead() async throws {
      let server = try await TestServer(store: TestStore()) { $0.playerBurst = 1e6 }
      let hub = HTTPHub(try server.address)
      let anna = ClientPlayer(hub, 1)
      #expect(await anna.ask(.makeLobby(9, host: 1)) != nil)
      hub.put([DirectoryNews](repeating: .restored, count: Limits.clientNews))
      #expect(hub.isFull)
      let other = try await server.signIn(2)
      _ = try await server.ask([.joinLobby(9, as: 2)], other)
      try await Task.sleep(for: .milliseconds(200))
      #expect(hub.waiting == Limits.clientNews)
      for _ in 0..<Limits.clientNews { #expect(anna.directory.next() == .restored) }
      #expect(await anna.waits { $0.entries.last?.members.count == 2 })
      await server.stop()
    }

    @Test func theClientsPatienceFitsTheServersSigns() {
      #expect(Limits.newsPatience > 2 * Limits.newsSilence + Limits.slowReaderTime / 2)
      #expect(Limits.idleConnectionTime > 20, "the client's connections rest no longer")
    }

    @Test func retriesComeSlowerAndSlower() {
      var retry = Retry()
      for expected in [0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 2, 2, 2] {
        let seconds = retry.next()
        #expect(seconds >= 0.75 * expected && seconds <= 1.25 * expected)
      }
      #expect(Limits.firstRetry == 0.05 && Limits.lastRetry == 2)
    }
  }
}
