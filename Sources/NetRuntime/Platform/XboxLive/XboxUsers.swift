/// Somebody who is, or was, signed in at this machine.
public struct XboxUser: Equatable, Sendable {
  /// What scripts name the user by; never used again.
  public let id: Int
  public let player: PeerID
  public let name: String
  public let isGuest: Bool
}

/// The users of this machine. The first one is the online service's; the others are those that settings.ini knows.
public final class XboxUsers {
  /// Whether games can be played with others.
  public enum OnlineState: Int, CaseIterable, Sendable {
    case offline
    case online
    case unknown
  }

  public let online: OnlineService
  private let title: String
  private let known: [XboxLiveSettings.User]
  private let log: Log
  /// In the order that the picker has given them.
  public private(set) var users: [XboxUser]
  private var lastID = 1
  /// Who was signed in when the script asked for changes the last time.
  private var shown: [Int: Bool] = [:]
  private var lastInvitation: Invitation?

  public init(_ online: OnlineService, _ settings: XboxLiveSettings, log: @escaping Log) {
    self.online = online
    self.log = log
    title = settings.title
    known = settings.users.filter { $0.name != online.user.name }
    users = [XboxUser(id: 1, player: online.user.id, name: online.user.name, isGuest: false)]
  }

  public func isSignedIn(_ user: XboxUser) -> Bool {
    // The console knows its first user whether or not the service can be reached.
    user.id == 1 ? !online.isSignedOut : online.isSignedIn(user.player)
  }

  /// A user by its id.
  public func user(_ id: Int) throws(XboxLiveError) -> XboxUser {
    guard let user = users.first(where: { $0.id == id }) else { throw .unknownUser(id, signedIn: users.map(\.id)) }
    return user
  }

  /// A user by its id, who has to be signed in.
  public func signedIn(_ id: Int) throws(XboxLiveError) -> XboxUser {
    let user = try user(id)
    guard isSignedIn(user) else { throw .notSignedIn(id) }
    return user
  }

  /// Whether somebody has signed in or out since this was asked the last time.
  public func takeChange() -> Bool {
    let state = Dictionary(users.map { ($0.id, isSignedIn($0)) }, uniquingKeysWith: { first, _ in first })
    defer { shown = state }
    return state != shown
  }

  public var onlineState: OnlineState {
    if online.isSignedOut || online.isLost { return .offline }
    return online.isConnected ? .online : .unknown
  }

  // MARK: The account picker

  /// Signs in the next user whom the settings know and who is not signed in yet. There is no picture to pick from.
  /// - Parameter index: Whose place the user takes, from 0; the number of users for a place of its own.
  /// - Returns: Who made room.
  @discardableResult
  public func pick(at index: Int) -> XboxUser? {
    guard index > 0 else {
      log(.warnings, "the first user stays: this program runs for it; nobody was signed in")
      return nil
    }
    // Who is being signed in is taken, and who was signed out elsewhere is not.
    let taken = Set(users.filter { online.signOutReason(of: $0.player) == nil }.map(\.name))
    guard let next = known.first(where: { !taken.contains($0.name) }) else {
      log(.warnings, "xboxlive.users in settings.ini names nobody else; nobody was signed in")
      return nil
    }
    lastID += 1
    let user = XboxUser(id: lastID, player: player(next), name: next.name, isGuest: next.isGuest)
    online.signIn(DirectoryIdentity(id: user.player, name: user.name, region: online.user.region))
    let former = index < users.count ? users[index] : nil
    if let former, former.player != user.player { online.signOut(former.player) }
    // A user who was signed out, and is back in another place, leaves the old one.
    let old = users.firstIndex { $0.player == user.player && $0.id != former?.id }
    if index < users.count { users[index] = user } else { users.append(user) }
    if let old { users.remove(at: old) }
    return former
  }

  private func player(_ user: XboxLiveSettings.User) -> PeerID {
    PeerID(playerName: user.isGuest ? "\(user.name) of \(online.user.id)" : user.name)
  }

  // MARK: Invitations

  /// Whether there is an invitation to this game that the script has not read.
  public var hasNewInvitation: Bool { online.invitations.contains { $0.title == title } }

  /// The newest invitation to this game, which then is read, and older ones with it; nil for none.
  public func readInvitation() -> Invitation? {
    let new = online.invitations.filter { $0.title == title }
    for invitation in new { online.dismiss(invitation) }
    lastInvitation = new.last ?? lastInvitation
    return lastInvitation
  }
}
