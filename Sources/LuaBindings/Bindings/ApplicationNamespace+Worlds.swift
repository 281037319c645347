import CLua
import NetRuntime

extension ApplicationNamespace {
  static var worlds: [Entry] {
    [
      Entry(
        "new_world", [Parameter("flags", .any, variadic: true, notation: "integer*")], returns: ["World"],
        summary:
          "Makes an empty world. The flags say what a world with pictures and sound leaves out; here they do nothing."
      ) { call throws(ScriptError) in
        for index in 1..<max(1, call.count + 1) {
          guard call.isNil(index) || call.isNumber(index) && Int64(exactly: call.number(index)) != nil else {
            throw ScriptError("argument \(index) (flags): expected integer, got \(call.describe(index))")
          }
        }
        call.push(try call.worlds { worlds throws(WorldError) in try worlds.create() })
      },
      Entry(
        "release_world", [Parameter("world", .userdata(.world))],
        summary: "Ends a world and all units in it; neither can be used any more."
      ) { call throws(ScriptError) in
        call.lua.worlds.release(try call.world())
      },
      Entry(
        "main_world", returns: ["World?"], summary: "The oldest world that was not released; nil when there is none."
      ) { call throws(ScriptError) in
        if let world = call.lua.worlds.list.first { call.push(world) } else { call.pushNil() }
      },
      Entry("worlds", returns: ["World[]"], summary: "All worlds that were not released, the oldest first.") {
        call throws(ScriptError) in
        let worlds = call.lua.worlds.list
        call.pushTable(array: worlds.count)
        for (index, world) in worlds.enumerated() {
          call.push(world)
          call.setIndex(index + 1)
        }
      },
    ]
  }
}

extension Call {
  /// The world that the first argument stands for.
  func world(_ index: Int = 1) throws(ScriptError) -> World {
    guard let number = handle(index, .world), let world = lua.worlds.world(number) else {
      throw ScriptError(WorldError.released.description)
    }
    return world
  }

  /// Runs what a world may refuse.
  func worlds<Result>(_ body: (Worlds) throws(WorldError) -> Result) throws(ScriptError) -> Result {
    do throws(WorldError) {
      return try body(lua.worlds)
    } catch {
      throw ScriptError(error.description)
    }
  }

  /// The unit that an argument stands for, alive or dead.
  @inline(__always)
  func unitID(_ index: Int) -> UnitID {
    guard let payload = payload(index, .unit) else { return UnitID(serial: 0, place: 0) }
    return UnitID(
      serial: payload.loadUnaligned(as: UInt32.self), place: payload.loadUnaligned(fromByteOffset: 4, as: UInt32.self))
  }

  /// The unit that an argument stands for.
  /// - Throws: When it is dead.
  @inline(__always)
  func unit(_ index: Int = 1) throws(ScriptError) -> UnitID {
    let unit = unitID(index)
    guard lua.worlds.units.isAlive(unit) else { throw ScriptError(WorldError.deadUnit.description) }
    return unit
  }
}

extension Staging {
  func push(_ world: World) {
    push(handle: Handle(kind: .world, number: world.number))
  }

  func push(_ unit: UnitID) {
    push(handle: Handle(kind: .unit, number: unit.serial, place: unit.place))
  }

  /// Nil for nil.
  func push(_ unit: UnitID?) {
    if let unit { push(unit) } else { pushNil() }
  }
}
