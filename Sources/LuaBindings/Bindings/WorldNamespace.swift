import CLua
import NetRuntime

/// `stingray.World`: a headless world, and the units in it.
enum WorldNamespace {
  private static let me = Parameter("self", .userdata(.world))
  static let unitName = Parameter("unit_name", .anyOf([.string, .userdata(.idString64)]))

  static var namespace: Namespace {
    Namespace(
      "World", "A world without pictures and sound: units that have a name, a place and data, and a clock.",
      kind: .world, entries: clock + units, metamethods: [handleText("World", .world)])
  }

  private static var clock: [Entry] {
    [
      Entry(
        "update", [me, Parameter("delta_time", .number, optional: true, range: 0...3600)],
        summary: """
          Lets time pass in the world. Without `delta_time`, as much as has passed since its last update; nothing in \
          the first one.
          """
      ) { call throws(ScriptError) in
        let world = try call.world()
        world.update(by: call.isNil(2) ? nil : call.number(2), at: call.lua.scriptHost.clock())
      },
      Entry("time", [me], returns: ["number"], summary: "Seconds that have passed in the world.") {
        call throws(ScriptError) in
        call.push(try call.world().time)
      },
      Entry("delta_time", [me], returns: ["number"], summary: "Seconds that the world's last update let pass.") {
        call throws(ScriptError) in
        call.push(try call.world().deltaTime)
      },
    ]
  }

  private static var units: [Entry] {
    [spawn] + [
      Entry(
        "destroy_unit", [me, Parameter("unit", .userdata(.unit))],
        summary: "Ends a unit of this world; it cannot be used any more."
      ) { call throws(ScriptError) in
        let world = try call.world()
        try call.worlds { (_) throws(WorldError) in try world.destroy(call.unitID(2)) }
      },
      Entry("num_units", [me], returns: ["integer"], summary: "How many units are in the world.") {
        call throws(ScriptError) in
        call.push(try call.world().count)
      },
      Entry("units", [me], returns: ["Unit[]"], summary: "All units of the world in the order of their spawning.") {
        call throws(ScriptError) in
        let world = try call.world()
        call.pushTable(array: world.count)
        var place = 1
        world.forEachUnit { unit in
          call.push(unit)
          call.setIndex(place)
          place += 1
        }
      },
      Entry(
        "unit_by_name", [me, Parameter("name", unitName.type)], returns: ["Unit?"],
        summary: "The first unit of the world that was spawned with a name; nil when there is none."
      ) { call throws(ScriptError) in
        call.push(try call.world().unit(named: call.resourceName(2)))
      },
    ]
  }

  private static var spawn: Entry {
    Entry(
      "spawn_unit",
      signatures: [
        [me, unitName, .position, .rotation("orientation")],
        [me, unitName, Parameter("transform", .userdata(.matrix4x4), optional: true)],
      ],
      returns: ["Unit"],
      summary: """
        Makes a unit of a resource's name, at the origin unless a place is given. The resource itself is not looked \
        for.
        """,
      .call { call throws(ScriptError) in
        let world = try call.world()
        let name = try call.resourceName(2)
        let pose = try call.signature == 1 && !call.isNil(3) ? call.pose(3) : call.pose(position: 3, rotation: 4)
        call.push(try call.worlds { (_) throws(WorldError) in try world.spawn(name, at: pose) })
      })
  }
}

extension Parameter {
  static let position = Parameter("position", .userdata(.vector3), optional: true)

  static func rotation(_ name: String) -> Parameter { Parameter(name, .userdata(.quaternion), optional: true) }
}

extension Call {
  /// The resource that a name, `#` and digits, or an IdString64 names.
  func resourceName(_ index: Int) throws(ScriptError) -> IdString64 {
    if let payload = payload(index, .idString64) { return IdString64(rawValue: payload.loadUnaligned(as: UInt64.self)) }
    let bytes = stringBytes(index)
    guard let value = bytes.withUnsafeBytes({ lua.idNames.read($0, digits: 16) }) else {
      throw ScriptError(
        "argument \(index) (name): expected a name, or # and 1 to 16 hexadecimal digits, got string \(quoted(bytes))")
    }
    return IdString64(rawValue: value)
  }

  /// A pose of two arguments that may be left out.
  func pose(position: Int, rotation: Int) throws(ScriptError) -> UnitPose {
    var pose = UnitPose()
    if !isNil(position) { pose.position = try finiteVector3(position, "position") }
    if !isNil(rotation) { pose.rotation = try unitRotation(rotation, "rotation") }
    return pose
  }

  /// The place, rotation and scale of a matrix.
  func pose(_ index: Int) throws(ScriptError) -> UnitPose {
    let matrix = checkedMatrix(index)
    guard matrix.isFinite else {
      throw ScriptError("argument \(index) (pose): expected finite numbers, got \(describe(index))")
    }
    return UnitPose(position: matrix.translation, rotation: matrix.rotation.elements, scale: matrix.scale)
  }

  func finiteVector3(_ index: Int, _ name: String) throws(ScriptError) -> SIMD3<Float> {
    let value = checkedVector3(index)
    guard value.x.isFinite, value.y.isFinite, value.z.isFinite else {
      throw ScriptError(
        "argument \(index) (\(name)): expected finite numbers, got Vector3(\(elements([value.x, value.y, value.z])))")
    }
    return value
  }

  func unitRotation(_ index: Int, _ name: String) throws(ScriptError) -> SIMD4<Float> {
    let value = checkedQuaternion(index).elements
    let squares = (value * value).sum()
    guard squares.isFinite, squares > 0 else {
      throw ScriptError(
        "argument \(index) (\(name)): expected a rotation, got "
          + "Quaternion(\(elements([value.x, value.y, value.z, value.w])))")
    }
    return value
  }

  // Machines differ in the sign of NaN that they show.
  private func elements(_ values: [Float]) -> String {
    values.map { $0.isNaN ? "nan" : LuaState.text(of: Double($0)) }.joined(separator: ", ")
  }
}
