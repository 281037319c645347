import NetRuntime

extension DirectoryRequest {
  /// The name of its case, as JSON has it.
  var caseName: String {
    switch self {
    case .publish: "publish"
    case .create: "create"
    case .join: "join"
    case .leave: "leave"
    case .change: "change"
    case .list: "list"
    case .find: "find"
    case .players: "players"
    case .friends: "friends"
    case .setPresence: "setPresence"
    case .setActivity: "setActivity"
    case .invite: "invite"
    case .dismissInvitation: "dismissInvitation"
    case .startTicket: "startTicket"
    case .deleteTicket: "deleteTicket"
    case .keep: "keep"
    case .kept: "kept"
    }
  }
}

extension DirectoryError {
  /// The name of its case, as JSON has it.
  var caseName: String {
    switch self {
    case .unavailable: "unavailable"
    case .signedOut: "signedOut"
    case .expired: "expired"
    case .badSecret: "badSecret"
    case .tooManyRequests: "tooManyRequests"
    case .malformed: "malformed"
    case .unknownEntry: "unknownEntry"
    case .unknownPlayer: "unknownPlayer"
    case .full: "full"
    case .wrongPassword: "wrongPassword"
    case .closed: "closed"
    case .notInvited: "notInvited"
    case .kicked: "kicked"
    case .notHost: "notHost"
    case .notMember: "notMember"
    case .unknownHopper: "unknownHopper"
    }
  }
}

extension DirectoryEntry.Kind {
  static let allNames: [DirectoryEntry.Kind] = [.steamLobby, .steamServer, .psnRoom, .xboxSession]
}
