import Foundation
import NetRuntime
import Testing

@testable import OnlineHomes

extension NetworkedTests {
  @Suite("Bodies and bytes that make no sense")
  struct ServerFuzzTests {
    /// Small and repeatable.
    struct Random: RandomNumberGenerator {
      var state: UInt64

      mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var value = state
        value = (value ^ value >> 30) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ value >> 27) &* 0x94d0_49bb_1331_11eb
        return value ^ value >> 31
      }
    }

    private static func body(_ random: inout Random) -> [UInt8] {
      let requests = WireSamples.requests.shuffled(using: &random).prefix(3)
      var bytes = AnswerWriter.text(
        RequestsBody(requests: requests.map { NumberedRequest(number: random.next(), request: $0) }))
      for _ in 0..<Int.random(in: 0...4, using: &random) {
        let place = Int.random(in: 0..<max(1, bytes.count), using: &random)
        switch Int.random(in: 0..<6, using: &random) {
        case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
        case 1: bytes.removeSubrange(place..<min(bytes.count, place + Int.random(in: 1...40, using: &random)))
        case 2: bytes.insert(contentsOf: Array("[{\"-9e999,null\u{0}".utf8).shuffled(using: &random), at: place)
        case 3: bytes = Array(bytes[..<place])
        case 4: bytes.insert(contentsOf: bytes[..<min(place, 200)], at: place)
        default: bytes.insert(contentsOf: [UInt8](repeating: UInt8(ascii: "["), count: 600), at: place)
        }
        if bytes.isEmpty { bytes = [0] }
      }
      return bytes
    }

    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func bodiesNeverEndTheServer(_ seed: UInt64) async throws {
      var random = Random(state: seed)
      let server = try await TestServer(store: TestStore()) {
        $0.playerBurst = 1e6
        $0.addressBurst = 1e6
      }
      let session = try await server.signIn(1)
      for _ in 0..<150 {
        let body = String(decoding: Self.body(&random), as: UTF8.self)
        let path = Bool.random(using: &random) ? "/v1/requests" : "/v1/sign-in"
        let answer = try await server.call(.POST, path, token: session.token, body: body)
        #expect([200, 400].contains(answer.status), "\(answer.status): \(body)")
        if answer.status == 400 { #expect(answer.error != nil, "\(answer.text)") }
      }
      #expect(try await server.call(.GET, "/health").status == 200)
      await server.stop()
    }

    @Test(arguments: [1, 2] as [UInt64])
    func bytesNeverEndTheServer(_ seed: UInt64) async throws {
      var random = Random(state: seed)
      let server = try await TestServer(store: TestStore())
      let session = try await server.signIn(1)
      let head =
        "POST /v1/requests HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 12\r\n"
        + "Authorization: Bearer \(session.token)\r\n\r\n{\"a\":[1,2,3]}"
      for _ in 0..<100 {
        var bytes = Array(head.utf8)
        for _ in 0..<Int.random(in: 1...6, using: &random) {
          let place = Int.random(in: 0..<bytes.count, using: &random)
          if Bool.random(using: &random) {
            bytes[place] = UInt8.random(in: 0...255, using: &random)
          } else {
            bytes.insert(contentsOf: Array("\r\n:0 ,".utf8).shuffled(using: &random), at: place)
          }
        }
        let connection = try RawConnection(port: server.port)
        try? connection.send(bytes)
        connection.finish()
      }
      #expect(try await server.call(.GET, "/health").status == 200)
      await server.stop()
    }

    @Test func tokensThatMakeNoSenseAreNone() throws {
      var random = Random(state: 1)
      let key = try #require(TokenKey(TokenKey.draw()))
      let token = key.token(of: PeerID(rawValue: 7), run: 9)
      #expect(key.read(token)?.player == PeerID(rawValue: 7))
      #expect(key.read(token)?.run == 9)
      for _ in 0..<2000 {
        var bytes = Array(token.utf8)
        let place = Int.random(in: 0..<bytes.count, using: &random)
        let old = bytes[place]
        bytes[place] = UInt8.random(in: 33...126, using: &random)
        guard bytes[place] != old else { continue }
        #expect(key.read(String(decoding: bytes, as: UTF8.self)) == nil)
      }
      let other = try #require(TokenKey(TokenKey.draw()))
      #expect(other.read(token) == nil)
    }
  }
}
