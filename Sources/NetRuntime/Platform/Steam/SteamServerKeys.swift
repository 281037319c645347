/// How a game server's entry holds what browsers show, beside the data of its script: under keys that scripts cannot
/// set.
enum SteamServerKeys {
  /// What scripts may not begin a key with.
  static let reserved: Bytes = "__steam."

  static let map: Bytes = "__steam.map"
  static let gamedir: Bytes = "__steam.gamedir"
  static let gameDescription: Bytes = "__steam.description"
  static let version: Bytes = "__steam.version"
  static let tags: Bytes = "__steam.tags"
  /// "1" or "0".
  static let dedicated: Bytes = "__steam.dedicated"
  /// "a.b.c.d" and ports in decimal digits.
  static let address: Bytes = "__steam.ip"
  static let connectionPort: Bytes = "__steam.port"
  static let queryPort: Bytes = "__steam.query_port"
  static let spectatorPort: Bytes = "__steam.spectator_port"
  static let authenticationPort: Bytes = "__steam.authentication_port"
  /// "a.b.c.d:port" of the query port, by which servers are found.
  static let query: Bytes = "__steam.query"
  /// "a.b.c" of the address, by which servers of the local network are found.
  static let network: Bytes = "__steam.network"
  /// Whole seconds that the server runs.
  static let clock: Bytes = "__steam.clock"

  // A member's.
  static let score: Bytes = "__steam.score"
  /// What `clock` showed when the member came.
  static let since: Bytes = "__steam.since"

  static func isReserved(_ key: Bytes) -> Bool { key.array.starts(with: reserved.array) }

  static func flag(_ value: Bool) -> Bytes { value ? "1" : "0" }

  static func number(_ value: some BinaryInteger) -> Bytes { Bytes("\(value)") }

  /// What a server with these settings is listed with.
  static func data(of settings: SteamServerSettings, address: UInt32, gamePort: UInt16) -> [Bytes: Bytes] {
    let port = settings.serverPort == 0 ? gamePort : settings.serverPort
    return [
      map: settings.map, gamedir: settings.gamedir, gameDescription: settings.gameDescription,
      version: settings.serverVersion, tags: "", dedicated: flag(settings.isDedicated),
      SteamServerKeys.address: Bytes(text(of: address)), SteamServerKeys.network: network(of: address),
      connectionPort: number(port),
      queryPort: number(settings.queryPort), spectatorPort: number(settings.spectatorPort),
      authenticationPort: number(settings.authenticationPort),
      query: Bytes(Endpoint(address: address, port: settings.queryPort).description), clock: "0",
    ]
  }

  /// "a.b.c.d".
  static func text(of address: UInt32) -> String {
    String(Endpoint(address: address, port: 0).description.dropLast(2))
  }

  /// "a.b.c" of an address.
  static func network(of address: UInt32) -> Bytes {
    Bytes(text(of: address).split(separator: ".").prefix(3).joined(separator: "."))
  }

  /// Tags, which a comma separates, as keywords that filters find.
  static func keywords(of tags: Bytes) -> [Bytes] {
    tags.array.split(separator: UInt8(ascii: ",")).map { Bytes(Array($0)) }
  }
}
