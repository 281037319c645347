/// A session of Xbox Live, as one local user is in it.
public final class MultiplayerSession {
  /// How far it has come; the raw values are the numbers of the Lua constants.
  public enum Status: Int, CaseIterable, Sendable {
    case broken
    case ready
    case shutdown
    case working
  }

  /// What scripts name it by.
  public let number: Int
  /// The sessions of this machine's users that are one session of the service.
  public let group: Int
  public let user: XboxUser
  public let reference: SessionReference
  let lobby: PlatformLobby
  private var machine: SessionMachine
  private var shownRevision: UInt64 = 0
  var match = SmartMatch()

  init(
    number: Int, group: Int, user: XboxUser, reference: SessionReference, lobby: PlatformLobby
  ) {
    self.number = number
    self.group = group
    self.user = user
    self.reference = reference
    self.lobby = lobby
    machine = SessionMachine()
  }

  /// How far it has come.
  public func status(at now: Double) -> Status {
    machine.observe(
      SessionMachine.Sight(
        state: lobby.state, memberCount: lobby.entry.members.count, minimum: minimumMembers,
        timeout: initializationTimeout), at: now)
    return machine.status
  }

  /// Members that it needs before it is ready.
  var minimumMembers: Int64 { lobby.entry.data[SessionData.minimum]?.integer ?? 1 }

  /// Seconds that it waits for these.
  var initializationTimeout: Double {
    // Another program has written it.
    let seconds = lobby.entry.data[SessionData.timeout].flatMap { Double($0.text) } ?? .nan
    return Limits.initializationTimeouts ~= seconds ? seconds : SessionTemplate().initializationTimeout
  }

  /// What it lacked when its time was over.
  var missingText: String {
    "it needs \(minimumMembers) members, and \(members.count) came within \(initializationTimeout.shortText) seconds"
  }

  /// The machine says that leaving has begun.
  /// - Returns: Whether there is anything to leave; false for a second call.
  func beginLeaving(at now: Double) -> Bool { machine.leave(at: now) }

  /// The service has let the user go.
  func endLeaving() { machine.left() }

  /// Whether it changed since this was asked the last time.
  public func takeChange() -> Bool {
    let revision = lobby.entry.revision
    defer { shownRevision = revision }
    return revision != shownRevision
  }

  /// Everybody in it, in the order of joining; nobody before it was joined.
  public var members: [DirectoryEntry.Member] { lobby.state == .joined ? lobby.entry.members : [] }

  /// The peer that hosts it; nil while this is not known.
  public var hostPeer: PeerID? {
    let entry = lobby.entry
    return members.first { $0.player == entry.host }?.peer
  }

  public var keywords: [Bytes] { lobby.entry.keywords }
}

/// How a session comes and goes.
struct SessionMachine {
  /// What is seen of its entry.
  struct Sight {
    var state: LobbyState
    var memberCount: Int
    var minimum: Int64
    var timeout: Double
  }

  private enum State {
    case joining
    /// It waits for so many members as it needs.
    case initializing(deadline: Double)
    case ready
    case leaving(deadline: Double)
    case shutdown
    case broken
  }

  private var state = State.joining

  var status: MultiplayerSession.Status {
    switch state {
    case .joining, .initializing, .leaving: .working
    case .ready: .ready
    case .shutdown: .shutdown
    case .broken: .broken
    }
  }

  mutating func observe(_ sight: Sight, at now: Double) {
    switch state {
    case .joining:
      if sight.state == .failed { state = .broken }
      guard sight.state == .joined else { return }
      state = .initializing(deadline: now + sight.timeout)
      observe(sight, at: now)
    case .initializing(let deadline):
      if sight.state == .failed {
        state = .broken
      } else if sight.memberCount >= sight.minimum {
        state = .ready
      } else if now >= deadline {
        state = .broken
      }
    case .ready:
      if sight.state == .failed { state = .broken }
    case .leaving(let deadline):
      if now >= deadline { state = .shutdown }
    case .shutdown, .broken: break
    }
  }

  mutating func leave(at now: Double) -> Bool {
    switch state {
    case .leaving, .shutdown: return false
    case .joining, .initializing, .ready, .broken:
      state = .leaving(deadline: now + Limits.sessionJobTime)
      return true
    }
  }

  mutating func left() {
    if case .leaving = state { state = .shutdown }
  }
}
