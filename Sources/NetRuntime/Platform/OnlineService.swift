/// A program's account with the online service: who is signed in, what was asked and answered, friends, invitations.
///
/// It lives from its first use to the program's end, whether or not a client runs, and is driven by the frames.
public final class OnlineService {
  /// What a host program gives for it.
  public struct Setup {
    public var directory: any Directory
    /// Who plays; signed in at once.
    public var user: DirectoryIdentity

    public init(directory: any Directory, user: DirectoryIdentity) {
      self.directory = directory
      self.user = user
    }
  }

  /// What listeners hear.
  enum Event {
    case change(DirectoryChange, for: PeerID)
    /// A player is signed in, for the first time or again.
    case signedIn(PeerID)
    /// A player was signed out, and has left everything. After `.expired` a player signs in again by itself.
    case signedOut(PeerID, DirectoryError)
  }

  private enum State {
    case signingIn
    case signedIn(run: UInt64)
    case signedOut(DirectoryError)
  }

  /// The first player at this machine.
  public let user: DirectoryIdentity
  /// Everybody that this program has a relation to.
  public private(set) var acquaintances: [Acquaintance] = []
  /// Invitations that the script has not taken, the oldest first.
  public private(set) var invitations: [Invitation] = []
  /// Grows with each change of what is shown of players: relations, invitations.
  public private(set) var revision: UInt64 = 0
  /// Who else wants to hear of what happens. In the order in which they came, so that a seed gives the same game in every
  /// process.
  private var listeners: [(owner: ObjectIdentifier, hear: (Event) -> Void)] = []

  private let directory: any Directory
  let random: any RandomSource
  private let log: Log
  private var states: [PeerID: State] = [:]
  /// Who can be signed in again.
  private var identities: [PeerID: DirectoryIdentity] = [:]
  private var outage: String?
  private var lastNumber: UInt64 = 0
  private var waiting: [UInt64: (Result<DirectoryAnswer, DirectoryError>) -> Void] = [:]

  /// Seconds that the start may wait for the sign-in.
  static let signInPatience = 3.0

  init(_ setup: Setup, random: any RandomSource, log: @escaping Log) {
    directory = setup.directory
    user = setup.user
    self.random = random
    self.log = log
    signIn(setup.user)
    directory.settle(for: Self.signInPatience)
    pump()
  }

  // MARK: Who is signed in

  /// Whether the first player is signed in and the service answers.
  public var isConnected: Bool { outage == nil && isSignedIn(user.id) }

  /// Whether the service cannot be reached now.
  public var isLost: Bool { outage != nil }

  /// Whether the first player was signed out for good: elsewhere, or because the service refused it. The start of a
  /// client signs it in again.
  public var isSignedOut: Bool { signOutReason(of: user.id) != nil }

  public func isSignedIn(_ player: PeerID) -> Bool {
    if case .signedIn? = states[player] { true } else { false }
  }

  /// The run that a player is signed in with; nil while it is not.
  func run(of player: PeerID) -> UInt64? {
    if case .signedIn(let run)? = states[player] { run } else { nil }
  }

  /// Why a player was signed out for good; nil while it was not.
  public func signOutReason(of player: PeerID) -> DirectoryError? {
    if case .signedOut(let reason)? = states[player] { reason } else { nil }
  }

  /// Signs in another player of this machine, or a server.
  public func signIn(_ identity: DirectoryIdentity) {
    identities[identity.id] = identity
    states[identity.id] = .signingIn
    directory.signIn(identity)
    guard identity.id == user.id else { return }
    // A run that is new is not told of those that are there already.
    ask(.friends) { [weak self] result in
      guard case .success(.friends(let all)) = result else { return }
      self?.acquaintances.removeAll()
      self?.adopt(all)
    }
  }

  /// Signs a player in again that was signed out for good; nothing happens to others.
  func signInAgain(_ player: PeerID) {
    if signOutReason(of: player) != nil, let identity = identities[player] { signIn(identity) }
  }

  /// Signs out a player that is not the first one.
  public func signOut(_ player: PeerID) {
    identities[player] = nil
    states[player] = .signedOut(.signedOut)
    directory.signOut(player)
    tell(.signedOut(player, .signedOut))
  }

  /// The service says that a player is signed in no more.
  private func wasSignedOut(_ player: PeerID, _ reason: DirectoryError) {
    guard let state = states[player] else { return }
    if case .signedOut = state { return }
    if reason == .expired, let identity = identities[player], identity.kind == .player {
      log(.warnings, "player \(player) was signed out and signs in again: \(reason)")
      signIn(identity)
    } else {
      states[player] = .signedOut(reason)
      log(.warnings, "player \(player) was signed out: \(reason)")
    }
    tell(.signedOut(player, reason))
  }

  // MARK: Questions

  /// Asks the directory; `then` is called in a later frame, once.
  /// - Parameter player: In whose name; nil for the first player.
  public func ask(
    _ request: DirectoryRequest, as player: PeerID? = nil,
    then: @escaping (Result<DirectoryAnswer, DirectoryError>) -> Void = { _ in }
  ) {
    lastNumber &+= 1
    let number = lastNumber
    guard waiting.count < Limits.unansweredRequests || request.isFarewell else {
      refused.append((then, .tooManyRequests))
      return
    }
    waiting[number] = then
    directory.ask(request, as: player ?? user.id, number: number)
  }

  /// Requests that were refused here; told in the next frame, as all are.
  private var refused: [(then: (Result<DirectoryAnswer, DirectoryError>) -> Void, error: DirectoryError)] = []

  /// An id that no other program draws.
  public func drawID() -> UInt64 { max(1, random.next()) }

  // MARK: Invitations

  /// Takes the oldest invitation that waits; nil for none.
  /// - Parameter title: The game that it has to be to; nil for any.
  public func takeInvitation(title: String? = nil) -> Invitation? {
    guard let index = invitations.firstIndex(where: { title == nil || $0.title == title }) else { return nil }
    let invitation = invitations.remove(at: index)
    ask(.dismissInvitation(invitation.id))
    return invitation
  }

  /// Takes an invitation that waits.
  public func dismiss(_ invitation: Invitation) {
    invitations.removeAll { $0.id == invitation.id }
    ask(.dismissInvitation(invitation.id))
  }

  // MARK: Frames

  /// Takes what happened; called with each frame.
  func pump() {
    let refusals = refused
    refused.removeAll()
    for refusal in refusals { refusal.then(.failure(refusal.error)) }
    while let news = directory.next() { take(news) }
  }

  private func take(_ news: DirectoryNews) {
    switch news {
    case .signedIn(let player, let run):
      // Signed out meanwhile.
      guard identities[player] != nil else { return }
      states[player] = .signedIn(run: run)
      log(.messages, "player \(player) is signed in")
      tell(.signedIn(player))
    case .signedOut(let player, let reason): wasSignedOut(player, reason)
    case .answer(let number, let result): waiting.removeValue(forKey: number)?(result)
    case .change(let change, let player): take(change, for: player)
    case .lost(let reason):
      outage = reason
      log(.warnings, "the online service is lost: \(reason)")
    case .restored:
      outage = nil
      log(.messages, "the online service is there again")
    }
  }

  private func take(_ change: DirectoryChange, for player: PeerID) {
    switch change {
    case .acquaintance(let acquaintance) where player == user.id: adopt([acquaintance])
    case .invitation(let invitation) where player == user.id:
      guard !invitations.contains(where: { $0.id == invitation.id }) else { break }
      if invitations.count >= Limits.waitingInvitations { invitations.removeFirst() }
      invitations.append(invitation)
      revision &+= 1
    default: break
    }
    tell(.change(change, for: player))
  }

  private func tell(_ event: Event) {
    for listener in listeners { listener.hear(event) }
  }

  /// Tells an object what happens from now on, in the order in which it happens.
  func listen(_ owner: AnyObject, _ hear: @escaping (Event) -> Void) {
    stopListening(ObjectIdentifier(owner))
    listeners.append((ObjectIdentifier(owner), hear))
  }

  func stopListening(_ owner: ObjectIdentifier) { listeners.removeAll { $0.owner == owner } }

  private func adopt(_ changed: [Acquaintance]) {
    revision &+= 1
    for one in changed {
      if let index = acquaintances.firstIndex(where: { $0.player.id == one.player.id }) {
        acquaintances[index] = one
      } else if acquaintances.count < 2 * Limits.relations {
        acquaintances.append(one)
      }
    }
  }

  /// The server's relay; nil where there is none.
  func relay(for player: PeerID) -> RelayGrant? { directory.relay(for: player) }

  /// Signs everybody out.
  func close() { directory.close() }
}
