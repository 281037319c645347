extension Limits {
  // MARK: Steam

  /// Seconds that a browser waits for the directory: longer than a request takes whose first try got lost, and short
  /// enough for a player to try again.
  public static let steamAnswerTime = 10.0
  /// Seconds that joining a server may take until its address is known; the same as Steam waits for a server's answer.
  public static let steamServerSearchTime = 10.0
  /// Seconds between two looks for a server that is not there yet.
  public static let steamServerSearchInterval = 1.0
  /// Seconds until the directory is asked again: who a stranger is now, and for a list of servers that it did not give.
  public static let steamAskInterval = 5.0
  /// Seconds that a player who got a place on a server has to be connected to it: a handshake through a relay with some
  /// losses takes three.
  public static let steamSlotTime = 15.0
  /// Seconds between two reports of a server on how long its players have played; each goes to every player.
  public static let steamPlayTimeInterval = 30.0
  /// Favourites that a player keeps, and servers of its history; each costs a request when they are listed.
  public static let steamKeptServers = 50
  /// Apps that settings list as owned, or as installed.
  public static let steamApps = 1024
  /// Bytes of a server's tags, as on Steam.
  public static let steamTagsSize = 128
}
