import Testing

@testable import NetRuntime

@Suite("The browser of Steam's servers")
struct SteamServerBrowserTests {
  /// The directory of many servers, which answers when it is told to.
  private final class Service {
    var directory: DirectoryFixture
    private(set) var waiting: [(request: DirectoryRequest, then: (SteamAsk.Answer) -> Void)] = []

    init() throws { directory = try DirectoryFixture("anna") }

    var ask: SteamAsk { SteamAsk { [self] request, then in waiting.append((request, then)) } }

    /// Answers what waits and fits.
    func answer(_ fits: (DirectoryRequest) -> Bool = { _ in true }) {
      let answered = waiting.filter { fits($0.request) }
      waiting.removeAll { fits($0.request) }
      for (request, then) in answered {
        do {
          then(.success(try directory.ask("anna", request)))
        } catch {
          then(.failure(error as? DirectoryError ?? .malformed("\(error)")))
        }
      }
    }

    func browser(addresses: [UInt32] = []) -> SteamServerBrowser {
      SteamServerBrowser(
        title: DirectoryFixture.title, ask: ask, favorites: SteamKeptServers(.favorite, ask: ask) { _, _ in },
        history: SteamKeptServers(.history, ask: ask) { _, _ in }, measure: { _, _ in 0 }, probe: { _ in },
        addresses: { addresses })
    }

    func addServer(_ number: UInt64, at address: UInt32, queryPort: UInt16 = 27016) throws {
      var settings = SteamServerSettings(serverName: Bytes("s\(number)"), maxPlayers: 8)
      settings.queryPort = queryPort
      try directory.signIn("s\(number)", kind: .server)
      try directory.create(
        number, kind: .steamServer, by: "s\(number)",
        data: SteamServerKeys.data(of: settings, address: address, gamePort: 4000))
    }
  }

  private static func isKept(_ request: DirectoryRequest) -> Bool {
    if case .kept = request { true } else { false }
  }

  private static func isList(_ request: DirectoryRequest) -> Bool {
    if case .list = request { true } else { false }
  }

  @Test func theLocalNetworkIsFoundAmongAllServers() throws {
    let service = try Service()
    for number in 1...UInt64(2 * Limits.listedEntries) { try service.addServer(number, at: 0x0a00_0001) }
    // The list goes by ids where nothing else decides: these are the last.
    try service.addServer(1_000, at: 0xc0a8_0705)
    try service.addServer(1_001, at: 0xc0a8_0706, queryPort: 27021)
    try service.addServer(1_002, at: 0xac10_0001, queryPort: 27020)
    let browser = service.browser(addresses: [0xc0a8_0763, 0xc0a8_0764, 0xac10_0063])
    browser.refresh(.lan)
    service.answer()
    #expect(!browser.isRefreshing)
    #expect(browser.rows.map(\.info.address).sorted() == ["172.16.0.1", "192.168.7.5"])
    let alone = service.browser()
    alone.refresh(.lan)
    service.answer()
    #expect(!alone.isRefreshing && alone.rows.isEmpty)
  }

  @Test func aSearchThatWasGivenUpDisturbsNoLaterOne() throws {
    let service = try Service()
    try service.addServer(1, at: 0x0a00_0001)
    let notes = [1, 2].map { "steam.favorite:10.0.0.\($0):4000:27016" }
    for note in notes { try service.directory.ask("anna", .keep(key: Bytes(note), value: "1")) }
    let browser = service.browser()
    browser.refresh(.favorites)
    browser.advance(to: 100)
    browser.advance(to: 100 + Limits.steamAnswerTime)
    #expect(!browser.isRefreshing)
    browser.refresh(.internet)
    service.answer(Self.isKept)
    service.answer(Self.isList)
    #expect(!browser.isRefreshing && browser.rows.count == 1)
  }
}
