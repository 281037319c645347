/// Where a client meets others; one runs at a time.
public enum Platform: String, CaseIterable, Sendable {
  case lan
  case steam
  /// A Steam game server, which is shown in server browsers and is no player.
  case steamServer
  case psn
  case xboxLive

  /// As errors call its client.
  public var clientName: String {
    switch self {
    case .lan: "LAN client"
    case .steam: "Steam client"
    case .steamServer: "Steam game server"
    case .psn: "PSN client"
    case .xboxLive: "Xbox Live client"
    }
  }

  /// Whether a client is of no use any more once the service has forgotten its player, although it signs in again.
  var endsWithExpiry: Bool {
    switch self {
    case .psn, .steamServer: true
    case .lan, .steam, .xboxLive: false
    }
  }

  /// `clientName` with its article.
  public var anyClient: String { (self == .xboxLive ? "an " : "a ") + clientName }

  /// The function of `Network` that starts its client.
  public var startFunction: String {
    switch self {
    case .lan: "init_lan_client"
    case .steam: "init_steam_client"
    case .steamServer: "init_steam_server"
    case .psn: "init_psn_client"
    case .xboxLive: "init_xboxlive_client"
    }
  }

  /// The function of `Network` that ends its client.
  public var endFunction: String {
    switch self {
    case .lan: "shutdown_lan_client"
    case .steam: "shutdown_steam_client"
    case .steamServer: "shutdown_steam_server"
    case .psn: "shutdown_psn_client"
    case .xboxLive: "shutdown_xboxlive_client"
    }
  }
}
