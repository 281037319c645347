/// This peer on Xbox Live: the sessions of its users, and what is asked of the service for them.
public final class XboxLiveClient {
  public let users: XboxUsers
  let settings: XboxLiveSettings
  let client: PlatformClient
  let log: Log
  private let clock: () -> Double
  /// By the number that scripts name them by.
  private(set) var sessions: [Int: MultiplayerSession] = [:]
  let numbers: ConsoleNumbers
  var lookups: SessionLookups
  var cleaning = SingleJob()
  /// By user.
  var activityClearing: [Int: SingleJob] = [:]
  /// Those that go on; the others have ended.
  var presenceJobs: [Int: SingleJob] = [:]

  /// - Parameters:
  ///   - numbers: Where those of sessions, lookups and jobs are drawn from.
  ///   - now: Seconds on the clock of the frames.
  public init(
    _ client: PlatformClient, _ settings: XboxLiveSettings, users: XboxUsers, numbers: ConsoleNumbers,
    now: @escaping () -> Double, log: @escaping Log
  ) {
    self.client = client
    self.settings = settings
    self.users = users
    self.numbers = numbers
    self.log = log
    lookups = SessionLookups(numbers)
    clock = now
    client.onChange = { [weak self] change, player in
      if case .ticket(let ticket) = change { self?.adopt(ticket, of: player) }
    }
    client.onAdvance = { [weak self] in self?.advance(to: $0) }
  }

  /// Called once a frame, whether or not the script asks for anything.
  private func advance(to now: Double) {
    for number in sessions.keys.sorted() {
      guard let session = sessions[number], session.lobby.isActive else { continue }
      if !users.users.contains(where: { $0.id == session.user.id }) {
        // The same player may be signed in again, as another user.
        session.lobby.fail(.signedOut(.signedOut))
      } else if session.status(at: now) == .broken {
        log(.warnings, "session \(number) is BROKEN: \(session.missingText)")
        client.leave(session.lobby)
      }
    }
  }

  var now: Double { clock() }

  var online: OnlineService { client.online }

  // MARK: Sessions

  public func session(_ number: Int) throws(XboxLiveError) -> MultiplayerSession {
    guard let session = sessions[number] else { throw .unknownSession(number) }
    return session
  }

  public func status(of session: MultiplayerSession) -> MultiplayerSession.Status { session.status(at: now) }

  /// A session that has to be ready.
  public func readySession(_ number: Int) throws(XboxLiveError) -> MultiplayerSession {
    let session = try session(number)
    let status = status(of: session)
    guard status == .ready else { throw .sessionState(number, status, needed: .ready, advice: Self.advice(status)) }
    return session
  }

  /// A session of a user's that has to be ready.
  public func readySession(_ number: Int, of user: Int) throws(XboxLiveError) -> MultiplayerSession {
    _ = try users.signedIn(user)
    let session = try readySession(number)
    guard session.user.id == user else { throw .sessionOfOther(session: number, owner: session.user.id, user: user) }
    return session
  }

  /// What to call where a session should be ready and is not.
  private static func advice(_ status: MultiplayerSession.Status) -> String {
    switch status {
    case .working: "wait until MultiplayerSession.status gives READY"
    case .broken: "call MultiplayerSession.leave, wait for SHUTDOWN, and call Network.free_multiplayer_session"
    case .shutdown, .ready: "it was left; call Network.free_multiplayer_session"
    }
  }

  /// Leaves a session; it is SHUTDOWN once the service has let the user go. A second call does nothing.
  /// - Returns: The lobby to leave, for the runtime.
  public func beginLeaving(_ number: Int) throws(XboxLiveError) -> PlatformLobby? {
    let session = try session(number)
    _ = status(of: session)
    guard session.beginLeaving(at: now) else { return nil }
    // What was found stays: the user may be on its way there.
    if session.match.isSearching, let ticket = session.match.ownTicket {
      online.ask(.deleteTicket(ticket), as: session.user.player)
    }
    return session.lobby
  }

  /// To be called once the lobby was left: the service answers in the order in which it is asked, so this answer tells
  /// that leaving is done.
  public func confirmLeaving(_ number: Int) {
    guard let session = sessions[number] else { return }
    online.ask(.find(session.lobby.id), as: session.user.player) { [weak session] _ in session?.endLeaving() }
  }

  /// Gives a session's number back; it has to be SHUTDOWN.
  public func free(_ number: Int) throws(XboxLiveError) {
    let session = try session(number)
    let status = status(of: session)
    guard status == .shutdown else {
      let advice =
        status == .working
        ? "wait; where it was not left, call MultiplayerSession.leave first"
        : "call MultiplayerSession.leave first, and wait until MultiplayerSession.status gives SHUTDOWN"
      throw .sessionState(number, status, needed: .shutdown, advice: advice)
    }
    sessions[number] = nil
  }

  func checkSpace() throws(XboxLiveError) {
    guard sessions.count < Limits.unfreedSessions else { throw .tooManySessions }
  }

  func add(
    _ lobby: PlatformLobby, _ reference: SessionReference, of user: XboxUser, group: Int? = nil
  ) -> MultiplayerSession {
    let number = numbers.nextSession()
    let session = MultiplayerSession(
      number: number, group: group ?? number, user: user, reference: reference, lobby: lobby)
    sessions[number] = session
    return session
  }

  // MARK: Groups

  /// The sessions of a group, that of the user who made it first.
  public func sessions(ofGroup group: Int) throws(XboxLiveError) -> [MultiplayerSession] {
    let members = sessions.values.filter { $0.group == group }.sorted { $0.number < $1.number }
    guard !members.isEmpty else { throw .unknownGroup(group) }
    return members
  }
}
