extension Limits {
  // MARK: Online service

  /// Bytes of the secret that a server shares with its programs.
  public static let onlineSecretSize = 128
  /// Requests that may wait for an answer: those of a minute's outage of a program that asks eight times a second.
  /// Leaving and ending a search are not counted.
  public static let unansweredRequests = 512
  /// Seconds that the service may take to make an entry or to let a player in: what the platforms' own functions take at
  /// most.
  public static let entryAnswerTime = 30.0
  /// Seconds until changes are asked for again that the service could not take.
  public static let entryChangeRetryInterval = 1.0
}
