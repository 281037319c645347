/// The players that a relay passes datagrams on for.
struct RelayTable {
  struct Player {
    var player: PeerID
    var key: RelayKey
    var endpoint: Endpoint
    /// Those whose datagrams it takes, and who may get its own.
    var peers: [PeerID]
    var expires: Double
    /// Bytes that may be passed on at once.
    var tokens: Double
    var refilledAt: Double
  }

  private let rate: Double
  private var players: [Player] = []
  private var free: [Int] = []
  private var placeOfPlayer: [PeerID: Int] = [:]
  private var placeOfEndpoint: [Endpoint: Int] = [:]

  /// - Parameter rate: Bytes a second of one player.
  init(rate: Double) {
    self.rate = rate
  }

  var count: Int { placeOfPlayer.count }

  subscript(place: Int) -> Player { players[place] }

  func place(at endpoint: Endpoint) -> Int? { placeOfEndpoint[endpoint] }

  /// Where the player is whom a sender's datagram may be passed on to: each has to accept the other.
  func receiver(_ peer: PeerID, of sender: Int) -> Int? {
    guard let place = placeOfPlayer[peer], players[sender].peers.contains(peer),
      players[place].peers.contains(players[sender].player)
    else { return nil }
    return place
  }

  /// Takes a player in, or notes what has changed of it.
  /// - Returns: False when there is no room.
  mutating func insert(
    _ player: PeerID, key: RelayKey, at endpoint: Endpoint, accepting peers: [PeerID], now: Double
  ) -> Bool {
    // Two players cannot be at one place: the newer one has proven that it is there.
    if let other = placeOfEndpoint[endpoint], players[other].player != player { remove(players[other].player) }
    if let known = placeOfPlayer[player] {
      placeOfEndpoint[players[known].endpoint] = nil
      placeOfEndpoint[endpoint] = known
      players[known].endpoint = endpoint
      players[known].peers = peers
      players[known].expires = now + PathTimes.relayIdle
      return true
    }
    if count >= Limits.relayPlayers { removeIdle(at: now) }
    guard count < Limits.relayPlayers else { return false }
    let new = Player(
      player: player, key: key, endpoint: endpoint, peers: peers, expires: now + PathTimes.relayIdle,
      tokens: burst, refilledAt: now)
    let place: Int
    if let reused = free.popLast() {
      place = reused
      players[place] = new
    } else {
      place = players.count
      players.append(new)
    }
    placeOfPlayer[player] = place
    placeOfEndpoint[endpoint] = place
    return true
  }

  mutating func remove(_ player: PeerID) {
    guard let place = placeOfPlayer.removeValue(forKey: player) else { return }
    placeOfEndpoint[players[place].endpoint] = nil
    players[place].peers = []
    free.append(place)
  }

  mutating func removeIdle(at now: Double) {
    for place in placeOfPlayer.values where players[place].expires <= now { remove(players[place].player) }
  }

  /// Takes bytes out of what a player may send.
  /// - Returns: False when they are over its rate.
  mutating func spend(_ bytes: Int, of place: Int, at now: Double) -> Bool {
    let refilled = players[place].tokens + max(0, now - players[place].refilledAt) * rate
    let tokens = min(burst, refilled)
    players[place].refilledAt = now
    guard tokens >= Double(bytes) else {
      players[place].tokens = tokens
      return false
    }
    players[place].tokens = tokens - Double(bytes)
    return true
  }

  private var burst: Double { min(Double(Limits.relayBurst), max(rate, Double(Limits.datagramSize))) }
}
