import Testing

@testable import NetRuntime

/// A service, and doors on one clock.
private final class Doors {
  var now = 10.0
  let service: MemoryDirectoryService
  var doors: [MemoryDirectory] = []
  var heard: [[DirectoryNews]] = []
  private var lastNumber: UInt64 = 0

  init(_ names: String..., latency: ClosedRange<Double> = 0.1...0.1) {
    final class Clock {
      var now: () -> Double = { 0 }
    }
    let clock = Clock()
    service = MemoryDirectoryService(
      clock: { clock.now() }, random: SeededRandomSource(seed: 1), latency: latency)
    clock.now = { [unowned self] in self.now }
    for name in names { open(name) }
    step(1)
  }

  func open(_ name: String) {
    let door = service.makeDoor()
    door.signIn(DirectoryFixture.identity(name))
    doors.append(door)
    heard.append([])
  }

  func step(_ seconds: Double) {
    for _ in 0..<Int((seconds * 20).rounded()) {
      now += 0.05
      for index in doors.indices { while let news = doors[index].next() { heard[index].append(news) } }
    }
  }

  @discardableResult
  func ask(_ index: Int, _ name: String, _ request: DirectoryRequest) -> UInt64 {
    lastNumber += 1
    doors[index].ask(request, as: DirectoryFixture.id(name), number: lastNumber)
    return lastNumber
  }

  func answers(_ index: Int, to number: UInt64) -> [Result<DirectoryAnswer, DirectoryError>] {
    heard[index].compactMap { if case .answer(number, let result) = $0 { result } else { nil } }
  }
}

@Suite struct MemoryDirectoryTests {
  private static let create = DirectoryRequest.create(
    entry: DirectoryFixture.entry(7, by: "anna"), peer: DirectoryFixture.id("anna"), memberData: [:])
  private static func join(_ name: String) -> DirectoryRequest {
    .join(EntryID(rawValue: 7), password: nil, peer: DirectoryFixture.id(name), memberData: [:])
  }

  @Test func answersTakeTheirTimeAndComeInOrder() {
    let doors = Doors()
    doors.open("anna")
    let creation = doors.ask(0, "anna", Self.create)
    doors.step(0.15)
    #expect(doors.heard[0].isEmpty)
    doors.step(0.1)
    guard case .signedIn? = doors.heard[0].first else {
      Issue.record("expected the sign-in, got \(doors.heard[0])")
      return
    }
    guard case .change(.entry, _)? = doors.heard[0].dropFirst().first else {
      Issue.record("expected the entry, got \(doors.heard[0])")
      return
    }
    #expect(doors.answers(0, to: creation).count == 1)
  }

  @Test func silentProgramsAreForgottenAndLivingOnesAreNot() {
    let doors = Doors("anna", "bob")
    doors.ask(0, "anna", Self.create)
    doors.step(1)
    doors.ask(1, "bob", Self.join("bob"))
    doors.step(30)
    #expect(doors.service.state.shelves[EntryID(rawValue: 7)]?.members.count == 2)
    doors.doors[0].abandon()
    doors.step(8.5)
    #expect(doors.service.state.shelves[EntryID(rawValue: 7)]?.members.count == 2)
    doors.step(4)
    #expect(doors.service.state.shelves[EntryID(rawValue: 7)]?.host == DirectoryFixture.id("bob"))
  }

  @Test func requestsWaitForALostService() {
    let doors = Doors("anna", "bob")
    doors.service.isLost = true
    let creation = doors.ask(0, "anna", Self.create)
    doors.step(5)
    #expect(doors.heard[0].count { $0 == .lost("no answer for a while") } == 1)
    #expect(doors.answers(0, to: creation).isEmpty)
    doors.service.isLost = false
    doors.step(1)
    #expect(doors.heard[0].count { $0 == .restored } == 1)
    #expect(doors.answers(0, to: creation).count == 1)
    #expect(!doors.heard[0].contains(.signedOut(DirectoryFixture.id("anna"), .expired)))
  }

  @Test(arguments: 0..<40) func whatWasUnderWayIsAnsweredOnce(_ tick: Int) {
    let doors = Doors("anna", "bob", latency: 0.05...0.4)
    doors.ask(0, "anna", Self.create)
    doors.step(1)
    let numbers = [
      doors.ask(1, "bob", Self.join("bob")),
      doors.ask(1, "bob", .change(EntryID(rawValue: 7), [.setMemberData(key: "a", value: "1")])),
      doors.ask(1, "bob", .change(EntryID(rawValue: 7), [.setMemberData(key: "a", value: "2")])),
    ]
    doors.step(Double(tick) * 0.05)
    doors.service.isLost = true
    doors.step(2)
    doors.service.isLost = false
    doors.step(3)
    for number in numbers { #expect(doors.answers(1, to: number).count == 1) }
    let entry = doors.service.state.shelves[EntryID(rawValue: 7)]
    #expect(entry?.member(DirectoryFixture.id("bob"))?.data == ["a": "2"])
    var last: DirectoryEntry?
    for case .change(.entry(let entry), _) in doors.heard[1] { last = entry }
    #expect(last?.revision == entry?.revision)
  }

  @Test func aServiceThatIsLostForTooLongSignsEverybodyOut() {
    let doors = Doors("anna")
    doors.ask(0, "anna", Self.create)
    doors.step(1)
    doors.service.isLost = true
    doors.step(13)
    #expect(doors.service.state.entryCount == 0)
    let creation = doors.ask(0, "anna", Self.create)
    doors.service.isLost = false
    doors.step(1)
    #expect(doors.heard[0].count { $0 == .signedOut(DirectoryFixture.id("anna"), .expired) } == 1)
    #expect(doors.answers(0, to: creation) == [.failure(.signedOut)])
    doors.doors[0].signIn(DirectoryFixture.identity("anna"))
    doors.step(1)
    guard case .signedIn? = doors.heard[0].last else {
      Issue.record("expected the sign-in, got \(doors.heard[0])")
      return
    }
  }

  @Test func anotherRunTakesThePlace() {
    let doors = Doors("anna")
    doors.ask(0, "anna", Self.create)
    doors.step(1)
    doors.open("anna")
    doors.step(1)
    #expect(doors.heard[0].last == .signedOut(DirectoryFixture.id("anna"), .signedOut))
    #expect(doors.heard[1].count == 1)
    #expect(doors.service.state.entryCount == 0)
    doors.step(20)
    #expect(doors.service.state.run(of: DirectoryFixture.id("anna")) != nil)
  }

  @Test func whoIsCutOffAloneIsForgottenAlone() {
    let doors = Doors("anna", "bob")
    doors.ask(0, "anna", Self.create)
    doors.step(1)
    doors.doors[0].isCutOff = true
    doors.step(14)
    #expect(doors.service.state.run(of: DirectoryFixture.id("anna")) == nil)
    #expect(doors.service.state.run(of: DirectoryFixture.id("bob")) != nil)
    #expect(doors.heard[1].count == 1)
  }

  @Test func closingLeavesEverythingAtOnce() {
    let doors = Doors("anna", "bob")
    doors.ask(0, "anna", Self.create)
    doors.step(1)
    doors.ask(1, "bob", Self.join("bob"))
    doors.step(1)
    doors.doors[0].close()
    #expect(doors.service.state.shelves[EntryID(rawValue: 7)]?.host == DirectoryFixture.id("bob"))
    doors.service.signOut(DirectoryFixture.id("bob"))
    doors.step(1)
    #expect(doors.heard[1].last == .signedOut(DirectoryFixture.id("bob"), .signedOut))
    #expect(doors.service.state.entryCount == 0)
  }
}
