import Testing

@testable import NetRuntime

@Suite struct SmartMatchTests {
  private let session = SessionReference(serviceConfigID: "abc", template: "duel", name: "one")

  private func word(_ id: UInt64, _ state: MatchTicket.State) -> MatchTicket {
    let hopper = Hopper(title: "xbox:abc", name: "ranked", minimumPlayers: 2, maximumPlayers: 2)
    var ticket = MatchTicket(
      id: id, entry: EntryID(rawValue: 1), hopper: hopper, timeout: 60, keepsSession: false)
    ticket.state = state
    return ticket
  }

  @Test func aSearchEndsWithASessionWhoseNameIsAsked() {
    var match = SmartMatch()
    #expect(match.status(isMember: true, at: 0) == .unknown && match.ticket == nil)
    match.begin(7, hopper: "ranked", timeout: 60, at: 0)
    #expect(match.confirmedTicket == nil && match.status(isMember: true, at: 0) == .searching)
    #expect(match.adopt(word(8, .expired), at: 0) == nil && match.isSearching)
    #expect(match.adopt(word(7, .searching), at: 0) == nil)
    #expect(match.confirmedTicket == "7" && match.remaining(at: 15) == 45)
    #expect(match.adopt(word(7, .found(EntryID(rawValue: 5))), at: 0) == EntryID(rawValue: 5))
    #expect(match.adopt(word(7, .found(EntryID(rawValue: 5))), at: 0) == nil)
    #expect(match.status(isMember: true, at: 1) == .searching)
    match.resolve(7, session)
    #expect(match.status(isMember: true, at: 1) == .found && match.session == session && match.remaining(at: 1) == 0)
    match.forget()
    #expect(match.status(isMember: true, at: 1) == .unknown && match.ticket == nil)
  }

  @Test func aSearchExpiresByTheServicesWordOrWithoutIt() {
    for hasWord in [true, false] {
      var match = SmartMatch()
      match.begin(7, hopper: "ranked", timeout: 60, at: 0)
      if hasWord { _ = match.adopt(word(7, .expired), at: 0) }
      #expect(match.status(isMember: true, at: hasWord ? 1 : 60 + Limits.sessionJobTime) == .expired)
    }
    var gone = SmartMatch()
    gone.begin(7, hopper: "ranked", timeout: 60, at: 0)
    _ = gone.adopt(word(7, .found(EntryID(rawValue: 5))), at: 0)
    gone.resolve(7, nil)
    #expect(gone.status(isMember: true, at: 1) == .expired)
    var refused = SmartMatch()
    refused.begin(7, hopper: "ranked", timeout: 60, at: 0)
    refused.refuse(7)
    #expect(refused.status(isMember: true, at: 1) == .unknown)
  }

  @Test func aSearchEndsWithTheStay() {
    var match = SmartMatch()
    match.begin(7, hopper: "ranked", timeout: 60, at: 0)
    #expect(match.status(isMember: false, at: 1) == .expired)
    #expect(match.status(isMember: true, at: 1) == .expired)
    var found = SmartMatch()
    found.begin(7, hopper: "ranked", timeout: 60, at: 0)
    _ = found.adopt(word(7, .found(EntryID(rawValue: 1))), at: 1)
    found.resolve(7, session)
    #expect(found.status(isMember: false, at: 2) == .found)
  }

  @Test func anotherMembersSearchIsFollowedUnlessThereIsAnOwnOne() {
    var match = SmartMatch()
    #expect(match.adopt(word(7, .expired), at: 0) == nil && match.ticket == nil)
    #expect(match.adopt(word(7, .searching), at: 10) == nil)
    #expect(match.ticket == 7 && match.ownTicket == nil && match.hopper == "ranked" && match.remaining(at: 15) == 55)
    // Of two that search the first one counts.
    _ = match.adopt(word(8, .searching), at: 11)
    #expect(match.ticket == 7)
    match.begin(9, hopper: "own", timeout: 60, at: 12)
    _ = match.adopt(word(7, .found(EntryID(rawValue: 5))), at: 12)
    _ = match.adopt(word(8, .searching), at: 12)
    #expect(match.ownTicket == 9 && match.status(isMember: true, at: 12) == .searching)
    match.forget()
    // What was deleted is not followed, however late its news are; what is new is.
    for id: UInt64 in [7, 9] { _ = match.adopt(word(id, .searching), at: 13) }
    #expect(match.status(isMember: true, at: 13) == .unknown)
    #expect(match.adopt(word(8, .found(EntryID(rawValue: 5))), at: 13) == EntryID(rawValue: 5))
    match.resolve(8, session)
    #expect(match.session == session && match.ownTicket == nil)
  }

  @Test func sessionsAreFoundByTheirNames() {
    let other = SessionReference(serviceConfigID: "abc", template: "duel", name: "two")
    #expect(session.entry != other.entry && session.entry == SessionReference(uri: session.uri)?.entry)
    #expect(session.uri == "/serviceconfigs/abc/sessionTemplates/duel/sessions/one")
    #expect(SessionReference(uri: session.uri) == session)
    for text in [
      "", "/", "one", session.uri + "/", "/serviceconfigs//sessionTemplates/duel/sessions/one", "x" + session.uri,
    ] {
      #expect(SessionReference(uri: text) == nil)
    }
    #expect(SessionReference.isSessionName("a-b.1~"))
    for name in ["", "A", "a/b", "a b", String(repeating: "a", count: Limits.sessionNameSize + 1), "\u{e9}"] {
      #expect(!SessionReference.isSessionName(name))
    }
  }
}
