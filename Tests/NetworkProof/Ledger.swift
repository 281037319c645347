import NetRuntime

/// What ought to be true: kept from the calls that the players made, never from what the engine says.
final class Ledger {
  /// An object as its owner made it; its place in `objects` plus one is its `uid`.
  final class Object {
    let uid: Int
    let id: UInt32
    let type: Int
    /// The instance that created it.
    let owner: Instance
    var isAlive = true
    /// Everyone whom it was ever given to, the creator first.
    var owners: [Instance]
    /// Whether the session's host gave it away over its owner's head: then values and even a destruction of that owner
    /// may count for nothing.
    var isContested = false
    /// Whether it was given to somebody who may just have come back, and was a member of before.
    var mayBeLost = false
    var hasMoved: Bool { owners.count > 1 }
    /// The hashes of all values that each field ever had, in order.
    var history: [[UInt64]]

    init(uid: Int, id: UInt32, type: Int, owner: Instance, fields: [UInt64]) {
      self.uid = uid
      self.id = id
      self.type = type
      self.owner = owner
      owners = [owner]
      history = fields.map { [$0] }
    }
  }

  /// One game session object of a player: at most one membership.
  final class Instance {
    let number: Int
    let player: Int
    let peer: PeerID
    let begin: Double
    var end: Double?
    /// Whether it was a member, and whether all objects had reached it.
    var wasMember = false
    var isSynced = false
    var isHost = false
    /// Whether the host has put it out, which it may not have heard.
    var isRemoved = false
    /// Whether it is to hear that its session ended.
    var expectsDisconnect: Bool?
    var disconnects = 0
    var own: [Object] = []
    /// What it ever owned, by uid.
    var everOwned: Set<Int> = []
    var mirror: [UInt32: Mirrored] = [:]
    /// Of a host: its members in the order of `add_peer`.
    var members: [PeerID] = []

    init(number: Int, player: Int, peer: PeerID, begin: Double) {
      self.number = number
      self.player = player
      self.peer = peer
      self.begin = begin
    }
  }

  /// An object of another peer, as far as its callbacks told; and the newest value of each field that was seen.
  struct Mirrored {
    let object: Object
    var seen: [Int]
    var since = 0.0
  }

  struct Sent {
    let message: Int
    let hash: UInt64
    /// The receiver's number that the sender had heard from when it sent.
    let known: Int
    /// For messages that speak of an object: whether it must have come before.
    var mentions: (object: Object, isAlive: Bool, isOrdered: Bool)?
    /// An object that was given to the receiver just before.
    var gift: Object?
  }

  struct Route: Hashable {
    let sender: Int
    let receiver: PeerID
    let isBound: Bool
    let isReliable: Bool
  }

  final class Outbox {
    let route: Route
    let player: Int
    var sent: [Sent] = []
    /// By the receiver's number: the first and last message of an unbroken row.
    var received: [(number: Int, first: Int, last: Int)] = []
    var arrivals: Set<Int> = []
    /// The receiver's number that this end last heard from.
    var known = -1

    init(_ route: Route, player: Int) {
      self.route = route
      self.player = player
    }
  }

  /// A number's life: of a stay in a lobby or of a game session object.
  struct Life {
    let player: Int
    let peer: PeerID
    let isBound: Bool
    let begin: Double
    var end: Double?
  }

  private(set) var objects: [Object] = []
  private(set) var lives: [Life] = []
  private(set) var outboxes: [Route: Outbox] = [:]
  /// In the order of their beginning, so that checks run in the same order every time.
  private(set) var routes: [Outbox] = []
  private(set) var failures: [String] = []
  private(set) var failureCount = 0
  var digest = Digest()
  var counts = Counts()

  struct Counts {
    var created = 0, destroyed = 0, sets = 0, reliable = 0, unreliable = 0, unreliableArrived = 0
    var joins = 0, leaves = 0, migrations = 0, kicks = 0, restarts = 0, handovers = 0, kills = 0
  }

  func fail(_ now: Double, _ text: @autoclosure () -> String) {
    failureCount += 1
    if failures.count < 12 {
      let hundredths = Int((now * 100).rounded())
      failures.append("\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100) s: \(text())")
    }
  }

  func beginLife(player: Int, peer: PeerID, isBound: Bool, at now: Double) -> Int {
    lives.append(Life(player: player, peer: peer, isBound: isBound, begin: now))
    return lives.count - 1
  }

  func endLife(_ number: Int, at now: Double) { lives[number].end = now }

  // MARK: Objects

  var nextUID: Int { objects.count + 1 }

  func created(_ id: UInt32, type: Int, owner: Instance, fields: [UInt64], at now: Double) {
    for object in owner.own where object.id == id {
      fail(now, "player \(owner.player) was given id \(id) twice")
    }
    let object = Object(uid: nextUID, id: id, type: type, owner: owner, fields: fields)
    objects.append(object)
    owner.own.append(object)
    owner.everOwned.insert(object.uid)
    counts.created += 1
  }

  func object(uid: UInt64) -> Object? {
    uid >= 1 && uid <= UInt64(objects.count) ? objects[Int(uid) - 1] : nil
  }

  // MARK: Messages

  func outbox(_ route: Route, player: Int) -> Outbox {
    if let outbox = outboxes[route] { return outbox }
    let outbox = Outbox(route, player: player)
    outboxes[route] = outbox
    routes.append(outbox)
    return outbox
  }
}
