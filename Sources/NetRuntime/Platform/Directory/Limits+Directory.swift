extension Limits {
  // MARK: Directory

  /// Bytes of a player's name.
  public static let playerNameSize = 64
  /// Entries that one list gives.
  public static let listedEntries = 50
  /// Filters of one list, and keys that it is ordered by.
  public static let listFilters = 32
  /// Entries that one player may be in at a time.
  public static let entriesPerPlayer = 16
  /// Bytes of an entry's name, of a title, of a password, and of other short texts.
  public static let entryTextSize = 255
  /// Changes of an entry asked for at once: all keys of its data, and the rest.
  public static let entryChanges = 512
  /// Keywords of an entry.
  public static let entryKeywords = 32
  /// Bytes of a keyword.
  public static let keywordSize = 63
  /// Players that an entry keeps places for, has invited or put out; the oldest are forgotten.
  public static let entryGuests = 256
  /// Bytes of what a player shows of itself.
  public static let presenceSize = 4 << 10
  /// Players that signed out and are remembered, with their notes and invitations; those gone longest are forgotten.
  public static let rememberedPlayers = 65_536
  /// Players that one player has a relation to.
  public static let relations = 512
  /// Invitations that wait for one player; the oldest are forgotten.
  public static let waitingInvitations = 32
  /// Bytes of what a player keeps for itself.
  public static let notesSize = 64 << 10
  /// Addresses that a player gives.
  public static let playerEndpoints = 8
  /// Players asked for at once.
  public static let askedPlayers = 128
  /// Tickets of one player.
  public static let ticketsPerPlayer = 4
  /// Seconds that a search for others may take: a day.
  public static let ticketTimeout = 86_400.0
  /// Seconds beyond the time of a search for which places are kept for who was found: enough to leave one session and
  /// to enter another.
  public static let matchPlaceTime = 30.0
  /// Seconds beyond the time of a search for which its ticket may last. One of a store that would last longer is from
  /// before the machine was started, when another clock ran.
  public static let ticketGrace = 60.0
  /// The oldest tickets that fit a new one and are tried with it, each with those after it: some thousand trials.
  public static let matchCandidates = 64
  /// Attributes of a ticket, and rules of a hopper.
  public static let ticketAttributes = 32
  /// Seconds between two heartbeats of a player.
  public static let heartbeatInterval = 3.0
  /// Seconds of silence after which a player counts as gone: four heartbeats, so that one that is late does not count,
  /// and what a dead program was in is free in less than 15 seconds.
  public static let heartbeatTimeout = 12.0
}
