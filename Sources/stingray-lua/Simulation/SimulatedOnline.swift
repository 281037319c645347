import LuaBindings
import NetRuntime

/// What the option `online` of `simulate.peers` says: who plays, who knows whom, and how the service is.
struct SimulatedOnline {
  /// One for each peer.
  private(set) var identities: [DirectoryIdentity] = []
  /// What stands in each peer's settings file.
  private(set) var settings: [SJSON.Node?] = []
  private(set) var latency: ClosedRange<Double>?
  /// Peers have no online service.
  private(set) var isOff = false

  private static let names = ["users", "regions", "friends", "asking", "blocked", "ignored", "settings", "latency"]

  /// - Parameters:
  ///   - text: The option in SJSON, without what surrounds the outermost table; "" where it is not given.
  ///   - count: How many peers there are.
  init(_ text: String, count: Int) throws(ScriptError) {
    let table = try Self.parse(text)
    for entry in table where !Self.names.contains(entry.key) && entry.key != "off" {
      throw Self.problem("unknown option \"\(entry.key)\"")
    }
    func option(_ name: String) -> SJSON.Node? { table.first { $0.key == name }?.node }
    isOff = option("off") != nil
    let users = try Self.texts(option("users"), "users", "names of players")
    guard users.count <= count else { throw Self.problem("users: there are only \(count) peers") }
    let names = (0..<count).map { $0 < users.count ? users[$0] : "player\($0 + 1)" }
    for name in names where !(1...Limits.playerNameSize ~= name.utf8.count) {
      throw Self.problem("users: expected names of 1 to \(Limits.playerNameSize) bytes")
    }
    let regions = try Self.texts(option("regions"), "regions", "names of regions").map { text throws(ScriptError) in
      guard let region = Region(text) else { throw Self.problem("regions: there is no region \"\(text)\"") }
      return region
    }
    identities = names.enumerated().map { index, name in
      DirectoryIdentity(
        id: PeerID(playerName: name), name: name, region: index < regions.count ? regions[index] : .local)
    }
    try befriend(option("friends"))
    for (name, relation) in [("asking", PlayerRelation.friend), ("blocked", .blocked), ("ignored", .ignored)] {
      for (one, other) in try Self.pairs(option(name), name) { relate(one, other, relation) }
    }
    settings = try Self.allSettings(option("settings"), count: count)
    latency = try option("latency").map { node throws(ScriptError) in try Self.readLatency(node) }
  }

  private mutating func befriend(_ node: SJSON.Node?) throws(ScriptError) {
    if node?.string == "all" {
      for one in identities {
        for other in identities where other.id != one.id { relate(one.name, other.name, .friend) }
      }
      return
    }
    for (one, other) in try Self.pairs(node, "friends", or: "\"all\" or ") {
      relate(one, other, .friend)
      relate(other, one, .friend)
    }
  }

  private mutating func relate(_ one: String, _ other: String, _ relation: PlayerRelation) {
    for index in identities.indices where identities[index].name == one && one != other {
      identities[index].relations[PeerID(playerName: other)] = relation
    }
  }

  // MARK: - Reading

  private static func readLatency(_ node: SJSON.Node) throws(ScriptError) -> ClosedRange<Double> {
    if let seconds = node.number, 0...3600 ~= seconds { return seconds...seconds }
    if let pair = node.elements, pair.count == 2, let least = pair[0].number, let most = pair[1].number,
      least >= 0, least <= most, most <= 3600
    {
      return least...most
    }
    throw problem("latency: expected seconds, or { least, most }")
  }

  private static func parse(_ text: String) throws(ScriptError) -> [SJSON.Entry] {
    do throws(ConfigError) {
      guard case .object(let entries) = try SJSON.parse(text, file: "online").value else { return [] }
      return entries
    } catch {
      throw problem(error.description)
    }
  }

  private static func texts(_ node: SJSON.Node?, _ name: String, _ what: String) throws(ScriptError) -> [String] {
    guard let node else { return [] }
    guard let elements = node.elements else { throw problem("\(name): expected a list of \(what)") }
    return try elements.map { element throws(ScriptError) in
      guard let text = element.string else { throw problem("\(name): expected a list of \(what)") }
      return text
    }
  }

  private static func pairs(
    _ node: SJSON.Node?, _ name: String, or: String = ""
  ) throws(ScriptError) -> [(String, String)] {
    guard let node else { return [] }
    let expectation = "\(name): expected \(or)a list of pairs of names, such as { { \"anna\", \"bob\" } }"
    guard let elements = node.elements else { throw problem(expectation) }
    return try elements.map { element throws(ScriptError) in
      guard case .array(let pair) = element.value, pair.count == 2, let one = pair[0].string,
        let other = pair[1].string
      else { throw problem(expectation) }
      return (one, other)
    }
  }

  /// A table is everybody's; a list has one for each peer.
  private static func allSettings(_ node: SJSON.Node?, count: Int) throws(ScriptError) -> [SJSON.Node?] {
    switch node?.value {
    case nil: return Array(repeating: nil, count: count)
    case .object?: return Array(repeating: node, count: count)
    case .array(let elements)? where elements.count <= count:
      return elements + Array(repeating: nil, count: count - elements.count)
    default: throw problem("settings: expected a table, or a list of one for each peer")
    }
  }

  private static func problem(_ text: String) -> ScriptError { ScriptError("simulate.peers: online: \(text)") }
}

extension SJSON.Node {
  /// A list's elements; an empty table of Lua is an empty list, too.
  fileprivate var elements: [SJSON.Node]? {
    switch value {
    case .array(let elements): elements
    case .object(let entries) where entries.isEmpty: []
    default: nil
    }
  }
}
