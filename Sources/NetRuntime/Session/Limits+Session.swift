extension Limits {
  // MARK: Session

  /// Members of one session, the host among them: a set of members is one 64-bit word.
  public static let peers = 64

  /// Bytes of session traffic that wait on one link until this peer can place them: the time a slow machine needs to
  /// load a level. A link that holds more is closed, because dropping a part of a reliable stream would leave two peers
  /// with different worlds.
  public static let heldBytes = 1 << 20

  /// Ids below 65,536 that each member may give to its objects; 64 members share them evenly.
  public static let objectIDsPerPeer = 1023

  /// Further ids of a member, from 65,536 on.
  public static let spilledObjectIDsPerPeer = 1 << 20

  /// Ids in use that a newcomer of a slot can be told of: a slot with more objects of its earlier bearers waits for the
  /// end of some.
  public static let usedIDs = 4096

  /// Ids from 65,536 on whose destruction a peer remembers, so that a late message does not bring the object back; the
  /// ids below are all remembered.
  public static let tombstones = 65_536

  /// Objects that one peer can know at once; a row number has 18 bits in the records that a packet keeps.
  public static let objects = 1 << 18

  /// Bytes of object creations that one transmit sends to a member that is catching up, so that play goes on beside it.
  public static let lateJoinBytesPerTransmit = 8 * 1024

  /// Bytes of the engine's bulk data (late join, large fields) that may be unacknowledged on one link before more
  /// follows; half a default receive buffer, so that a script's reliable messages never wait behind more.
  public static let bulkBytesInFlight = 16 * 1024

  /// Values of one interpolated field that wait to be played: a quarter of a second of a sender that transmits 60 times
  /// a second. Of more, those are left out whose neighbours are nearest to each other.
  public static let interpolationSamples = 16

  /// Bytes of the longest field value that travels as unreliable state; a longer one goes over the reliable stream,
  /// since it may never find a datagram with room for it. The default string of 512 bytes is below.
  public static let stateValueBytes = 560

  /// Bytes of one claim, vote or commit of a host migration: what survivors know of all objects that a schema of usual
  /// size allows, and a bound to what a hostile peer can make this one keep.
  public static let electionBytes = 8 << 20

  /// Bytes of a piece in which such a paper travels: it takes its turn with the messages of scripts.
  static let electionPieceBytes = 8 * 1024

  /// Removed members that a peer remembers, to tell a new host of them; the host removes few in the time that word of
  /// it takes to reach everybody.
  public static let rememberedRemovals = 64

  /// Joins and reigns that survivors tell of are below this, so that a lie cannot make the next ones overflow.
  static let joins: UInt32 = 1 << 31
}

/// Times of the session, in seconds.
enum SessionTimes {
  /// How long a client stays in a session whose host is gone, so that another peer can take over.
  static let hostGrace = 5.0

  /// How long it stays while an election that can still succeed goes on.
  static let electionGrace = 10.0

  /// How long the owner of an object that was given to it may take to announce it before it is told again: more than
  /// a round trip on a bad way.
  static let ownerPatience = 2.0

  /// How long an id rests whose object had changed hands: word that somebody else owns the object by now may be
  /// on its way, and a lost packet takes a few round trips.
  static let idRest = ownerPatience + 2

  /// How long a peer that gave an object away also tells members whose connection to it opens in that time: by then the
  /// new owner's own word has reached them, or their connection to the owner has ended.
  static let giftMemory = 30.0
  /// How long a new host waits for a client to tell of all its objects.
  static let settlingPatience = 30.0
  /// Between two signs of life of a peer that has lost its host: so many that of ten in a row one arrives.
  static let electionBeat = 0.05
  /// Silence after which a survivor does not count as reachable: ten signs of life.
  static let electionSilence = 0.5
  /// How long a claim waits for such a survivor, so that play goes on within a second.
  static let electionPatience = 0.75

  /// How far behind interpolated fields are read unless a script says otherwise: two or three updates at the default
  /// transmit rate, so that one that is lost or late leaves no hole.
  static let interpolationLag = 0.1

  /// What a script may set the lag to: above two seconds a game is not being played any more.
  static let interpolationLags = 0.0...2.0

  /// The time between two updates of a field that changes all the time, where its object has no update rate: the
  /// default transmit rate at 60 frames a second, and a frame more.
  static let interpolationInterval = 0.05

  /// The least time over which a late value's jump is smoothed; with a longer lag, the lag.
  static let settling = 0.1
}
