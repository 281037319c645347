/// What a server browser looks for. All filters have to fit.
struct SteamServerFilters: Equatable {
  /// What the directory sorts out.
  private(set) var asked: [EntryQuery.Filter] = []
  /// Tags that a server must not have.
  private(set) var unwantedTags: [Bytes] = []
  /// Asks for what there is not: no server here is a relay for spectators.
  private(set) var isImpossible = false

  /// A list takes a filter of its own.
  private static let maximum = Limits.listFilters - 1

  /// The members of a filter table, by name, and whether each is text.
  static let members: [(name: String, isText: Bool)] = [
    ("dedicated", false), ("empty", false), ("full", false), ("gamedir", true), ("map", true), ("noplayers", false),
    ("proxy", false), ("secure", false),
  ]

  /// Reads a script's table: the names and meanings are those of Valve's master servers, in which `full` leaves full
  /// servers out, and `empty` empty ones. A member that is false is as one that is not there.
  mutating func add(_ table: [(name: String, value: SteamServerSettings.Value)]) throws(SteamServerFilterError) {
    var added: [(Bytes, Bytes)] = []
    for (name, value) in table {
      guard let member = Self.members.first(where: { $0.name == name }) else {
        throw .table(.unknown(name, nearest: nearestName(to: name, in: Self.members.map(\.name))))
      }
      switch value {
      case .text(let text) where member.isText: added.append((Bytes(name), text))
      case .boolean(let flag) where !member.isText: if flag { added.append((Bytes(name), "1")) }
      default: throw .table(.wrong(name, expected: member.isText ? "string" : "boolean", value))
      }
    }
    var changed = self
    for (key, value) in added { try changed.add(key, value) }
    self = changed
  }

  /// A filter by Valve's name for it, or else on the data that servers' scripts have set. A switch is on for any value
  /// but "" and "0".
  mutating func add(_ key: Bytes, _ value: Bytes) throws(SteamServerFilterError) {
    let isOn = !value.isEmpty && value != "0"
    switch key {
    case "map": try add(.text(key: SteamServerKeys.map, .equal, value))
    case "gamedir": try add(.text(key: SteamServerKeys.gamedir, .equal, value))
    case "dedicated": if isOn { try add(.text(key: SteamServerKeys.dedicated, .equal, "1")) }
    case "full", "notfull": if isOn { try add(.isFull(false)) }
    case "empty", "hasplayers": if isOn { try add(.isEmpty(false)) }
    case "noplayers": if isOn { try add(.isEmpty(true)) }
    case "proxy": if isOn { isImpossible = true }
    // Every server here is.
    case "secure": break
    case "gametagsand": for tag in SteamServerKeys.keywords(of: value) { try add(.keyword(tag)) }
    case "gametagsnor":
      for tag in SteamServerKeys.keywords(of: value) {
        guard unwantedTags.count < Self.maximum else { throw .filter(.tooMany(maximum: Self.maximum)) }
        unwantedTags.append(tag)
      }
    default: try add(.text(key: key, .equal, value))
    }
  }

  private mutating func add(_ filter: EntryQuery.Filter) throws(SteamServerFilterError) {
    guard asked.count < Self.maximum else { throw .filter(.tooMany(maximum: Self.maximum)) }
    asked.append(filter)
  }

  /// Whether a server that the directory found is wanted.
  func fits(_ entry: DirectoryEntry) -> Bool {
    !isImpossible && !unwantedTags.contains(where: entry.keywords.contains)
  }
}

/// Why a server browser does not take a filter.
public enum SteamServerFilterError: Error, Equatable, Sendable {
  case table(SteamSettingsError)
  case filter(SteamFilterError)
}

extension SteamServerFilterError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .table(let error): error.description
    case .filter(let error): error.description
    }
  }
}
