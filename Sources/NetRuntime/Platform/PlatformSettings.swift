/// What a game's settings say of platforms.
public struct PlatformSettings: Sendable {
  public var psn = PSNSettings()
  public var xboxLive = XboxLiveSettings()

  public init() {}
}
