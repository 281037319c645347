/// A game server as a browser shows it.
public struct SteamServerInfo: Equatable, Sendable {
  /// The server's own id.
  public let id: PeerID
  /// What the server calls itself.
  public let name: Bytes
  /// The map that is played.
  public let map: Bytes
  /// The game's name, by the server's word.
  public let gameDescription: Bytes
  /// Words separated by commas.
  public let tags: Bytes
  /// As it was given; see `versionNumber`.
  public let version: Bytes
  /// "a.b.c.d".
  public let address: String
  /// UDP port of the connections.
  public let connectionPort: UInt16
  /// Where browsers would ask on Steam; here part of the address that joining names.
  public let queryPort: UInt16
  /// Players that have a place now.
  public let players: Int
  /// Players that there may be.
  public let maxPlayers: Int
  /// Whether who joins has to give one.
  public let hasPassword: Bool

  init(_ entry: DirectoryEntry) {
    func port(_ key: Bytes) -> UInt16 { UInt16(clamping: entry.data[key]?.integer ?? 0) }
    func text(_ key: Bytes) -> Bytes { entry.data[key] ?? "" }
    id = entry.host
    name = entry.name
    map = text(SteamServerKeys.map)
    gameDescription = text(SteamServerKeys.gameDescription)
    tags = text(SteamServerKeys.tags)
    version = text(SteamServerKeys.version)
    address = text(SteamServerKeys.address).text
    connectionPort = port(SteamServerKeys.connectionPort)
    queryPort = port(SteamServerKeys.queryPort)
    players = entry.members.count
    maxPlayers = entry.maximum
    hasPassword = entry.hasPassword
  }

  /// The version as the one number that Steam makes of it: "1.0.0.2" is 1002. 0 for a version without digits.
  public var versionNumber: Int64 {
    Bytes(version.array.filter { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }).integer ?? 0
  }

  /// Where the server is to be found among favourites and in the history.
  public var place: SteamServerPlace? {
    Endpoint("\(address):\(queryPort)").map {
      SteamServerPlace(address: $0.address, connectionPort: connectionPort, queryPort: queryPort)
    }
  }
}

/// A player on a server as a browser shows it.
public struct SteamServerPlayer: Equatable, Sendable {
  /// The player's name.
  public let name: String
  /// What the server's script has set; 0 before that.
  public let score: Int64
  /// Seconds, as the server told them last: at most `Limits.steamPlayTimeInterval` ago.
  public let playTime: Double

  /// The players of a server, in the order in which they came.
  static func list(of entry: DirectoryEntry) -> [SteamServerPlayer] {
    let clock = entry.data[SteamServerKeys.clock]?.integer ?? 0
    return entry.members.map { member in
      let since = member.data[SteamServerKeys.since]?.integer ?? clock
      let (time, overflows) = clock.subtractingReportingOverflow(since)
      return SteamServerPlayer(
        name: member.name, score: member.data[SteamServerKeys.score]?.integer ?? 0,
        playTime: overflows ? 0 : max(0, Double(time)))
    }
  }
}

/// Where a server is: what favourites and the history keep.
public struct SteamServerPlace: Hashable, Sendable {
  /// An IPv4 address in host byte order.
  public let address: UInt32
  /// UDP port of the connections.
  public let connectionPort: UInt16
  /// What joining names beside the address.
  public let queryPort: UInt16

  /// - Parameter address: An IPv4 address in host byte order.
  public init(address: UInt32, connectionPort: UInt16, queryPort: UInt16) {
    self.address = address
    self.connectionPort = connectionPort
    self.queryPort = queryPort
  }

  /// "a.b.c.d:port:port".
  init?(_ text: some StringProtocol) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 3, let query = Endpoint("\(parts[0]):\(parts[2])"), let port = UInt16(parts[1]) else {
      return nil
    }
    self.init(address: query.address, connectionPort: port, queryPort: query.port)
  }

  var text: String { "\(SteamServerKeys.text(of: address)):\(connectionPort):\(queryPort)" }

  /// The query port's "a.b.c.d:port".
  var query: Bytes { Bytes(Endpoint(address: address, port: queryPort).description) }
}
