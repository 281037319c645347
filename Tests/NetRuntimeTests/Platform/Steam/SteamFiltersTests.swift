import Testing

@testable import NetRuntime

@Suite("Filters of Steam's browsers")
struct SteamFiltersTests {
  @Test func lobbiesAreNearAndHaveAPlaceWithoutFilters() {
    let query = SteamLobbyFilters().query(title: "steam:480")
    #expect(query.filters == [.places(1), .distance(.default)])
    #expect(query.near.isEmpty && query.kind == .steamLobby && query.title == "steam:480")
  }

  @Test func lobbyFiltersAddUp() throws {
    var filters = SteamLobbyFilters()
    try filters.add(.text(key: "map", .equal, "hall"))
    try filters.add(.number(key: "level", .greater, 3))
    try filters.addNear(.init(key: "skill", value: 10))
    filters.slots = 0
    filters.distance = .world
    let query = filters.query(title: "")
    #expect(
      query.filters == [
        .text(key: "map", .equal, "hall"), .number(key: "level", .greater, 3), .places(1), .distance(.world),
      ])
    #expect(query.near == [.init(key: "skill", value: 10)])
  }

  @Test func lobbyFiltersAreLimited() throws {
    var filters = SteamLobbyFilters()
    for _ in 0..<Limits.listFilters - 2 { try filters.add(.text(key: "k", .equal, "")) }
    var problem: SteamFilterError?
    do throws(SteamFilterError) { try filters.add(.text(key: "k", .equal, "")) } catch { problem = error }
    #expect(problem == .tooMany(maximum: 30))
    #expect(filters.query(title: "").filters.count == Limits.listFilters)
  }

  @Test func serverTablesMeanWhatValveSays() throws {
    var filters = SteamServerFilters()
    try filters.add([
      ("dedicated", .boolean(true)), ("empty", .boolean(true)), ("full", .boolean(true)), ("gamedir", .text("demo")),
      ("map", .text("hall")), ("noplayers", .boolean(false)), ("secure", .boolean(true)),
    ])
    #expect(
      filters.asked == [
        .text(key: SteamServerKeys.dedicated, .equal, "1"), .isEmpty(false), .isFull(false),
        .text(key: SteamServerKeys.gamedir, .equal, "demo"), .text(key: SteamServerKeys.map, .equal, "hall"),
      ])
    #expect(!filters.isImpossible)
    try filters.add("proxy", "1")
    #expect(filters.isImpossible)
  }

  @Test func serverKeysAreValvesOrTheServers() throws {
    var filters = SteamServerFilters()
    try filters.add("noplayers", "1")
    try filters.add("noplayers", "0")
    try filters.add("mode", "duel")
    try filters.add("gametagsand", "fast,new")
    try filters.add("gametagsnor", "old")
    #expect(
      filters.asked == [
        .isEmpty(true), .text(key: "mode", .equal, "duel"), .keyword("fast"), .keyword("new"),
      ])
    var entry = DirectoryEntry(
      id: EntryID(rawValue: 1), kind: .steamServer, title: "", host: PeerID(rawValue: 1), maximum: 1)
    #expect(filters.fits(entry))
    entry.keywords = ["fast", "old"]
    #expect(!filters.fits(entry))
  }

  @Test func aWrongServerTableChangesNothing() {
    var filters = SteamServerFilters()
    var problems: [SteamServerFilterError] = []
    for wrong in [("mapp", .text("x")), ("full", .number(1))] as [(String, SteamServerSettings.Value)] {
      do throws(SteamServerFilterError) {
        try filters.add([("dedicated", .boolean(true)), wrong])
      } catch {
        problems.append(error)
      }
    }
    #expect(
      problems == [
        .table(.unknown("mapp", nearest: "map")), .table(.wrong("full", expected: "boolean", .number(1))),
      ])
    #expect(filters == SteamServerFilters())
  }

  @Test func searchesHaveATimeLimit() {
    var search = SteamSearch()
    let first = search.begin()
    let expired = [0, Limits.steamAnswerTime - 0.1, Limits.steamAnswerTime].map { search.hasExpired(at: 100 + $0) }
    #expect(expired == [false, false, true])
    #expect(!search.isUnderWay)
    let second = search.begin()
    let isFirst = search.end(first)
    #expect(!isFirst)
    #expect(search.isUnderWay(second))
    let isSecond = search.end(second)
    #expect(isSecond)
    #expect(!search.isUnderWay)
  }
}
