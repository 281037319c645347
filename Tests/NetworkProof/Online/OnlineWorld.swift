import NetRuntime

/// One seed of a platform: players who meet over an online service that has its bad days, and what must follow from
/// each of these.
final class OnlineWorld {
  /// Seconds within which nothing of a dead player may be left in the directory.
  static let patience = 15.0
  /// Seconds for which a player may see an entry otherwise than the directory, or be without a connection to a member,
  /// while the service is there.
  static let disagreement = 12.0

  let seed: UInt64
  let platform: Platform
  let seconds: Double
  let verbosity: Int
  let network: VirtualNetwork
  let service: MemoryDirectoryService
  let config: NetworkConfig
  let step = 1.0 / 30
  private(set) var players: [OnlinePlayer] = []
  private(set) var isSettling = false
  private(set) var failures: [String] = []
  private(set) var failureCount = 0
  var counts = Counts()
  private var dice: Dice
  private var nextTrouble: Double
  /// Seconds between two troubles.
  private let pause: ClosedRange<Double>
  /// Since when something is wrong, by what it is.
  private var wrongSince: [String: Double] = [:]
  /// When the service, or the cable of a player, is there again.
  private var outageEnd: Double?
  private var cutOff: (player: OnlinePlayer, end: Double)?
  /// Until when the service stays there.
  private var calmEnd = 0.0
  private var deaths: [(player: PeerID, run: UInt64, time: Double)] = []
  private var nextLook = 0.0
  /// Whether the service was away for so long that PSN's contexts have ended.
  private(set) var mayLoseContexts = false

  struct Counts {
    var created = 0
    var joined = 0
    var left = 0
    var sessions = 0
    var kills = 0
    var outages = 0
    var cuts = 0
    var signOuts = 0
    var restarts = 0
    var expiries = 0
    var invitations = 0
  }

  init(seed: UInt64, peers: Int, platform: Platform, seconds: Double, verbosity: Int) throws {
    self.seed = seed
    self.platform = platform
    self.seconds = seconds
    self.verbosity = verbosity
    dice = Dice(seed &* 257 &+ UInt64(peers))
    let network = VirtualNetwork(seed: seed)
    self.network = network
    network.defaultFaults = LinkFaults(latency: 0.05, jitter: 0.02, loss: 0.03, duplication: 0.02, reordering: 0.02)
    service = MemoryDirectoryService(
      clock: { network.now }, random: SeededRandomSource(seed: seed ^ 0x0D_15EA5E),
      latency: 0.02...dice.between(0.05, 0.4))
    pause = dice.chance(0.3) ? 0.5...2 : 2...7
    config = try NetworkConfig.parse(ProofSchema.make(seed: seed), file: "proof.network_config")
    nextTrouble = dice.between(4, 8)
    for index in 0..<peers { players.append(OnlinePlayer(self, index: index, start: dice.between(0, 3))) }
  }

  func run() {
    play(until: seconds)
    isSettling = true
    service.isLost = false
    service.latency = 0.02...0.06
    cutOff?.player.isCutOff = false
    network.defaultFaults = LinkFaults(latency: 0.02)
    let limit = seconds + 60
    while network.now < limit, !(players.allSatisfy(\.isPlaying)) { frame() }
    play(until: network.now + 5)
    check()
  }

  private func play(until end: Double) {
    while network.now < end { frame() }
  }

  private func frame() {
    network.advance(to: network.now + step)
    if !isSettling { disturb() }
    for player in players { player.frame() }
    if network.now >= nextLook {
      nextLook = network.now + 1
      lookForTheDead()
      lookForDisagreement()
    }
  }

  // MARK: - Troubles

  private func disturb() {
    if let end = outageEnd, network.now >= end {
      outageEnd = nil
      calmEnd = network.now + 1
      service.isLost = false
    }
    if let cut = cutOff, network.now >= cut.end {
      cutOff = nil
      calmEnd = network.now + 1
      cut.player.isCutOff = false
    }
    guard network.now >= nextTrouble, network.now < seconds - 10 else { return }
    nextTrouble = network.now + dice.between(pause.lowerBound, pause.upperBound)
    guard let victim = dice.pick(players.filter(\.isRunning)) else { return }
    switch dice.below(6) {
    case 0, 1:
      counts.kills += 1
      kill(victim)
    case 2, 3:
      guard mayLoseService else { return }
      counts.outages += 1
      outageEnd = network.now + drawOutage()
      note("the service is lost")
      service.isLost = true
    case 4:
      guard mayLoseService else { return }
      counts.cuts += 1
      cutOff = (victim, network.now + drawOutage())
      note("player \(victim.index) alone loses the service")
      victim.isCutOff = true
    default:
      counts.signOuts += 1
      victim.expectsSignOut = true
      note("player \(victim.index) is signed out")
      service.signOut(victim.peer)
    }
  }

  /// Two outages at once, or one behind the other, could together last for longer than the service's patience.
  private var mayLoseService: Bool { outageEnd == nil && cutOff == nil && network.now >= calmEnd }

  /// Most are short; in a long one players are forgotten.
  private func drawOutage() -> Double {
    guard dice.chance(0.2) else { return dice.between(0.5, 8) }
    counts.expiries += 1
    mayLoseContexts = mayLoseContexts || platform == .psn
    return dice.between(12.5, 16)
  }

  private func kill(_ player: OnlinePlayer) {
    note("player \(player.index) is killed")
    if cutOff?.player === player { cutOff = nil }
    if let run = service.state.run(of: player.peer) { deaths.append((player.peer, run, network.now)) }
    player.die()
  }

  var entries: [DirectoryEntry] {
    service.state.records.compactMap { if case .entry(let entry)? = $0.content { entry } else { nil } }
  }

  private func lookForTheDead() {
    guard !deaths.isEmpty else { return }
    let entries = entries
    for death in deaths where network.now - death.time >= Self.patience {
      for entry in entries where entry.members.contains(where: { $0.player == death.player && $0.run == death.run }) {
        fail("\(death.player) died \((network.now - death.time).rounded(to: 10)) s ago and is in \(entry.id)")
      }
    }
    deaths.removeAll { network.now - $0.time >= Self.patience }
  }

  /// What a player sees wrongly, or lacks, has to pass.
  private func lookForDisagreement() {
    var wrong: [String: Double] = [:]
    for entry in entries where !service.isLost {
      for player in players where player.seesService {
        for problem in player.problems(in: entry) { wrong[problem] = wrongSince[problem] ?? network.now }
      }
    }
    for (problem, since) in wrong.sorted(by: { $0.key < $1.key }) where network.now - since > Self.disagreement {
      fail("\(problem) for \((network.now - since).rounded(to: 10)) s")
      wrong[problem] = network.now
    }
    wrongSince = wrong
  }

  // MARK: - The end

  private func check() {
    let entries = entries
    for entry in entries {
      let members = players.filter { player in entry.members.contains { $0.player == player.peer } }
      if members.isEmpty { fail("\(entry.id) has no living member") }
      if members.count != entry.members.count { fail("\(entry.id) has members that are nobody") }
      for player in members { player.check(entry, members) }
    }
    for player in players where !entries.contains(where: { $0.id == player.lobby?.id }) {
      player.fail("is in no entry of the directory: \(player.description)")
    }
  }

  func fail(_ text: @autoclosure () -> String) {
    failureCount += 1
    if failures.count < 12 { failures.append("[\(network.now.rounded(to: 100))] \(text())") }
    note("FAILED: \(text())")
  }

  func note(_ text: @autoclosure () -> String) {
    if verbosity > 0 { print("[\(network.now.rounded(to: 100))] \(text())") }
  }

  var summary: String {
    "\(platform.rawValue): \(counts.created) created, \(counts.joined) joined, \(counts.left) left, "
      + "\(counts.sessions) sessions entered, \(counts.kills) kills, \(counts.outages) outages, \(counts.cuts) cuts, "
      + "\(counts.expiries) of them long, \(counts.signOuts) sign-outs, \(counts.restarts) other clients, "
      + "\(counts.invitations) invitations"
  }

  var digest: UInt64 { UInt64(network.datagramsSent) &* 31 &+ UInt64(counts.joined &* 1000 &+ counts.sessions) }
}

extension Platform {
  /// What its players meet in.
  var entryKind: DirectoryEntry.Kind {
    switch self {
    case .psn: .psnRoom
    case .xboxLive: .xboxSession
    case .lan, .steam, .steamServer: .steamLobby
    }
  }
}

extension Double {
  func rounded(to parts: Double) -> Double { (self * parts).rounded() / parts }
}
