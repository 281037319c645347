/// What `settings.ini` says under `online`: who plays, who is whose friend, and where the online service is.
public struct OnlineSettings: Equatable, Sendable {
  /// A file, the URL of a server, or "off"; nil for the program's own choice.
  public var service: String?
  /// What the server expects of its programs.
  public var secret: String?
  /// Nil for the program's own choice.
  public var userName: String?
  /// Nil for the one that follows from the name.
  public var userID: PeerID?
  public var region = Region.local
  public var relations: [PeerID: PlayerRelation] = [:]

  public init() {}

  /// - Parameters:
  ///   - table: The value of `online`; nil for none.
  ///   - file: Named in errors.
  /// - Throws: Where a value is of another type or out of range, and where a key has no meaning.
  public init(_ table: SJSON.Node?, file: String) throws(ConfigError) {
    guard let node = table else { return }
    let table = try SettingsTable(node, path: "online", file: file)
    try table.check(known: Self.keys)
    service = try table.text("service", size: Limits.configFileSize)
    secret = try table.text("secret", size: Limits.onlineSecretSize)
    userName = try table.text("user_name", size: Limits.playerNameSize)
    if let node = table["user_id"] {
      guard let id = node.string.flatMap({ PeerID(hexadecimal: $0.utf8) }), id != .nobody else {
        throw table.error(node, "user_id", expected: "a string of 1 to 16 hexadecimal digits, not 0")
      }
      userID = id
    }
    if let node = table["region"] { region = try Self.region(node, in: table) }
    for (key, relation) in [("friends", PlayerRelation.friend), ("ignored", .ignored), ("blocked", .blocked)] {
      for node in try table.list(key, of: "players", count: Limits.relations) {
        guard let text = node.string, let player = PeerID(playerNameOrID: text) else {
          throw table.error(node, key, expected: "names of players, or ids of 12 to 16 hexadecimal digits")
        }
        relations[player] = relation
      }
    }
    if relations.count > Limits.relations, let node = table["blocked"] ?? table["ignored"] {
      throw table.error(node, "friends", expected: "at most \(Limits.relations) players in all three lists")
    }
  }

  /// The identity of a player with these settings.
  /// - Parameter name: At most `Limits.playerNameSize` bytes.
  public func identity(named name: String, id: PeerID? = nil) -> DirectoryIdentity {
    let id = id ?? PeerID(playerName: name)
    return DirectoryIdentity(
      id: id, name: name, region: region, relations: relations.filter { $0.key != id })
  }

  private static let keys = [
    "service", "secret", "user_name", "user_id", "region", "friends", "blocked", "ignored",
  ]

  private static func region(_ node: SJSON.Node, in table: SettingsTable) throws(ConfigError) -> Region {
    guard let name = node.string else { throw table.error(node, "region", expected: "the name of a region") }
    if let region = Region(name) { return region }
    let names = [Region.local.name] + Region.known.map(\.name)
    let hint = suggestion(for: name, in: names)
    throw ConfigError(
      file: table.file, line: node.position.line, column: node.position.column,
      message: "online.region: there is no region \"\(name.prefix(64))\""
        + (hint.isEmpty ? "; expected one of \(names.joined(separator: ", "))" : hint))
  }
}

extension PeerID {
  /// Reads how settings name a player: 12 to 16 hexadecimal digits are an id, and so are fewer behind a `#`; everything
  /// else is a name. Nil for an id of 0 and for names that nobody can have.
  init?(playerNameOrID text: String) {
    let isMarked = text.hasPrefix("#")
    let digits = (isMarked ? text.dropFirst() : text[...]).utf8
    if isMarked || digits.count >= 12, let id = PeerID(hexadecimal: digits) {
      guard id != .nobody else { return nil }
      self = id
    } else {
      guard !isMarked, 1...Limits.playerNameSize ~= text.utf8.count else { return nil }
      self.init(playerName: text)
    }
  }
}
