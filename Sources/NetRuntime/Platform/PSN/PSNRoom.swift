/// A room of PSN that this peer has made or entered.
public final class PSNRoom {
  /// How far it has come; the raw values are the numbers of the Lua constants.
  public enum State: Int, CaseIterable, Sendable {
    case creating
    case joining
    case joined
    case failed
    /// It is made once the service knows this player.
    case waitingToCreate
  }

  /// What scripts name it by.
  public let number: Int
  public let lobby: PlatformLobby
  private let online: OnlineService
  /// Whether it was made before the service knew this player, and still waits for that.
  private var isWaiting: Bool

  /// The key of the room's one text in its entry.
  static let dataKey: Bytes = "data"

  init(number: Int, lobby: PlatformLobby, online: OnlineService) {
    self.number = number
    self.lobby = lobby
    self.online = online
    isWaiting = !online.isConnected
  }

  public var id: EntryID { lobby.id }

  public var state: State {
    switch lobby.state {
    case .creating: isWaiting ? .waitingToCreate : .creating
    case .joining: .joining
    case .joined: .joined
    case .failed: .failed
    }
  }

  /// Called once a frame.
  /// - Parameters:
  ///   - game: Which it is; a room of another one was entered by mistake.
  ///   - contextLoss: Why the service is lost for good; nil while it is not.
  func advance(in game: PSNSettings, contextLoss: DirectoryError?) {
    if online.isConnected { isWaiting = false }
    let entry = lobby.entry
    if let contextLoss {
      end(.signedOut(contextLoss))
    } else if !entry.title.isEmpty, entry.title != game.title || entry.kind != .psnRoom {
      end(.refused(.malformed("it is a room of another game; psn.title in settings.ini says \"\(game.name)\"")))
    }
  }

  private func end(_ failure: PlatformFailure) {
    guard lobby.isActive else { return }
    online.ask(.leave(id), as: lobby.player)
    lobby.fail(failure)
  }

  /// Everybody in it, the owner first, then in the order of joining; nobody before it was joined.
  public var members: [DirectoryEntry.Member] {
    guard state == .joined else { return [] }
    let entry = lobby.entry
    return entry.members.filter { $0.player == entry.host } + entry.members.filter { $0.player != entry.host }
  }

  /// The peer of its owner; nobody while this is not known.
  public var owner: PeerID { lobby.lobbyHost }

  public var gameSessionHost: PeerID? { lobby.gameSessionHost }

  /// Tells everybody who hosts the game session, nil for nobody; the owner alone can, others are warned.
  public func setGameSessionHost(_ peer: PeerID?) throws(PSNError) {
    try checkState()
    lobby.setGameSessionHost(peer)
  }

  /// Sets the text that browsers show beside the name; the owner alone can, others are warned.
  public func setData(_ value: Bytes) throws(PSNError) {
    try checkState()
    guard value.count <= Limits.psnRoomDataSize else { throw .dataTooLong(value.count) }
    if lobby.entry.data[Self.dataKey] != value {
      lobby.changeAsHost("the room's data", .setData(key: Self.dataKey, value: value))
    }
  }

  /// Sets the name that browsers show; the owner alone can, others are warned.
  public func setName(_ name: Bytes) throws(PSNError) {
    try checkState()
    guard 1...Limits.entryTextSize ~= name.count else { throw .badName(name.count) }
    if lobby.entry.name != name { lobby.changeAsHost("the room's name", .setName(name)) }
  }

  private func checkState() throws(PSNError) {
    if state == .failed { throw .failedRoom(number) }
  }
}
