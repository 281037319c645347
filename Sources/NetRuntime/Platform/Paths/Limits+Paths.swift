extension Limits {
  // MARK: Paths

  /// Peers that a way is looked for or known to at one time: as many as there are links.
  public static let pathPeers = 256
  /// Addresses of one peer that only its own datagrams told of: more than a peer behind two translators has.
  public static let learntCandidates = 4
  /// Datagrams of path finding that wait for a frame; 32 peers that all send to all their candidates do not fill it.
  public static let pathDatagrams = 512
  /// Datagrams of path finding that are taken from the socket before the game's turn comes again, so that a flood does
  /// not hold the program.
  public static let pathDatagramsPerReceive = 4096
  /// Peers without a search whose last round trip is kept: two full pages of a server browser.
  public static let measuredPeers = 128
  /// Peers that one player exchanges datagrams with over the relay: all others of a full lobby.
  public static let relayedPeers = 64
  /// Players that one relay serves: twice what one directory server is made for, in 16 MB.
  public static let relayPlayers = 16_384
  /// Bytes a second that a relay passes on for one player: what one link sends at most.
  public static let relayRate = 250_000
  /// Bytes of that rate that may be saved up: what four links send in one transmit at most.
  public static let relayBurst = 64 * 1024
  /// Bytes that the relay adds to a datagram: with these the longest one still fits the smallest path met in practice
  /// (1,280 less IP and UDP headers).
  public static let relayOverhead = 32
}

/// Times of path finding, in seconds.
enum PathTimes {
  /// Between two probes of a candidate: the first ones may be what opens a translator's door for the other's.
  static let probeInterval = 0.1
  /// How long a candidate is probed that nobody answers from.
  static let probing = 3.0
  /// Between two probes of the relay, where nothing has to be opened.
  static let relayProbeInterval = 0.25
  /// How long a direct way is preferred to an answer over the relay.
  static let relayPatience = 2.0
  /// Until a search without any answer has failed: the relay's turn, and time for a peer that hears late of this one.
  static let search = 6.0
  /// How long a better candidate may answer later than the first one: a round trip is of no use for that, for the better
  /// one's is the shorter.
  static let settling = 0.1
  /// The same where only an address answered that the directory does not have, so that who pretends to be the peer does
  /// not win by being quick.
  static let settlingLearnt = 0.4
  /// Between two measurements of a way that was found.
  static let measuring = 1.0
  /// Silence after which a way that was found is looked for anew, where somebody asks for it.
  static let silence = 3.5
  /// How old an answer may be.
  static let answerAge = 5.0
  /// Between two looks at the interfaces of this machine.
  static let interfaces = 5.0
  /// Between two questions to the server for this peer's address: half of the 30 s for which the most forgetful
  /// translators keep a door open.
  static let addressInterval = 15.0
  /// Until a question to the server is repeated.
  static let serverPatience = 0.5
  /// Between two registrations, which also keep the door open.
  static let registration = 10.0
  /// How long a relayed way that nobody looks for is kept after its last datagram: longer than a connection that lives is
  /// silent, and than one that ends speaks.
  static let tunnelIdle = 10.0
  /// How long a relay keeps a player that does not register again: three registrations, of which two may get lost.
  static let relayIdle = 30.0
}
