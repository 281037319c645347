import NetRuntime

extension Limits {
  // MARK: The store in a file

  /// Seconds that a program waits while others write. A transaction takes under a millisecond, but a busy disk may hold
  /// it up for longer.
  public static let storeBusyTime = 5.0
  /// Changes after which a removed record is forgotten: half an hour of 16 players, and a program that was stopped for
  /// longer reads the whole file again.
  public static let storeRemovedRecords = 10_000
  /// Bytes of one record as it is written: over twice what the largest one takes, an entry with 64 members whose data are
  /// all control characters, for which JSON takes six bytes each.
  public static let storeRecordSize = 4 << 20
  /// Pages of 4,096 bytes of a server's log at which a commit takes it into the file: 45 s of 8,000 players, whose log
  /// begins anew each second otherwise.
  public static let storeLogPages = 16_000

  // MARK: The embedded directory

  /// Seconds between two looks whether other programs changed the store: two frames, of which nobody notices one.
  public static let embeddedPollInterval = 0.04
  /// Seconds after which a store that could not be used is tried again.
  public static let embeddedRetryInterval = 0.5
  /// Seconds that the end of a program waits for its players to be signed out.
  public static let embeddedCloseTime = 0.5
  /// Requests that wait while the store cannot be used; later ones are refused.
  public static let embeddedOrders = 4096
  /// News that wait until a program takes them: minutes of a busy lobby.
  public static let embeddedNews = 8192

  // MARK: Who plays

  /// Programs that one user may run at once without giving any a name of its own; further ones share a player.
  public static let programsOfAUser = 64
}
