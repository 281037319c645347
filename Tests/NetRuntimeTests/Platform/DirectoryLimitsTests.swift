import Testing

@testable import NetRuntime

@Suite struct DirectoryLimitsTests {
  private static let anna = DirectoryFixture.id("anna")

  private static func text(_ count: Int) -> Bytes { Bytes([UInt8](repeating: 97, count: count)) }

  private static func expect(
    _ text: String, sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws -> Void
  ) {
    #expect(throws: DirectoryError.malformed(text), sourceLocation: sourceLocation) { try body() }
  }

  @Test func playersSaySoMuchOfThemselves() throws {
    var fixture = try DirectoryFixture("anna")
    func signIn(_ change: (inout DirectoryIdentity) -> Void) throws {
      var identity = DirectoryFixture.identity("dora")
      change(&identity)
      try fixture.state.signIn(identity, run: 1, at: 0)
    }
    Self.expect("the player's name has 65 bytes; at most 64 are possible") {
      try signIn { $0.name = Self.text(65).text }
    }
    Self.expect("the player's name has 0 bytes; at least 1 are needed") { try signIn { $0.name = "" } }
    Self.expect("a player's id cannot be 0") { try signIn { $0.id = .nobody } }
    Self.expect("the player has 513 friends, blocked and ignored; at most 512 are possible") {
      try signIn { for id in 1...513 { $0.relations[PeerID(rawValue: UInt64(id))] = .friend } }
    }
    Self.expect("a player cannot be its own friend, nor block or ignore itself") {
      try signIn { $0.relations[$0.id] = .friend }
    }
    try signIn { for id in 1...512 { $0.relations[PeerID(rawValue: UInt64(id))] = .friend } }
    Self.expect("the player has 9 addresses; at most 8 are possible") {
      try fixture.ask(
        "anna", .publish(endpoints: (1...9).map { Endpoint(address: 1, port: UInt16($0)) }))
    }
    Self.expect("all keys and values together would take 4097 bytes; at most 4096 are possible") {
      try fixture.ask("anna", .setPresence(["a": Self.text(4093)]))
    }
    try fixture.ask("anna", .setPresence(["a": Self.text(4092)]))
    Self.expect("all keys and values together would take 65537 bytes; at most 65536 are possible") {
      try fixture.ask("anna", .keep(key: "a", value: Self.text(65533)))
    }
    try fixture.ask("anna", .keep(key: "a", value: Self.text(65532)))
    Self.expect("there are 129 players to ask for; at most 128 are possible") {
      try fixture.ask("anna", .players(Array(repeating: Self.anna, count: 129)))
    }
    Self.expect("there are 129 players to invite; at most 128 are possible") {
      try fixture.ask("anna", .invite(Invitation(id: 1, title: "t"), to: Array(repeating: Self.anna, count: 129)))
    }
  }

  @Test func entriesHoldSoMuch() throws {
    var fixture = try DirectoryFixture("anna")
    func create(_ change: (inout DirectoryEntry) -> Void, memberData: [Bytes: Bytes] = [:]) throws {
      var entry = DirectoryFixture.entry(7, by: "anna")
      change(&entry)
      try fixture.ask("anna", .create(entry: entry, peer: Self.anna, memberData: memberData))
    }
    Self.expect("the id of an entry cannot be 0") { try create { $0.id = EntryID(rawValue: 0) } }
    Self.expect("the title has 0 bytes; at least 1 are needed") { try create { $0.title = "" } }
    Self.expect("the name has 256 bytes; at most 255 are possible") { try create { $0.name = Self.text(256) } }
    Self.expect("the password has 256 bytes; at most 255 are possible") {
      try create { $0.password = Self.text(256) }
    }
    Self.expect("there would be 65 members at most; at most 64 are possible") { try create { $0.maximum = 65 } }
    Self.expect("there would be 33 keywords; at most 32 are possible") {
      try create { $0.keywords = (0..<33).map { Bytes("\($0)") } }
    }
    Self.expect("a keyword has 64 bytes; at most 63 are possible") { try create { $0.keywords = [Self.text(64)] } }
    Self.expect("a keyword has 0 bytes; at least 1 are needed") { try create { $0.keywords = [""] } }
    Self.expect("all keys and values together would take 16385 bytes; at most 16384 are possible") {
      try create { $0.data = ["a": Self.text(16381)] }
    }
    Self.expect("all keys and values together would take 4097 bytes; at most 4096 are possible") {
      try create({ _ in }, memberData: ["a": Self.text(4093)])
    }
    Self.expect("the key has 256 bytes; at most 255 are possible") { try create { $0.data = [Self.text(256): ""] } }
    Self.expect("there are 256 keys already; more are not possible") {
      try create { for key in 0...256 { $0.data[Bytes("\(key)")] = "" } }
    }
    Self.expect("places are kept for 257 players; at most 256 are possible") {
      try create { $0.reservations = Array(repeating: Self.anna, count: 257) }
    }
    try create { $0.data = ["a": Self.text(16380)] }
    Self.expect("there are 513 changes at once; at most 512 are possible") {
      try fixture.ask("anna", .change(EntryID(rawValue: 7), Array(repeating: .setClosed(true), count: 513)))
    }
    Self.expect("all keys and values together would take 16388 bytes; at most 16384 are possible") {
      try fixture.change("anna", 7, .setData(key: "b", value: ""))
    }
  }

  @Test func aPlayerIsInSoManyEntries() throws {
    var fixture = try DirectoryFixture("anna", "bob")
    for id in 1...16 { try fixture.create(UInt64(id), by: "anna") }
    Self.expect("the player is in 16 entries already; more are not possible") { try fixture.create(17, by: "anna") }
    try fixture.create(18, by: "bob")
    Self.expect("the player is in 16 entries already; more are not possible") { try fixture.join("anna", 18) }
    try fixture.leave("anna", 1)
    try fixture.join("anna", 18)
  }

  @Test func guestsAreForgottenOldestFirst() throws {
    var fixture = try DirectoryFixture("anna")
    try fixture.create(7, by: "anna")
    for id in 1...257 { try fixture.change("anna", 7, .kick(PeerID(rawValue: UInt64(id)))) }
    #expect(fixture.entry(7)?.kicked.first == PeerID(rawValue: 2))
    #expect(fixture.entry(7)?.kicked.count == 256)
  }

  @Test func invitationsAreForgottenOldestFirst() throws {
    var fixture = try DirectoryFixture("anna", "bob")
    for id in 1...33 {
      try fixture.ask("bob", .invite(Invitation(id: UInt64(id), title: "t"), to: [Self.anna]))
    }
    #expect(fixture.state.invitations[Self.anna]?.map(\.id) == Array(2...33))
  }

  @Test func queriesAreSoLong() throws {
    var fixture = try DirectoryFixture("anna")
    func list(_ change: (inout EntryQuery) -> Void) throws {
      var query = EntryQuery(kind: .steamLobby, title: "t")
      change(&query)
      try fixture.ask("anna", .list(query))
    }
    Self.expect("the list would have 51 entries; at most 50 are possible") { try list { $0.limit = 51 } }
    Self.expect("the list would have 0 entries; at least 1 are needed") { try list { $0.limit = 0 } }
    Self.expect("the query has 33 filters; at most 32 are possible") {
      try list { $0.filters = Array(repeating: .places(1), count: 33) }
    }
    Self.expect("the query has 33 keys to order by; at most 32 are possible") {
      try list { $0.near = Array(repeating: EntryQuery.Near(key: "a", value: 1), count: 33) }
    }
  }

  @Test func ticketsAreSoMany() throws {
    var fixture = try DirectoryFixture("anna")
    try fixture.create(7, by: "anna")
    func start(_ id: UInt64, attributes: Int = 0, timeout: Double = 1) throws {
      var ticket = MatchTicket(
        id: id, entry: EntryID(rawValue: 7),
        hopper: Hopper(title: "t", name: "h", minimumPlayers: 2, maximumPlayers: 4), timeout: timeout,
        keepsSession: false)
      for index in 0..<attributes { ticket.attributes["\(index)"] = .number(1) }
      try fixture.ask("anna", .startTicket(ticket))
    }
    Self.expect("the ticket has 33 attributes; at most 32 are possible") { try start(1, attributes: 33) }
    Self.expect("a search takes over 0 and up to 86400 seconds, not 86401.0") { try start(1, timeout: 86_401) }
    for id in 1...4 { try start(UInt64(id)) }
    Self.expect("the player has 4 tickets already; more are not possible") { try start(5) }
  }

  @Test func absentPlayersAreForgottenLongestGoneFirst() throws {
    var absent = AbsentPlayers()
    for round in 0..<3 {
      for id in 1...100 { absent.append(PeerID(rawValue: UInt64(round == 2 ? 101 - id : id))) }
    }
    #expect(absent.count == 100)
    var order: [UInt64] = []
    while let player = absent.removeFirst() { order.append(player.rawValue) }
    #expect(order == (1...100).reversed())
    var fixture = try DirectoryFixture()
    for id in 1...Limits.rememberedPlayers + 1 {
      let player = DirectoryIdentity(id: PeerID(rawValue: UInt64(id)), name: "a")
      try fixture.state.signIn(player, run: 1, at: 0)
      fixture.state.signOut(player.id, run: 1)
    }
    #expect(fixture.state.players.count == Limits.rememberedPlayers)
    #expect(fixture.state.players[PeerID(rawValue: 1)] == nil)
  }
}
