import Foundation
import NetRuntime
import Testing

@testable import OnlineHomes

@Suite("The description of the server")
struct OpenAPITests {
  private let document: [String: Any]

  init() throws {
    document = try #require(JSONSerialization.jsonObject(with: Data(OpenAPI.text)) as? [String: Any])
  }

  private func json(_ value: some Encodable) throws -> Any {
    try JSONSerialization.jsonObject(with: Data(AnswerWriter.text(value)), options: .fragmentsAllowed)
  }

  @Test func itDescribesEachShapeAsCodableWritesIt() throws {
    var checker = SchemaChecker(document)
    let attempt = String(repeating: "f", count: 32)
    checker.check(try json(SignInBody(identity: WireSamples.identity, attempt: attempt)), as: "SignIn")
    let key = try #require(RelayKey(hexadecimal: attempt))
    let relay = RelayOffer(host: "h", port: 7, key: key)
    checker.check(
      try json(SignInAnswer(token: "t", run: .max, heartbeatInterval: 3, heartbeatTimeout: 12, relay: relay)),
      as: "SignedIn")
    let server = DirectoryIdentity(id: WireSamples.anna, kind: .server, name: "s")
    checker.check(try json(server), as: "Identity")
    let requests = WireSamples.requests.map { NumberedRequest(number: 1, request: $0) }
    checker.check(try json(RequestsBody(requests: requests)), as: "Requests")
    for request in WireSamples.requests { checker.check(try json(request), as: "Request") }
    var answers = WireSamples.answers.map { NumberedAnswer(number: 1, answer: $0) }
    answers += WireSamples.errors.map { NumberedAnswer(number: 1, error: $0) }
    checker.check(try json(AnswersBody(answers: answers, news: 5)), as: "Answers")
    for error in WireSamples.errors { checker.check(try json(ErrorBody(error, retryAfter: 1)), as: "Error") }
    for change in WireSamples.news { checker.check(try json(change), as: "News") }
    checker.check(try json(WireSamples.refresh), as: "Refresh")
    for kind in DirectoryEntry.Kind.allNames {
      checker.check(try json(EntryQuery(kind: kind, title: "t")), as: "Query")
    }
    for region in [Region.local.name] + Region.known.map(\.name) { checker.check(region, as: "Region") }
    for status in ["ok", "store failed"] {
      checker.check(["status": status, "players": 1, "entries": 1] as [String: Any], as: "Health")
    }
    #expect(checker.errors == [])
    #expect(checker.all.subtracting(checker.seen).sorted() == [], "described, but in no sample")
  }

  @Test func itRefusesOtherShapes() throws {
    for (text, name) in [
      (#"{"leave":{"_0":"xyz"}}"#, "Request"), (#"{"leave":{}}"#, "Request"), (#"{"dance":{}}"#, "Request"),
      (#"{"leave":{"_0":"1"},"friends":{}}"#, "Request"), (#"{"_0":"1"}"#, "Hopper"), ("[]", "Entry"),
    ] {
      var checker = SchemaChecker(document)
      checker.check(try JSONSerialization.jsonObject(with: Data(text.utf8)), as: name)
      #expect(!checker.errors.isEmpty, "\(text)")
    }
  }

  @Test func theKindsNamesAreThoseOfTheJSON() throws {
    for request in WireSamples.requests {
      #expect((try json(request) as? [String: Any])?.keys.first == request.caseName)
    }
    for error in WireSamples.errors {
      #expect((try json(error) as? [String: Any])?.keys.first == error.caseName)
    }
  }

  @Test func itHasEachRoute() throws {
    let paths = try #require(document["paths"] as? [String: [String: Any]])
    #expect(Set(paths.keys) == Set(Route.allCases.map(\.rawValue)))
    for route in Route.allCases {
      let operation = paths[route.rawValue]?[route.method.rawValue.lowercased()] as? [String: Any]
      #expect(operation?["responses"] != nil, "\(route)")
    }
  }

  @Test func itIsServed() async throws {
    let server = try await TestServer(store: TestStore())
    let answer = try await server.call(.GET, "/openapi.json")
    #expect(answer.status == 200 && answer.body == OpenAPI.text)
    await server.stop()
  }
}

@Suite("Answers as JSON")
struct AnswerWriterTests {
  private let writer = AnswerWriter()

  private func read<Shape: Decodable>(_ text: [UInt8], _ type: Shape.Type) throws -> Shape {
    try JSONDecoder().decode(type, from: Data(text))
  }

  @Test func whatIsKeptReadsAsCodableReadsIt() throws {
    for _ in 0..<2 {
      for answer in WireSamples.answers {
        #expect(try read(writer.text(of: answer), DirectoryAnswer.self) == answer)
      }
      for change in WireSamples.news {
        #expect(try read(writer.text(of: change), DirectoryChange.self) == change)
      }
      #expect(try read(writer.text(of: WireSamples.refresh), NewsRefresh.self) == WireSamples.refresh)
    }
    let results: [(number: UInt64, result: Result<DirectoryAnswer, DirectoryError>)] = [
      (1, .success(.entry(WireSamples.entry))), (.max, .failure(.full(maximum: 3))), (2, .success(.done)),
    ]
    let body = try read(writer.text(of: results, news: 7), AnswersBody.self)
    #expect(body.answers.map(\.number) == [1, .max, 2] && body.news == 7)
    #expect(body.answers.map(\.answer) == [.entry(WireSamples.entry), nil, .done])
    #expect(body.answers[1].error == .full(maximum: 3))
    #expect(try read(writer.text(of: [], news: 0), AnswersBody.self).answers.isEmpty)
  }

  @Test func anEntryIsKeptAsEachMaySeeItAndByRevision() throws {
    var entry = WireSamples.entry
    var shown = entry
    shown.password = nil
    for _ in 0..<2 {
      #expect(try read(writer.text(of: entry), DirectoryEntry.self) == entry)
      #expect(try read(writer.text(of: shown), DirectoryEntry.self) == shown)
    }
    let size = writer.size
    #expect(size == writer.text(of: entry).count + writer.text(of: shown).count)
    entry.revision += 1
    entry.data = [:]
    #expect(try read(writer.text(of: entry), DirectoryEntry.self) == entry)
    #expect(writer.size == writer.text(of: entry).count, "the older ones are gone")
    writer.forget(entry.id)
    #expect(writer.size == 0)
  }

  @Test func listsAreBounded() throws {
    let data = Bytes([UInt8](repeating: 2, count: 16_000))
    let entries = (1...50 as ClosedRange<UInt64>).map { id in
      DirectoryEntry(
        id: EntryID(rawValue: id), kind: .psnRoom, title: "t", host: WireSamples.anna, maximum: 4, data: ["k": data])
    }
    let size = writer.text(of: entries[0]).count
    let list = writer.text(of: .entries(entries))
    #expect(list.count <= Limits.listedSize + 64)
    #expect(try read(list, DirectoryAnswer.self) == .entries(Array(entries.prefix(Limits.listedSize / size))))

    let results = (0..<64 as Range<UInt64>).map { number in
      (number: number, result: Result<DirectoryAnswer, DirectoryError>.success(.entries(entries)))
    }
    #expect(writer.text(of: results, news: 1).count <= Limits.answersSize + 64)
    let answered = try read(
      writer.text(of: results.map { ($0.number, .success(.entry(entries[0]))) }, news: 1), AnswersBody.self)
    #expect(answered.answers.map(\.number) == Array(0..<64), "what fits is there")

    let many = (1...400 as ClosedRange<UInt64>).map { id in
      Acquaintance(
        player: DirectoryPlayer(
          id: PeerID(rawValue: id), name: "n", presence: ["k": Bytes([UInt8](repeating: 2, count: 4000))]),
        relation: .friend, isAsking: true)
    }
    guard case .friends(let told) = try read(writer.text(of: .friends(many)), DirectoryAnswer.self) else { return }
    #expect(told.map(\.player.id) == many.map(\.player.id))
    #expect(told.first == many.first && told.last?.player.presence == [:])
  }

  @Test func soManyBytesAreKeptEncoded() {
    let size = writer.text(of: WireSamples.entry).count
    let small = AnswerWriter(limit: 3 * size)
    for id in 1...20 as ClosedRange<UInt64> {
      let entry = DirectoryEntry(
        id: EntryID(rawValue: id), kind: .psnRoom, title: "t", host: WireSamples.anna, maximum: 4,
        data: ["k": Bytes(String(repeating: "x", count: size / 2))])
      _ = small.text(of: entry)
      #expect(small.size > 0 && small.size <= 3 * size)
    }
    #expect(Limits.encodedEntriesSize == 64 << 20)
  }
}
