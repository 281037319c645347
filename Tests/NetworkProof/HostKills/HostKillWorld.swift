import NetRuntime

/// One seed of the host kills: peers play, the host dies in the midst of something, the others go on.
final class HostKillWorld {
  /// An object as it was made.
  struct Thing {
    let creator: Int
    var isDestroyed: Bool { destroyer != nil }
    /// The owner that destroyed it.
    var destroyer: Int?
    /// Whether the host gave it away over its owner's head: then what that owner does at the same time, a destruction
    /// too, may count for nothing.
    var isContested = false
    /// Whom it was ever given to.
    var receivers: Set<Int> = []
  }

  static let lobbyPort: UInt16 = 10_000
  static let step = 1.0 / 60

  let plan: HostKillPlan
  let verbosity: Int
  let network: VirtualNetwork
  let config: NetworkConfig
  let packer = Packer()
  let timing: TimingSettings
  let thing: Int
  let page: Int
  let say: Int
  let countCodec: FieldCodec
  var mates: [Mate] = []
  var things: [UInt64: Thing] = [:]
  var isPlaying = false
  var isJoinerWanted = false
  /// The peers that died, in order.
  var dead: [Int] = []
  var diedAt = 0.0
  var firstCall: Double?
  /// Seconds from the first call for another host, and the last survivor's noticing the loss, to the last survivor's
  /// having a host.
  var resumeTime: Double?
  private(set) var failures: [String] = []
  private(set) var failureCount = 0
  private(set) var digest = Digest()
  private var frame = 0
  private var nextUID: UInt64 = 1

  init(seed: UInt64, peers: Int, verbosity: Int) throws {
    plan = HostKillPlan(seed: seed, peers: peers)
    self.verbosity = verbosity
    network = VirtualNetwork(seed: seed)
    config = try NetworkConfig.parse(
      HostKillPlan.schema(isClientServer: plan.isClientServer), file: "host_kills.network_config")
    thing = config.objectIndex(named: "thing") ?? 0
    page = config.objectIndex(named: "page") ?? 0
    say = config.messageIndex(named: "say") ?? 0
    countCodec = config.objects[thing].fields[1].type.codec
    var timing = TimingSettings()
    timing.pongTimeout = plan.pongTimeout
    self.timing = timing
    network.defaultFaults = LinkFaults(latency: 0.02)
    for index in 0..<peers { mates.append(Mate(self, index: index)) }
  }

  func makeRuntime(_ card: KillSwitch, _ seed: UInt64) -> NetworkRuntime {
    let network = network
    let shown = [LogLevel.silent, .warnings, .messages][min(verbosity, 2)]
    return NetworkRuntime(
      NetworkRuntime.Environment(
        transport: card, random: SeededRandomSource(seed: seed), now: { network.now },
        log: { level, text in if level <= shown { print("  [\(network.now)] host \(card.inner.host): \(text())") } }))
  }

  func fail(_ text: @autoclosure () -> String) {
    failureCount += 1
    if failures.count < 10 { failures.append("\(Double(Int(network.now * 1000)) / 1000) s: \(text())") }
  }

  func note(_ mate: Mate, _ text: @autoclosure () -> String) {
    if verbosity > 0 { print("[\(network.now)] peer \(mate.index) \(mate.peer): \(text())") }
  }

  func index(of peer: PeerID) -> Int { mates.firstIndex { $0.peer == peer } ?? -1 }

  /// The peer that is taken in while the host dies; nil where that is not the exchange.
  var joiner: Mate? {
    plan.exchange == .join || plan.exchange == .lateJoin ? (mates.count > 1 ? mates[mates.count - 1] : nil) : nil
  }

  /// Those who are in the session and alive.
  var members: [Mate] { mates.filter { $0.isAlive && $0.isMember } }

  // MARK: Running

  /// Frames until something holds.
  @discardableResult
  func run(for seconds: Double, until holds: () -> Bool = { false }) -> Bool {
    let end = network.now + seconds
    while network.now < end {
      if holds() { return true }
      frame += 1
      network.advance(to: Double(frame) * Self.step)
      for mate in mates { mate.frame() }
      for mate in mates where !mate.isAlive && !dead.contains(mate.index) {
        dead.append(mate.index)
        diedAt = network.now
        firstCall = nil
        note(mate, "is dead")
      }
      if firstCall == nil { firstCall = mates.compactMap { $0.isAlive ? $0.calledAt : nil }.min() }
    }
    return holds()
  }

  func play() {
    guard assemble() else { return }
    isPlaying = true
    run(for: 1.5)
    if plan.isBadNetwork {
      network.defaultFaults = LinkFaults(latency: 0.08, jitter: 0.03, loss: 0.1, duplication: 0.05, reordering: 0.05)
    }
    begin()
    if !run(for: 4, until: { !self.mates[0].isAlive }) {
      mates[0].card.die()
      run(for: Self.step * 1.5)
    }
    awaitSuccessor()
    run(for: 1.5)
    network.defaultFaults = LinkFaults(latency: 0.02)
    isPlaying = false
    run(for: 12, until: { self.isQuiet })
    run(for: 4)
    check()
    for mate in mates {
      digest.add(UInt64(mate.seen.count))
      digest.add(mate.session?.host?.rawValue ?? 0)
    }
    digest.add(UInt64(network.datagramsSent))
    digest.add(UInt64(network.datagramsDelivered))
  }

  /// Everybody in one lobby and one session, with the objects.
  private func assemble() -> Bool {
    for mate in mates { mate.start() }
    let keeper = plan.hostsLobby || mates.count < 3 ? mates[0] : mates[1]
    do {
      keeper.lobby = try keeper.runtime.createLobby(port: Self.lobbyPort, maxMembers: 64)
      for mate in mates where mate !== keeper {
        mate.lobby = try mate.runtime.joinLobby(
          address: "10.0.0.\(keeper.index + 1):\(Self.lobbyPort)", ownPort: Self.lobbyPort)
      }
      let isMet = run(for: 20) {
        self.mates.allSatisfy {
          $0.lobby?.members.count == self.mates.count && $0.runtime.connectedPeers.count == self.mates.count - 1
        }
      }
      guard isMet else {
        fail("the peers did not meet")
        return false
      }
      for mate in mates { mate.session = try mate.runtime.createSession() }
      try mates[0].session?.makeHost()
      for mate in mates.dropFirst() where mate !== joiner { try mates[0].session?.addPeer(mate.peer) }
    } catch {
      fail("setting up: \(error)")
      return false
    }
    let players = mates.filter { $0 !== joiner }
    var isReady = run(for: 20) { self.mates[0].session?.synchronizedPeers.count == players.count - 1 }
    for number in 0..<plan.objects { create(players[number % 2 == 0 ? 0 : number / 2 % players.count]) }
    isReady = isReady && run(for: 30) { players.allSatisfy { $0.seen.count == self.plan.objects } }
    if !isReady { fail("the session did not come about") }
    return isReady
  }

  /// The exchange begins, and with it the countdown.
  private func begin() {
    let host = mates[0]
    note(host, "is to die: \(plan.description)")
    let count = plan.exchange == .lateJoin ? plan.datagram * 4 : plan.datagram
    if plan.exchange != .election { host.card.arm(plan.moment, at: count) }
    do {
      switch plan.exchange {
      case .quiet: break
      case .join, .lateJoin: if let joiner { try host.session?.addPeer(joiner.peer) }
      case .creations: for mate in members { for _ in 0..<(mate === host ? 30 : 5) { create(mate) } }
      case .destructions: for mate in members { for _ in 0..<12 { destroy(mate) } }
      case .migrations: for mate in members { for _ in 0..<8 { migrate(mate) } }
      case .messages: for mate in members { for _ in 0..<40 { talk(mate) } }
      case .removal: if mates.count > 2 { remove(mates[1], by: host) }
      case .leave:
        if mates.count > 2 {
          mates[1].hasLeft = true
          try mates[1].session?.leave()
        }
      case .election: host.card.die()
      case .shutdown:
        try host.session?.shutdownHost()
      }
    } catch {
      fail("\(plan.exchange): \(error)")
    }
  }

  private func awaitSuccessor() {
    var isArmed = false
    let isOver = run(for: plan.pongTimeout + 16) {
      if self.plan.exchange == .election, !isArmed,
        let candidate = self.members.filter({ $0.calledAt != nil }).min(by: { $0.peer < $1.peer })
      {
        isArmed = true
        candidate.card.arm(self.plan.secondMoment, at: self.plan.secondDatagram)
        self.note(candidate, "is to die, too")
      }
      if isArmed, self.dead.count < 2, self.network.now < self.diedAt + self.plan.pongTimeout + 4 { return false }
      return self.network.now > self.diedAt + self.plan.pongTimeout / 4 && self.hasSuccessor
    }
    if !isOver {
      let hosts = members.map { "\($0.index): \(index(of: $0.session?.host ?? .nobody))" }
      fail("no common host \(network.now - diedAt) s after the last death: \(hosts)")
    }
    if let firstCall, let last = members.compactMap(\.resumedAt).max(), last >= firstCall {
      // The winner's call is the one that counts. A candidate that dies is noticed when it has been silent for this
      // long.
      let call = members.first { $0.session?.isHost == true }?.winningCall ?? firstCall
      let candidatesDeath = dead.count > 1 ? diedAt + 0.75 : 0
      resumeTime = last - max(call, members.map(\.noticedAt).max() ?? 0, candidatesDeath)
    }
  }

  /// All that are left in the session have one host, who lives.
  private var hasSuccessor: Bool {
    let members = members
    guard let host = members.first?.session?.host else { return true }
    return mates[max(0, index(of: host))].isAlive
      && members.allSatisfy { $0.session?.host == host && $0.session?.hostError == false }
  }

  /// Whether all have settled.
  private var isQuiet: Bool {
    let members = members
    guard let host = members.first(where: { $0.session?.isHost == true }), let session = host.session else {
      return true
    }
    return Set(session.peers) == Set(members.map(\.peer)) && session.synchronizedPeers.count == members.count - 1
      && members.allSatisfy { $0.session.map { Set($0.peers) } == Set(session.peers) }
      && !members.contains { $0.hasLeft }
  }

  func makeUID() -> UInt64 {
    defer { nextUID += 1 }
    return nextUID
  }
}
