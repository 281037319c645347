import Testing

@testable import NetRuntime

@Suite("Settings of a Steam game server")
struct SteamServerSettingsTests {
  private typealias Field = (name: String, value: SteamServerSettings.Value)

  private func problem(_ fields: [Field]) -> String {
    do throws(SteamSettingsError) {
      _ = try SteamServerSettings(fields)
      return "none"
    } catch {
      return error.description
    }
  }

  private let needed: [Field] = [("max_players", .number(8)), ("server_name", .text("Castle"))]

  @Test func twoMembersAreNeeded() throws {
    let settings = try SteamServerSettings(needed)
    #expect(settings == SteamServerSettings(serverName: "Castle", maxPlayers: 8))
    #expect(settings.queryPort == 27016)
    #expect(settings.password == nil)
    #expect(problem([]) == "server_name is missing: the name that the browser shows")
    #expect(problem([needed[1]]) == "max_players is missing: how many players there may be, 1 to 64")
    #expect(problem([needed[0], ("server_name", .text(""))]).hasPrefix("server_name is missing"))
  }

  @Test func allMembersAreRead() throws {
    let settings = try SteamServerSettings(
      needed + [
        ("authentication_port", .number(1)), ("dedicated", .boolean(true)), ("game_description", .text("A game")),
        ("gamedir", .text("demo")), ("ip_address", .text("10.1.2.3")), ("map", .text("hall")),
        ("password", .text("hush")), ("query_port", .text("27020")), ("server_port", .number(2)),
        ("server_version", .text("1.0.0.2")), ("spectator_port", .number(3)),
      ])
    #expect(settings.authenticationPort == 1 && settings.serverPort == 2 && settings.spectatorPort == 3)
    #expect(settings.isDedicated)
    #expect(settings.gameDescription == "A game" && settings.gamedir == "demo" && settings.map == "hall")
    #expect(settings.ipAddress == 0x0a01_0203)
    #expect(settings.password == "hush" && settings.queryPort == 27020 && settings.serverVersion == "1.0.0.2")
    #expect(try SteamServerSettings(needed + [("password", .text(""))]).password == nil)
  }

  @Test func wrongMembersAreNamed() {
    #expect(
      problem(needed + [("max_player", .number(1))])
        == "there is no member \"max_player\"; did you mean \"max_players\"?")
    #expect(problem([("max_players", .number(0)), needed[1]]) == "max_players: expected integer 1 to 64, got number 0")
    #expect(
      problem([("max_players", .number(1.5)), needed[1]]) == "max_players: expected integer 1 to 64, got number 1.5")
    #expect(problem(needed + [("map", .boolean(true))]) == "map: expected string, got boolean true")
    #expect(problem(needed + [("dedicated", .text("yes"))]) == "dedicated: expected boolean, got string \"yes\"")
    #expect(
      problem(needed + [("ip_address", .text("here"))])
        == "ip_address: expected an address such as \"192.168.0.5\", got string \"here\"")
    #expect(
      problem(needed + [("query_port", .number(65536))]) == "query_port: expected integer 0 to 65535, got number 65536")
    #expect(
      problem(needed + [("map", .text(Bytes(String(repeating: "x", count: 256))))])
        == "map has 256 bytes; at most 255 are possible")
    #expect(problem(needed + [("gamedir", .other("table"))]) == "gamedir: expected string, got table")
  }

  @Test func aServerIsListedWithWhatItSays() throws {
    var settings = try SteamServerSettings(needed)
    settings.serverVersion = "1.0.0.2"
    settings.map = "hall"
    let entry = DirectoryEntry(
      id: EntryID(rawValue: 7), kind: .steamServer, title: "steam:480", host: PeerID(rawValue: 7), maximum: 8,
      name: settings.serverName, data: SteamServerKeys.data(of: settings, address: 0x0a00_0001, gamePort: 4000),
      password: "x")
    let info = SteamServerInfo(entry)
    #expect(info.id == PeerID(rawValue: 7) && info.name == "Castle" && info.map == "hall")
    #expect(info.address == "10.0.0.1" && info.connectionPort == 4000 && info.queryPort == 27016)
    #expect(info.versionNumber == 1002 && info.hasPassword && info.maxPlayers == 8)
    #expect(info.place?.text == "10.0.0.1:4000:27016")
    #expect(entry.data.keys.allSatisfy(SteamServerKeys.isReserved))
  }

  @Test func whatAServerSaysIsNotBelievedBlindly() {
    var entry = DirectoryEntry(
      id: EntryID(rawValue: 7), kind: .steamServer, title: "", host: PeerID(rawValue: 7), maximum: 1,
      data: [SteamServerKeys.connectionPort: "-5", SteamServerKeys.queryPort: "99999999999999999999"])
    entry.members = [
      .init(
        player: PeerID(rawValue: 1), peer: PeerID(rawValue: 1), name: "anna", run: 1,
        data: [SteamServerKeys.since: Bytes("\(Int64.min)"), SteamServerKeys.score: "many"])
    ]
    entry.data[SteamServerKeys.clock] = Bytes("\(Int64.max)")
    #expect(SteamServerInfo(entry).connectionPort == 0 && SteamServerInfo(entry).queryPort == 0)
    #expect(SteamServerInfo(entry).place == nil)
    #expect(SteamServerPlayer.list(of: entry) == [SteamServerPlayer(name: "anna", score: 0, playTime: 0)])
  }

  @Test func namesFitWithoutBeingCutWithinACharacter() {
    func size(_ text: String) -> Int { text.fitting(Limits.playerNameSize).utf8.count }
    let chinese = String(repeating: "城", count: 22)
    #expect(chinese.utf8.count == 66)
    #expect(chinese.fitting(Limits.playerNameSize) == String(repeating: "城", count: 21))
    #expect(String(repeating: "a", count: 64).fitting(64).count == 64)
    #expect(String(repeating: "a", count: 65).fitting(64).count == 64)
    #expect(size(String(repeating: "é", count: 32)) == 64)
    // What is no UTF-8 becomes longer as text.
    #expect(size(Bytes([UInt8](repeating: 0xff, count: 64)).text) == 63)
    // One character of very many scalars.
    let tower = "a" + String(repeating: "\u{301}", count: 100)
    #expect(tower.count == 1 && (1...64).contains(size(tower)))
  }
}
