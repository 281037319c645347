import Testing

@testable import NetRuntime

/// Random play with objects that change hands, while members come and go, connections between clients are made anew,
/// and the host decides over the owners' heads.
@Suite struct SessionOwnershipPlayTests {
  @Test(arguments: Array(UInt64(101)...130))
  func randomPlayWithMigrationsEndsInAgreement(seed: UInt64) throws {
    var play = try RandomPlay(seed: seed)
    play.migrates = true
    try play.run(frames: 150)
  }
}

/// What the callbacks of one peer told of objects.
struct OwnershipBook {
  var existing: Set<UInt32> = []
  var own: Set<UInt32> = []
  var complaints: [String] = []

  /// This peer's script created an object.
  mutating func created(_ id: UInt32) {
    existing.insert(id)
    own.insert(id)
  }

  mutating func destroyed(_ id: UInt32) {
    existing.remove(id)
    own.remove(id)
  }

  mutating func note(_ event: NetworkEvent, _ peer: SessionTestPeer) {
    func expect(_ holds: Bool, _ text: String) { if !holds { complaints.append("\(text): \(event)") } }
    switch event {
    case .objectCreated(let id, _):
      expect(existing.insert(id).inserted, "created twice")
    case .objectDestroyed(let id, _):
      expect(existing.remove(id) != nil, "destroyed without having been there")
      expect(!own.contains(id), "destroyed while it was this peer's own")
    case .objectMigratedToMe(let id, _):
      expect(existing.contains(id), "got an object that is not there")
      expect(own.insert(id).inserted, "got twice")
      expect((try? peer.session?.owner(of: id)) == peer.id, "got, and not its owner")
    case .objectMigratedAway(let id, let owner):
      expect(own.remove(id) != nil, "lost without owning")
      expect((try? peer.session?.owner(of: id)) == owner, "lost, and the owner is another")
    default: break
    }
  }
}

extension RandomPlay {
  /// Somebody gives an object away, the host perhaps one of another's; perhaps just before its owner is put out.
  mutating func changeOwners() throws {
    try giveOne()
    if world.config.topology == .peerToPeer, pick(40) == 0 { remakeLink() }
  }

  func giveOne() throws {
    let peer = world[pick(world.peers.count)]
    guard pick(3) == 0, try isPlaying(peer) else { return }
    let all = try peer.game.peers.flatMap { try peer.game.objects(ownedBy: $0) }
    let ids = try peer === world[0] ? all : peer.game.objects(ownedBy: peer.id)
    guard !ids.isEmpty else { return }
    let id = ids[pick(ids.count)]
    let targets = try peer.game.peers
    guard let target = world.peers.first(where: { [at = targets[pick(targets.count)]] in $0.id == at }) else { return }
    try peer.migrate(id, to: target)
    switch pick(6) {
    case 0: if try peer.game.owner(of: id) == peer.id { try destroy(id, peer) }
    case 1: if try peer.game.owner(of: id) == peer.id { try change(peer, id) }
    default: break
    }
  }

  mutating func remakeLink() {
    guard world.peers.count > 2 else { return }
    let one = 1 + pick(world.peers.count - 1)
    let other = 1 + pick(world.peers.count - 1)
    guard one != other else { return }
    world.breakLink(one, other)
    // What was on its way is lost.
    for (from, to) in [(one, other), (other, one)] {
      sent[[world[from].id, world[to].id]] = []
      world[to].received[world[from].id] = []
    }
    if pick(2) == 0 { world.connect(one, other) }
  }

  func checkBooks() throws {
    for peer in world.peers where try isPlaying(peer) {
      #expect(peer.book.complaints == [], "seed \(seed), peer \(peer.id)")
      #expect(peer.book.own.sorted() == (try peer.game.objects(ownedBy: peer.id)), "seed \(seed), peer \(peer.id)")
      let all = try peer.game.peers.flatMap { try peer.game.objects(ownedBy: $0) }
      #expect(peer.book.existing == Set(all), "seed \(seed), peer \(peer.id)")
    }
  }

  func mendLinks() {
    for one in world.peers.indices {
      for other in world.peers.indices where one < other {
        if world[one].links.lanes[world[other].id]?.state == .broken { world.connect(one, other) }
      }
    }
  }
}
