import CLua
import NetRuntime

extension GameSessionNamespace {
  static var objects: [Entry] {
    [create, destroy, exists, isType, owned, owner, objectsOwnedBy, migrate, setPriority, setPieInterval]
  }

  private static var create: Entry {
    Entry(
      "create_game_object", [me, Parameter("type", .string), Parameter("fields", .table)], returns: ["integer"],
      summary: """
        Creates an object of a type of the network config, which this peer then owns, and gives its id. `fields` \
        holds values by field name; a field left out gets the value nearest to zero.
        """
    ) { call throws(ScriptError) in
      let schema = try call.schema()
      let type = try call.objectType(2, schema)
      let session = try call.session()
      do {
        call.push(try session.createObject(type: type) { try call.fill(&$0, from: 3, type, schema) })
      } catch let error as SessionError {
        throw ScriptError(error.description)
      } catch {
        throw error as? ScriptError ?? ScriptError("\(error)")
      }
    }
  }

  private static var destroy: Entry {
    Entry("destroy_game_object", [me, objectID], summary: "Ends an object that this peer owns, everywhere.") {
      call throws(ScriptError) in
      try call.session { session throws(SessionError) in try session.destroyObject(call.objectID) }
    }
  }

  private static var exists: Entry {
    Entry(
      "game_object_exists", [me, objectID], returns: ["boolean"], summary: "Whether there is an object with an id here."
    ) { call throws(ScriptError) in
      call.push(try call.session().exists(call.objectID))
    }
  }

  private static var isType: Entry {
    Entry(
      "game_object_is_type", [me, objectID, Parameter("object_type", .string)], returns: ["boolean"],
      summary: "Whether an object is of a type of the network config."
    ) { call throws(ScriptError) in
      let type = try call.objectType(3, call.schema())
      call.push(try call.session { session throws(SessionError) in try session.objectType(of: call.objectID) } == type)
    }
  }

  private static var owned: Entry {
    Entry("game_object_owned", [me, objectID], returns: ["boolean"], summary: "Whether this peer owns an object.") {
      call throws(ScriptError) in
      let owner = try call.session { session throws(SessionError) in try session.owner(of: call.objectID) }
      call.push(owner == (try call.binding.network.peerID))
    }
  }

  private static var owner: Entry {
    Entry("game_object_owner", [me, objectID], returns: ["string"], summary: "The peer id of an object's owner.") {
      call throws(ScriptError) in
      call.push(try call.session { session throws(SessionError) in try session.owner(of: call.objectID) })
    }
  }

  private static var objectsOwnedBy: Entry {
    Entry("objects_owned_by", [me, peer], returns: ["integer[]"], summary: "The ids of all objects that a peer owns.") {
      call throws(ScriptError) in
      let ids = try call.session().objects(ownedBy: call.peer(2))
      call.pushTable(array: ids.count)
      for (index, id) in ids.enumerated() {
        call.push(id)
        call.setIndex(index + 1)
      }
    }
  }

  private static var migrate: Entry {
    Entry(
      "migrate_game_object",
      signatures: [
        [me, objectID, Parameter("new_peer_id", .peer), Parameter("callback_object", .callbacks)]
      ],
      summary: """
        Gives an object to a peer of the session; only its owner and the session host may do this. A peer that owned \
        it itself gets `game_object_migrated_away` before this returns, a host that takes it \
        `game_object_migrated_to_me`; the others are told in their next updates. Giving it to its owner does nothing.
        """,
      .dispatch(
        Entry.Dispatch(
          callbackObject: 4,
          begin: { call throws(ScriptError) in
            try call.session { session throws(SessionError) in
              try session.migrateObject(call.objectID, to: call.peer(3))
            }
            try call.binding.dispatches += 1
          },
          next: { call throws(ScriptError) in
            let binding = try call.binding
            guard let event = binding.network.session?.nextMigrationEvent() else { return false }
            binding.stage(event, call)
            return true
          },
          finish: { call throws(ScriptError) in try call.binding.dispatches -= 1 })))
  }

  private static var setPriority: Entry {
    Entry(
      "set_game_object_priority", [me, objectID, peer, Parameter("priority", .number)],
      summary: """
        Sets how urgent an object's updates are towards one peer: lower is more urgent, as in the network config. It \
        says how this peer sends them, and holds while the object lives and the peer is in the session, whoever owns \
        the object.
        """
    ) { call throws(ScriptError) in
      try call.session { session throws(SessionError) in
        try session.setPriority(call.objectID, for: call.peer(3), Float(call.number(4)))
      }
    }
  }

  private static var setPieInterval: Entry {
    Entry(
      "set_perfhud_pie_update_interval", [me, Parameter("time", .number, range: 0...3600)],
      summary: """
        Sets the seconds between two updates of what the console command `perfhud` shows, 1 at first; with 0 it is \
        told each frame.
        """
    ) { call throws(ScriptError) in
      _ = try call.session()
      try call.binding.network.displayInterval = call.number(2)
    }
  }
}

extension Call {
  /// Sets the fields of an object to the values of a table by field name.
  fileprivate func fill(_ draft: inout ObjectDraft, from index: Int, _ type: Int, _ schema: SchemaNames) throws {
    let codecs = schema.config.codecs(ofObject: type)
    let table = Int32(truncatingIfNeeded: index)
    let top = lua_gettop(state)
    var given = 0
    for place in 0..<codecs.count {
      lua_rawgeti(state, LUA_REGISTRYINDEX, lua.names.reference(schema.fieldName(place, of: type)))
      lua_rawget(state, table)
      if lua_type(state, -1) != LUA_TNIL {
        given += 1
        let packed = try packField(top + 1, codecs[place], schema.config.objects[type], place)
        try draft.set(field: place, packed: packed)
      }
      lua_settop(state, top)
    }
    try refuseOtherFields(table, given, schema, type)
  }

  /// Packs one field's value into the scratch buffer.
  func packField(
    _ index: Int32, _ codec: FieldCodec, _ object: @autoclosure () -> ObjectType, _ field: Int
  ) throws(ScriptError) -> BitReader {
    let buffer = current.pointee.scratch
    var writer = BitWriter(buffer)
    let problem = pack(index, codec, into: &writer)
    if problem != .none {
      let object = object()
      try complain(problem, index, object.fields[field], of: object)
    }
    guard !writer.overflowed else { throw ScriptError("the value needs over \(Limits.messageSize) bytes") }
    let bits = writer.bitCount
    _ = writer.flush()
    return BitReader(UnsafeRawBufferPointer(buffer), bitOffset: 0, bitCount: bits)
  }

  /// Raises what is wrong with a field's value, or warns that it was clamped.
  func complain(
    _ problem: PackingProblem, _ index: Int32, _ field: ObjectType.Field, of object: ObjectType
  ) throws(ScriptError) {
    guard problem == .clamped else { throw error(problem, field.type, at: index, place: "field \"\(field.name)\"") }
    guard let name = lua.names.find(field.name), let type = lua.names.find(object.name) else { return }
    try binding.warnClamped(key: UInt64(type.index) << 32 | UInt64(name.index)) {
      "GameSession: field \"\(field.name)\" of \"\(object.name)\": \(clampText(field.type, at: Int(index)))"
    }
  }

  // A table with more keys than the fields that were found in it has one that is none.
  private func refuseOtherFields(_ table: Int32, _ given: Int, _ schema: SchemaNames, _ type: Int) throws(ScriptError) {
    let top = lua_gettop(state)
    defer { lua_settop(state, top) }
    var count = 0
    lua_pushnil(state)
    while lua_next(state, table) != 0 {
      lua_settop(state, top + 1)
      count += 1
    }
    guard count > given else { return }
    lua_pushnil(state)
    while lua_next(state, table) != 0 {
      lua_settop(state, top + 1)
      if let name = name(Int(top + 1)), schema.field(name, of: type) != nil { continue }
      let object = schema.config.objects[type]
      let key = lua.text(top + 1) ?? describe(Int(top + 1))
      throw ScriptError(
        "argument 3 (fields): object type \"\(object.name)\" has no field \"\(key)\""
          + suggestion(for: key, in: object.fields.map(\.name)))
    }
  }
}
