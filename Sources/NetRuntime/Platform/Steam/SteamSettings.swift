/// What `settings.ini` says of Steam under `steam`.
public struct SteamSettings: Equatable, Sendable {
  /// Whether scripts find the namespace `Steam`, and Steam clients and servers can be started.
  public var isEnabled = true
  /// Which game this is: players meet only others of the same app.
  public var appID = SteamSettings.spacewar
  /// The language that the user has chosen for the game, as Steam names languages.
  public var language = "english"
  /// Apps that the user owns, the game itself aside.
  public var ownedApps: [Int] = []
  /// Apps that are installed, the game itself aside.
  public var installedApps: [Int] = []

  /// The app that Valve keeps for games that have none of their own.
  public static let spacewar = 480
  /// App ids are 32 bits.
  static let appIDs = 1...Int(UInt32.max)

  /// What counts where settings.ini says nothing of Steam.
  public init() {}

  /// - Parameters:
  ///   - table: The value of `steam` in `settings.ini`; nil for none.
  ///   - file: Named in errors.
  /// - Throws: Where a value is of another type or out of range. Other keys are the game's own, unless they look like
  ///   one of these.
  public init(_ table: SJSON.Node?, file: String) throws(ConfigError) {
    guard let node = table else { return }
    let table = try SettingsTable(node, path: "steam", file: file)
    try table.check(known: Self.keys, isShared: true)
    isEnabled = try table.flag("enabled") ?? isEnabled
    appID = try table.integer("app_id", in: Self.appIDs) ?? appID
    language = try table.text("language", size: Limits.nameSize) ?? language
    ownedApps = try Self.apps("owned_apps", table)
    installedApps = try Self.apps("installed_apps", table)
  }

  private static let keys = ["enabled", "app_id", "language", "owned_apps", "installed_apps"]

  private static func apps(_ key: String, _ table: SettingsTable) throws(ConfigError) -> [Int] {
    var apps: [Int] = []
    for node in try table.list(key, of: "app ids", count: Limits.steamApps) {
      guard let number = node.number.flatMap({ Int(exactly: $0) }), appIDs ~= number else {
        throw table.error(node, key, expected: "app ids, integers \(appIDs.lowerBound) to \(appIDs.upperBound)")
      }
      apps.append(number)
    }
    return apps
  }

  /// What the directory knows the game by; see `DirectoryEntry.title`.
  public var title: String { "\(Self.titlePrefix)\(appID)" }

  /// The app of a title; nil for a title of another platform.
  public static func appID(ofTitle title: String) -> String? {
    title.hasPrefix(titlePrefix) ? String(title.dropFirst(titlePrefix.count)) : nil
  }

  /// Whether the user owns an app; the game itself always.
  public func owns(_ app: Int) -> Bool { app == appID || ownedApps.contains(app) }

  /// Whether an app is installed; the game itself always.
  public func hasInstalled(_ app: Int) -> Bool { app == appID || installedApps.contains(app) }

  private static let titlePrefix = "steam:"
}
