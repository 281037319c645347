extension Limits {
  // MARK: PSN

  /// Bytes of a room's data: as PSN has it.
  public static let psnRoomDataSize = 255
  /// Rooms that were not left, failed ones too: a script that forgets to leave hears of it soon.
  public static let psnRooms = 16
  /// Seconds without the service after which the context counts as lost: longer than a server takes to begin anew, so
  /// that this alone ends no game.
  public static let psnLostContextTime = 10.0
  /// Seconds that a search for rooms takes at most.
  public static let psnSearchTime = 10.0
}
