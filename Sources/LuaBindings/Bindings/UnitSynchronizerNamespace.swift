import NetRuntime

/// `stingray.UnitSynchronizer`: units that appear, move and end at all members alike.
enum UnitSynchronizerNamespace {
  private static let me = Parameter("self", .userdata(.unitSynchronizer))
  private static let unit = Parameter("unit", .userdata(.unit))

  static var namespace: Namespace {
    Namespace(
      "UnitSynchronizer",
      """
      Makes units appear, move and end at all members of the game session alike. It needs object types with the \
      fields `unit` (resource_id), `position` (vector3) and `rotation` (quaternion). The callbacks for the objects come \
      as always: the unit is there in `game_object_created`, and still there in `game_object_destroyed`.
      """,
      kind: .unitSynchronizer, entries: [setWorld, spawn, destroy, objectToUnit, unitToObject],
      metamethods: [handleText("UnitSynchronizer", .unitSynchronizer)])
  }

  private static var setWorld: Entry {
    Entry(
      "set_world", [me, Parameter("world", .userdata(.world))],
      summary: """
        Sets the world that units are spawned in from now on; to be called before anything else. Other peers' objects \
        that have no unit here get one.
        """
    ) { call throws(ScriptError) in
      let synchronizer = try call.unitSynchronizer()
      synchronizer.setWorld(try call.world(2))
    }
  }

  private static var spawn: Entry {
    Entry(
      "spawn_unit",
      [
        me, Parameter("type", .string), WorldNamespace.unitName, .position, .rotation("rotation"),
      ],
      returns: ["Unit"],
      summary: """
        Makes a unit in the world that was set, and a game object of a type, which makes it appear and move at all \
        other members. This peer moves it by `Unit.set_local_position` and `Unit.set_local_rotation`.
        """
    ) { call throws(ScriptError) in
      let type = try call.objectType(2, call.schema())
      let name = try call.resourceName(3)
      // The fields of an object without a unit have this name: the others would not see it.
      guard name.rawValue != 0 else {
        let got = call.payload(3, .idString64) == nil ? quoted(call.stringBytes(3)) : call.describe(3)
        throw ScriptError("argument 3 (unit_name): expected the name of a unit, got \(got)")
      }
      let pose = try call.pose(position: 4, rotation: 5)
      call.push(
        try call.unitSynchronizer { synchronizer throws(UnitSynchronizerError) in
          try synchronizer.spawn(type: type, name: name, at: pose)
        })
    }
  }

  private static var destroy: Entry {
    Entry("destroy_unit", [me, unit], summary: "Ends a unit that this peer's `spawn_unit` made, everywhere.") {
      call throws(ScriptError) in
      try call.unitSynchronizer { synchronizer throws(UnitSynchronizerError) in
        try synchronizer.destroy(call.unitID(2))
      }
    }
  }

  private static var objectToUnit: Entry {
    Entry(
      "game_object_id_to_unit", [me, Parameter("id", .integer, range: 0...Double(UInt32.max))], returns: ["Unit?"],
      summary: "The unit of a game object; nil where it has none here."
    ) { call throws(ScriptError) in
      call.push(
        try call.unitSynchronizer { synchronizer throws(UnitSynchronizerError) in
          try synchronizer.unit(of: call.objectID)
        })
    }
  }

  private static var unitToObject: Entry {
    Entry(
      "unit_to_game_object_id", [me, unit], returns: ["integer?"],
      summary: "The id of the game object that a unit stands for; nil where it stands for none."
    ) { call throws(ScriptError) in
      let id = try call.unitSynchronizer { synchronizer throws(UnitSynchronizerError) in
        try synchronizer.object(of: call.unitID(2))
      }
      if let id { call.push(id) } else { call.pushNil() }
    }
  }
}

extension GameSessionNamespace {
  static var units: [Entry] {
    [
      Entry(
        "unit_synchronizer", [me], returns: ["UnitSynchronizer"],
        summary: "What makes units appear and move at all members alike; the same one each time."
      ) { call throws(ScriptError) in
        _ = try call.session().unitSynchronizer
        let binding = try call.binding
        let handle = binding.handles.synchronizer ?? binding.handles.make(.unitSynchronizer)
        binding.handles.synchronizer = handle
        call.push(handle: handle)
      }
    ]
  }
}

extension Call {
  /// The synchronizer that the first argument stands for.
  func unitSynchronizer() throws(ScriptError) -> UnitSynchronizer {
    let binding = try binding
    guard let number = handle(1, .unitSynchronizer), number == binding.handles.synchronizer?.number,
      let session = binding.lua.current.pointee.session
    else { throw ScriptError("the game session of this UnitSynchronizer was shut down; it cannot be used any more") }
    return session.takeUnretainedValue().unitSynchronizer
  }

  /// Runs what the synchronizer may refuse.
  func unitSynchronizer<Result>(
    _ body: (UnitSynchronizer) throws(UnitSynchronizerError) -> Result
  ) throws(ScriptError) -> Result {
    let synchronizer = try unitSynchronizer()
    do throws(UnitSynchronizerError) {
      return try body(synchronizer)
    } catch {
      throw ScriptError(error.description)
    }
  }
}
