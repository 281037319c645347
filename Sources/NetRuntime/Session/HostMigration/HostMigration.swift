/// What a session keeps for finding another host, and for the time after it was found.
struct HostMigration {
  /// What a claimant knows of objects, compared with what this peer knows of them.
  struct Offer {
    var claimant: MemberInfo
    var number: UInt32
    var inventory: [ElectionClaim.Entry]
  }

  /// A paper of which only a part has come.
  struct Unfinished {
    var kind: ElectionMessage.Kind
    var bytes: [UInt8]
  }

  var election = HostElection()
  var nextBeat = 0.0
  /// Survivors that others know and this peer does not.
  var strangers: [MemberInfo] = []
  /// Joins of those who are known not to be members any more.
  var gone: Set<UInt32> = []
  /// Hosts that are gone: their objects wait for a new owner.
  var formerHosts: Set<UInt32> = []
  /// Counts this peer's claims.
  var claims: UInt32 = 0
  /// The own claim's, once it was made.
  var inventory: [ElectionClaim.Entry]?
  var ballots: [UInt32: ElectionBallot] = [:]
  var offers: [UInt32: Offer] = [:]
  var unfinished: [LinkID: Unfinished] = [:]

  /// Objects that this client of a client-server session destroyed lately.
  var ends: [(id: UInt32, time: Double)] = []
  /// The host that was lost last.
  var lostHost = PeerID.nobody

  // After the election.

  /// Objects that the new host has not spoken of yet: what is left at its mark is gone.
  var unconfirmed: Set<UInt32> = []
  var isSweeping = false
  /// On the new host: clients that have not told of all their objects yet.
  var awaitedMarks: UInt64 = 0
  /// On the new host: whether somebody may still know more or less than the others.
  var isSettling = false
  /// On the new host: what each member has to have for all to be settled; 0 before its mark was sent.
  var markOffsets: [UInt8: UInt64] = [:]
  /// On the new host: since when.
  var settlingSince = 0.0
  /// On the new host: where in the stream to each member its commit ends.
  var commitOffsets: [UInt8: UInt64] = [:]
  /// Slots of former hosts, which nobody gets while objects may name them.
  var heldSlots: UInt64 = 0
  /// Own ids whose objects were destroyed under an earlier host.
  var strandedIDs: Set<UInt32> = []

  /// Forgets the election, which is over.
  mutating func settle() {
    election.settle()
    strangers = []
    gone = []
    inventory = nil
    ballots = [:]
    offers = [:]
    unfinished = [:]
  }
}
