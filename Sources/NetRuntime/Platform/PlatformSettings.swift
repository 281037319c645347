/// What a game's settings say of platforms.
public struct PlatformSettings: Sendable {
  public var steam = SteamSettings()
  public var psn = PSNSettings()
  public var xboxLive = XboxLiveSettings()

  public init() {}

  /// - Parameter settings: The whole settings file; nil for none. Each platform takes its own table of it.
  public init(_ settings: SJSON.Node?, file: String) throws(ConfigError) {
    steam = try SteamSettings(settings?["steam"], file: file)
    psn = try PSNSettings(settings?["psn"], file: file)
    xboxLive = try XboxLiveSettings(settings?["xboxlive"], file: file)
  }
}
