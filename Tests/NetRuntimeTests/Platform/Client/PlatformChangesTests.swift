import Testing

@testable import NetRuntime

/// Changes of an entry: how they are asked for, and what becomes of those that are refused.
@Suite struct PlatformChangesTests {
  @Test func oneRefusedChangeTakesNoOtherWithIt() throws {
    let meeting = try PlatformMeeting("anna", "bob")
    let (world, lobby, anna) = (meeting.world, meeting.lobbies[0], meeting.players[0])
    let stranger = PeerID(rawValue: 77)
    for number in 0..<9 { try lobby.setData(Bytes("k\(number)"), to: "v") }
    lobby.setGameSessionHost(stranger)
    try lobby.setMemberData("ready", to: "1")
    lobby.change([.setName("a name")])
    #expect(lobby.gameSessionHost == nil, "what the rules refuse is not shown, and asked of the directory all the same")
    world.run(3)
    let entry = try #require(world.entry(lobby.id))
    #expect(entry.data.count == 9 && entry.name == "a name" && entry.sessionHost == nil)
    #expect(entry.member(anna.peer)?.data == ["ready": "1"])
    #expect(lobby.entry == entry, "only what was refused is taken back")
    #expect(anna.warnings.count { $0.contains("was not changed") } == 1)
    #expect(
      anna.warnings.last
        == "Steam lobby \(lobby.id) was not changed: peer \(stranger) is no member, so it cannot host the game session")
  }

  @Test func whatBreaksALimitIsToldAtOnce() throws {
    let meeting = try PlatformMeeting("anna", kind: .xboxSession)
    let (world, lobby, anna) = (meeting.world, meeting.lobbies[0], meeting.players[0])
    let long = Bytes([UInt8](repeating: 97, count: 4000))
    for number in 0..<5 { lobby.change([.setData(key: Bytes("k\(number)"), value: long)]) }
    lobby.change([
      .setMemberData(key: "m", value: Bytes(long.array + long.array)), .setMemberData(key: "n", value: "1"),
    ])
    lobby.change([.setKeywords([""]), .setMaximum(0), .setMaximum(65), .setName(long)])
    let refusals = [
      "all keys and values together would take 20025 bytes; at most 16384 are possible",
      "all keys and values together would take 8004 bytes; at most 4096 are possible",
      "a keyword has 0 bytes; at least 1 are needed", "there would be 0 members at most; at least 1 are needed",
      "there would be 65 members at most; at most 64 are possible", "the name has 4000 bytes; at most 255 are possible",
    ]
    #expect(anna.warnings == refusals.map { "Xbox Live session \(lobby.id) was not changed: \($0)" })
    world.run(1)
    #expect(world.entry(lobby.id)?.data.count == 4 && world.entry(lobby.id)?.member(anna.peer)?.data == ["n": "1"])
    #expect(anna.directory.changes.count == 1)
  }

  @Test func oneRequestIsUnderWayHoweverMuchChanges() throws {
    let meeting = try PlatformMeeting("anna")
    let (world, lobby, anna) = (meeting.world, meeting.lobbies[0], meeting.players[0])
    for number in 0..<60 {
      try lobby.setData("n", to: Bytes("\(number)"))
      try lobby.setData("other", to: Bytes("\(number / 10)"))
      world.step()
      #expect(anna.directory.changesUnderWay <= 1)
    }
    #expect(lobby.data("n") == "59")
    world.run(1)
    #expect(world.entry(lobby.id)?.data == ["n": "59", "other": "5"])
    #expect((10...30).contains(anna.directory.changes.count))
    // An hour without the service is one request.
    world.service.isLost = true
    world.run(1)
    let before = anna.directory.changes.count
    for number in 0..<2000 {
      try lobby.setData("n", to: Bytes("hour \(number)"))
      world.step()
      if number % 90 == 0 {
        world.service.isLost = false
        world.run(0.02)
        world.service.isLost = true
      }
    }
    world.service.isLost = false
    world.run(1)
    #expect(world.entry(lobby.id)?.data["n"] == "hour 1999")
    #expect(anna.directory.changes.count - before < 60)
    #expect(anna.directory.changes.allSatisfy { $0.count <= 2 })
  }

  @Test func changesThatCannotBeTakenNowAreAskedForAgain() throws {
    let meeting = try PlatformMeeting("anna")
    let (world, lobby, anna) = (meeting.world, meeting.lobbies[0], meeting.players[0])
    anna.directory.answer = { if case .change = $0 { .failure(.tooManyRequests) } else { nil } }
    try lobby.setData("a", to: "1")
    world.run(3.5)
    #expect(lobby.data("a") == "1" && world.entry(lobby.id)?.data == [:])
    #expect((2...4).contains(anna.directory.changes.count))
    try lobby.setData("a", to: "2")
    try lobby.setData("b", to: "3")
    anna.directory.answer = nil
    world.run(2)
    #expect(world.entry(lobby.id)?.data == ["a": "2", "b": "3"])
    #expect(anna.warnings.isEmpty)
  }

  @Test func whatIsAskedBehindTheChangesFindsThemDone() throws {
    let meeting = try PlatformMeeting("anna")
    let (world, lobby) = (meeting.world, meeting.lobbies[0])
    try lobby.setData("a", to: "1")
    world.step()
    try lobby.setData("a", to: "2")
    lobby.sendChanges()
    var found: DirectoryEntry?
    try meeting.players[0].online.ask(.find(lobby.id)) {
      if case .success(.entry(let entry)) = $0 { found = entry }
    }
    world.run(1)
    #expect(found?.data == ["a": "2"])
  }

  @Test func theLastWordsOfWhoLeavesAreHeard() throws {
    let meeting = try PlatformMeeting("anna", "bob")
    let (world, lobby, bob) = (meeting.world, meeting.lobbies[0], meeting.players[1])
    try lobby.setData("a", to: "1")
    world.step()
    try lobby.setData("a", to: "2")
    lobby.change([.setHost(bob.peer)])
    try meeting.players[0].runtime.leave(lobby)
    world.run(1)
    #expect(world.entry(lobby.id)?.data == ["a": "2"] && world.entry(lobby.id)?.host == bob.peer)
  }

  // MARK: The queue

  private static func fill(_ queue: inout EntryChangeQueue, _ keys: Bytes...) {
    for key in keys { queue.append(.init(number: UInt64(key.array[0]), change: .setData(key: key, value: "1"))) }
  }

  @Test func refusedBatchesAreHalvedInTheirOrder() throws {
    var queue = EntryChangeQueue()
    Self.fill(&queue, "a", "b", "c", "d", "e")
    var asked: [String] = []
    var refused: [UInt64] = []
    while let batch = queue.next() {
      asked.append(batch.changes.map { String(UnicodeScalar(UInt8($0.number))) }.joined())
      if batch.changes.contains(where: { $0.number == 99 }) {
        refused += queue.refuse(batch.number).refused.map(\.number)
      } else {
        _ = queue.finish(batch.number)
      }
    }
    #expect(asked == ["abcde", "ab", "cde", "c", "de"])
    #expect(refused == [99] && queue.isIdle)
  }

  @Test func whatALaterBatchSaysOtherwiseIsNotAskedForAgain() throws {
    var queue = EntryChangeQueue()
    Self.fill(&queue, "a", "b")
    let before = queue.next()
    let first = try #require(before)
    queue.append(.init(number: 3, change: .setData(key: "a", value: "2")))
    let after = queue.next()
    let second = try #require(after)
    let (refused, old) = queue.refuse(first.number)
    #expect(refused.isEmpty && old.map(\.number) == [97])
    let finished = queue.finish(second.number)
    let rest = queue.next()
    #expect(finished.map(\.number) == [3])
    #expect(rest?.changes.map(\.number) == [98], "the other one may not be what was refused")
  }

  @Test func aValueTakesThePlaceOfTheOneBeforeItButNotAcrossWhatIsDone() {
    var queue = EntryChangeQueue()
    Self.fill(&queue, "a", "b")
    func replaces(_ change: EntryChange) -> UInt64? { queue.replace(with: change) }
    #expect(replaces(.setData(key: "a", value: "2")) == 97)
    #expect(replaces(.setMemberData(key: "a", value: "2")) == nil)
    queue.append(.init(number: 5, change: .setHost(PeerID(rawValue: 2))))
    #expect(replaces(.setData(key: "a", value: "3")) == nil)
    #expect(replaces(.reserve([])) == nil)
  }

  @Test func aRequestHoldsSoManyChanges() {
    var queue = EntryChangeQueue()
    for number in 0..<UInt64(Limits.entryChanges + 1) {
      queue.append(.init(number: number, change: .setData(key: Bytes("\(number)"), value: "1")))
    }
    let sizes = [queue.next(), queue.next()].map { $0?.changes.count }
    #expect(sizes == [Limits.entryChanges, 1])
  }
}
