import NIOHTTP1
import NetRuntime
import Testing

@testable import OnlineHomes

extension NetworkedTests {
  @Suite("Rates of requests")
  struct RateLimitTests {
    private let limiter = RateLimiter(player: .init(rate: 10, burst: 20), address: .init(rate: 1, burst: 2))
    private let player = RateLimiter.Client.player(PeerID(rawValue: 1))

    @Test func aBurstIsTakenAndComesBack() {
      #expect(limiter.take(20, from: player, at: 0) == nil)
      #expect(limiter.take(1, from: player, at: 0) == 0.1)
      #expect(limiter.take(1, from: player, at: 0.1) == nil)
      #expect(limiter.take(5, from: player, at: 0.1) == 0.5)
      #expect(limiter.take(20, from: player, at: 100) == nil, "no more than a burst comes back")
      #expect(limiter.take(1, from: player, at: 100) != nil)
      #expect(limiter.take(1, from: player, at: 50) != nil, "a clock that goes back gives nothing")
    }

    @Test func clientsAreCountedApart() {
      #expect(limiter.take(2, from: .address("a"), at: 0) == nil)
      #expect(limiter.take(1, from: .address("a"), at: 0) == 1)
      #expect(limiter.take(1, from: .address("b"), at: 0) == nil)
      #expect(limiter.take(1, from: player, at: 0) == nil)
    }

    @Test func soManyClientsAreCounted() {
      for index in 0..<Limits.countedClients { _ = limiter.take(1, from: .address("\(index)"), at: 0) }
      #expect(limiter.count == Limits.countedClients)
      #expect(limiter.take(1, from: .address("x"), at: 10) == nil)
      #expect(limiter.count == 1, "all others had rested")
    }

    @Test(arguments: [
      ("10.0.0.7", "10.0.0.7"), ("::ffff:10.0.0.7", "::ffff:10.0.0.7"), ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2"),
      ("2001:db8::1", "2001:db8:0:0"), ("::1", "0:0:0:0"), ("", ""), ("nonsense", "nonsense"), (":::::::", "0:0:0:0"),
    ])
    func aHouseIsOneAddress(_ address: String, _ key: String) { #expect(ClientAddress.key(of: address) == key) }

    @Test func aPlayerThatAsksTooMuchWaits() async throws {
      let clock = TestClock()
      let server = try await TestServer(store: TestStore(), clock: clock) {
        $0.playerRate = 2
        $0.playerBurst = 4
      }
      let session = try await server.signIn(7)
      let other = try await server.signIn(8)
      _ = try await server.ask(.init(repeating: .friends, count: 4), session)
      let body = #"{"requests":[{"number":1,"request":{"friends":{}}},{"number":2,"request":{"friends":{}}}]}"#
      let refused = try await server.call(.POST, "/v1/requests", token: session.token, body: body)
      #expect(refused.status == 429)
      #expect(refused.error == ErrorBody(.tooManyRequests, retryAfter: 0.5))
      #expect(refused.headers["Retry-After"] == ["1"])
      #expect(try await server.call(.POST, "/v1/heartbeat", token: session.token).status == 429)
      #expect(try await server.call(.POST, "/v1/heartbeat", token: other.token).status == 204)
      clock.advance(by: 1)
      #expect(try await server.call(.POST, "/v1/requests", token: session.token, body: body).status == 200)
      await server.stop()
    }

    @Test func whatCannotBeReadCountsToo() async throws {
      let clock = TestClock()
      let server = try await TestServer(store: TestStore(), clock: clock) {
        $0.playerRate = 2
        $0.playerBurst = 3
      }
      let session = try await server.signIn(7)
      for status in [400, 400, 400, 429] {
        #expect(try await server.call(.POST, "/v1/requests", token: session.token, body: "{").status == status)
      }
      // The first one of a body is counted before the others are known.
      clock.advance(by: 1)
      let body =
        #"{"requests":[{"number":1,"request":{"friends":{}}},{"number":2,"request":{"friends":{}}},"#
        + #"{"number":3,"request":{"friends":{}}}]}"#
      let refused = try await server.call(.POST, "/v1/requests", token: session.token, body: body)
      #expect(refused.error == ErrorBody(.tooManyRequests, retryAfter: 1))
      clock.advance(by: 1)
      #expect(try await server.call(.POST, "/v1/requests", token: session.token, body: body).status == 200)
      await server.stop()
    }

    @Test func whoGuessesAtSecretsWaits() async throws {
      let clock = TestClock()
      let server = try await TestServer(store: TestStore(), clock: clock) {
        $0.secret = "hush"
        $0.addressRate = 0.5
        $0.addressBurst = 3
        $0.isBehindProxy = true
      }
      let headers: HTTPHeaders = ["Content-Type": "application/json", "X-Forwarded-For": "1.2.3.4, 10.0.0.1"]
      for status in [401, 401, 401, 429, 429] {
        let answer = try await server.call(.POST, "/v1/sign-in", token: "guess", body: "{}", headers: headers)
        #expect(answer.status == status)
        if status == 429 { #expect(answer.headers["Retry-After"] == ["2"]) }
      }
      #expect(try await server.call(.GET, "/health", headers: headers).status == 429)
      #expect(try await server.call(.POST, "/v1/heartbeat", token: "forged", headers: headers).status == 429)
      #expect(try await server.call(.GET, "/health").status == 200, "another address")
      let made: HTTPHeaders = ["X-Forwarded-For": "6.6.6.6, 10.0.0.1"]
      #expect(try await server.call(.GET, "/health", headers: made).status == 429, "what the proxy saw counts")
      clock.advance(by: 2)
      #expect(try await server.call(.POST, "/v1/sign-in", token: "guess", body: "{}", headers: headers).status == 401)
      await server.stop()
    }

    @Test func theUsualRatesHold() async throws {
      let clock = TestClock()
      let server = try await TestServer(store: TestStore(), clock: clock)
      let session = try await server.signIn(7)
      let batch = [DirectoryRequest](repeating: .friends, count: Int(Limits.playerRequestBurst) / 4)
      for _ in 0..<4 { #expect(try await server.ask(batch, session).answers.count == batch.count) }
      let refused = try await server.call(.POST, "/v1/heartbeat", token: session.token)
      #expect(refused.error?.retryAfter.map { abs($0 - 1 / Limits.playerRequestRate) < 0.001 } == true)
      // The sign-in was one.
      for _ in 1..<Int(Limits.addressRequestBurst) { #expect(try await server.call(.GET, "/health").status == 200) }
      let last = try await server.call(.GET, "/health")
      #expect(last.error?.retryAfter.map { abs($0 - 1 / Limits.addressRequestRate) < 0.001 } == true)
      await server.stop()
    }
  }
}
