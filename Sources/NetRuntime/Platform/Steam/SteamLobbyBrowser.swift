/// Finds Steam lobbies of this game. Filters hold from the next refresh on, for every refresh, until they are cleared;
/// all of them have to fit.
///
/// As on Steam, lobbies without a free place are never listed, and without a distance filter those far away are not.
public final class SteamLobbyBrowser {
  private let ask: SteamAsk
  private let title: String
  private(set) var filters = SteamLobbyFilters()
  private var search = SteamSearch()
  /// What the last refresh that was answered found, nearest first where near filters were set.
  public private(set) var lobbies: [DirectoryEntry] = []

  init(title: String, ask: SteamAsk) {
    self.title = title
    self.ask = ask
  }

  /// Whether an answer is awaited. It ends by itself, with no lobbies, when the service does not answer.
  public var isRefreshing: Bool { search.isUnderWay }

  /// Looks for lobbies anew; nothing happens while a search is under way.
  public func refresh() {
    guard !isRefreshing else { return }
    let number = search.begin()
    ask.list(filters.query(title: title)) { [weak self] entries in
      guard let self, search.end(number) else { return }
      lobbies = entries
    }
  }

  /// Gives up a search that takes too long.
  func advance(to now: Double) {
    if search.hasExpired(at: now) { lobbies = [] }
  }

  // MARK: Filters

  /// Looks only for lobbies whose data compares so, byte by byte; data that is not set is "".
  /// - Throws: Where there are too many filters.
  public func addFilter(_ key: Bytes, _ comparison: EntryQuery.Comparison, text: Bytes) throws(SteamFilterError) {
    try filters.add(.text(key: key, comparison, text))
  }

  /// Looks only for lobbies whose data compares so as a decimal integer; other data fits `.notEqual` alone.
  /// - Throws: Where there are too many filters.
  public func addFilter(_ key: Bytes, _ comparison: EntryQuery.Comparison, number: Int64) throws(SteamFilterError) {
    try filters.add(.number(key: key, comparison, number))
  }

  /// Lists those first whose integer of a key is closest to a value. Leaves none out. Of several such filters the
  /// first counts most.
  public func addNearFilter(_ key: Bytes, _ value: Int64) throws(SteamFilterError) {
    try filters.addNear(EntryQuery.Near(key: key, value: value))
  }

  /// Only lobbies with so many free places at least; another call takes the place of this.
  public func setSlots(_ slots: Int) { filters.slots = slots }

  /// How far away a lobby's host may be; another call takes the place of this.
  public func setDistance(_ distance: EntryQuery.Distance) { filters.distance = distance }

  /// Looks for all lobbies again, in no order but that of their distance.
  public func clearFilters() { filters = SteamLobbyFilters() }
}

/// What a lobby browser looks for.
struct SteamLobbyFilters: Equatable {
  private(set) var comparisons: [EntryQuery.Filter] = []
  private(set) var near: [EntryQuery.Near] = []
  /// Steam lists no full lobbies.
  var slots = 1
  var distance = EntryQuery.Distance.default

  /// Distance and free places are filters, too.
  private static let alwaysThere = 2

  mutating func add(_ filter: EntryQuery.Filter) throws(SteamFilterError) {
    guard comparisons.count < Limits.listFilters - Self.alwaysThere else {
      throw .tooMany(maximum: Limits.listFilters - Self.alwaysThere)
    }
    comparisons.append(filter)
  }

  mutating func addNear(_ key: EntryQuery.Near) throws(SteamFilterError) {
    guard near.count < Limits.listFilters else { throw .tooMany(maximum: Limits.listFilters) }
    near.append(key)
  }

  func query(title: String) -> EntryQuery {
    EntryQuery(
      kind: .steamLobby, title: title, filters: comparisons + [.places(max(1, slots)), .distance(distance)], near: near)
  }
}

/// Why a browser does not take a filter.
public enum SteamFilterError: Error, Equatable, Sendable {
  case tooMany(maximum: Int)
}

extension SteamFilterError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .tooMany(let maximum): "there are \(maximum) filters already; more are not possible; clear_filters ends all"
    }
  }
}
