import Testing

@testable import NetRuntime

@Suite struct SessionObjectTests {
  @Test(arguments: [false, true])
  func objectsAndTheirLatestValuesReachEveryMember(clientServer: Bool) throws {
    let world = try SessionTestWorld.joined(3, clientServer: clientServer)
    let id = try world[1].game.create(
      "avatar", [("owner", .uint64(0xa1)), ("place", .vector3([1, 2, 3])), ("label", .string(Array("ann".utf8)))])
    #expect(id == 1024)
    world.step(20)
    for index in [0, 2] {
      #expect(world[index].events.last == "created \(id) by a1")
      #expect(try world[index].game.get(id, "owner") == .uint64(0xa1))
      #expect(try world[index].game.get(id, "score") == .int(0))
      #expect(try world[index].game.owner(of: id) == world[1].id)
    }
    #expect(!world[1].events.contains { $0.hasPrefix("created") })
    for value in 1...30 {
      try world[1].game.set(id, "score", .int(Int64(value)))
      if value % 7 == 0 { try world[1].game.set(id, "list", .array([.int(Int64(value)), .int(3)])) }
      world.step()
    }
    world.step(60)
    let expected = try world[1].game.snapshot()
    for index in [0, 2] {
      #expect(try world[index].game.get(id, "score") == .int(30))
      #expect(try world[index].game.snapshot() == expected)
    }
    try world[1].game.destroyObject(id)
    #expect(try !world[1].game.exists(id))
    world.step(20)
    for index in [0, 2] {
      #expect(world[index].events.last == "destroyed \(id) by a1")
      #expect(try !world[index].game.exists(id))
    }
  }

  @Test func fieldsAreReadableInsideTheDestroyedEventOnly() throws {
    let world = try SessionTestWorld.joined(2)
    let id = try world[0].game.create("token", [("value", .int(5))])
    world.step(20)
    var seen: FieldValue?
    world[1].onEvent = { event in
      if case .objectDestroyed(let id, _) = event { seen = (try? world[1].session?.get(id, "value")) ?? nil }
    }
    try world[0].game.destroyObject(id)
    world.step(20)
    #expect(seen == .int(5))
    #expect(throws: SessionError.noObject(id)) { try world[1].game.get(id, "value") }
  }

  @Test func onlyTheOwnerMayChangeAnObject() throws {
    let world = try SessionTestWorld.joined(2)
    let id = try world[0].game.create("token", [("value", .int(5))])
    world.step(20)
    #expect(throws: SessionError.notOwner(object: id, owner: world[0].id)) {
      try world[1].game.set(id, "value", .int(6))
    }
    #expect(throws: SessionError.notOwner(object: id, owner: world[0].id)) { try world[1].game.destroyObject(id) }
    #expect(throws: SessionError.noObject(999)) { try world[1].game.destroyObject(999) }
    #expect(
      "\(SessionError.notOwner(object: id, owner: world[0].id))" == "object 1 is owned by peer a0, not by this peer")
  }

  @Test func aRefusedDraftLeavesNoObject() throws {
    struct Refused: Error {}
    let world = try SessionTestWorld.joined(2)
    let type = try world[0].game.type("token")
    #expect(throws: Refused.self) { try world[0].game.createObject(type: type) { _ in throw Refused() } }
    #expect(try world[0].game.create("token") == 1)
    #expect(throws: SessionError.noSuchType(99)) { try world[0].game.createObject(type: 99) { _ in } }
  }

  @Test(arguments: [false, true])
  func anIdIsUsedAgainOnlyWhenNobodyKnowsItsLastBearer(clientServer: Bool) throws {
    let world = try SessionTestWorld.joined(3, clientServer: clientServer)
    let first = try world[1].game.create("token")
    world.step(20)
    world.cut = [[world[0].id, world[2].id], [world[1].id, world[2].id]]
    try world[1].game.destroyObject(first)
    world.step(30)
    #expect(try world[1].game.create("token") == first + 1)
    world.cut = []
    world.step(45)
    #expect(try world[1].game.create("token") == first)
  }

  @Test func lateJoinersGetEverythingInTheOrderOfItsCreationWhilePlayGoesOn() throws {
    let world = try SessionTestWorld(peers: 3)
    world.loss = 0.05
    for index in 0..<3 { world.createSession(index) }
    try world[0].game.makeHost()
    try world[0].game.addPeer(world[1].id)
    world.step(30)
    let long = FieldValue.string([UInt8](repeating: 65, count: 300))
    for index in 0..<150 {
      _ = try world[index % 2].game.create("avatar", [("label", long), ("score", .int(Int64(index)))])
    }
    world.step(30)
    try world[0].game.addPeer(world[2].id)
    world.step(6)
    let atStart = world[2].events.count
    #expect(try world[0].game.synchronizingPeers == [world[2].id])
    let new = try world[0].game.create("token")
    #expect(try world.step(until: { try world[0].game.synchronizedPeers.count == 2 }))
    #expect(atStart < 120)
    #expect(world[0].events.last == "synced a2")
    world.step(10)
    #expect(try world[2].game.snapshot() == world[0].game.snapshot())
    let ofHost = world[2].events.filter { $0.hasSuffix("by a0") }
    #expect(ofHost.last == "created \(new) by a0")
    #expect(ofHost.count == 76)
  }

  @Test(arguments: [false, true])
  func valuesTooLongForADatagramStillArriveAndStayInOrder(clientServer: Bool) throws {
    let world = try SessionTestWorld.joined(3, clientServer: clientServer)
    let id = try world[1].game.create("avatar")
    world.step(20)
    for size in [10, 1900, 20, 1500, 5] {
      try world[1].game.set(id, "label", .string([UInt8](repeating: UInt8(size & 255), count: size)))
      world.step(2)
    }
    world.step(60)
    for index in [0, 2] { #expect(try world[index].game.get(id, "label") == .string([5, 5, 5, 5, 5])) }
  }

  @Test func updatesKeepToTheTypesRate() throws {
    let world = try SessionTestWorld.joined(2)
    world.loss = 0
    let id = try world[0].game.create("slow")
    world.step(30)
    var changes = 0
    var last = try world[1].game.get(id, "value")
    for value in 1...90 {
      try world[0].game.set(id, "value", .int(Int64(value)))
      world.step()
      let current = try world[1].game.get(id, "value")
      if current != last { changes += 1 }
      last = current
    }
    #expect((5...7).contains(changes))
    world.step(30)
    #expect(try world[1].game.get(id, "value") == .int(90))
  }

  @Test func urgentObjectsGoFirstAndNoneStarves() throws {
    let world = try SessionTestWorld.joined(2)
    world.loss = 0
    world[0].links.stateCapacity = 40
    var ids: [UInt32] = []
    for _ in 0..<60 { ids.append(try world[0].game.create("token")) }
    world.step(60)
    let urgent = ids[59]
    try world[0].game.setPriority(urgent, for: world[1].id, 0.01)
    var updates = [UInt32: Int]()
    var last = [UInt32: FieldValue]()
    for value in 1...200 {
      for id in ids { try world[0].game.set(id, "value", .int(Int64(value))) }
      world.step()
      for id in ids {
        let current = try #require(try world[1].game.get(id, "value"))
        if last.updateValue(current, forKey: id) != current { updates[id, default: 0] += 1 }
      }
    }
    let others = ids.dropLast().map { updates[$0] ?? 0 }
    #expect((updates[urgent] ?? 0) > 4 * (others.max() ?? 0))
    #expect((others.min() ?? 0) >= 5)
  }

  @Test(arguments: [false, true])
  func messagesKeepTheirOrderWithObjects(clientServer: Bool) throws {
    let world = try SessionTestWorld.joined(3, clientServer: clientServer)
    world[2].events = []
    var expected: [String] = []
    for round in 0..<20 {
      let id = try world[1].game.create("token")
      try world[1].sendMessage(UInt32(round), to: world[2].id)
      expected += ["created \(id) by a1", "message \(round) from a1"]
      if round % 3 == 0 {
        try world[1].game.destroyObject(id)
        expected.append("destroyed \(id) by a1")
      }
      world.step()
    }
    world.step(60)
    #expect(world[2].events == expected)
  }

  @Test(arguments: [false, true])
  func unreliableMessagesArriveOrNot(clientServer: Bool) throws {
    let world = try SessionTestWorld.joined(3, clientServer: clientServer)
    world[2].events = []
    for number in 0..<50 {
      try world[1].sendMessage(UInt32(number), to: world[2].id, isReliable: false)
      world.step()
    }
    world.step(10)
    #expect((25...49).contains(world[2].events.filter { $0.hasSuffix("from a1") }.count))
  }

  @Test func idsSpillAboveAndStayInTheSlotsRange() {
    for slot in [UInt8(0), 1, 63] {
      var ids = ObjectIDs(slot: slot)
      for number in 0..<1023 { #expect(ids.take() == UInt32(slot) * 1023 + 1 + UInt32(number)) }
      let spilled = ids.take()
      #expect(spilled == 65536 + UInt32(slot) << 20)
      #expect(spilled.flatMap(ObjectIDs.slot(of:)) == slot)
      #expect(ObjectIDs.slot(of: UInt32(slot) * 1023 + 1023) == slot)
      ids.free(UInt32(slot) * 1023 + 5)
      #expect(ids.take() == UInt32(slot) * 1023 + 5)
      #expect(ids.take() == 65537 + UInt32(slot) << 20)
    }
    #expect(ObjectIDs.slot(of: 0) == nil)
    #expect(ObjectIDs.slot(of: 64 * 1023 + 1) == nil)
    #expect(ObjectIDs.slot(of: .max) == nil)
  }
}
