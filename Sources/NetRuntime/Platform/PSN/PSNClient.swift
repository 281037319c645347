/// This peer on PSN: its rooms and the search for others'.
public final class PSNClient {
  public let browser: PSNRoomBrowser
  private let client: PlatformClient
  private let settings: PSNSettings
  private let numbers: ConsoleNumbers
  /// By the number that scripts name them by.
  private var rooms: [Int: PSNRoom] = [:]
  /// The service has known this player once.
  private var wasKnown = false

  /// - Parameters:
  ///   - numbers: Where those of the rooms are drawn from.
  ///   - now: Seconds on the clock of the frames.
  public init(
    _ client: PlatformClient, _ settings: PSNSettings, numbers: ConsoleNumbers, now: @escaping () -> Double
  ) {
    self.client = client
    self.settings = settings
    self.numbers = numbers
    browser = PSNRoomBrowser(title: settings.title, online: client.online, now: now)
    client.onAdvance = { [weak self] _ in self?.advance() }
  }

  /// Whether rooms can be made and searched: the service knows this player, and the context is not lost. A short outage
  /// does not count.
  public var isReady: Bool { !hasLostContext && (wasKnown || client.online.isConnected) }

  /// Whether the player was signed out, or the service could not be reached for `Limits.psnLostContextTime`; for good.
  public var hasLostContext: Bool { client.hasFailed }

  /// Called once a frame, whether or not the script asks for anything.
  private func advance() {
    if client.online.isConnected { wasKnown = true }
    for number in rooms.keys.sorted() { rooms[number]?.advance(in: settings, contextLoss: client.contextLoss) }
  }

  // MARK: Rooms

  /// Makes a room and enters it.
  /// - Parameter maximum: Members that there may be, this player counted.
  public func createRoom(name: Bytes, maximum: Int) throws(PSNError) -> PSNRoom {
    try checkSpace()
    guard 1...Limits.entryTextSize ~= name.count else { throw .badName(name.count) }
    let entry = DirectoryEntry(
      id: client.newEntryID(), kind: .psnRoom, title: settings.title, host: client.localPeer, maximum: maximum,
      name: name)
    return add(client.createLobby(entry))
  }

  /// Enters a room by the id that a browser shows.
  public func joinRoom(_ id: EntryID) throws(PSNError) -> PSNRoom {
    try checkSpace()
    if let room = rooms.values.first(where: { $0.id == id && $0.state != .failed }) { throw .inRoom(room.number) }
    return add(client.joinLobby(id, kind: .psnRoom))
  }

  /// The room of a number; nil for one that was left or never made.
  public func room(_ number: Int) -> PSNRoom? { rooms[number] }

  /// The room's number is nobody's from now on. To be called with leaving its lobby.
  public func forget(_ room: PSNRoom) { rooms[room.number] = nil }

  private func checkSpace() throws(PSNError) {
    if hasLostContext { throw .lostContext }
    guard rooms.count < Limits.psnRooms else { throw .tooManyRooms }
  }

  private func add(_ lobby: PlatformLobby) -> PSNRoom {
    let room = PSNRoom(number: numbers.nextRoom(), lobby: lobby, online: client.online)
    rooms[room.number] = room
    return room
  }
}

/// Why a function of PSN refused; the text is for a game designer and does not name the function.
public enum PSNError: Error, Equatable, Sendable {
  case lostContext
  case tooManyRooms
  case inRoom(Int)
  case badName(Int)
  case dataTooLong(Int)
  /// Nothing can be set in a room that failed.
  case failedRoom(Int)
}

extension PSNError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .lostContext:
      "the connection to PSN is lost; call Network.shutdown_psn_client, and Network.init_psn_client to begin anew"
    case .tooManyRooms:
      "there are \(Limits.psnRooms) rooms that were not left; call Network.leave_psn_room for those that failed, too"
    case .inRoom(let number): "this peer is in that room already: it is room \(number)"
    case .badName(let count): "name: expected 1 to \(Limits.entryTextSize) bytes, got \(count) bytes"
    case .dataTooLong(let count): "value: expected at most \(Limits.psnRoomDataSize) bytes, got \(count) bytes"
    case .failedRoom(let number):
      "room \(number) is FAILED, so nothing can be set in it; call Network.leave_psn_room, and create or join another"
    }
  }
}
