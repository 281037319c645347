import NetRuntime

@testable import OnlineHomes

/// One value at least of each kind that travels, with everything in it that may be there.
enum WireSamples {
  static let anna = PeerID(rawValue: 0x1100_0010_26fb_0cb)
  static let id = EntryID(rawValue: 0xabc)

  static let identity = DirectoryIdentity(
    id: anna, name: "anna", region: Region("eu-west") ?? .local,
    relations: [PeerID(rawValue: 2): .friend, PeerID(rawValue: 3): .blocked, PeerID(rawValue: 4): .ignored])

  static let activity = PlayerActivity(title: "t", entry: id, address: "a", parameters: "p", password: "w")

  static let player = DirectoryPlayer(
    id: anna, name: "anna", isOnline: true, presence: ["a": Bytes([0, 255])], activity: activity,
    endpoints: [Endpoint(address: 0x7f00_0001, port: 7)])

  static let entry: DirectoryEntry = {
    var entry = DirectoryEntry(
      id: id, kind: .steamLobby, title: "t", host: anna, maximum: 4, name: "n", data: ["k": "v"], keywords: ["w"],
      reservations: [PeerID(rawValue: 5)], password: "p")
    entry.members = [
      .init(
        player: anna, peer: anna, name: "anna", run: .max, data: ["m": "\u{1}"],
        endpoints: [Endpoint(address: 0x7f00_0001, port: 65_535)])
    ]
    entry.invited = [PeerID(rawValue: 6)]
    entry.kicked = [PeerID(rawValue: 7)]
    entry.sessionHost = anna
    return entry
  }()

  static let tickets: [MatchTicket] = {
    let hopper = Hopper(
      title: "t", name: "h", minimumPlayers: 2, maximumPlayers: 4,
      rules: [.same(attribute: "mode"), .within(attribute: "rank", difference: 0.5)])
    var ticket = MatchTicket(
      id: 3, entry: id, hopper: hopper, attributes: ["rank": .number(0.1), "mode": .text("x")], timeout: 60,
      keepsSession: true)
    ticket.players = [anna]
    let states: [MatchTicket.State] = [.searching, .found(id), .expired]
    return states.map { state in
      ticket.state = state
      return ticket
    }
  }()

  static let acquaintance = Acquaintance(player: player, relation: .friend, isAsking: true)

  static let invitation = Invitation(
    id: 9, from: anna, title: "t", entry: id, address: "a", parameters: "p", password: "w")

  static let query = EntryQuery(
    kind: .steamLobby, title: "t",
    filters: [
      .text(key: "k", .equal, "v"), .text(key: "k", .notEqual, "v"), .number(key: "k", .less, .min),
      .number(key: "k", .lessOrEqual, .max), .number(key: "k", .greater, 0), .number(key: "k", .greaterOrEqual, 0),
      .places(1), .distance(.close), .distance(.default), .distance(.far), .distance(.world), .keyword("w"),
      .hasPassword(true), .isEmpty(false), .isFull(false), .withFriends, .host(anna),
    ], near: [.init(key: "k", value: -1)], limit: 50)

  static let changes: [EntryChange] = [
    .setData(key: "k", value: "v"), .setData(key: "k", value: nil), .setName("n"), .setSessionHost(anna),
    .setSessionHost(nil), .setVisibility(.byInvitation), .setVisibility(.friends), .setVisibility(.everyone),
    .setVisibility(.unseen), .setClosed(true), .setMaximum(5), .setKeywords(["a"]), .setPassword("p"),
    .setPassword(nil), .setHost(anna), .reserve([anna]), .kick(anna), .drop(anna),
    .setDataOfMember(anna, key: "k", value: "v"), .setMemberData(key: "k", value: "v"),
  ]

  static let requests: [DirectoryRequest] = [
    .publish(endpoints: [Endpoint(address: 1, port: 1)]), .create(entry: entry, peer: anna, memberData: ["a": "b"]),
    .join(id, password: "p", peer: anna, memberData: [:]), .leave(id), .change(id, changes), .list(query), .find(id),
    .players([anna]), .friends, .setPresence(["a": ""]), .setActivity(activity), .setActivity(nil),
    .invite(invitation, to: [anna]), .dismissInvitation(9), .startTicket(tickets[0]), .deleteTicket(.max),
    .keep(key: "k", value: "v"), .keep(key: "k", value: nil), .kept(prefix: "k"),
  ]

  static let answers: [DirectoryAnswer] = [
    .done, .entry(entry), .entries([entry, entry]), .players([player]), .friends([acquaintance]), .ticket(tickets[1]),
    .notes(["a": "b"]),
  ]

  static let errors: [DirectoryError] = [
    .unavailable("w"), .signedOut, .expired, .badSecret, .tooManyRequests, .malformed("w"), .unknownEntry(id),
    .unknownPlayer(anna), .full(maximum: 4), .wrongPassword, .closed, .notInvited, .kicked, .notHost, .notMember,
    .unknownHopper("h"),
  ]

  static let news: [DirectoryChange] =
    [
      .entry(entry), .left(id, .left), .left(id, .kicked), .left(id, .dropped), .left(id, .ended),
      .acquaintance(acquaintance), .invitation(invitation),
    ] + tickets.map { .ticket($0) }

  static let refresh = NewsRefresh(
    entries: [entry, entry], acquaintances: [acquaintance], invitations: [invitation], tickets: tickets)
}
