/// What a game server starts with: the table `network_steam_server_settings`.
public struct SteamServerSettings: Equatable, Sendable {
  /// A value of a script's table.
  public enum Value: Equatable, Sendable {
    case boolean(Bool)
    case number(Double)
    case text(Bytes)
    /// The type's name.
    case other(String)
  }

  /// What browsers show: 1...`Limits.entryTextSize` bytes, as all texts here at most.
  public var serverName: Bytes
  /// More players than this do not get in.
  public var maxPlayers: Int
  /// What browsers show as the map.
  public var map: Bytes = ""
  /// What filters compare with their `gamedir`.
  public var gamedir: Bytes = ""
  /// What browsers show as the game.
  public var gameDescription: Bytes = ""
  /// What browsers show as the version; its digits make a number.
  public var serverVersion: Bytes = ""
  /// Nil lets everybody in.
  public var password: Bytes?
  /// What filters compare with their `dedicated`.
  public var isDedicated = false
  /// An IPv4 address in host byte order; nil for this machine's own.
  public var ipAddress: UInt32?
  /// UDP port of the connections; 0 takes a free one.
  public var serverPort: UInt16 = 0
  /// Part of the address that joining names; nothing listens there.
  public var queryPort: UInt16 = SteamServerSettings.defaultQueryPort
  /// Only told to browsers.
  public var spectatorPort: UInt16 = 0
  /// Only told to browsers.
  public var authenticationPort: UInt16 = 0

  /// Where Steam's own servers answer browsers.
  public static let defaultQueryPort: UInt16 = 27016

  /// - Parameter maxPlayers: 1...`Limits.lobbyMembers`.
  public init(serverName: Bytes, maxPlayers: Int) {
    self.serverName = serverName
    self.maxPlayers = maxPlayers
  }

  /// The members, by name.
  public static let names = [
    "authentication_port", "dedicated", "game_description", "gamedir", "ip_address", "map", "max_players", "password",
    "query_port", "server_name", "server_port", "server_version", "spectator_port",
  ]

  /// Reads a script's table.
  /// - Throws: For a member that is unknown, missing, of another type or out of range.
  public init(_ table: [(name: String, value: Value)]) throws(SteamSettingsError) {
    for (name, _) in table where !Self.names.contains(name) {
      throw .unknown(name, nearest: nearestName(to: name, in: Self.names))
    }
    func value(_ name: String) -> Value? { table.last { $0.name == name }?.value }
    func text(_ name: String, atMost limit: Int = Limits.entryTextSize) throws(SteamSettingsError) -> Bytes? {
      switch value(name) {
      case nil: return nil
      case .text(let text)? where text.count <= limit: return text
      case .text(let text)?: throw .tooLong(name, bytes: text.count, maximum: limit)
      case let other?: throw .wrong(name, expected: "string", other)
      }
    }
    func integer(_ name: String, _ range: ClosedRange<Int>) throws(SteamSettingsError) -> Int? {
      guard let value = value(name) else { return nil }
      guard let number = value.integer, range.contains(number) else {
        throw .wrong(name, expected: "integer \(range.lowerBound) to \(range.upperBound)", value)
      }
      return number
    }
    func port(_ name: String) throws(SteamSettingsError) -> UInt16? {
      try integer(name, 0...65535).map { UInt16(clamping: $0) }
    }
    guard let serverName = try text("server_name"), !serverName.isEmpty else {
      throw .missing("server_name", what: "the name that the browser shows")
    }
    guard let maxPlayers = try integer("max_players", 1...Limits.lobbyMembers) else {
      throw .missing("max_players", what: "how many players there may be, 1 to \(Limits.lobbyMembers)")
    }
    self.init(serverName: serverName, maxPlayers: maxPlayers)
    map = try text("map") ?? ""
    gamedir = try text("gamedir") ?? ""
    gameDescription = try text("game_description") ?? ""
    serverVersion = try text("server_version") ?? ""
    let password = try text("password") ?? ""
    self.password = password.isEmpty ? nil : password
    if let value = value("dedicated") {
      guard case .boolean(let flag) = value else { throw .wrong("dedicated", expected: "boolean", value) }
      isDedicated = flag
    }
    if let address = try text("ip_address"), !address.isEmpty {
      guard let known = Endpoint("\(address.text):0") else {
        throw .wrong("ip_address", expected: "an address such as \"192.168.0.5\"", .text(address))
      }
      ipAddress = known.address
    }
    serverPort = try port("server_port") ?? 0
    queryPort = try port("query_port") ?? Self.defaultQueryPort
    spectatorPort = try port("spectator_port") ?? 0
    authenticationPort = try port("authentication_port") ?? 0
  }
}

extension SteamServerSettings.Value: CustomStringConvertible {
  /// The integer that it is, or that its text reads as.
  var integer: Int? {
    switch self {
    case .number(let number): Int(exactly: number)
    case .text(let text): text.integer.map { Int($0) }
    default: nil
    }
  }

  public var description: String {
    switch self {
    case .boolean(let flag): "boolean \(flag)"
    case .number(let number): "number \(number.shortText)"
    case .text(let text): "string \"\(text.text.prefix(40))\""
    case .other(let type): type
    }
  }
}

/// What is wrong with a table of settings.
public enum SteamSettingsError: Error, Equatable, Sendable {
  case unknown(String, nearest: String?)
  case missing(String, what: String)
  case wrong(String, expected: String, SteamServerSettings.Value)
  case tooLong(String, bytes: Int, maximum: Int)
}

extension SteamSettingsError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .unknown(let name, let nearest):
      "there is no member \"\(name)\"" + (nearest.map { "; did you mean \"\($0)\"?" } ?? "")
    case .missing(let name, let what): "\(name) is missing: \(what)"
    case .wrong(let name, let expected, let value): "\(name): expected \(expected), got \(value.description)"
    case .tooLong(let name, let bytes, let maximum): "\(name) has \(bytes) bytes; at most \(maximum) are possible"
    }
  }
}
