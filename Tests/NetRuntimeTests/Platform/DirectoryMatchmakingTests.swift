import Testing

@testable import NetRuntime

@Suite struct DirectoryMatchmakingTests {
  private static func ticket(
    _ id: UInt64, _ entry: UInt64, least: Int = 2, most: Int = 4, rules: [Hopper.Rule] = [],
    attributes: [String: MatchTicket.Attribute] = [:], timeout: Double = 60, keepsSession: Bool = false
  ) -> MatchTicket {
    MatchTicket(
      id: id, entry: EntryID(rawValue: entry),
      hopper: Hopper(
        title: DirectoryFixture.title, name: "duel", minimumPlayers: least, maximumPlayers: most, rules: rules),
      attributes: attributes, timeout: timeout, keepsSession: keepsSession)
  }

  private static func sessions(_ names: String...) throws -> DirectoryFixture {
    var fixture = try DirectoryFixture()
    for (index, name) in names.enumerated() {
      try fixture.signIn(name)
      try fixture.create(UInt64(index + 1), kind: .xboxSession, by: name, visibility: .byInvitation)
    }
    _ = fixture.news()
    return fixture
  }

  private static func states(_ news: DirectoryFixture.News, _ name: String) -> [MatchTicket.State] {
    news.changes(of: name).compactMap { if case .ticket(let ticket) = $0 { ticket.state } else { nil } }
  }

  @Test func twoThatFitMeetInTheOlderSession() throws {
    var fixture = try Self.sessions("anna", "bob")
    guard case .ticket(let first) = try fixture.ask("anna", .startTicket(Self.ticket(1, 1))) else {
      Issue.record("expected a ticket")
      return
    }
    #expect(first.state == .searching && first.players == [DirectoryFixture.id("anna")])
    fixture.now += 1
    try fixture.ask("bob", .startTicket(Self.ticket(2, 2)))
    let news = fixture.news()
    let target = EntryID(rawValue: 1)
    #expect(Self.states(news, "anna") == [.searching, .found(target)])
    #expect(Self.states(news, "bob") == [.searching, .found(target)])
    #expect(fixture.entry(1)?.reservations == [DirectoryFixture.id("bob")])
    try fixture.join("bob", 1)
    #expect(fixture.members(1) == ["anna", "bob"])
    try fixture.leave("bob", 2)
    #expect(fixture.state.tickets.ids == [1])
  }

  @Test func aSessionThatIsKeptIsTheTarget() throws {
    var fixture = try Self.sessions("anna", "bob", "cleo")
    try fixture.ask("anna", .startTicket(Self.ticket(1, 1, least: 3)))
    try fixture.ask("bob", .startTicket(Self.ticket(2, 2, least: 3, keepsSession: true)))
    #expect(fixture.state.tickets[1]?.ticket.state == .searching)
    try fixture.ask("cleo", .startTicket(Self.ticket(3, 3, least: 3, keepsSession: true)))
    // Two that are kept cannot meet.
    #expect(fixture.state.tickets[1]?.ticket.state == .searching)
    try fixture.ask("cleo", .deleteTicket(3))
    try fixture.ask("cleo", .startTicket(Self.ticket(4, 3, least: 3)))
    for id: UInt64 in [1, 2, 4] { #expect(fixture.state.tickets[id]?.ticket.state == .found(EntryID(rawValue: 2))) }
  }

  @Test func rulesDecide() throws {
    var fixture = try Self.sessions("anna", "bob", "cleo")
    let rules: [Hopper.Rule] = [.same(attribute: "mode"), .within(attribute: "skill", difference: 10)]
    func ticket(_ id: UInt64, _ mode: String, _ skill: Double) -> MatchTicket {
      Self.ticket(id, id, rules: rules, attributes: ["mode": .text(mode), "skill": .number(skill)])
    }
    try fixture.ask("anna", .startTicket(ticket(1, "ranked", 100)))
    try fixture.ask("bob", .startTicket(ticket(2, "ranked", 111)))
    try fixture.ask("cleo", .startTicket(ticket(3, "casual", 100)))
    for id: UInt64 in 1...3 { #expect(fixture.state.tickets[id]?.ticket.state == .searching) }
    try fixture.ask("cleo", .deleteTicket(3))
    try fixture.ask("cleo", .startTicket(ticket(3, "ranked", 110)))
    // Anna is the oldest that fits.
    #expect(fixture.state.tickets[1]?.ticket.state == .found(EntryID(rawValue: 1)))
    #expect(fixture.state.tickets[2]?.ticket.state == .searching)
    #expect(fixture.state.tickets[3]?.ticket.state == .found(EntryID(rawValue: 1)))
  }

  @Test func hoppersThatDifferAreApart() throws {
    var fixture = try Self.sessions("anna", "bob")
    try fixture.ask("anna", .startTicket(Self.ticket(1, 1, most: 4)))
    try fixture.ask("bob", .startTicket(Self.ticket(2, 2, most: 5)))
    #expect(fixture.state.tickets[1]?.ticket.state == .searching)
  }

  @Test func groupsStayTogetherAndWithinTheMaximum() throws {
    var fixture = try Self.sessions("anna", "bob", "cleo")
    for name in ["anna2", "bob2"] { try fixture.signIn(name) }
    for (name, entry) in [("anna2", UInt64(1)), ("bob2", 2)] {
      try fixture.change(name == "anna2" ? "anna" : "bob", entry, .setVisibility(.everyone))
      try fixture.join(name, entry)
    }
    try fixture.ask("anna", .startTicket(Self.ticket(1, 1, least: 3, most: 3)))
    try fixture.ask("bob", .startTicket(Self.ticket(2, 2, least: 3, most: 3)))
    #expect(fixture.state.tickets[1]?.ticket.state == .searching)
    try fixture.ask("cleo", .startTicket(Self.ticket(3, 3, least: 3, most: 3)))
    #expect(fixture.state.tickets[1]?.ticket.state == .found(EntryID(rawValue: 1)))
    #expect(fixture.state.tickets[2]?.ticket.state == .searching)
    // One player less, and it would fit no better; one that comes, does.
    try fixture.signIn("dora")
    try fixture.create(4, kind: .xboxSession, by: "dora")
    try fixture.ask("dora", .startTicket(Self.ticket(4, 4, least: 3, most: 3)))
    #expect(fixture.state.tickets[4]?.ticket.state == .found(EntryID(rawValue: 2)))
  }

  @Test func aFullSessionIsNoTarget() throws {
    var fixture = try Self.sessions("anna", "bob")
    try fixture.change("anna", 1, .setMaximum(1))
    try fixture.ask("anna", .startTicket(Self.ticket(1, 1)))
    try fixture.ask("bob", .startTicket(Self.ticket(2, 2)))
    #expect(fixture.state.tickets[1]?.ticket.state == .found(EntryID(rawValue: 2)))
    #expect(fixture.entry(2)?.invited == [DirectoryFixture.id("anna")])
  }

  @Test func ticketsExpireAndEndWithTheirSessions() throws {
    var fixture = try Self.sessions("anna", "bob", "cleo")
    try fixture.ask("anna", .startTicket(Self.ticket(1, 1, timeout: 5)))
    try fixture.ask("bob", .startTicket(Self.ticket(2, 2, least: 3)))
    _ = fixture.news()
    #expect(fixture.state.nextDeadline == fixture.now + 5)
    fixture.state.advance(to: fixture.now + 5)
    #expect(Self.states(fixture.news(), "anna") == [.expired])
    #expect(fixture.state.tickets.ids == [2])
    try fixture.change("bob", 2, .setVisibility(.everyone))
    try fixture.join("cleo", 2)
    #expect(Self.states(fixture.news(), "cleo") == [.searching])
    try fixture.leave("bob", 2)
    #expect(Self.states(fixture.news(), "cleo") == [.expired])
    #expect(fixture.state.tickets.ids.isEmpty)
  }

  /// Anna's session with a place for Bob, whom she was matched with; its search takes 60 seconds.
  private static func matched() throws -> DirectoryFixture {
    var fixture = try sessions("anna", "bob", "cleo")
    try fixture.ask("anna", .startTicket(ticket(1, 1, keepsSession: true)))
    try fixture.ask("bob", .startTicket(ticket(2, 2)))
    #expect(fixture.entry(1)?.reservations == [DirectoryFixture.id("bob")])
    return fixture
  }

  @Test func placesOfAMatchAreGivenBackWhenItsTimeIsOver() throws {
    var fixture = try Self.matched()
    let end = fixture.now + 60 + Limits.matchPlaceTime
    fixture.now = end - 0.1
    for name in ["anna", "bob", "cleo"] {
      try fixture.state.heartbeat(DirectoryFixture.id(name), run: 1, at: fixture.now)
    }
    fixture.state.advance(to: fixture.now)
    #expect(fixture.entry(1)?.reservations.count == 1)
    _ = fixture.news()
    fixture.state.advance(to: end)
    #expect(fixture.entry(1)?.reservations == [] && fixture.state.tickets.ids.isEmpty)
    let told = fixture.news().changes(of: "anna")
    #expect(told == [.entry(try #require(fixture.entry(1)))])
  }

  @Test func placesOfAMatchAreGivenBackWithATicketThatIsDeleted() throws {
    for (name, ticket) in [("anna", UInt64(1)), ("bob", 2)] {
      var fixture = try Self.matched()
      for _ in 0..<2 { try fixture.ask(name, .deleteTicket(ticket)) }
      #expect(fixture.entry(1)?.reservations == [])
      #expect(fixture.entry(1)?.invited == [DirectoryFixture.id("bob")])
    }
  }

  @Test func placesOfAMatchAreGivenBackWhenItsOwnerLeaves() throws {
    var fixture = try Self.matched()
    try fixture.change("anna", 1, .setVisibility(.everyone))
    try fixture.join("cleo", 1)
    try fixture.leave("anna", 1)
    #expect(fixture.entry(1)?.reservations == [] && fixture.members(1) == ["cleo"])
    var other = try Self.matched()
    try other.leave("anna", 1)
    #expect(other.entry(1) == nil)
  }

  @Test func aPlaceThatIsGivenBackIsRoomForAnotherMatch() throws {
    var fixture = try Self.sessions("anna", "bob", "cleo")
    try fixture.signIn("zoe")
    try fixture.change("anna", 1, .setVisibility(.everyone), .setMaximum(3))
    try fixture.change("cleo", 3, .setMaximum(1))
    try fixture.join("zoe", 1)
    try fixture.ask("anna", .startTicket(Self.ticket(1, 1, keepsSession: true)))
    try fixture.ask("bob", .startTicket(Self.ticket(2, 2)))
    try fixture.ask("zoe", .startTicket(Self.ticket(3, 1)))
    try fixture.ask("cleo", .startTicket(Self.ticket(4, 3)))
    #expect(fixture.state.tickets[4]?.ticket.state == .searching)
    try fixture.ask("bob", .deleteTicket(2))
    #expect(fixture.state.tickets[4]?.ticket.state == .found(EntryID(rawValue: 1)))
    #expect(fixture.entry(1)?.reservations == [DirectoryFixture.id("cleo")])
  }

  @Test func aSessionThatGetsRoomIsLookedAtAgain() throws {
    let openings: [(inout DirectoryFixture) throws -> Void] = [
      { try $0.change("anna", 1, .setClosed(false)) }, { try $0.change("anna", 1, .setMaximum(3)) },
      { $0.state.signOut(DirectoryFixture.id("zoe"), run: 1) },
    ]
    for (index, opening) in openings.enumerated() {
      var fixture = try Self.sessions("anna", "bob")
      try fixture.signIn("zoe")
      try fixture.change("bob", 2, .setMaximum(1))
      switch index {
      case 0: try fixture.change("anna", 1, .setClosed(true))
      case 1: try fixture.change("anna", 1, .setMaximum(1))
      default: try fixture.change("anna", 1, .setMaximum(2), .reserve([DirectoryFixture.id("zoe")]))
      }
      try fixture.ask("anna", .startTicket(Self.ticket(1, 1)))
      try fixture.ask("bob", .startTicket(Self.ticket(2, 2)))
      #expect(fixture.state.tickets[2]?.ticket.state == .searching)
      try opening(&fixture)
      fixture.state.advance(to: fixture.now)
      #expect(fixture.state.tickets[2]?.ticket.state == .found(EntryID(rawValue: 1)), "opening \(index)")
    }
  }

  @Test func placesOfAMatchStayForWhoIsOnItsWayAndForWhoHadOneBefore() throws {
    var fixture = try Self.matched()
    try fixture.leave("bob", 2)
    #expect(fixture.entry(1)?.reservations == [DirectoryFixture.id("bob")] && fixture.state.tickets.ids == [1])
    try fixture.join("bob", 1)
    try fixture.ask("anna", .deleteTicket(1))
    #expect(fixture.members(1) == ["anna", "bob"])
    var reserved = try Self.sessions("anna", "bob")
    try reserved.change("anna", 1, .reserve([DirectoryFixture.id("bob")]))
    try reserved.ask("anna", .startTicket(Self.ticket(1, 1, keepsSession: true)))
    try reserved.ask("bob", .startTicket(Self.ticket(2, 2)))
    try reserved.ask("bob", .deleteTicket(2))
    try reserved.ask("anna", .deleteTicket(1))
    #expect(reserved.entry(1)?.reservations == [DirectoryFixture.id("bob")])
  }

  @Test func askedTwiceAndDeletedTwice() throws {
    var fixture = try Self.sessions("anna", "bob")
    let ticket = Self.ticket(1, 1)
    let answer = try fixture.ask("anna", .startTicket(ticket))
    fixture.now += 3
    #expect(try fixture.ask("anna", .startTicket(ticket)) == answer)
    #expect(throws: DirectoryError.malformed("there is a ticket with this id already")) {
      try fixture.ask("bob", .startTicket(Self.ticket(1, 2)))
    }
    try fixture.ask("bob", .deleteTicket(1))
    #expect(fixture.state.tickets.ids == [1])
    for _ in 0..<2 { try fixture.ask("anna", .deleteTicket(1)) }
    #expect(fixture.state.tickets.ids.isEmpty)
  }

  @Test func ticketsThatMakeNoSense() throws {
    var fixture = try Self.sessions("anna", "bob")
    func check(_ ticket: MatchTicket, _ error: DirectoryError) {
      #expect(throws: error) { try fixture.ask("anna", .startTicket(ticket)) }
    }
    check(Self.ticket(0, 1), .malformed("the id of a ticket cannot be 0"))
    check(Self.ticket(1, 9), .unknownEntry(EntryID(rawValue: 9)))
    check(Self.ticket(1, 2), .notMember)
    check(Self.ticket(1, 1, timeout: .nan), .malformed("a search takes over 0 and up to 86400 seconds, not nan"))
    check(
      Self.ticket(1, 1, least: 5, most: 4), .malformed("the hopper asks for 5 players; at most 4 are possible"))
    let rule = Hopper.Rule.within(attribute: "skill", difference: 1)
    check(
      Self.ticket(1, 1, rules: [rule]), .malformed("hopper \"duel\" compares \"skill\", which the ticket lacks"))
    check(
      Self.ticket(1, 1, rules: [rule], attributes: ["skill": .text("x")]),
      .malformed("hopper \"duel\" compares \"skill\" as a number, and the ticket has a text"))
    check(
      Self.ticket(1, 1, attributes: ["skill": .number(.infinity)]), .malformed("attribute \"skill\" is no number"))
    check(
      Self.ticket(1, 1, rules: [.within(attribute: "a", difference: -1)], attributes: ["a": .number(1)]),
      .malformed("hopper \"duel\": the difference of \"a\" has to be 0 or more"))
    try fixture.change("anna", 1, .setVisibility(.everyone))
    try fixture.join("bob", 1)
    check(
      Self.ticket(1, 1, least: 1, most: 1),
      .malformed("the session has 2 members, and hopper \"duel\" takes at most 1 players"))
    #expect(fixture.state.tickets.ids.isEmpty)
  }
}
