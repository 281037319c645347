import Testing

@testable import NetRuntime

/// Random play on a bad network, which must end with everyone agreeing on everything.
@Suite struct SessionWorkloadTests {
  @Test(arguments: Array(UInt64(1)...24))
  func randomPlayEndsInAgreement(seed: UInt64) throws {
    var play = try RandomPlay(seed: seed)
    try play.run(frames: 150)
  }
}

struct RandomPlay {
  let world: SessionTestWorld
  /// Objects change hands, and connections between clients are lost and made again.
  var migrates = false
  let seed: UInt64
  var nextNumber: UInt32 = 0
  /// Reliable messages by sender and receiver while both stay members.
  var sent: [[PeerID]: [UInt32]] = [:]

  init(seed: UInt64) throws {
    self.seed = seed
    let count = 2 + Int(seed % 7)
    world = try SessionTestWorld(peers: count, clientServer: seed % 2 == 0, seed: seed &* 7919)
    world.loss = 0.1
    world.latency = 0.06...0.14
    world.createSession(0)
    try world[0].game.makeHost()
  }

  func pick(_ bound: Int) -> Int { Int(world.random.next(below: UInt64(bound))) }

  mutating func run(frames: Int) throws {
    for _ in 0..<frames {
      for _ in 0..<3 { try act() }
      if migrates { try changeOwners() }
      try removeLeavers()
      world.step()
    }
    if migrates { mendLinks() }
    for _ in 0..<20 {
      try removeLeavers()
      // Whom the host put out and invited again needs a new session to come back.
      for index in world.peers.indices where index > 0 {
        guard let session = world[index].session, !session.isInSession, session.host != nil else { continue }
        world.closeSession(index)
        world.createSession(index)
      }
      world.step(8)
    }
    try check()
  }

  mutating func act() throws {
    let index = pick(world.peers.count)
    let peer = world[index]
    switch pick(40) {
    case 0: try changeMembership(index)
    case 1...4: if try isPlaying(peer) { try create(peer).map { peer.book.created($0) } }
    case 5...7:
      if try isPlaying(peer), let id = try own(peer) { try destroy(id, peer) }
    case 8...12: try say(peer)
    default:
      if try isPlaying(peer), let id = try own(peer) { try change(peer, id) }
    }
  }

  func isPlaying(_ peer: SessionTestPeer) throws -> Bool { peer.session?.isInSession ?? false }

  func own(_ peer: SessionTestPeer) throws -> UInt32? {
    let ids = try peer.game.objects(ownedBy: peer.id)
    return ids.isEmpty ? nil : ids[pick(ids.count)]
  }

  func destroy(_ id: UInt32, _ peer: SessionTestPeer) throws {
    try peer.game.destroyObject(id)
    peer.book.destroyed(id)
  }

  func create(_ peer: SessionTestPeer) throws -> UInt32? {
    if try peer.game.objects(ownedBy: peer.id).count > 30 { return nil }
    return switch pick(3) {
    case 0: try peer.game.create("avatar", [("owner", .uint64(peer.id.rawValue)), ("score", .int(Int64(pick(1000))))])
    case 1: try peer.game.create("token", [("value", .int(Int64(pick(1000))))])
    default: try peer.game.create("slow")
    }
  }

  func change(_ peer: SessionTestPeer, _ id: UInt32) throws {
    let type = world.config.objects[try peer.game.objectType(of: id)]
    guard type.name == "avatar" else { return try peer.game.set(id, "value", .int(Int64(pick(1001)))) }
    switch pick(5) {
    case 0: try peer.game.set(id, "score", .int(Int64(pick(1001))))
    case 1: try peer.game.set(id, "place", .vector3([Float(pick(100)), Float(pick(100)) - 50, 0]))
    case 2: try peer.game.set(id, "list", .array((0..<pick(21)).map { .int(Int64($0)) }))
    case 3:
      try peer.game.set(
        id, "label", .string([UInt8](repeating: UInt8(pick(256)), count: pick(pick(10) == 0 ? 2000 : 60))))
    default: try peer.game.set(id, "owner", .uint64(world.random.next()))
    }
  }

  mutating func say(_ peer: SessionTestPeer) throws {
    guard try isPlaying(peer), let target = try peer.game.otherPeers.randomElement(using: &choice),
      peer.links.lanes[target]?.state == .connected
    else { return }
    nextNumber += 1
    try peer.sendMessage(nextNumber, to: target)
    // Who does not know yet that it was put out sends in vain, and so does who speaks to somebody put out.
    let host = try world[0].game.membership
    let isCurrent = try peer === world[0] || host.member(peer.id)?.info.join == peer.game.membership.ownJoin
    let isKnown =
      try target == world[0].id || host.member(target)?.info.join == peer.game.membership.member(target)?.info.join
    if isCurrent && isKnown { sent[[peer.id, target], default: []].append(nextNumber) }
  }

  var choice: Chooser {
    get { Chooser(source: world.random) }
    set {}
  }

  struct Chooser: RandomNumberGenerator {
    let source: SeededRandomSource
    mutating func next() -> UInt64 { source.next() }
  }

  mutating func changeMembership(_ index: Int) throws {
    let host = try world[0].game
    let peer = world[index]
    guard index > 0 else { return }
    if peer.session == nil {
      world.createSession(index)
    } else if try !peer.game.isInSession, !host.isMember(peer.id) {
      if try peer.game.host != nil {
        // The old session is over.
        world.closeSession(index)
      } else {
        try host.addPeer(peer.id)
      }
    } else if pick(3) == 0 {
      switch pick(3) {
      case 0: try peer.game.leave()
      case 1: world.closeSession(index)
      default: if host.isMember(peer.id) { try remove(peer.id) }
      }
    } else if !host.isMember(peer.id), pick(2) == 0 {
      try host.addPeer(peer.id)
    }
  }

  mutating func remove(_ peer: PeerID) throws {
    try world[0].game.removePeer(peer)
    while let event = try world[0].game.nextRemovalEvent() { world[0].note(event) }
    forget(peer)
  }

  mutating func forget(_ peer: PeerID) {
    for key in sent.keys where key.contains(peer) { sent[key] = [] }
    for one in world.peers {
      one.received[peer] = []
      if one.id == peer { one.received = [:] }
    }
  }

  mutating func removeLeavers() throws {
    while let peer = try world[0].game.wantsToLeave ?? world[0].game.brokenConnection { try remove(peer) }
  }

  func check() throws {
    let host = try world[0].game
    let expected = try host.snapshot()
    if migrates { try checkBooks() }
    for peer in world.peers where try isPlaying(peer) {
      #expect(try peer.game.peers == host.peers, "seed \(seed), peer \(peer.id)")
      let own = try peer.game.snapshot()
      #expect(own == expected, "seed \(seed), peer \(peer.id)")
      #expect(
        !peer.warnings.contains { $0.hasPrefix("ignored") && !$0.contains("stranger") },
        "seed \(seed): \(peer.warnings)")
    }
    for peer in world.peers where host.isMember(peer.id) && peer.session != nil {
      #expect(peer.session?.isInSession == true, "seed \(seed), peer \(peer.id)")
      if peer !== world[0] { #expect(host.synchronizedPeers.contains(peer.id), "seed \(seed), peer \(peer.id)") }
    }
    for (pair, numbers) in sent
    where world.peers.contains(where: { $0.id == pair[1] && $0.session?.isInSession == true }) {
      guard pair.allSatisfy({ host.isMember($0) }) else { continue }
      let received = world.peers.first { $0.id == pair[1] }?.received[pair[0]] ?? []
      #expect(
        Array(received.suffix(numbers.count)) == numbers || received.isEmpty && numbers.isEmpty,
        "seed \(seed), \(pair): \(numbers) \(received)")
    }
  }
}
