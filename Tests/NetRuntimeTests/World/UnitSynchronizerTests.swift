import Testing

@testable import NetRuntime

@Suite struct UnitSynchronizerTests {
  static let schema = """
    network_type = "TOPOLOGY"
    types = {
      place = { type = "vector3" min = -100 max = 100 bits = 24 }
    }
    objects = {
      prop = { fields = [
        { name = "unit" type = "resource_id" } { name = "position" type = "place" } { name = "rotation" type = "quaternion" } ] }
      token = { fields = [ { name = "value" type = "int" } ] }
    }
    """

  /// Peers in one session, each with a world of its own.
  private struct Fixture {
    let net: SessionTestWorld
    let worlds: [Worlds]
    let world: [World]

    init(_ count: Int, clientServer: Bool = false, seed: UInt64 = 1) throws {
      net = try SessionTestWorld.joined(
        count, clientServer: clientServer, seed: seed, schema: UnitSynchronizerTests.schema)
      worlds = (0..<count).map { _ in Worlds() }
      world = try worlds.map { try $0.create() }
      for index in 0..<count { try sync(index).setWorld(world[index]) }
    }

    func sync(_ index: Int) throws -> UnitSynchronizer { try net[index].game.unitSynchronizer }

    func spawn(_ index: Int, at position: SIMD3<Float>) throws -> (UnitID, UInt32) {
      let unit = try sync(index).spawn(
        type: net[index].game.type("prop"), name: IdString64(rawValue: 5), at: UnitPose(position: position))
      return (unit, try #require(try sync(index).object(of: unit)))
    }

    func position(_ index: Int, _ object: UInt32) throws -> SIMD3<Float> {
      let unit = try #require(try sync(index).unit(of: object), "no unit of \(object) at \(index)")
      return try #require(worlds[index].units[unit]).position
    }
  }

  @Test(arguments: [false, true]) func manyUnitsComeMoveAndGoUnderLoss(clientServer: Bool) throws {
    let fixture = try Fixture(4, clientServer: clientServer, seed: 3)
    let random = SeededRandomSource(seed: 9)
    var own: [[UnitID]] = [[], [], [], []]
    for _ in 0..<200 {
      let index = Int(random.next() % 4)
      let units = fixture.worlds[index].units
      switch random.next() % 5 {
      case 0, 1: own[index].append(try fixture.spawn(index, at: [0, 0, 0]).0)
      case 2 where !own[index].isEmpty:
        try fixture.sync(index).destroy(own[index].remove(at: Int(random.next() % UInt64(own[index].count))))
      default:
        for unit in own[index] { units[unit]?.position.x += Float(random.nextUnit()) }
      }
      fixture.net.step()
    }
    fixture.net.step(90)
    let total = own.reduce(0) { $0 + $1.count }
    #expect(total > 20)
    for index in 0..<4 {
      #expect(fixture.world[index].count == total)
      for unit in own[index] {
        let object = try #require(try fixture.sync(index).object(of: unit))
        let here = try fixture.position(index, object)
        for other in 0..<4 {
          let there = try fixture.position(other, object)
          #expect(abs(there.x - here.x) < 0.001)
        }
      }
    }
  }

  @Test func aUnitIsThereInTheEventOfItsObjectAndGoesBehindTheLast() throws {
    let fixture = try Fixture(2)
    var alive: [Bool] = []
    fixture.net[1].onEvent = { event in
      switch event {
      case .objectCreated(let id, _), .objectDestroyed(let id, _):
        alive.append((try? fixture.sync(1).unit(of: id)) ?? nil != nil)
      default: break
      }
    }
    let (unit, _) = try fixture.spawn(0, at: [1, 2, 3])
    fixture.net.step(20)
    try fixture.sync(0).destroy(unit)
    #expect(!fixture.worlds[0].units.isAlive(unit))
    fixture.net.step(20)
    #expect(alive == [true, true])
    #expect(fixture.world[1].count == 0)
  }

  @Test func theEndOfTheSessionObjectEndsTheUnitsOfOthers() throws {
    let fixture = try Fixture(3)
    let (own, _) = try fixture.spawn(1, at: .zero)
    _ = try fixture.spawn(0, at: .zero)
    _ = try fixture.spawn(2, at: .zero)
    fixture.net.step(30)
    #expect(fixture.world[1].count == 3)
    fixture.net.closeSession(1)
    #expect(fixture.world[1].count == 1)
    #expect(fixture.worlds[1].units.isAlive(own))
  }

  @Test func nothingIsWrittenForUnitsThatStandStill() throws {
    let fixture = try Fixture(2)
    for index in 0..<10 { _ = try fixture.spawn(0, at: [Float(index), 0, 0]) }
    fixture.net.step(60)
    let game = try fixture.net[0].game
    let versions = { (0..<game.table.rowCount).map { game.table.cell($0, 1).version } }
    let before = versions()
    fixture.net.step(30)
    #expect(versions() == before)
  }

  @Test func aFailedSpawnLeavesNothingBehind() throws {
    let fixture = try Fixture(1)
    let sync = try fixture.sync(0)
    #expect(throws: UnitSynchronizerError.lacksField(type: "token", field: "unit", kind: "resource_id", found: nil)) {
      try sync.spawn(type: fixture.net[0].game.type("token"), name: IdString64(rawValue: 1), at: UnitPose())
    }
    try fixture.net[0].game.shutdownHost()
    #expect(throws: UnitSynchronizerError.session(.sessionOver)) {
      try sync.spawn(type: fixture.net[0].game.type("prop"), name: IdString64(rawValue: 1), at: UnitPose())
    }
    #expect(fixture.world[0].count == 0)
  }
}
