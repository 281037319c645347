/// The worlds of one peer's scripts.
public final class Worlds {
  /// The units of all of them.
  public let units = UnitTable()
  /// Those that were not released, the oldest first.
  public private(set) var list: [World] = []
  private var lastNumber: UInt32 = 0

  public init() {}

  /// Makes an empty world.
  public func create() throws(WorldError) -> World {
    guard list.count < Limits.worlds else { throw .tooManyWorlds }
    lastNumber += 1
    let world = World(number: lastNumber, units: units)
    list.append(world)
    return world
  }

  /// The world of a number; nil once it was released.
  public func world(_ number: UInt32) -> World? {
    list.first { $0.number == number }
  }

  /// Ends a world and all units in it.
  public func release(_ world: World) {
    guard let index = list.firstIndex(where: { $0 === world }) else { return }
    list.remove(at: index)
    world.end()
  }
}

/// A headless world: units that have a name, a place and nothing to see, and a clock that its updates move.
public final class World {
  /// From 1 on, never used again.
  public let number: UInt32
  /// The units of all worlds.
  public let units: UnitTable
  /// Seconds of all updates together.
  public private(set) var time = 0.0
  /// Seconds of the last update.
  public private(set) var deltaTime = 0.0
  public private(set) var isReleased = false
  /// When the last update was.
  private var updated: Double?

  init(number: UInt32, units: UnitTable) {
    self.number = number
    self.units = units
  }

  /// How many units are in it.
  public var count: Int { units.list(of: number).count }

  /// Lets time pass.
  /// - Parameters:
  ///   - seconds: At least 0; nil for the time since the last update, which is none at first.
  ///   - now: Seconds on a clock that never goes back.
  public func update(by seconds: Double?, at now: Double) {
    deltaTime = seconds ?? updated.map { max(0, now - $0) } ?? 0
    updated = now
    time += deltaTime
  }

  /// Makes a unit.
  /// - Parameter name: The hash of the unit resource's name.
  public func spawn(_ name: IdString64, at pose: UnitPose = UnitPose()) throws(WorldError) -> UnitID {
    guard !isReleased else { throw .released }
    guard units.count < Limits.units else { throw .tooManyUnits }
    return units.insert(name: name, pose: pose, world: number)
  }

  /// Destroys a unit of this world.
  public func destroy(_ unit: UnitID) throws(WorldError) {
    guard let owner = units.world(of: unit) else { throw .deadUnit }
    guard owner == number else { throw .otherWorld }
    units.destroy(unit)
  }

  /// The first unit that was spawned with a name and is alive.
  public func unit(named name: IdString64) -> UnitID? {
    var place = units.list(of: number).first
    while place >= 0, units.name(at: place) != name { place = units.next(after: place) }
    return place >= 0 ? units.id(at: place) : nil
  }

  /// Calls `body` for each unit in the order of spawning; it may not spawn or destroy any.
  public func forEachUnit(_ body: (UnitID) -> Void) {
    var place = units.list(of: number).first
    while place >= 0 {
      body(units.id(at: place))
      place = units.next(after: place)
    }
  }

  func end() {
    isReleased = true
    while let place = Optional(units.list(of: number).first), place >= 0 { units.destroy(units.id(at: place)) }
  }
}

/// Why a world refused something, in words that a game designer can act on.
public enum WorldError: Error, Equatable, Sendable, CustomStringConvertible {
  case released
  case deadUnit
  case otherWorld
  case tooManyWorlds
  case tooManyUnits

  public var description: String {
    switch self {
    case .released: "this World was released; it cannot be used any more"
    case .deadUnit: "this Unit was destroyed; it cannot be used any more"
    case .otherWorld: "the unit is in another World"
    case .tooManyWorlds: "there are too many worlds: at most \(Limits.worlds) are possible"
    case .tooManyUnits: "there are too many units: at most \(Limits.units) are possible"
    }
  }
}
