import Testing

@testable import NetRuntime

/// A peer of the double: its links, its gate and perhaps a session.
final class SessionTestPeer {
  let id: PeerID
  let links: SessionTestLinks
  let gate = SessionGate()
  var session: GameSession?
  /// What the session's callbacks told of objects.
  var book = OwnershipBook()
  /// What the script would have seen, in words.
  var events: [String] = []
  var onEvent: ((NetworkEvent) -> Void)?
  var warnings: [String] = []
  var overflowed: [LinkID] = []
  /// Reliable messages by sender, in the order of their arrival.
  var received: [PeerID: [UInt32]] = [:]

  init(_ id: PeerID) {
    self.id = id
    links = SessionTestLinks(id)
    gate.onOverflow = { [unowned self] in overflowed.append($0) }
  }

  /// The session, which the test has created.
  var game: GameSession {
    get throws { try #require(session) }
  }

  func note(_ event: NetworkEvent) {
    book.note(event, self)
    switch event {
    case .message(let index, let sender, var arguments):
      let number = UInt32(truncatingIfNeeded: arguments.read(bits: 32))
      events.append("message \(number) from \(sender)")
      if index == 0 { received[sender, default: []].append(number) }
    case .objectCreated(let id, let creator): events.append("created \(id) by \(creator)")
    case .objectDestroyed(let id, let destroyer): events.append("destroyed \(id) by \(destroyer)")
    case .objectMigratedToMe(let id, let old): events.append("got \(id) of \(old)")
    case .objectMigratedAway(let id, let new): events.append("lost \(id) to \(new)")
    case .objectSyncDone(let peer): events.append("synced \(peer)")
    case .sessionDisconnect(let host): events.append("disconnected from \(host)")
    }
    onEvent?(event)
  }

  func drain() {
    while let event = session?.nextEvent() { note(event) }
  }

  /// Gives an object away, and notes what that means for this peer at once.
  func migrate(_ id: UInt32, to peer: SessionTestPeer) throws {
    try game.migrateObject(id, to: peer.id)
    while let event = try game.nextMigrationEvent() { note(event) }
  }

  /// Sends a session-bound message that carries a number.
  func sendMessage(_ number: UInt32, to peer: PeerID, isReliable: Bool = true) throws {
    let bytes = (isReliable ? [0] : [1]) + withUnsafeBytes(of: number.littleEndian) { Array($0) } as [UInt8]
    try bytes.withUnsafeBytes { body in
      if try game.relaysMessages(to: peer) {
        try game.relay(body, isReliable: isReliable, priority: 1, to: peer)
      } else if let link = links.link(to: peer) {
        if isReliable {
          _ = try links.sendReliable(.rpc, body, to: link, share: .script)
        } else {
          try links.sendUnreliable(.rpc, body, priority: 1, to: link)
        }
      }
    }
  }
}

/// Peers on one virtual clock, all linked to each other.
final class SessionTestWorld {
  let config: NetworkConfig
  let random: SeededRandomSource
  var now = 0.0
  var latency = 0.02...0.08
  var loss = 0.1
  var peers: [SessionTestPeer] = []
  /// Pairs that cannot hear each other.
  var cut: Set<[PeerID]> = []
  /// Directions whose packets wait until they are taken out of here.
  var held: Set<[PeerID]> = []
  private var wire: [(time: Double, from: PeerID, to: PeerID, packet: SessionTestPacket)] = []
  private var generation: UInt16 = 0

  static let schema = """
    network_type = "TOPOLOGY"
    types = {
      score = { type = "int" min = 0 max = 1000 }
      place = { type = "vector3" min = -100 max = 100 bits = 18 }
      label = { type = "string" max_size = 2000 }
      list = { type = "array" element = "score" max_size = 20 }
    }
    objects = {
      avatar = { fields = [
        { name = "owner" type = "uint64" } { name = "place" type = "place" } { name = "score" type = "score" }
        { name = "label" type = "label" } { name = "list" type = "list" } ] }
      token = { fields = [ { name = "value" type = "score" } ] priority = 3 }
      slow = { fields = [ { name = "value" type = "score" } ] update_rate = 0.5 }
    }
    messages = { say = { args = ["score"] session_bound = true } }
    """

  init(
    peers count: Int, clientServer: Bool = false, seed: UInt64 = 1, schema: String = SessionTestWorld.schema
  ) throws {
    let text = schema.split(separator: "TOPOLOGY", omittingEmptySubsequences: false)
      .joined(separator: clientServer ? "client-server" : "peer-to-peer")
    config = try NetworkConfig.parse(text, file: "test")
    random = SeededRandomSource(seed: seed)
    for index in 0..<count { peers.append(SessionTestPeer(PeerID(rawValue: UInt64(0xA0 + index)))) }
    for one in peers.indices {
      for other in peers.indices where one < other { connect(one, other) }
    }
  }

  subscript(index: Int) -> SessionTestPeer { peers[index] }

  func connect(_ one: Int, _ other: Int) {
    generation += 1
    for (here, there) in [(one, other), (other, one)] {
      let link = LinkID(index: UInt16(there), generation: generation)
      peers[here].links.lanes[peers[there].id] = .init(peer: peers[there].id, link: link)
    }
    for (here, there) in [(one, other), (other, one)] {
      guard let link = peers[here].links.link(to: peers[there].id) else { continue }
      peers[here].session?.linkConnected(link, peer: peers[there].id, at: now)
    }
  }

  /// The connection between two peers falls silent, and both notice.
  func breakLink(_ one: Int, _ other: Int) {
    for (here, there) in [(one, other), (other, one)] {
      peers[here].links.lanes[peers[there].id]?.state = .broken
      guard let link = peers[here].links.link(to: peers[there].id) else { continue }
      peers[here].session?.linkBroken(link, peer: peers[there].id, at: now)
      peers[here].drain()
    }
  }

  @discardableResult
  func createSession(_ index: Int) -> GameSession {
    let peer = peers[index]
    let session = GameSession(
      links: peer.links, config: config, gate: peer.gate, random: random,
      log: { [unowned peer] level, text in if level == .warnings { peer.warnings.append(text().text) } })
    session.decodeMessage = { sender, body in
      guard body.count == 5 else { return nil }
      return .message(
        index: Int(body[0]), sender: sender, arguments: BitReader(UnsafeRawBufferPointer(rebasing: body[1...])))
    }
    peer.session = session
    peer.book = OwnershipBook()
    return session
  }

  func closeSession(_ index: Int) {
    peers[index].session?.close()
    peers[index].session = nil
  }

  /// Nothing comes through between two peers from now on, what is on its way included.
  func cut(_ one: Int, _ other: Int) {
    let pair: Set = [peers[one].id, peers[other].id]
    cut.insert([peers[one].id, peers[other].id])
    wire.removeAll { pair == [$0.from, $0.to] }
  }

  /// One frame of every peer, a thirtieth of a second.
  func step(_ frames: Int = 1) {
    for _ in 0..<frames {
      now += 1.0 / 30
      for peer in peers { receive(peer) }
      for peer in peers { transmit(peer) }
    }
  }

  /// Frames until something holds, five seconds at most.
  @discardableResult
  func step(until condition: () throws -> Bool) rethrows -> Bool {
    for _ in 0..<150 {
      if try condition() { return true }
      step()
    }
    return try condition()
  }

  private func receive(_ peer: SessionTestPeer) {
    var due: [(time: Double, from: PeerID, to: PeerID, packet: SessionTestPacket)] = []
    wire.removeAll { entry in
      guard entry.to == peer.id, entry.time <= now, !held.contains([entry.from, entry.to]) else { return false }
      due.append(entry)
      return true
    }
    due.sort { $0.time < $1.time }
    peer.session?.advanceInterpolation(by: 1.0 / 30, at: now)
    peer.drain()
    for entry in due {
      for delivery in peer.links.receive(entry.packet, from: entry.from, peer.session, at: now) {
        hand(delivery, to: peer)
      }
    }
    peer.links.expire(peer.session, at: now)
    peer.session?.advance(at: now)
    peer.drain()
  }

  func hand(_ delivery: SessionTestDelivery, to peer: SessionTestPeer) {
    delivery.bytes.withUnsafeBytes { body in
      let delivery = Delivery(
        link: delivery.link, peer: delivery.peer, channel: delivery.channel, isReliable: delivery.isReliable,
        packet: delivery.packet,
        body: body)
      if let session = peer.session {
        session.handle(delivery, at: now)
      } else if delivery.isReliable {
        peer.gate.hold(delivery)
      }
      peer.drain()
    }
  }

  private func transmit(_ peer: SessionTestPeer) {
    peer.session?.flush(at: now)
    for other in peers where other !== peer {
      guard let packet = peer.links.packet(to: other.id, peer.session, at: now) else { continue }
      if cut.contains([peer.id, other.id]) || cut.contains([other.id, peer.id]) { continue }
      if random.nextUnit() < loss { continue }
      let delay = latency.lowerBound + (latency.upperBound - latency.lowerBound) * random.nextUnit()
      wire.append((now + delay, peer.id, other.id, packet))
    }
  }

  /// A session with everyone in it and synchronised.
  static func joined(
    _ count: Int, clientServer: Bool = false, seed: UInt64 = 1, schema: String = SessionTestWorld.schema
  ) throws -> SessionTestWorld {
    let world = try SessionTestWorld(peers: count, clientServer: clientServer, seed: seed, schema: schema)
    for index in 0..<count { world.createSession(index) }
    try world[0].game.makeHost()
    for index in 1..<count { try world[0].game.addPeer(world[index].id) }
    let done = try world.step(until: { try world[0].game.synchronizedPeers.count == count - 1 })
    #expect(done)
    world.step(10)
    return world
  }
}

/// Values of the test schema's fields.
extension GameSession {
  func type(_ name: String) throws -> Int { try #require(config.objectIndex(named: name)) }

  func create(_ type: String, _ values: [(String, FieldValue)] = []) throws -> UInt32 {
    let index = try self.type(type)
    return try createObject(type: index) { draft in
      for (name, value) in values {
        let field = try #require(config.objects[index].fieldIndex(named: name))
        try withPacked(value, config.objects[index].fields[field].type.codec) {
          try draft.set(field: field, packed: $0)
        }
      }
    }
  }

  func set(_ id: UInt32, _ name: String, _ value: FieldValue) throws {
    let type = config.objects[try objectType(of: id)]
    let field = try #require(type.fieldIndex(named: name))
    try withPacked(value, type.fields[field].type.codec) { try setField(id, field: field, packed: $0) }
  }

  func get(_ id: UInt32, _ name: String) throws -> FieldValue? {
    let type = config.objects[try objectType(of: id)]
    let field = try #require(type.fieldIndex(named: name))
    var reader = try self.field(id, field: field)
    return FieldValue.decode(from: &reader, type.fields[field].type.codec)
  }

  private func withPacked(_ value: FieldValue, _ codec: FieldCodec, _ use: (BitReader) throws -> Void) throws {
    var bytes = [UInt8](repeating: 0, count: codec.maximumBits / 8 + 16)
    try bytes.withUnsafeMutableBytes { buffer in
      var writer = BitWriter(buffer)
      #expect(value.encode(to: &writer, codec).wrote)
      writer.flush()
      try use(BitReader(UnsafeRawBufferPointer(buffer), bitOffset: 0, bitCount: writer.bitCount))
    }
  }

  /// All objects with owners and packed fields, in words that two peers can compare.
  func snapshot() throws -> [String] {
    var lines: [String] = []
    for peer in peers {
      for id in objects(ownedBy: peer) {
        let type = config.objects[try objectType(of: id)]
        var line = "\(id) \(type.name) \(peer)"
        for (index, field) in type.fields.enumerated() {
          var reader = try self.field(id, field: index)
          line += " " + (FieldValue.decode(from: &reader, field.type.codec).map { "\($0)" } ?? "bad")
        }
        lines.append(line)
      }
    }
    return lines.sorted()
  }
}
