import NetRuntime

extension Limits {
  // MARK: Server

  /// Bytes of a request's body: the longest notes with every byte escaped, with room to spare.
  public static let serverBodySize = 1 << 20
  /// Bytes of all headers of a request, as other servers have it.
  public static let serverHeaderSize = 16 << 10
  /// Requests of one body: what a frame may ask, many times over.
  public static let requestsPerBatch = 64
  /// Requests a second of one player: one a frame of a usual game.
  public static let playerRequestRate = 60.0
  /// Requests that one player may make at once after a rest.
  public static let playerRequestBurst = 240.0
  /// Sign-ins and refused requests a second of one address: a house full of players behind one address signs in within
  /// seconds, and who guesses at secrets gets nowhere.
  public static let addressRequestRate = 100.0
  /// Sign-ins and refused requests of one address at once after a rest.
  public static let addressRequestBurst = 400.0
  /// Players and addresses whose rates are counted at one time.
  public static let countedClients = 65_536
  /// News that are held for a player that is not listening. Over it, the player gets all anew.
  public static let heldNews = 128
  /// Bytes of these.
  public static let heldNewsSize = 256 << 10
  /// Seconds that a reader of news may take none of what is sent.
  public static let slowReaderTime = 10.0
  /// Seconds without news after which a stream gets the comment ":" at the latest, so that both ends know that the other
  /// lives; of each stream between half of them and all.
  public static let newsSilence = 15.0
  /// Seconds that a connection may take over a request, or stay open without one.
  public static let idleConnectionTime = 75.0
  /// Bytes of the entries of one list, and of acquaintances with what they show: more than fifty entries of usual games
  /// take. The nearest entries come first, so that those left out are the furthest.
  public static let listedSize = 4 << 20
  /// Bytes of the answers to one body, of which the first is always whole.
  public static let answersSize = 8 << 20
  /// Seconds for which the server may stand still before it takes what it did not hear for its own fault: ten of its
  /// turns without load, and a quarter of the time that players have between two heartbeats and their end.
  public static let serverStall = 2.0
  /// Seconds that a request may take from its head to its end: a body of full length over a slow line.
  public static let requestTime = 30.0
  /// Seconds in which a client has to take something of an answer.
  public static let untakenAnswerTime = 30.0
  /// Connections at one time, two a player; as many at most as the system's limit of open files leaves. Others wait
  /// until one ends.
  public static let serverConnections = 65_536
  /// Bytes of encoded entries that are kept, so that none is encoded twice.
  public static let encodedEntriesSize = 64 << 20
}
