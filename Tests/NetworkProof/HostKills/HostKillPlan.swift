import NetRuntime

/// What one seed has in store: who plays, what happens, and when the power fails.
struct HostKillPlan {
  /// The exchange in whose midst the host dies.
  enum Exchange: String, CaseIterable {
    case quiet, join, lateJoin, creations, destructions, migrations, messages, removal, leave, election, shutdown
  }

  let seed: UInt64
  let peers: Int
  let objects: Int
  let isClientServer: Bool
  let isBadNetwork: Bool
  let exchange: Exchange
  let moment: KillSwitch.Moment
  let datagram: Int
  /// For the candidate, where it dies too.
  let secondMoment: KillSwitch.Moment
  let secondDatagram: Int
  let pongTimeout: Double
  /// Whether the session host also hosts the lobby.
  let hostsLobby: Bool
  /// How long after `host_error` each peer calls `migrate_game_session_host`; nil for one that does not.
  let calls: [Double?]
  /// Whether objects change hands all the time, also while there is no host.
  let isGenerous: Bool

  init(seed: UInt64, peers: Int) {
    var dice = Dice(seed &* 7919 &+ UInt64(peers) &* 13 &+ 1)
    self.seed = seed
    self.peers = peers
    isClientServer = dice.chance(0.5)
    isBadNetwork = dice.chance(0.5)
    var exchange = Exchange.allCases[dice.below(Exchange.allCases.count)]
    if exchange == .election, peers < 3 { exchange = .messages }
    self.exchange = exchange
    moment = KillSwitch.Moment.allCases[dice.below(4)]
    datagram = 1 + (dice.chance(0.5) ? dice.below(12) : dice.below(120))
    secondMoment = KillSwitch.Moment.allCases[dice.below(4)]
    secondDatagram = 1 + dice.below(40)
    objects = [8, 40, 200, 1000][dice.below(4)]
    pongTimeout = dice.between(1.5, 4)
    hostsLobby = dice.chance(0.7)
    var calls: [Double?] = (0..<peers).map { _ in
      dice.chance(0.7) ? (dice.chance(0.5) ? 0 : dice.between(0, 0.6)) : nil
    }
    // Somebody has to, also where the first candidate dies.
    if exchange == .election { calls = calls.map { $0 ?? 0 } }
    calls[peers - 1] = calls[peers - 1] ?? 0
    self.calls = calls
    isGenerous = dice.chance(0.5)
  }

  var description: String {
    "\(isClientServer ? "client-server" : "peer-to-peer"), \(isBadNetwork ? "bad" : "good") network, \(objects) objects, "
      + "\(exchange.rawValue), \(moment.rawValue) datagram \(datagram)"
      + (exchange == .election ? ", then \(secondMoment.rawValue) datagram \(secondDatagram)" : "")
  }

  static func schema(isClientServer: Bool) -> String {
    """
    network_type = "\(isClientServer ? "client-server" : "peer-to-peer")"
    types = {
      count = { type = "int" min = 0 max = 1000000 }
      number = { type = "uint64" }
      flag = { type = "bool" }
      text = { type = "string" max_size = 1200 }
    }
    messages = {
      say = { args = ["count" "number" "flag"] session_bound = true }
      note = { args = ["count" "text"] session_bound = true }
    }
    objects = {
      thing = { fields = [
        { name = "uid" type = "number" } { name = "a" type = "count" } { name = "b" type = "count" } { name = "c" type = "count" }
      ] }
      page = { fields = [ { name = "uid" type = "number" } { name = "a" type = "count" } { name = "t" type = "text" } ] }
    }
    """
  }
}
