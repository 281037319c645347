import Testing

@testable import NetRuntime

/// Hoppers with thousands of tickets in them.
@Suite struct DirectoryCrowdTests {
  private static func ticket(_ id: UInt64, entry: UInt64, least: Int = 2, most: Int = 4) -> MatchTicket {
    MatchTicket(
      id: id, entry: EntryID(rawValue: entry),
      hopper: Hopper(title: DirectoryFixture.title, name: "duel", minimumPlayers: least, maximumPlayers: most),
      timeout: 60, keepsSession: false)
  }

  /// Players who look for others from sessions of their own, each a little later than the one before; nobody is told.
  private static func crowd(
    _ count: UInt64, maximum: Int = 1, least: Int = 2, most: Int = 4
  ) throws -> DirectoryFixture {
    var fixture = try DirectoryFixture()
    var records: [DirectoryRecord] = []
    for number in 1...count {
      let player = PeerID(rawValue: 1 << 32 | number)
      var entry = DirectoryEntry(
        id: EntryID(rawValue: number), kind: .xboxSession, title: DirectoryFixture.title, host: player,
        maximum: maximum, visibility: .byInvitation)
      entry.members = [.init(player: player, peer: player, name: "p", run: 1)]
      var ticket = ticket(number, entry: number, least: least, most: most)
      ticket.players = [player]
      let record = TicketRecord(ticket: ticket, owner: player, deadline: 150 + Double(number) / 1000)
      records.append(DirectoryRecord(.entry, entry.id.description, .entry(entry)))
      records.append(DirectoryRecord(.ticket, String(number, radix: 16), .ticket(record)))
    }
    fixture.state.absorb(records, isWhole: false, at: fixture.now)
    try fixture.signIn("anna")
    return fixture
  }

  @Test(.timeLimit(.minutes(1))) func whereNobodyHasRoomNothingIsTried() throws {
    var fixture = try Self.crowd(5_000)
    try fixture.create(9_000, kind: .xboxSession, by: "anna", maximum: 1)
    try fixture.ask("anna", .startTicket(Self.ticket(9_000, entry: 9_000)))
    #expect(fixture.state.tickets[9_000]?.ticket.state == .searching)
    // One with room is found, however many wait before it.
    try fixture.signIn("bob")
    try fixture.create(9_001, kind: .xboxSession, by: "bob", maximum: 2)
    fixture.now += 30
    try fixture.ask("bob", .startTicket(Self.ticket(9_001, entry: 9_001)))
    #expect(fixture.state.tickets[9_001]?.ticket.state == .found(EntryID(rawValue: 9_001)))
    #expect(fixture.state.tickets[1]?.ticket.state == .found(EntryID(rawValue: 9_001)), "the oldest")
  }

  @Test(.timeLimit(.minutes(1))) func onlyTheOldestAreTried() throws {
    let count = UInt64(Limits.matchCandidates) * 20
    // Each has room for two more, and four have to meet.
    var fixture = try Self.crowd(count, maximum: 3, least: 4)
    try fixture.create(9_000, kind: .xboxSession, by: "anna", maximum: 3)
    try fixture.ask("anna", .startTicket(Self.ticket(9_000, entry: 9_000, least: 4)))
    #expect(fixture.state.tickets[9_000]?.ticket.state == .searching)
    try fixture.signIn("bob")
    try fixture.create(9_001, kind: .xboxSession, by: "bob", maximum: 4)
    try fixture.ask("bob", .startTicket(Self.ticket(9_001, entry: 9_001, least: 4)))
    for id: UInt64 in [1, 2, 3, 9_001] {
      #expect(fixture.state.tickets[id]?.ticket.state == .found(EntryID(rawValue: 9_001)))
    }
    #expect(fixture.state.tickets[4]?.ticket.state == .searching)
  }

  @Test func whoHasNoRoomJoinsThoseWhoHave() throws {
    var fixture = try DirectoryFixture()
    for (name, id, maximum) in [("bob", UInt64(1), 3), ("cleo", 2, 1), ("dora", 3, 1)] {
      try fixture.signIn(name)
      try fixture.create(id, kind: .xboxSession, by: name, maximum: maximum)
      fixture.now += 1
      try fixture.ask(name, .startTicket(Self.ticket(id, entry: id, least: 3)))
    }
    // Dora and Cleo have no room for each other, and meet at Bob's.
    for id: UInt64 in 1...3 { #expect(fixture.state.tickets[id]?.ticket.state == .found(EntryID(rawValue: 1))) }
  }
}
