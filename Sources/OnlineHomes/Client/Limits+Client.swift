import NetRuntime

extension Limits {
  // MARK: Client of a server

  /// Requests of one player that wait for the server, as in an outage; those after them are refused.
  public static let waitingRequests = 1024
  /// Bytes of requests that are sent together.
  public static let requestsSize = 256 << 10
  /// Bytes of an answer: twice `answersSize`.
  public static let answerSize = 16 << 20
  /// Bytes of one event of the news: all that a player may know at once, its sixteen entries as long as can be.
  public static let eventSize = 64 << 20
  /// News that wait until the program takes them; while there are so many, none is read from the server.
  public static let clientNews = 8192
  /// Seconds that the server may take over an answer.
  public static let answerTime = 5.0
  /// Seconds without a word in the news after which their stream is opened anew: two and a half times `newsSilence`.
  public static let newsPatience = 40.0
  /// Seconds that an answer is kept back until the news of what it did have come.
  public static let newsDelay = 2.0
  /// Seconds until the first attempt at a server that could not be reached; doubled with each.
  public static let firstRetry = 0.05
  /// Seconds between two attempts at most.
  public static let lastRetry = 2.0
  /// Seconds that signing out may hold up the program's end.
  public static let closingTime = 0.5
}
