import Testing

@testable import NetRuntime

@Suite("Friends on Steam")
struct SteamFriendsTests {
  private func user(_ relation: PlayerRelation?, asks: Bool) -> Acquaintance {
    Acquaintance(
      player: DirectoryPlayer(id: PeerID(rawValue: 1), name: "bob"), relation: relation, isAsking: asks)
  }

  @Test(
    arguments: [
      (nil, false, SteamRelationship.none, SteamFriendCategory()),
      (nil, true, .requestRecipient, .friendshipRequested),
      (.friend, true, .friend, .friend),
      (.friend, false, .requestInitiator, .requestingFriendship),
      (.blocked, true, .blocked, .blocked),
      (.ignored, false, .ignored, .ignored),
      (.ignored, true, .ignoredFriend, .ignoredFriend),
    ] as [(PlayerRelation?, Bool, SteamRelationship, SteamFriendCategory)])
  func relationsAreSteams(
    _ relation: PlayerRelation?, _ asks: Bool, _ expected: SteamRelationship, _ categories: SteamFriendCategory
  ) {
    #expect(user(relation, asks: asks).steamRelationship == expected)
    #expect(user(relation, asks: asks).steamCategories == categories)
  }

  @Test func valuesAreValves() {
    #expect(SteamRelationship.suggested.rawValue == 7)
    #expect(SteamStatus.lookingToPlay.rawValue == 6)
    #expect(SteamFriendCategory.ignoredFriend.rawValue == 0x400)
  }

  @Test func programArgumentsInvite() {
    let lobby = SteamInvite(arguments: ["game", "+connect_lobby", "1f", "+password", "hush"])
    #expect(lobby.kind == .lobby && lobby.place == "1f" && lobby.password == "hush")
    let server = SteamInvite(arguments: ["game", "+connect", "10.0.0.1:27016"])
    #expect(server.kind == .server && server.place == "10.0.0.1:27016")
    #expect(SteamInvite(arguments: ["game", "+connect_lobby"]) == SteamInvite())
    #expect(SteamInvite(arguments: []).kind == .none)
  }

  @Test func activitiesAreReadAsGames() throws {
    let lobby = try #require(
      SteamGameInfo(PlayerActivity(title: "steam:480", entry: EntryID(rawValue: 31))))
    #expect(lobby.appID == "480" && lobby.lobby == EntryID(rawValue: 31) && lobby.address == nil)
    let full = try #require(SteamGameInfo(PlayerActivity(title: "steam:480", address: "10.0.0.1:4000:27016")))
    #expect(full.address == "10.0.0.1" && full.serverPort == 4000 && full.queryPort == 27016)
    let short = try #require(SteamGameInfo(PlayerActivity(title: "steam:480", address: "10.0.0.1:27016")))
    #expect(short.address == "10.0.0.1" && short.queryPort == 27016)
    #expect(SteamGameInfo(PlayerActivity(title: "psn:game")) == nil)
    let odd = try #require(SteamGameInfo(PlayerActivity(title: "steam:480", address: "a castle")))
    #expect(odd.address == nil && odd.serverPort == nil)
  }

  @Test func pingsAreEstimatedFromTheMap() throws {
    let london = try #require(Region("eu-west"))
    let frankfurt = try #require(Region("eu-central"))
    let sydney = try #require(Region("au-southeast"))
    #expect(SteamPing.estimate(from: london, to: london) == 5)
    #expect(SteamPing.estimate(from: .local, to: sydney) == 5)
    #expect((10...20).contains(SteamPing.estimate(from: london, to: frankfurt)))
    #expect((230...290).contains(SteamPing.estimate(from: london, to: sydney)))
  }
}
