/// What a game's settings say of platforms.
public struct PlatformSettings: Sendable {
  public init() {}
}
