extension Limits {
  // MARK: Worlds

  /// Worlds at one time: a game has one to a few, and a script that makes one a frame without releasing it is told
  /// soon.
  public static let worlds = 64

  /// Units of all worlds together: one for each object that a peer can know.
  public static let units = 1 << 18

  /// Keys that lead to one value of a unit's data: as many as are pushed on Lua's stack without asking for room.
  public static let unitDataKeys = 8
}
