import Foundation
import NetRuntime
import Testing

@testable import OnlineHomes

@Suite("Parts of the client of a server")
struct ClientPartsTests {
  // MARK: Addresses

  @Test(arguments: [
    ("http://127.0.0.1:7780", "http://127.0.0.1:7780", nil), ("http://example.org", "http://example.org:7780", nil),
    ("https://example.org/", "https://example.org:443", nil),
    ("https://example.org/games//", "https://example.org:443/games", nil),
    ("http://hush@example.org:80", "http://example.org:80", "hush"),
    ("http://a%40b@example.org", "http://example.org:7780", "a@b"), ("http://[::1]:5", "http://[::1]:5", nil),
  ])
  func addressesAreRead(_ text: String, _ base: String, _ secret: String?) throws {
    let address = try #require(OnlineAddress(text))
    #expect(address.base == base && address.secret == secret)
    #expect(OnlineAddress(text, secret: "other")?.secret == secret ?? "other")
  }

  @Test(arguments: [
    "", "file.sqlite", "http://", "http://:80", "ftp://example.org", "http://a:b@example.org", "http://example.org?x",
    "http://example.org#x", "http://example.org:0", "http://example.org:70000", "http://exa mple.org",
  ])
  func otherAddressesAreNone(_ text: String) { #expect(OnlineAddress(text) == nil) }

  // MARK: Events

  private static let stream =
    "\u{FEFF}:\n\nid: 5\nevent: change\ndata: {\"a\":1}\n\n:\n\ndata\n\ndata:x\r\ndata: y\r\rid\nfoo: 1\n\n"

  @Test(arguments: [1, 2, 3, 7, 1000])
  func eventsComeInPieces(_ size: Int) throws {
    var parser = EventStreamParser()
    var events: [EventStreamParser.Event] = []
    let bytes = Array(Self.stream.utf8)
    for start in stride(from: 0, to: bytes.count, by: size) {
      events += try parser.feed(bytes[start..<min(start + size, bytes.count)])
    }
    #expect(events.map(\.name) == ["change", "", ""])
    #expect(events.map { String(decoding: $0.data, as: UTF8.self) } == ["{\"a\":1}", "", "x\ny"])
    #expect(events.map(\.id) == ["5", nil, nil])
  }

  @Test func anEventIsBounded() throws {
    let piece = [UInt8](repeating: UInt8(ascii: "x"), count: 500)
    var parser = EventStreamParser(limit: 1000)
    #expect(throws: EventStreamParser.Overlong.self) {
      for _ in 0..<3 { _ = try parser.feed(piece) }
    }
    parser = EventStreamParser(limit: 1000)
    #expect(throws: EventStreamParser.Overlong.self) {
      for _ in 0..<3 { _ = try parser.feed(Array("data:".utf8) + piece + [10]) }
    }
    parser = EventStreamParser(limit: 1000)
    for _ in 0..<9 { #expect(try parser.feed(Array("data:".utf8) + piece + [10, 10]).count == 1) }
    #expect(Limits.eventSize == 64 << 20)
  }

  // MARK: Requests

  private func numbers(_ body: [UInt8]?) throws -> [UInt64]? {
    try body.map { try JSONDecoder().decode(RequestsBody.self, from: Data($0)).requests.map(\.number) }
  }

  @Test func requestsAreSentTogetherAndAgainUntilTheyAreAnswered() throws {
    var queue = RequestQueue()
    #expect(queue.nextBody() == nil)
    for number in 1...3 as ClosedRange<UInt64> { _ = queue.append(.friends, number: number) }
    #expect(try numbers(queue.nextBody()) == [1, 2, 3])
    _ = queue.append(.friends, number: 4)
    #expect(queue.answered() == [1, 2, 3])
    #expect(try numbers(queue.nextBody()) == [4])
    #expect(try numbers(queue.nextBody()) == [4])
    for number in 5...100 as ClosedRange<UInt64> { _ = queue.append(.friends, number: number) }
    #expect(try numbers(queue.nextBody())?.count == Limits.requestsPerBatch)
    #expect(try numbers(queue.nextBody(most: 1)) == [4])
    #expect(queue.answered() == [4])
    for number in 500...502 as ClosedRange<UInt64> { _ = queue.append(.friends, number: number) }
    _ = queue.nextBody(most: 3)
    #expect(queue.answered(2) == [5, 6], "the others were not answered")
    #expect(try numbers(queue.nextBody(most: 2)) == [7, 8])
    #expect(queue.takeAll().first == 7)
    #expect(queue.isEmpty)
  }

  @Test func bodiesAreBounded() throws {
    var queue = RequestQueue()
    let long = Bytes(String(repeating: "x", count: 60_000))
    for number in 1...10 as ClosedRange<UInt64> { _ = queue.append(.keep(key: "k", value: long), number: number) }
    while let body = queue.nextBody() {
      #expect(body.count <= Limits.requestsSize + 64)
      #expect(queue.answered().count <= 4)
    }
    let endless = Bytes(String(repeating: "x", count: Limits.serverBodySize))
    guard case .refused(.malformed) = queue.append(.keep(key: "k", value: endless), number: 11) else {
      Issue.record("taken")
      return
    }
  }

  @Test func soManyRequestsWait() {
    var queue = RequestQueue()
    for number in 0..<UInt64(Limits.waitingRequests) {
      guard case .taken = queue.append(.friends, number: number) else {
        Issue.record("refused \(number)")
        return
      }
    }
    guard case .refused(.tooManyRequests) = queue.append(.friends, number: 9999) else {
      Issue.record("taken")
      return
    }
  }

  // MARK: Order

  private func answer(_ number: UInt64) -> DirectoryNews { .answer(number: number, .success(.done)) }

  @Test func answersWaitForTheirNews() {
    var gate = NewsGate(of: WireSamples.anna)
    #expect(gate.hold([answer(1)], until: 10, at: 0).isEmpty)
    #expect(gate.hold([answer(2)], until: 9, at: 0).isEmpty)
    #expect(gate.pass(8).isEmpty)
    #expect(gate.pass(9) == [answer(1), answer(2)], "none overtakes another")
    #expect(gate.hold([answer(3)], until: 9, at: 1) == [answer(3)])
    #expect(gate.hold([answer(4)], until: 12, at: 1).isEmpty)
    #expect(gate.takeLate(at: 1 + Limits.newsDelay / 2).isEmpty)
    #expect(gate.takeLate(at: 1 + Limits.newsDelay) == [answer(4)])
    #expect(gate.isEmpty)
  }

  private func entry(_ id: UInt64, _ revision: UInt64, _ members: PeerID...) -> DirectoryEntry {
    let sample = WireSamples.entry
    var entry = DirectoryEntry(
      id: EntryID(rawValue: id), kind: sample.kind, title: sample.title, host: sample.host, maximum: 4)
    entry.members = members.map { DirectoryEntry.Member(player: $0, peer: $0, name: "", run: 1) }
    entry.revision = revision
    return entry
  }

  /// Whoever enters something can make nothing of its news before it has the answer.
  @Test func anAnswerHasWhatItsNewsTold() {
    let anna = WireSamples.anna
    func joined(_ entry: DirectoryEntry) -> DirectoryNews { .answer(number: 1, .success(.entry(entry))) }
    var gate = NewsGate(of: anna)
    #expect(gate.hold([joined(entry(1, 5, anna))], until: 10, at: 0).isEmpty)
    gate.note(.entry(entry(1, 5, anna)))
    gate.note(.entry(entry(1, 6, anna)))
    #expect(gate.pass(10) == [joined(entry(1, 6, anna))])
    #expect(gate.hold([joined(entry(1, 5, anna))], until: 9, at: 0) == [joined(entry(1, 6, anna))])
    #expect(gate.hold([joined(entry(1, 7, anna))], until: 9, at: 0) == [joined(entry(1, 7, anna))])

    #expect(gate.hold([joined(entry(2, 5, anna))], until: 12, at: 0).isEmpty)
    gate.note(.entry(entry(2, 5, anna)))
    gate.note(.left(EntryID(rawValue: 2), .kicked))
    let left = DirectoryNews.change(.left(EntryID(rawValue: 2), .dropped), for: anna)
    #expect(gate.pass(12) == [joined(entry(2, 5, anna)), left])
    #expect(gate.hold([joined(entry(3, 5))], until: 12, at: 0) == [joined(entry(3, 5))], "it only asked what it is")
  }

  @Test func everythingAnewTellsWhatChanged() {
    var gate = NewsGate(of: WireSamples.anna)
    for id in 1...3 as ClosedRange<UInt64> { gate.note(.entry(entry(id, 5))) }
    gate.note(.left(EntryID(rawValue: 3), .kicked))
    let changes = gate.adopt(NewsRefresh(entries: [entry(2, 5), entry(4, 1)]))
    #expect(changes == [.left(EntryID(rawValue: 1), .dropped), .entry(entry(4, 1))])
    #expect(gate.adopt(NewsRefresh(entries: [entry(2, 6), entry(4, 1)])) == [.entry(entry(2, 6))])
  }

  @Test func aSearchThatEndedMeanwhileIsOver() {
    var gate = NewsGate(of: WireSamples.anna)
    func ticket(_ id: UInt64, _ state: MatchTicket.State) -> MatchTicket {
      var ticket = MatchTicket(
        id: id, entry: EntryID(rawValue: 1),
        hopper: Hopper(title: "t", name: "h", minimumPlayers: 2, maximumPlayers: 4), timeout: 60, keepsSession: false)
      ticket.state = state
      return ticket
    }
    for id in 1...3 as ClosedRange<UInt64> { gate.note(.ticket(ticket(id, .searching))) }
    gate.note(.ticket(ticket(3, .expired)))
    let present = NewsRefresh(tickets: [ticket(2, .searching)])
    #expect(gate.adopt(present) == [.ticket(ticket(2, .searching)), .ticket(ticket(1, .expired))])
    #expect(gate.adopt(present) == [.ticket(ticket(2, .searching))])
  }

  @Test func anAnswerTellsOfFriendsWhatTheirNewsTold() {
    var gate = NewsGate(of: WireSamples.anna)
    func friend(_ isOnline: Bool) -> Acquaintance {
      Acquaintance(
        player: DirectoryPlayer(id: PeerID(rawValue: 7), name: "bob", isOnline: isOnline), relation: .friend,
        isAsking: false)
    }
    let asked = DirectoryNews.answer(number: 1, .success(.friends([friend(false)])))
    #expect(gate.hold([asked], until: 10, at: 0).isEmpty)
    gate.note(.acquaintance(friend(true)))
    #expect(gate.pass(11) == [.answer(number: 1, .success(.friends([friend(true)])))])
  }
}
