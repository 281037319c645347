/// A player's place on a Steam game server.
public final class SteamGameServerLobby {
  /// Why joining failed.
  public enum FailReason: Int, CaseIterable, Sendable {
    /// Nothing failed, or it was none of the others: a wrong password, being put out, being signed out.
    case other = 0
    case serverIsFull = 4
    /// No server is at the address, or no way to it was found.
    case timeout = 5
  }

  private enum Phase {
    /// Looks for the server at the address; both times are set by the first frame.
    case searching(deadline: Double, next: Double)
    case found(PlatformLobby)
    case failed(FailReason)
  }

  /// The server's address and query port.
  public let address: Endpoint
  private let password: Bytes?
  private let client: PlatformClient
  private let ask: SteamAsk
  private let title: String
  private var phase: Phase?
  private var isAsking = false
  /// The server's data, as it was fetched; nil until then.
  private var fetched: [Bytes: Bytes]?
  private var isUpdatedByItself = false
  private var wasJoined = false
  private(set) var isLeft = false

  init(_ address: Endpoint, password: Bytes?, client: PlatformClient, ask: SteamAsk, title: String) {
    self.address = address
    self.password = password
    self.client = client
    self.ask = ask
    self.title = title
    look()
  }

  // MARK: What it is

  /// Joined once the directory has given a place and there is a connection to the server.
  public var state: LobbyState {
    switch phase {
    case nil, .searching: .joining
    case .found(let lobby): lobby.state
    case .failed: .failed
    }
  }

  /// Why the state is failed; `.other` before that.
  public var failReason: FailReason {
    switch phase {
    case nil, .searching: .other
    case .failed(let reason): reason
    case .found(let lobby): reason(lobby.failure)
    }
  }

  private func reason(_ failure: PlatformFailure?) -> FailReason {
    switch failure {
    case .refused(.full)?: .serverIsFull
    // The server has taken the place back.
    case .departed(.dropped)? where !wasJoined: .serverIsFull
    case .refused(.unknownEntry)?, .connection?, .departed(.ended)?, .noAnswer?: .timeout
    case .refused?, .departed?, .signedOut?, .enteredAnew?, nil: .other
    }
  }

  /// The lobby behind it, once the server is known.
  var lobby: PlatformLobby? {
    if case .found(let lobby) = phase { lobby } else { nil }
  }

  /// The peers of the players there.
  public var members: [PeerID] {
    guard let lobby, lobby.state == .joined else { return [] }
    return lobby.entry.members.map(\.peer)
  }

  /// The server itself, once this peer is in.
  public var gameSessionHost: PeerID { lobby.map { $0.state == .joined ? $0.lobbyHost : .nobody } ?? .nobody }

  /// What the server calls itself; empty while it is not known.
  public var serverName: Bytes { lobby?.entry.name ?? "" }
  /// The game's name by the server's word; empty while it is not known.
  public var gameDescription: Bytes { lobby?.entry.data[SteamServerKeys.gameDescription] ?? "" }
  /// The server's version as it was given; empty while it is not known.
  public var version: Bytes { lobby?.entry.data[SteamServerKeys.version] ?? "" }

  /// Where the server is; nil while it is not known.
  var place: SteamServerPlace? { lobby.flatMap { SteamServerInfo($0.entry).place } }

  // MARK: Data

  /// What the server's script has set; nil where nothing was set or fetched.
  public func data(_ key: Bytes) -> Bytes? {
    guard !SteamServerKeys.isReserved(key) else { return nil }
    return fetched?[key]
  }

  /// Fetches the server's data once.
  public func requestData() {
    guard let lobby, lobby.state == .joined else { return }
    ask.find(lobby.id) { [weak self] entry in
      if let entry { self?.fetched = entry.data }
    }
  }

  /// Keeps the server's data up to date from now on.
  public func autoUpdateData() {
    isUpdatedByItself = true
    requestData()
  }

  // MARK: Its course

  func advance(to now: Double) {
    switch phase {
    case nil:
      phase = .searching(deadline: now + Limits.steamServerSearchTime, next: now + Limits.steamServerSearchInterval)
    case .searching(let deadline, let next):
      if now >= deadline {
        client.log(.warnings, "no server is at \(address)")
        phase = .failed(.timeout)
      } else if now >= next, !isAsking {
        phase = .searching(deadline: deadline, next: now + Limits.steamServerSearchInterval)
        look()
      }
    case .found(let lobby):
      guard lobby.state == .joined else { break }
      wasJoined = true
      if isUpdatedByItself { fetched = lobby.entry.data }
    case .failed: break
    }
  }

  private func look() {
    isAsking = true
    let filter = EntryQuery.Filter.text(key: SteamServerKeys.query, .equal, Bytes(address.description))
    ask.list(EntryQuery(kind: .steamServer, title: title, filters: [filter])) { [weak self] entries in
      guard let self, !isLeft else { return }
      isAsking = false
      if case .failed = phase { return }
      guard let entry = entries.first else { return }
      phase = .found(client.joinLobby(entry.id, kind: .steamServer, password: password))
    }
  }

  /// Leaves the server, or ends the search for it.
  func leave() {
    isLeft = true
    if let lobby { client.leave(lobby) }
    phase = .failed(.other)
  }
}
