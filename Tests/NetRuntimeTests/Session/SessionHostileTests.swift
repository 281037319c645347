import Testing

@testable import NetRuntime

/// Messages that nobody should send must change nothing, and never stop the program.
@Suite struct SessionHostileTests {
  /// Gives a peer a reliable message as if another had sent it.
  private func forge(_ world: SessionTestWorld, from: Int, to: Int, reliable: Bool = true, _ bytes: [UInt8]) throws {
    let link = try #require(world[to].links.link(to: world[from].id))
    let packet = (world[to].links.lanes[world[from].id]?.seen.max() ?? 0) + 1
    world.hand(
      SessionTestDelivery(
        link: link, peer: world[from].id, channel: .session, isReliable: reliable, packet: packet, bytes: bytes),
      to: world[to])
  }

  private func bytes(_ write: (inout BitWriter) -> Void) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: 2048)
    let count = bytes.withUnsafeMutableBytes { buffer in
      var writer = BitWriter(buffer)
      write(&writer)
      return writer.flush()
    }
    return Array(bytes[..<count])
  }

  private func creation(_ id: UInt32, type: Int, owner: UInt8, join: UInt32 = 1, value: UInt64) -> [UInt8] {
    bytes { writer in
      SessionMessage.write(.create, number: id, to: &writer)
      writer.write(UInt64(type), bits: 16)
      writer.write(UInt64(owner), bits: 8)
      ObjectVersion(creator: join, count: 1).write(to: &writer)
      writer.write(1, bits: 32)
      writer.write(value, bits: 10)
    }
  }

  @Test(arguments: [false, true])
  func clientsCannotActAsTheHost(clientServer: Bool) throws {
    let world = try SessionTestWorld.joined(3, clientServer: clientServer)
    let hostObject = try world[0].game.create("token")
    world.step(20)
    let before = try world[2].game.snapshot()
    for kind in [SessionMessage.Kind.memberRemoved, .memberSynced] {
      try forge(world, from: 1, to: 2, bytes { SessionMessage.write(kind, number: 0, to: &$0) })
      try forge(world, from: 1, to: 0, bytes { SessionMessage.write(kind, number: 2, to: &$0) })
    }
    for kind in [SessionMessage.Kind.removed, .sessionEnd, .wantLeave, .left, .syncDone] {
      try forge(world, from: 1, to: 2, bytes { SessionMessage.write(kind, to: &$0) })
    }
    let stranger = MemberInfo(peer: PeerID(rawValue: 77), slot: 9, join: 50)
    try forge(world, from: 1, to: 2, bytes { SessionMessage.write(.memberAdded, stranger, to: &$0) })
    try forge(
      world, from: 1, to: 2,
      bytes { writer in
        SessionMessage.write(.destroy, number: hostObject, to: &writer)
        writer.write(0, bits: 8)
        ObjectVersion(birth: 1, stamp: 1).write(to: &writer)
      })
    #expect(try world[2].game.isInSession)
    #expect(try world[2].game.peers.count == 3)
    #expect(try world[0].game.peers.count == 3)
    #expect(try world[2].game.snapshot() == before)
    // Between clients of a client-server session there is no session traffic at all, so nothing is even looked at.
    #expect(world[2].warnings.count >= (clientServer ? 0 : 8))
  }

  @Test func idsOutsideTheSendersRangeAreRefused() throws {
    let world = try SessionTestWorld.joined(3)
    let type = try world[0].game.type("token")
    for (id, owner) in [(UInt32(1), UInt8(1)), (2047, 1), (1024, 0), (1024, 2), (0, 1), (.max, 1), (65536, 1)] {
      try forge(world, from: 1, to: 0, creation(id, type: type, owner: owner, value: 3))
    }
    try forge(world, from: 1, to: 0, creation(1024, type: 999, owner: 1, value: 3))
    try forge(world, from: 1, to: 0, creation(1024, type: type, owner: 1, value: 1023))
    #expect(try world[0].game.snapshot() == [])
    try forge(world, from: 1, to: 0, creation(1024, type: type, owner: 1, value: 3))
    try forge(world, from: 1, to: 0, creation(65536 + 1 << 20, type: type, owner: 1, value: 4))
    #expect(try world[0].game.objects(ownedBy: world[1].id) == [1024, 65536 + 1 << 20])
  }

  @Test func lateUpdatesOfAnEarlierBearerOfAnIdAreIgnored() throws {
    let world = try SessionTestWorld.joined(2)
    let id = try world[0].game.create("token", [("value", .int(5))])
    world.step(20)
    let link = try #require(world[1].links.link(to: world[0].id))
    let type = try world[0].game.type("token")
    let now = try world[0].game.time.reliable
    var packet: UInt64 = 100_000
    func deliver(_ time: UInt64) {
      packet += 1
      let block = bytes { writer in
        writer.write(0, bits: 8)
        writer.write(time, bits: 32)
        writer.write(0b01, bits: 2)
        writer.write(UInt64(id), bits: 16)
        writer.write(UInt64(type), bits: 2)
        writer.write(1, bits: 1)
        writer.write(900, bits: 10)
        writer.write(0, bits: 1)
      }
      world.hand(
        SessionTestDelivery(
          link: link, peer: world[0].id, channel: .session, isReliable: false, packet: packet, bytes: block),
        to: world[1])
    }
    deliver(0)
    #expect(try world[1].game.get(id, "value") == .int(5))
    deliver(now)
    #expect(try world[1].game.get(id, "value") == .int(900))
  }

  @Test(arguments: [false, true])
  func randomBytesChangeNothingThatIsNotTheirs(clientServer: Bool) throws {
    let world = try SessionTestWorld.joined(3, clientServer: clientServer, seed: 5)
    let random = SeededRandomSource(seed: 99)
    let mine = try world[0].game.create("avatar", [("score", .int(7))])
    let theirs = try world[1].game.create("avatar")
    world.step(20)
    var samples: [[UInt8]] = []
    world[1].links.onSend = { _, channel, bytes in if channel == .session { samples.append(bytes) } }
    _ = try world[1].game.create("avatar", [("label", .string(Array("seventeen letters".utf8)))])
    try world[1].game.set(theirs, "label", .string([UInt8](repeating: 3, count: 900)))
    world.step(2)
    samples.append(contentsOf: (1...18).map { [UInt8($0)] + [UInt8](repeating: 0, count: 12) })
    for round in 0..<20_000 {
      var message = samples[Int(random.next(below: UInt64(samples.count)))]
      for _ in 0..<Int(random.next(below: 4)) {
        if !message.isEmpty { message[Int(random.next(below: UInt64(message.count)))] = UInt8(random.next(below: 256)) }
      }
      if random.next(below: 3) == 0 {
        message = Array(message.prefix(Int(random.next(below: UInt64(message.count + 1)))))
      }
      if random.next(below: 5) == 0 {
        message = (0..<Int(random.next(below: 60))).map { _ in UInt8(random.next(below: 256)) }
      }
      // A BEGIN would only silence the link, and a farewell end it.
      if message.first == 1 || message.first == 9 { continue }
      try forge(world, from: 1, to: 0, reliable: round % 3 != 0, round % 3 == 0 ? [0] + message : message)
    }
    #expect(try world[0].game.get(mine, "score") == .int(7))
    #expect(try world[0].game.peers.count == 3)
    #expect(try world[0].game.objects(ownedBy: world[0].id) == [mine])
    world.step(20)
    #expect(try world[2].game.get(mine, "score") == .int(7))
  }

  @Test(arguments: [false, true])
  func theHostOfAClientServerSessionTakesOwnershipFromOwnersOnly(destroys: Bool) throws {
    let world = try SessionTestWorld.joined(4, clientServer: true)
    let id = try world[2].game.create("token", [("value", .int(5))])
    world.step(20)
    let type = try world[0].game.type("token")
    let row = try #require(world[0].game.table.row(of: id))
    let version = try world[0].game.table.rows[row].version.changedByOwner
    let thief = try world[1].game.membership.ownJoin
    try forge(
      world, from: 1, to: 0,
      bytes { writer in
        SessionMessage.write(destroys ? .destroy : .own, number: id, to: &writer)
        if destroys {
          writer.write(1, bits: 8)
          version.write(to: &writer)
        } else {
          writer.write(UInt64(type), bits: 16)
          version.write(to: &writer)
          writer.write(1, bits: 32)
          writer.write(UInt64(thief), bits: 32)
          writer.write(world[1].id.rawValue, bits: 64)
          writer.write(9, bits: 10)
        }
      })
    #expect(world[0].warnings.contains { $0.contains("which it does not own") })
    // The owner goes on, and everyone is told above what was claimed.
    try world[2].game.set(id, "value", .int(6))
    world.step(30)
    for peer in world.peers {
      #expect(try peer.game.owner(of: id) == world[2].id)
      #expect(try peer.game.get(id, "value") == .int(6))
      let there = try #require(peer.game.table.row(of: id))
      #expect(try peer.game.table.rows[there].version > version)
      #expect(!peer.events.contains { $0.hasPrefix("got") || $0.hasPrefix("lost") || $0.hasPrefix("destroyed") })
    }
    // Nothing at all, and what a host alone may count, changes nothing either.
    for wrong in [ObjectVersion(birth: version.birth, stamp: 9 << 32), ObjectVersion(birth: 77, stamp: 1)] {
      try forge(
        world, from: 1, to: 0,
        bytes { writer in
          SessionMessage.write(.destroy, number: id, to: &writer)
          writer.write(1, bits: 8)
          wrong.write(to: &writer)
        })
    }
    world.step(20)
    #expect(try world[3].game.owner(of: id) == world[2].id)
  }

  private func isRefused(_ bytes: Slice<UnsafeRawBufferPointer>) -> Bool {
    if case nil = SessionMessage(UnsafeRawBufferPointer(rebasing: bytes)) { true } else { false }
  }

  @Test func everyMessageReadsBackAndNoPrefixOfItDoes() {
    let welcome = SessionWelcome(
      slot: 3, join: 9, hostSlot: 1, hostJoin: 4, reign: 2,
      members: [
        MemberInfo(peer: PeerID(rawValue: 5), slot: 0, join: 0, isSynced: true),
        MemberInfo(peer: PeerID(rawValue: 6), slot: 1, join: 4),
      ])
    let written = bytes { welcome.write(to: &$0) }
    #expect(written.count == 14 + 2 * MemberInfo.bytes)
    written.withUnsafeBytes { all in
      guard case .welcome(let read)? = SessionMessage(all) else { return #expect(Bool(false), "not a welcome") }
      #expect(read == welcome)
      for count in 0..<all.count { #expect(isRefused(all[..<count])) }
    }
    let context = SessionContext(session: 0x0123_4567_89AB_CDEF, sender: 0, receiver: 7)
    bytes { SessionMessage.write(context, to: &$0) }.withUnsafeBytes { all in
      guard case .begin(let read)? = SessionMessage(all) else { return #expect(Bool(false), "not a begin") }
      #expect(read == context)
      #expect(all.count == 17)
      for count in 0..<all.count { #expect(isRefused(all[..<count])) }
    }
  }
}
