import Foundation
import NIOHTTP1
import NetRuntime
import Testing

@testable import OnlineHomes

extension NetworkedTests {
  @Suite("The server's routes")
  struct ServerRoutesTests {
    private func server(
      _ change: (inout DirectoryServer.Settings) -> Void = { _ in }
    ) async throws -> TestServer { try await TestServer(store: TestStore(), change) }

    /// A body that is refused, the status, and what the message says.
    @Test(arguments: [
      ("/v1/sign-in", "", 400, "the body is no JSON"),
      ("/v1/sign-in", "{", 400, "the body is no JSON"),
      ("/v1/sign-in", "[]", 400, "the body: expected an object"),
      ("/v1/sign-in", "{}", 400, "identity: is missing"),
      ("/v1/sign-in", #"{"identity":{"id":5}}"#, 400, "identity.id: expected a text"),
      ("/v1/sign-in", #"{"identity":{"id":"xyz"}}"#, 400, #"identity.id: expected a hexadecimal id, got "xyz""#),
      (
        "/v1/sign-in",
        #"{"identity":{"id":"1","kind":"player","name":"a","region":"local","relations":{}},"attempt":"1"}"#, 400,
        "attempt: expected 32 to 64 characters drawn at random, got 1"
      ),
      (
        "/v1/sign-in",
        #"{"identity":{"id":"1","kind":"player","name":"a","region":"moon","relations":{}},"attempt":""}"#, 400,
        #"identity.region: expected the name of a region, got "moon""#
      ),
      ("/v1/requests", #"{"requests":[]}"#, 400, "requests: expected 1 to 64 of them, got 0"),
      ("/v1/requests", #"{"requests":{}}"#, 400, "requests: expected a list"),
      ("/v1/requests", #"{"requests":[{"number":-1}]}"#, 400, "a number that is out of range"),
      ("/v1/requests", #"{"requests":[{"number":1}]}"#, 400, "requests[0].request: is missing"),
      (
        "/v1/requests", #"{"requests":[{"number":1,"request":{"dance":{}}}]}"#, 400,
        "requests[0].request: expected an object with one key"
      ),
      (
        "/v1/requests", #"{"requests":[{"number":1,"request":{"leave":{"_0":7}}}]}"#, 400,
        "requests[0].request.leave._0: expected a text"
      ),
    ])
    func bodiesThatCannotBeReadAreRefused(_ path: String, _ body: String, _ status: Int, _ message: String) async throws
    {
      let server = try await server()
      let session = try await server.signIn(7)
      let answer = try await server.call(.POST, path, token: session.token, body: body)
      #expect(answer.status == status)
      let error = try #require(answer.error)
      #expect(error.message.contains(message), "\(error.message)")
      #expect(error.error == .malformed(error.message))
      #expect(answer.headers["Content-Type"] == ["application/json"])
      await server.stop()
    }

    @Test func unknownRoutesAndMethodsAreTold() async throws {
      let server = try await server()
      let unknown = try await server.call(.GET, "/v2/news")
      #expect(unknown.status == 404)
      #expect(unknown.error?.message.contains("POST /v1/sign-in") == true)
      let wrong = try await server.call(.DELETE, "/v1/requests")
      #expect(wrong.status == 405)
      #expect(wrong.error?.message == "/v1/requests takes POST alone")
      let form = try await server.call(
        .POST, "/v1/sign-in", body: "{}", headers: ["Content-Type": "application/x-www-form-urlencoded"])
      #expect(form.status == 415)
      #expect(form.error?.message == "expected the header Content-Type: application/json")
      await server.stop()
    }

    @Test func theSecretIsAskedFor() async throws {
      let server = try await server { $0.secret = "hush" }
      for word in [nil, "", "hus", "hushh", "HUSH"] {
        let answer = try await server.call(.POST, "/v1/sign-in", token: word, body: "{}")
        #expect(answer.status == 401)
        #expect(answer.error == ErrorBody(.badSecret))
        #expect(try await server.call(.GET, "/metrics", token: word).status == 401)
      }
      #expect(try await server.signIn(7).run != 0)
      #expect(try await server.call(.GET, "/metrics", token: "hush").status == 200)
      #expect(try await server.call(.GET, "/health").status == 200, "who watches needs no secret")
      await server.stop()
    }

    @Test(arguments: ["/v1/requests", "/v1/heartbeat", "/v1/sign-out", "/v1/news"])
    func tokensAreAskedFor(_ path: String) async throws {
      let server = try await server()
      let session = try await server.signIn(7)
      let method: HTTPMethod = path == "/v1/news" ? .GET : .POST
      var forged = Array(session.token)
      forged[5] = forged[5] == "A" ? "B" : "A"
      for token in [nil, "", "x", String(forged), session.token + "A", String(session.token.dropLast())] {
        let answer = try await server.call(method, path, token: token, body: method == .POST ? "{}" : nil)
        #expect(answer.status == 401)
        #expect(answer.error?.error == .signedOut)
        #expect(answer.headers["WWW-Authenticate"] == ["Bearer"])
      }
      await server.stop()
    }

    @Test func longBodiesAreRefused() async throws {
      let server = try await server()
      let session = try await server.signIn(7)
      let long = String(repeating: " ", count: Limits.serverBodySize + 1)
      for path in ["/v1/sign-in", "/v1/requests"] {
        let answer = try await server.call(.POST, path, token: session.token, body: long)
        #expect(answer.status == 413)
        #expect(answer.error?.message == "the body has more than 1048576 bytes")
      }
      let most = try await server.call(
        .POST, "/v1/requests", token: session.token, body: String(long.dropLast(40)) + #"{"requests":[]}"#)
      #expect(most.status == 400)
      await server.stop()
    }

    @Test func aBodyHoldsSoManyRequests() async throws {
      let server = try await server()
      let session = try await server.signIn(7)
      let request = DirectoryRequest.friends
      let most = try await server.ask(.init(repeating: request, count: Limits.requestsPerBatch), session)
      #expect(most.answers.count == Limits.requestsPerBatch)
      let body = RequestsBody(
        requests: .init(
          repeating: NumberedRequest(number: 1, request: request), count: Limits.requestsPerBatch + 1))
      let answer = try await server.call(
        .POST, "/v1/requests", token: session.token, body: String(decoding: AnswerWriter.text(body), as: UTF8.self))
      #expect(answer.error?.message == "requests: expected 1 to 64 of them, got 65")
      await server.stop()
    }

    @Test func requestsAreAnsweredInTheirOrder() async throws {
      let server = try await server()
      let session = try await server.signIn(7)
      let answers = try await server.ask(
        [
          .find(EntryID(rawValue: 1)), .makeLobby(1, host: 7), .find(EntryID(rawValue: 1)), .keep(key: "k", value: "v"),
        ],
        session)
      #expect(answers.answers.map(\.number) == [0, 1, 2, 3])
      #expect(answers.answers[0].error == .unknownEntry(EntryID(rawValue: 1)))
      guard case .entry(let made)? = answers.answers[1].answer, case .entry(let found)? = answers.answers[2].answer
      else {
        Issue.record("no entries")
        return
      }
      #expect(made == found && made.members.map(\.run) == [session.run])
      #expect(answers.answers[3].answer == .done)
      await server.stop()
    }

    @Test func aRepeatedSignInGetsTheSameRun() async throws {
      let server = try await server()
      let first = try await server.signIn(7, attempt: 1)
      let again = try await server.signIn(7, attempt: 1)
      #expect(first == again)
      let next = try await server.signIn(7, attempt: 2)
      #expect(next.run != first.run && next.token != first.token)
      #expect(try await server.signIn(8, attempt: 1).run != first.run)
      await server.stop()
    }

    @Test func whoSignsInElsewhereTakesThePlace() async throws {
      let server = try await server()
      let first = try await server.signIn(7)
      let second = try await server.signIn(7)
      for path in ["/v1/requests", "/v1/heartbeat"] {
        let answer = try await server.call(
          .POST, path, token: first.token, body: #"{"requests":[{"number":1,"request":{"friends":{}}}]}"#)
        #expect(answer.status == 409)
        #expect(answer.error == ErrorBody(.signedOut, message: "the player signed in at another place"))
      }
      #expect(try await server.call(.POST, "/v1/sign-out", token: first.token).status == 204)
      #expect(try await server.call(.POST, "/v1/heartbeat", token: second.token).status == 204, "still signed in")
      #expect(try await server.call(.POST, "/v1/sign-out", token: second.token).status == 204)
      let gone = try await server.call(.POST, "/v1/heartbeat", token: second.token)
      #expect(gone.status == 401 && gone.error == ErrorBody(.signedOut))
      await server.stop()
    }

    @Test func itTellsOfItself() async throws {
      let server = try await server()
      let session = try await server.signIn(7)
      _ = try await server.ask([.makeLobby(1, host: 7), .find(EntryID(rawValue: 9))], session)
      let health = try await server.call(.GET, "/health")
      #expect(health.text == #"{"status":"ok","players":1,"entries":1}"#)
      let metrics = try await server.call(.GET, "/metrics").text
      for line in [
        "stingray_players 1", "stingray_entries{kind=\"steamLobby\"} 1", "stingray_entries{kind=\"psnRoom\"} 0",
        "stingray_requests_total{kind=\"create\",outcome=\"ok\"} 1",
        "stingray_requests_total{kind=\"find\",outcome=\"unknownEntry\"} 1",
        "stingray_responses_total{route=\"/v1/sign-in\",status=\"200\"} 1",
        "stingray_response_seconds_count{route=\"/health\"} 1",
      ] {
        #expect(metrics.split(separator: "\n").contains { $0 == line }, "\(line)")
      }
      await server.stop()
    }

    @Test func longHeadsAreRefused() async throws {
      let server = try await server()
      let connection = try RawConnection(port: server.port)
      let long = String(repeating: "x", count: Limits.serverHeaderSize + 1)
      try connection.send("GET /health HTTP/1.1\r\nHost: x\r\nX: \(long)\r\n\r\n")
      #expect(await connection.reads("HTTP/1.1 400"))
      #expect(await connection.readsToItsEnd())
      let short = try RawConnection(port: server.port)
      try short.send("GET /health HTTP/1.1\r\nHost: x\r\nX: \(long.dropLast(1000))\r\n\r\n")
      #expect(await short.reads("HTTP/1.1 200"))
      await server.stop()
    }

    @Test func whoSendsNothingIsLetGo() async throws {
      let server = try await server { $0.idleTime = 0.3 }
      for text in ["", "GET /hea", "POST /v1/sign-in HTTP/1.1\r\nContent-Length: 9\r\n\r\n{"] {
        let connection = try RawConnection(port: server.port)
        try connection.send(text)
        #expect(await connection.readsToItsEnd())
      }
      #expect(DirectoryServer.Settings().idleTime == Limits.idleConnectionTime)
      await server.stop()
    }

    @Test func soManyConnectionsAreOpen() async throws {
      let server = try await server { $0.connections = 2 }
      let ask = "GET /health HTTP/1.1\r\nHost: x\r\n\r\n"
      var connections: [RawConnection] = []
      for _ in 0..<2 {
        let connection = try RawConnection(port: server.port)
        try connection.send(ask)
        #expect(await connection.reads("HTTP/1.1 200"))
        connections.append(connection)
      }
      let third = try RawConnection(port: server.port)
      try third.send(ask)
      try await Task.sleep(for: .milliseconds(100))
      #expect(!third.hasMore, "it waits for a place")
      connections.removeFirst()
      #expect(await third.reads("HTTP/1.1 200"))
      #expect(DirectoryServer.Settings().connections == Limits.serverConnections)
      await server.stop()
    }

    /// A refusal that comes before the body is read.
    @Test(arguments: [
      ("POST /nowhere", "Content-Length: 1000000"), ("POST /v1/requests", "Transfer-Encoding: chunked"),
    ])
    func bodiesThatNobodyReadsAreNotWaitedFor(_ line: String, _ size: String) async throws {
      let server = try await server()
      let connection = try RawConnection(port: server.port)
      try connection.send("\(line) HTTP/1.1\r\nHost: x\r\n\(size)\r\n\r\n1\r\n")
      #expect(await connection.reads("onnection: close"))
      #expect(await connection.readsToItsEnd())
      await server.stop()
    }

    @Test func aRunThatIsOverIsToldBeforeItsBodyIsRead() async throws {
      let server = try await server()
      let first = try await server.signIn(7)
      _ = try await server.signIn(7)
      #expect(try await server.call(.POST, "/v1/requests", token: first.token, body: "{").status == 409)
      let other = try await server.signIn(8)
      #expect(try await server.call(.POST, "/v1/sign-out", token: other.token).status == 204)
      #expect(try await server.call(.POST, "/v1/requests", token: other.token, body: "{").status == 401)
      await server.stop()
    }
  }
}
