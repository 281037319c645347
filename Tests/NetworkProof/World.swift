import NetRuntime

/// One seed: a virtual network and clock, and players on it who find each other, play at random, come and go.
final class World {
  struct Options: Sendable {
    var seconds = 60.0
    /// How often a member gives an object away, a second; nil goes by the seed.
    var migrations: Double?
    /// Peers die without a word.
    var kills = false
    /// The host dies in the midst of an exchange, and another takes over.
    var hostKills = false
    /// The platform whose lobbies are played over an online service with faults; nil for a LAN.
    var online: Platform?
    /// 1 prints what the players do and the warnings, 2 all that the engine tells.
    var verbosity = 0
    var verbose: Bool { verbosity > 0 }
  }

  static let lobbyPort: UInt16 = 10_000

  let seed: UInt64
  let options: Options
  let network: VirtualNetwork
  let ledger = Ledger()
  let packer = Packer()
  let config: NetworkConfig
  let step: Double
  let timing: TimingSettings
  /// Whether the host takes every member of the lobby in, or waits to be asked.
  let addsByItself: Bool
  let leaveRate: Double
  let kickRate: Double
  /// How often a member gives an object away, a second.
  let migrationRate: Double
  var players: [Player] = []
  var host: Player?
  var isSettling = false
  private var dice: Dice
  private var handOverAt: Double?
  private var nextKill = Double.infinity
  private var hostKillAt = Double.infinity
  private(set) var deaths: [Death] = []
  /// When each peer was last taken into a session.
  var added: [PeerID: Double] = [:]

  /// A peer that died, and what has to follow.
  struct Death {
    let time: Double
    let instance: Ledger.Instance?
    let peer: PeerID
    let wasHost: Bool
    /// The lobby's members then, its host first.
    let lobby: [PeerID]
    /// The members of its session then.
    let members: [Ledger.Instance]
    var stage = 0
  }

  init(seed: UInt64, peers: Int, options: Options) throws {
    self.seed = seed
    self.options = options
    dice = Dice(seed &* 131 &+ UInt64(peers))
    network = VirtualNetwork(seed: seed)
    config = try NetworkConfig.parse(ProofSchema.make(seed: seed), file: "proof.network_config")
    step = dice.chance(0.5) ? 1.0 / 60 : 1.0 / 30
    addsByItself = dice.chance(0.3)
    leaveRate = 0.03
    kickRate = 0.05
    migrationRate = options.migrations ?? (seed % 4 == 0 ? 0 : seed % 4 == 1 ? 0.3 : 2)
    var timing = TimingSettings()
    if options.kills { timing.pongTimeout = 3 }
    self.timing = timing
    network.defaultFaults = LinkFaults(latency: 0.1, jitter: 0.04, loss: 0.1, duplication: 0.05, reordering: 0.05)
    for index in 0..<peers {
      players.append(Player(self, index: index, start: index == 0 ? 0 : dice.between(0.2, dice.chance(0.7) ? 3 : 30)))
    }
    if peers > 2, !options.kills, dice.chance(0.4) { handOverAt = options.seconds * dice.between(0.3, 0.8) }
    if options.kills {
      nextKill = dice.between(8, 14)
      hostKillAt = options.seconds * dice.between(0.4, 0.6)
    }
  }

  func makeRuntime(_ transport: VirtualTransport, _ seed: UInt64) -> NetworkRuntime {
    let network = network
    let shown = [LogLevel.silent, .warnings, .messages][min(options.verbosity, 2)]
    let log: Log = { level, text in
      if level <= shown { print("  [\(network.now)] host \(transport.host): \(text())") }
    }
    return NetworkRuntime(
      NetworkRuntime.Environment(
        transport: transport, random: SeededRandomSource(seed: seed), now: { network.now }, log: log))
  }

  func note(_ player: Player, _ text: @autoclosure () -> String) {
    if options.verbose { print("[\(network.now)] player \(player.index) \(player.peer): \(text())") }
  }

  /// Whether nobody is in a lobby: the last members may all leave at once.
  var hasNoLobby: Bool { players.allSatisfy { $0.lobby == nil } }

  func player(of peer: PeerID) -> Int { players.first { $0.peer == peer }?.index ?? -1 }

  // MARK: Running

  func run() {
    var frame = 0
    func run(until isDone: () -> Bool) {
      while !isDone() {
        frame += 1
        network.advance(to: Double(frame) * step)
        if !isSettling { disturb() }
        for player in players { player.frame() }
        watchDeaths()
      }
    }
    run { network.now >= options.seconds }
    network.defaultFaults = LinkFaults(latency: 0.02)
    isSettling = true
    for player in players {
      if case .off(let until) = player.phase, until > network.now { player.phase = .off(until: network.now) }
    }
    let settleBy = network.now + 45
    run { network.now >= settleBy || isSettled }
    let end = network.now + 4
    run { network.now >= end }
    check()
    ledger.digest.add(UInt64(network.datagramsSent))
    ledger.digest.add(UInt64(network.datagramsDelivered))
  }

  /// Everybody is a member of the one session and has all objects.
  private var isSettled: Bool {
    guard let host, let session = host.session, session.isInSession else { return false }
    return session.synchronizedPeers.count == players.count - 1
      && players.allSatisfy {
        $0.session?.isInSession == true && $0.leavingSince == nil && $0.asleepUntil <= network.now
      }
  }

  private func disturb() {
    if let time = handOverAt, network.now >= time, let host, (host.lobby?.members.count ?? 0) > 2 {
      handOverAt = nil
      host.handOver()
    }
    if network.now >= nextKill, network.now < options.seconds - 10, network.now < hostKillAt || host == nil {
      nextKill = network.now + dice.between(4, 9)
      let victims = players.filter { $0 !== host && $0.instance?.wasMember == true }
      if players.count > 2, let victim = dice.pick(victims) { kill(victim) }
    }
    if network.now >= hostKillAt, let host, (host.lobby?.members.count ?? 0) > 1,
      // The host's signs for a client that died are seen on their own.
      deaths.allSatisfy({ network.now - $0.time > timing.pongTimeout + 2.5 })
    {
      hostKillAt = .infinity
      nextKill = max(nextKill, network.now + 14)
      kill(host)
    }
  }

  private func kill(_ player: Player) {
    let members =
      player.instance?.isHost == true
      ? players.filter { $0 !== player && $0.session?.isInSession == true && $0.session?.host == player.peer }
        .compactMap(\.instance)
      : []
    deaths.append(
      Death(
        time: network.now, instance: player.instance, peer: player.peer, wasHost: player.instance?.isHost == true,
        lobby: player.lobby?.members ?? [], members: members))
    if player === host { host = nil }
    player.die(restartAfter: dice.between(0.2, 8))
  }

  /// What has to follow a death, each by its time.
  private func watchDeaths() {
    for index in deaths.indices {
      let death = deaths[index]
      let age = network.now - death.time
      if death.stage == 0, age >= timing.pongTimeout + 3 {
        deaths[index].stage = 1
        checkGone(death)
        if death.wasHost { checkHostError(death) }
      } else if death.stage == 1, age >= timing.pongTimeout + 2 + 5.5 {
        deaths[index].stage = 2
        if death.wasHost { checkDisconnected(death) }
      }
    }
  }

  private func checkGone(_ death: Death) {
    guard let dead = death.instance else { return }
    for player in players {
      guard let instance = player.instance, let session = player.session, session.isInSession else { continue }
      // Its members are in their grace.
      if session.host == death.peer { continue }
      if instance.mirror.values.contains(where: { $0.object.owner === dead && !$0.object.hasMoved }) {
        player.fail("still has objects of \(death.peer), which died \(network.now - death.time) s ago")
      }
      if session.isMember(death.peer), (added[death.peer] ?? 0) < death.time {
        player.fail("still counts \(death.peer) as a member, which died \(network.now - death.time) s ago")
      }
    }
  }

  private func checkHostError(_ death: Death) {
    let survivors = death.members.filter { $0.end == nil }
    for player in players {
      guard let instance = player.instance, survivors.contains(where: { $0 === instance }) else { continue }
      if player.session?.hostError != true {
        player.fail("no host_error \(network.now - death.time) s after the host's death")
      }
    }
    // The longest-standing member of the lobby that lives on.
    let heir = death.lobby.dropFirst().first { member in
      players.contains { player in
        // One that has come back and asked the dead host is no member yet.
        guard player.peer == member, player.lobby?.state == .joined, let stay = player.stay else { return false }
        return ledger.lives[stay].begin < death.time
      }
    }
    guard let heir else { return }
    for player in players {
      guard let lobby = player.lobby, lobby.state == .joined, let stay = player.stay,
        ledger.lives[stay].begin < death.time,
        death.lobby.contains(player.peer)
      else { continue }
      if lobby.lobbyHost != heir {
        player.fail("lobby host is \(lobby.lobbyHost), not the longest-standing member \(heir)")
      }
      if lobby.members.first != heir { player.fail("lobby's first member is not its host") }
    }
  }

  private func checkDisconnected(_ death: Death) {
    for instance in death.members where instance.disconnects != 1 && instance.expectsDisconnect != false {
      let player = players[instance.player]
      guard player.instance === instance || instance.end.map({ $0 > death.time + 3 }) ?? true else { continue }
      player.fail("heard game_session_disconnect \(instance.disconnects) times after the host's death")
    }
  }
}
