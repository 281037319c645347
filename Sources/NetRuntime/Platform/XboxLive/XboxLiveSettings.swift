/// The table `xboxlive` of settings.ini: what the game's service configuration is on the platform.
public struct XboxLiveSettings: Equatable, Sendable {
  /// Somebody who can sign in at this machine beside its first user.
  public struct User: Equatable, Sendable {
    public var name: String
    /// Plays by the leave of the first user, whose id its own is made of: the same guest's name at two machines is two
    /// players.
    public var isGuest: Bool
  }

  /// Which game it is: sessions of others are not seen.
  public var serviceConfigID = "00000000-0000-0000-0000-000000000000"
  /// What `activity_details.title_id` says.
  public var titleID = 0
  public var users: [User] = []
  public var templates: [String: SessionTemplate] = [:]
  public var hoppers: [String: Hopper] = [:]

  public init() {}

  /// - Parameters:
  ///   - node: The value of `xboxlive`; nil for none.
  ///   - file: Named in errors.
  /// - Throws: Where a value is of another type or out of range, or where an option is unknown.
  public init(_ node: SJSON.Node?, file: String) throws(ConfigError) {
    guard let node else { return }
    let table = try SettingsTable(node, path: "xboxlive", file: file)
    try table.check(
      known: ["service_config_id", "title_id", "users", "templates", "hoppers"], isShared: true)
    serviceConfigID = try table.text("service_config_id", size: Limits.sessionNameSize) ?? serviceConfigID
    if let id = table["service_config_id"], serviceConfigID.utf8.contains(UInt8(ascii: "/")) {
      throw table.error(id, "service_config_id", expected: "an id without \"/\"")
    }
    titleID = try table.integer("title_id", in: 0...Int(UInt32.max)) ?? titleID
    users = try Self.users(table)
    for (name, inner) in try table.tables("templates", count: Limits.sessionTemplates) {
      guard SessionReference.isName(name) else {
        throw table.error(
          table["templates"] ?? node, "templates",
          expected: "names of 1 to \(Limits.sessionNameSize) letters, digits and signs without \"/\"")
      }
      templates[name] = try SessionTemplate(inner)
    }
    for (name, inner) in try table.tables("hoppers", count: Limits.hoppers) {
      hoppers[name] = try Hopper(inner, title: title, name: name)
    }
  }

  /// What the directory calls the game.
  public var title: String { "xbox:\(serviceConfigID)" }

  private static func users(_ table: SettingsTable) throws(ConfigError) -> [User] {
    var users: [User] = []
    for element in try table.list("users", of: "names", count: Limits.localUsers) {
      var user = User(name: "", isGuest: false)
      if let name = element.string {
        user.name = name
      } else if case .object = element.value {
        let inner = try SettingsTable(element, path: "xboxlive.users", file: table.file)
        try inner.check(known: ["name", "guest"])
        user.name = try inner.text("name", size: Limits.playerNameSize) ?? ""
        user.isGuest = try inner.flag("guest") ?? false
      }
      guard 1...Limits.playerNameSize ~= user.name.utf8.count, !users.contains(where: { $0.name == user.name }) else {
        throw table.error(
          element, "users",
          expected: "names of 1 to \(Limits.playerNameSize) bytes, each once, or { name = \"...\", guest = true }")
      }
      users.append(user)
    }
    return users
  }
}

/// What sessions of one kind have in common; on the platform a part of the service configuration.
public struct SessionTemplate: Equatable, Sendable {
  public var maximumMembers = Limits.lobbyMembers
  /// Members that a session needs before it is ready.
  public var minimumMembers = 1
  /// Seconds that members wait for so many; then the session is broken for them.
  public var initializationTimeout = 30.0

  public init() {}

  init(_ table: SettingsTable) throws(ConfigError) {
    try table.check(known: ["max_members", "min_members", "initialization_timeout"])
    maximumMembers = try table.integer("max_members", in: 1...Limits.lobbyMembers) ?? maximumMembers
    minimumMembers = try table.integer("min_members", in: 0...maximumMembers) ?? minimumMembers
    minimumMembers = max(1, minimumMembers)
    initializationTimeout =
      try table.number("initialization_timeout", in: Limits.initializationTimeouts) ?? initializationTimeout
  }
}

extension Hopper {
  init(_ table: SettingsTable, title: String, name: String) throws(ConfigError) {
    try table.check(known: ["min_players", "max_players", "rules"])
    let least = try table.integer("min_players", in: 2...Limits.lobbyMembers) ?? 2
    let most = try table.integer("max_players", in: least...Limits.lobbyMembers) ?? Limits.lobbyMembers
    self.init(title: title, name: name, minimumPlayers: least, maximumPlayers: most)
    for element in try table.list("rules", of: "rules", count: Limits.ticketAttributes) {
      let rule = try SettingsTable(element, path: "\(table.path).rules", file: table.file)
      try rule.check(known: ["attribute", "same", "difference"])
      guard let attribute = try rule.text("attribute", size: Limits.nameSize) else {
        throw table.error(element, "rules", expected: "an `attribute` in each rule")
      }
      let difference = try rule.number("difference", in: 0...0x1p53)
      if try rule.flag("same") == true, difference == nil {
        rules.append(.same(attribute: attribute))
      } else if let difference, rule["same"] == nil {
        rules.append(.within(attribute: attribute, difference: difference))
      } else {
        throw table.error(element, "rules", expected: "either `same = true` or a `difference` in each rule")
      }
    }
  }
}
