/// What a player does in this game, and whether others can join.
public struct ActivityDetails: Equatable, Sendable {
  public var session: SessionReference
  public var player: PeerID
  public var isClosed: Bool
  public var restriction: SessionRestriction
  public var visibility: SessionVisibility
  public var memberCount: Int
  public var maximumMembers: Int

  init?(_ entry: DirectoryEntry, player: PeerID, serviceConfigID: String) {
    guard let session = SessionReference(entry, serviceConfigID: serviceConfigID) else { return nil }
    self.session = session
    self.player = player
    isClosed = entry.isClosed
    restriction = entry.visibility == .friends ? .followed : entry.visibility == .byInvitation ? .local : .none
    visibility = SessionVisibility(entry)
    memberCount = entry.members.count
    maximumMembers = entry.maximum
  }
}

/// Who may join a session; the raw values are the numbers of the Lua constants.
public enum SessionRestriction: Int, CaseIterable, Sendable {
  /// The members' friends.
  case followed
  /// Who is invited.
  case local
  case none
  case unknown
}

/// Who sees a session; the raw values are the numbers of the Lua constants.
public enum SessionVisibility: Int, CaseIterable, Sendable {
  case any
  /// Open, and without a free place.
  case full
  case open
  case `private`
  case unknown
  /// Seen by all, and closed.
  case visible

  init(_ entry: DirectoryEntry) {
    if entry.visibility == .byInvitation {
      self = .private
    } else if entry.isClosed {
      self = .visible
    } else {
      self = entry.freePlaces == 0 ? .full : .open
    }
  }
}

extension SessionReference {
  /// Which session an entry of the directory is; nil for an entry of another kind.
  init?(_ entry: DirectoryEntry, serviceConfigID: String) {
    guard entry.kind == .xboxSession, let template = entry.data[SessionData.template]?.text else { return nil }
    self.init(serviceConfigID: serviceConfigID, template: template, name: entry.name.text)
  }
}

/// Keys of a session's data in the directory.
enum SessionData {
  static let template: Bytes = "template"
  /// Members that the session needs before it is ready.
  static let minimum: Bytes = "min_members"
  /// Seconds that members wait for so many.
  static let timeout: Bytes = "initialization_timeout"

  /// A custom property's.
  static func property(_ key: Bytes) -> Bytes { Bytes(Array("p:".utf8) + key.array) }
}

/// Keys of what a player shows.
enum XboxPresence {
  static let text: Bytes = "xbox.presence"
  static let isActive: Bytes = "xbox.active"
}
