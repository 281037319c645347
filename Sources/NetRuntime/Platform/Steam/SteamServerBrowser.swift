/// Finds Steam game servers of this game. Filters hold from the next refresh on, for every refresh, until they are
/// cleared.
public final class SteamServerBrowser {
  /// Which servers are looked for. The values are Valve's.
  public enum Source: Int, CaseIterable, Sendable {
    case internet, lan, friends, favorites, history
  }

  /// How a fetch goes: whether an answer is awaited, and whether the last one did not come.
  public struct Fetch: Equatable, Sendable {
    /// Whether an answer is awaited.
    public fileprivate(set) var isUnderWay = false
    /// Whether the last fetch brought no answer, or the server was gone.
    public fileprivate(set) var hasFailed = false
    fileprivate var search = SteamSearch()

    public static func == (left: Fetch, right: Fetch) -> Bool {
      left.isUnderWay == right.isUnderWay && left.hasFailed == right.hasFailed
    }
  }

  /// One server of the list.
  public struct Row {
    /// What the list shows of it.
    public fileprivate(set) var info: SteamServerInfo
    /// What the server's script has set; nil until it was fetched.
    public fileprivate(set) var data: [Bytes: Bytes]?
    /// Who plays there; nil until it was fetched.
    public fileprivate(set) var players: [SteamServerPlayer]?
    /// How the fetch of `data` goes.
    public fileprivate(set) var dataFetch = Fetch()
    /// How the fetch of `players` goes.
    public fileprivate(set) var playersFetch = Fetch()
    fileprivate let entry: EntryID
    fileprivate var region: Region
  }

  private let title: String
  private let ask: SteamAsk
  private let measure: (PeerID, Region) -> Double
  private let probe: ([PeerID]) -> Void
  private let addresses: () -> [UInt32]
  let favorites: SteamKeptServers
  let history: SteamKeptServers
  private(set) var filters = SteamServerFilters()
  private var search = SteamSearch()
  /// Lists that the search waits for still.
  private var openLists = 0
  /// The servers that were found, as they were then; emptied by a new search.
  public private(set) var rows: [Row] = []

  /// - Parameters:
  ///   - measure: Milliseconds to a server in a region and back.
  ///   - probe: Measures the ways to servers, as far as that can be done.
  ///   - addresses: This machine's, in host byte order.
  init(
    title: String, ask: SteamAsk, favorites: SteamKeptServers, history: SteamKeptServers,
    measure: @escaping (PeerID, Region) -> Double, probe: @escaping ([PeerID]) -> Void,
    addresses: @escaping () -> [UInt32]
  ) {
    self.title = title
    self.ask = ask
    self.favorites = favorites
    self.history = history
    self.measure = measure
    self.probe = probe
    self.addresses = addresses
  }

  // MARK: Searching

  /// Whether answers are awaited. It ends by itself when the service does not answer.
  public var isRefreshing: Bool { search.isUnderWay }

  /// Empties the list and looks for servers anew; nothing happens while a search is under way.
  public func refresh(_ source: Source) {
    guard !isRefreshing else { return }
    rows = []
    let number = search.begin()
    let wanted = filters
    switch source {
    case .internet: look([wanted.asked], number) { wanted.fits($0) }
    case .friends: look([wanted.asked + [.withFriends]], number) { wanted.fits($0) }
    case .lan:
      let ports: [EntryQuery.Filter] = [
        .number(key: SteamServerKeys.queryPort, .greaterOrEqual, Int64(Self.lanQueryPorts.lowerBound)),
        .number(key: SteamServerKeys.queryPort, .lessOrEqual, Int64(Self.lanQueryPorts.upperBound)),
      ]
      let networks = addresses().map(SteamServerKeys.network(of:)).unique
      look(networks.map { [.text(key: SteamServerKeys.network, .equal, $0)] + ports }, number) { _ in true }
    case .favorites, .history:
      let kept = source == .favorites ? favorites : history
      kept.whenKnown { [weak self] in
        let lists = kept.list.map { wanted.asked + [.text(key: SteamServerKeys.query, .equal, $0.query)] }
        self?.look(lists, number) { wanted.fits($0) }
      }
    }
  }

  /// Ends a search; what was found until now stays in the list.
  public func abortRefresh() { search.abort() }

  /// Query ports at which a server is found on the local network, as on Steam.
  static let lanQueryPorts: ClosedRange<UInt16> = 27016...27020

  private func look(_ lists: [[EntryQuery.Filter]], _ number: UInt64, _ fits: @escaping (DirectoryEntry) -> Bool) {
    guard search.isUnderWay(number) else { return }
    guard !lists.isEmpty else { return _ = search.end(number) }
    openLists = lists.count
    for filters in lists {
      ask.list(EntryQuery(kind: .steamServer, title: title, filters: filters)) { [weak self] entries in
        guard let self, search.isUnderWay(number) else { return }
        let found = entries.filter(fits)
        for entry in found { take(entry) }
        probe(found.map(\.host))
        openLists -= 1
        if openLists == 0 { _ = search.end(number) }
      }
    }
  }

  private func take(_ entry: DirectoryEntry) {
    guard !rows.contains(where: { $0.entry == entry.id }) else { return }
    rows.append(Row(info: SteamServerInfo(entry), entry: entry.id, region: entry.region))
  }

  /// Gives up what takes too long.
  func advance(to now: Double) {
    favorites.advance(to: now)
    history.advance(to: now)
    _ = search.hasExpired(at: now)
    for index in rows.indices {
      rows[index].dataFetch.giveUp(at: now)
      rows[index].playersFetch.giveUp(at: now)
    }
  }

  // MARK: One server

  /// Asks for a server's line of the list anew. One that is gone keeps what was known.
  public func refreshServer(_ index: Int) {
    let id = rows[index].entry
    ask.find(id) { [weak self] entry in
      guard let self, let entry, let index = rows.firstIndex(where: { $0.entry == id }) else { return }
      rows[index].info = SteamServerInfo(entry)
      rows[index].region = entry.region
      probe([entry.host])
    }
  }

  /// Milliseconds to a server and back: measured, or else estimated from where it is.
  public func ping(_ index: Int) -> Double { measure(rows[index].info.id, rows[index].region) }

  /// Fetches what the server's script has set.
  public func requestData(_ index: Int) {
    fetch(index, \.dataFetch) { row, entry in
      row.data = entry.data.filter { !SteamServerKeys.isReserved($0.key) }
    }
  }

  /// Fetches who plays on a server.
  public func requestPlayers(_ index: Int) {
    fetch(index, \.playersFetch) { row, entry in row.players = SteamServerPlayer.list(of: entry) }
  }

  private func fetch(
    _ index: Int, _ fetch: WritableKeyPath<Row, Fetch>, _ take: @escaping (inout Row, DirectoryEntry) -> Void
  ) {
    guard !rows[index][keyPath: fetch].isUnderWay else { return }
    let id = rows[index].entry
    let number = rows[index][keyPath: fetch].begin()
    ask.find(id) { [weak self] entry in
      guard let self, let index = rows.firstIndex(where: { $0.entry == id }) else { return }
      guard rows[index][keyPath: fetch].end(number, found: entry != nil), let entry else { return }
      take(&rows[index], entry)
    }
  }

  /// Whether a server of the list is among the favourites.
  public func isFavorite(_ index: Int) -> Bool { rows[index].info.place.map(favorites.contains) ?? false }

  // MARK: Favourites and filters

  /// Keeps a server among the favourites, also for later runs.
  public func addFavorite(_ place: SteamServerPlace) { favorites.add(place) }

  /// Takes a server out of the favourites; nothing happens where it is none.
  public func removeFavorite(_ place: SteamServerPlace) { favorites.remove(place) }

  /// Looks only for servers that fit a script's table, all or none of which is taken.
  /// - Throws: For unknown or wrong members, and where there are too many filters.
  public func addFilter(_ table: [(name: String, value: SteamServerSettings.Value)]) throws(SteamServerFilterError) {
    try filters.add(table)
  }

  /// Looks only for servers that fit one filter by Valve's name, or have this value under a key of their data.
  /// - Throws: Where there are too many filters.
  public func addFilter(_ key: Bytes, _ value: Bytes) throws(SteamServerFilterError) { try filters.add(key, value) }

  /// Looks for all servers again.
  public func clearFilters() { filters = SteamServerFilters() }
}

extension SteamServerBrowser.Fetch {
  fileprivate mutating func begin() -> UInt64 {
    isUnderWay = true
    hasFailed = false
    return search.begin()
  }

  /// - Returns: Whether it was the fetch under way.
  fileprivate mutating func end(_ number: UInt64, found: Bool) -> Bool {
    guard search.end(number) else { return false }
    isUnderWay = false
    hasFailed = !found
    return true
  }

  fileprivate mutating func giveUp(at now: Double) {
    guard search.hasExpired(at: now) else { return }
    isUnderWay = false
    hasFailed = true
  }
}
