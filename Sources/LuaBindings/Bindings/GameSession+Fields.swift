import NetRuntime

extension GameSessionNamespace {
  static var fields: [Entry] { [field, setField, setLag] }

  private static let name = Parameter("field", .string)

  private static var field: Entry {
    Entry(
      "game_object_field", [me, objectID, name], returns: ["any"],
      summary: """
        The value that a field of an object has here: quantised as the network config says, for the owner too. Of \
        another peer's object, a field whose type is `interpolated` reads as a smooth value of a moment ago; see \
        `set_interpolation_lag_compensation`.
        """
    ) { call throws(ScriptError) in
      let field = try call.field()
      let reading = try field.run { session throws(SessionError) in
        try session.reading(field.index, at: field.object)
      }
      switch reading {
      case .packed(var reader): call.pushValue(from: &reader, field.codec)
      case .smooth(let value): call.push(value, field.codec)
      }
    }
  }

  private static var setLag: Entry {
    Entry(
      "set_interpolation_lag_compensation", [me, Parameter("time", .number, range: 0...2)],
      summary: """
        Sets by how many seconds interpolated fields of other peers' objects are read behind the fastest packet: 0.1 at \
        first. More hides more jitter and loss; 0 reads each value as it comes.
        """
    ) { call throws(ScriptError) in
      try call.session { session throws(SessionError) in try session.setInterpolationLag(call.number(2)) }
    }
  }

  private static var setField: Entry {
    Entry(
      "set_game_object_field", [me, objectID, name, Parameter("value", .any)],
      summary: "Sets a field of an object that this peer owns; the others get the new value with the next updates."
    ) { call throws(ScriptError) in
      // The object may be one that the script believes to have created.
      if call.current.pointee.isReplay {
        if try call.session({ session throws(SessionError) in session.exists(call.objectID) }) { _ = try call.field() }
        return try call.binding.host.log(.spew, "replay: a value for \(object: call.objectID) was ignored")
      }
      let field = try call.field()
      let packed = try call.packField(4, field.codec, field.type, field.index)
      try field.run { session throws(SessionError) in
        try session.setField(field.index, at: field.object, packed: packed)
      }
    }
  }
}

/// A field of an object of the session: what three arguments name. Looked up once and counting no references, for
/// scripts ask for fields more often than for anything else.
private struct ObjectField {
  private let session: Unmanaged<GameSession>
  private let schema: Unmanaged<SchemaNames>
  let object: ObjectPlace
  let index: Int

  init(_ call: Call) throws(ScriptError) {
    session = try call.unretainedSession()
    guard let schema = call.current.pointee.schema else { throw ScriptError(NetworkError.noClient.description) }
    self.schema = schema
    let id = call.objectID
    let object: ObjectPlace
    do throws(SessionError) {
      object = try session.borrow { session throws(SessionError) in try session.place(of: id) }
    } catch {
      throw ScriptError(error.description)
    }
    self.object = object
    guard let name = call.name(3),
      let index = schema.borrow({ $0.field(name, of: object.type) })
    else { throw schema.borrow { call.unknownField($0, object.type) } }
    self.index = index
  }

  var codec: FieldCodec { schema.borrow { $0.codec(index, of: object.type) } }

  /// The object's type, for error texts.
  var type: ObjectType { schema.borrow { $0.config.objects[object.type] } }

  @inline(__always)
  func run<Result>(_ body: (GameSession) throws(SessionError) -> Result) throws(ScriptError) -> Result {
    do throws(SessionError) {
      return try session.borrow(body)
    } catch {
      throw ScriptError(error.description)
    }
  }
}

extension Call {
  @inline(__always)
  fileprivate func field() throws(ScriptError) -> ObjectField { try ObjectField(self) }

  /// What to raise when an object type has no field of the name that was given.
  fileprivate func unknownField(_ schema: SchemaNames, _ type: Int) -> ScriptError {
    let object = schema.config.objects[type]
    let text = string(3)
    return ScriptError(
      "argument 3 (field): object type \"\(object.name)\" has no field \"\(text)\""
        + suggestion(for: text, in: object.fields.map(\.name)))
  }
}
