import CLua
import NetRuntime

/// `stingray.Unit`: something in a world.
enum UnitNamespace {
  static let me = Parameter("self", .userdata(.unit))
  private static let node = Parameter("i", .integer, optional: true)

  static var namespace: Namespace {
    Namespace(
      "Unit",
      "Something in a world. Without pictures it has one node, whose index is 1 (or what `Script.set_index_offset` says).",
      kind: .unit, entries: facts + getters + setters + data, metamethods: [text])
  }

  private static var facts: [Entry] {
    [
      Entry("alive", [me], returns: ["boolean"], summary: "Whether the unit was not destroyed yet.") {
        call throws(ScriptError) in
        call.push(call.lua.worlds.units.isAlive(call.unitID(1)))
      },
      Entry(
        "name_hash", [me], returns: ["string"],
        summary: "The hash of the name that the unit was spawned with, as 16 hexadecimal digits."
      ) { call throws(ScriptError) in
        let unit = try call.unit()
        call.push(hexadecimal(call.lua.worlds.units.name(of: unit)?.rawValue ?? 0, digits: 16))
      },
    ]
  }

  private static var getters: [Entry] {
    ["local", "world"].flatMap { space -> [Entry] in
      let what = space == "local" ? "in its parent, which for every unit here is the world" : "in the world"
      return [
        get("\(space)_position", "Vector3", "Where the unit is \(what).") { $0.push(vector3: $1.position) },
        get("\(space)_rotation", "Quaternion", "How the unit is turned \(what).") { $0.push(quaternion: $1.rotation) },
        get("\(space)_pose", "Matrix4x4", "The unit's rotation, scale and place \(what).") { $0.push(Matrix4x4($1)) },
      ]
    } + [get("local_scale", "Vector3", "How large the unit is along its own axes.") { $0.push(vector3: $1.scale) }]
  }

  private static func get(
    _ name: String, _ type: String, _ summary: String, _ push: @escaping (Call, UnitPose) -> Void
  ) -> Entry {
    Entry(name, [me, node], returns: [type], summary: summary) { call throws(ScriptError) in
      push(call, try call.unitPose())
    }
  }

  private static var setters: [Entry] {
    [
      set("position", .vector3("position"), "Moves the unit.") { call, pose throws(ScriptError) in
        pose.position = try call.finiteVector3(3, "position")
      },
      set("rotation", .quaternion("rotation"), "Turns the unit.") { call, pose throws(ScriptError) in
        pose.rotation = try call.unitRotation(3, "rotation")
      },
      set("scale", .vector3("scale"), "Sets how large the unit is along its own axes.") {
        call, pose throws(ScriptError) in
        pose.scale = try call.finiteVector3(3, "scale")
      },
      set("pose", .matrix("pose"), "Sets the unit's rotation, scale and place.") { call, pose throws(ScriptError) in
        pose = try call.pose(3)
      },
    ]
  }

  private static func set(
    _ what: String, _ value: Parameter, _ summary: String,
    _ change: @escaping (Call, inout UnitPose) throws(ScriptError) -> Void
  ) -> Entry {
    Entry("set_local_\(what)", [me, node, value], summary: summary) { call throws(ScriptError) in
      var pose = try call.unitPose()
      try change(call, &pose)
      call.lua.worlds.units[call.unitID(1)] = pose
    }
  }

  private static var text: Entry {
    Entry("__tostring", [me], returns: ["string"], summary: "The unit as text.") { call throws(ScriptError) in
      let unit = call.unitID(1)
      guard let name = call.lua.worlds.units.name(of: unit) else { return call.push("Unit \(unit.serial) (destroyed)") }
      call.push(
        "Unit \(unit.serial) (\(call.lua.idNames.name(of: name) ?? "#\(hexadecimal(name.rawValue, digits: 16))"))")
    }
  }
}

extension Call {
  /// Where the unit is that the first argument stands for; the second is a node of it.
  @inline(__always)
  fileprivate func unitPose() throws(ScriptError) -> UnitPose {
    guard let pose = lua.worlds.units[unitID(1)] else { throw ScriptError(WorldError.deadUnit.description) }
    guard isNil(2) || integer(2) == lua.indexOffset else {
      throw ScriptError("argument 2 (i): the unit has one node, whose index is \(lua.indexOffset); got \(describe(2))")
    }
    return pose
  }
}

extension Matrix4x4 {
  init(_ pose: UnitPose) {
    self.init(Quaternion(pose.rotation), translation: pose.position)
    for index in 0..<3 { setAxis(index, axis(index) * pose.scale[index]) }
  }
}
