/// The table `psn` of settings.ini.
public struct PSNSettings: Equatable, Sendable {
  /// The game's name on PSN: players see only the rooms of theirs.
  public var name = "default"

  public init() {}

  /// - Parameters:
  ///   - node: The value of `psn`; nil for none.
  ///   - file: Named in errors.
  /// - Throws: Where a value is of another type, or an option looks mistyped.
  public init(_ node: SJSON.Node?, file: String) throws(ConfigError) {
    guard let node else { return }
    let table = try SettingsTable(node, path: "psn", file: file)
    try table.check(known: ["title"], isShared: true)
    name = try table.text("title", size: Limits.nameSize) ?? name
  }

  /// What the directory calls the game.
  public var title: String { "psn:\(name)" }
}
