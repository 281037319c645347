import Testing

@testable import NetRuntime

@Suite struct WorldTests {
  private let box = IdString64(rawValue: 1)

  @Test func unitsAreListedInTheOrderOfTheirSpawning() throws {
    let worlds = Worlds()
    let world = try worlds.create()
    let other = try worlds.create()
    var units: [UnitID] = []
    for index in 0..<20 {
      units.append(try world.spawn(box))
      if index % 3 == 0 { _ = try other.spawn(box) }
    }
    for index in [19, 10, 0] { try world.destroy(units.remove(at: index)) }
    for _ in 0..<5 { units.append(try world.spawn(box)) }
    var listed: [UnitID] = []
    world.forEachUnit { listed.append($0) }
    #expect(listed == units)
    #expect(world.count == 22)
    #expect(other.count == 7)
  }

  @Test func aPlaceIsUsedAgainAndTheUnitIsAnother() throws {
    let worlds = Worlds()
    let world = try worlds.create()
    let first = try world.spawn(box)
    worlds.units.attach(7, to: first)
    try world.destroy(first)
    let second = try world.spawn(box, at: UnitPose(position: [1, 2, 3]))
    #expect(second.place == first.place && second != first)
    #expect(!worlds.units.isAlive(first))
    #expect(worlds.units[first] == nil)
    #expect(worlds.units.attachment(of: second) == nil)
    worlds.units[first] = UnitPose()
    #expect(worlds.units[second]?.position == [1, 2, 3])
    #expect(throws: WorldError.deadUnit) { try world.destroy(first) }
  }

  @Test func whatAHostKeepsWithAUnitIsGivenBackOnce() throws {
    let worlds = Worlds()
    var released: [Int32] = []
    worlds.units.releaseAttachment = { released.append($0) }
    let world = try worlds.create()
    let unit = try world.spawn(box)
    worlds.units.attach(3, to: unit)
    worlds.units.attach(4, to: try world.spawn(box))
    _ = try world.spawn(box)
    try world.destroy(unit)
    #expect(released == [3])
    worlds.release(world)
    #expect(released == [3, 4])
    worlds.release(world)
    #expect(released == [3, 4])
    #expect(throws: WorldError.released) { try world.spawn(box) }
    #expect(worlds.list.isEmpty && worlds.units.count == 0)
  }

  @Test func unitsAreLimited() throws {
    let world = try Worlds().create()
    for _ in 0..<Limits.units { _ = try world.spawn(box) }
    #expect(throws: WorldError.tooManyUnits) { try world.spawn(box) }
    #expect(world.count == Limits.units)
  }
}
