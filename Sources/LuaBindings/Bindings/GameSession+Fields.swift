import NetRuntime

extension GameSessionNamespace {
  static var fields: [Entry] { [field, setField] }

  private static let name = Parameter("field", .string)

  private static var field: Entry {
    Entry(
      "game_object_field", [me, objectID, name], returns: ["any"],
      summary: "The value that a field of an object has here: quantised as the network config says, for the owner too."
    ) { call throws(ScriptError) in
      let schema = try call.schema()
      let id = call.objectID
      let type = try call.session { session throws(SessionError) in try session.objectType(of: id) }
      guard let name = call.name(3), let field = schema.field(name, of: type) else {
        return try call.refuseField(schema, type)
      }
      var reader = try call.session { session throws(SessionError) in try session.field(id, field: field) }
      call.pushValue(from: &reader, schema.config.codecs(ofObject: type)[field])
    }
  }

  private static var setField: Entry {
    Entry(
      "set_game_object_field", [me, objectID, name, Parameter("value", .any)],
      summary: "Sets a field of an object that this peer owns; the others get the new value with the next updates."
    ) { call throws(ScriptError) in
      let schema = try call.schema()
      let id = call.objectID
      let type = try call.session { session throws(SessionError) in try session.objectType(of: id) }
      guard let name = call.name(3), let field = schema.field(name, of: type) else {
        return try call.refuseField(schema, type)
      }
      let packed = try call.packField(
        4, schema.config.codecs(ofObject: type)[field], schema.config.objects[type], field)
      try call.session { session throws(SessionError) in try session.setField(id, field: field, packed: packed) }
    }
  }
}

extension Call {
  /// Raises that an object type has no field of the name that was given.
  fileprivate func refuseField(_ schema: SchemaNames, _ type: Int) throws(ScriptError) {
    let object = schema.config.objects[type]
    let text = string(3)
    throw ScriptError(
      "argument 3 (field): object type \"\(object.name)\" has no field \"\(text)\""
        + suggestion(for: text, in: object.fields.map(\.name)))
  }
}
