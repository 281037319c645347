extension Limits {
  // MARK: Xbox Live

  /// Bytes of a session's name, of a template's and of a service configuration's id: as the service has it.
  public static let sessionNameSize = 100
  /// Bytes of the handle of a session, and of a presence string's id: as the service has it.
  public static let sessionHandleSize = 63
  /// Bytes of a custom property as JSON text; all of them share what an entry may hold.
  public static let customPropertySize = 4096
  /// Bytes of a custom property's key.
  public static let customPropertyKeySize = 63
  /// Sessions that were not freed: a script that forgets to free hears of it soon.
  public static let unfreedSessions = 64
  /// Lookups that were not freed; as above.
  public static let unfreedLookups = 256
  /// Sessions that one lookup of activities asks for at a time, so that one of many users takes no more of the service
  /// at once than one of few.
  public static let sessionsAskedTogether = 8
  /// Users who are signed in at one machine.
  public static let localUsers = 16
  /// Session templates of settings.ini.
  public static let sessionTemplates = 128
  /// Hoppers of settings.ini.
  public static let hoppers = 128
  /// Seconds after which an asynchronous function has failed when the service does not answer.
  public static let sessionJobTime = 30.0
  /// Seconds that a session may wait for the members that it needs, up to an hour; fractions too.
  public static let initializationTimeouts = 1.0...3600.0
  /// Levels of braces and brackets in JSON: the parser recurses once a level.
  public static let jsonDepth = 32
}
