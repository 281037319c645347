import NetRuntime

extension Limits {
  // MARK: The store in a file

  /// Seconds that a program waits while others write; a transaction takes under a millisecond.
  public static let storeBusyTime = 1.0
  /// Changes after which a removed record is forgotten: half an hour of 16 players, and a program that was stopped for
  /// longer reads the whole file again.
  public static let storeRemovedRecords = 10_000
  /// Bytes of one record as it is written: over twice what the largest entry takes.
  public static let storeRecordSize = 1 << 20
}
