import NetRuntime

extension Staging {
  /// The table that `Network.type_info` gives; `id` is a field's name where the type is that of a field.
  func pushInfo(_ type: FieldType, id: String? = nil) {
    pushTable(fields: 9)
    setField("id", id ?? type.name)
    setField("type", Double(type.kind.rawValue))
    setField("bits", Double(type.bits))
    setField("min", type.min)
    setField("max", type.max)
    setField("tolerance", type.tolerance)
    setField("interpolated", type.interpolated)
    setField("interpolation_threshold", type.interpolationThreshold)
    if type.kind == .array || type.kind == .string { setField("max_size", Double(type.maxSize)) }
  }

  /// The table that `Network.message_info` gives.
  func pushInfo(_ message: MessageType) {
    pushTable(fields: 4)
    push("arguments")
    pushTable(array: message.arguments.count)
    for (index, type) in message.arguments.enumerated() {
      pushInfo(type)
      setIndex(index + 1)
    }
    setField()
    setField("priority", message.priority)
    setField("reliable", message.isReliable)
    setField("session_bound", message.isSessionBound)
  }

  /// The table that `Network.object_info` gives.
  func pushInfo(_ object: ObjectType) {
    pushTable(fields: 3)
    push("fields")
    pushTable(array: object.fields.count)
    for (index, field) in object.fields.enumerated() {
      pushInfo(field.type, id: field.name)
      setIndex(index + 1)
    }
    setField()
    setField("priority", object.priority)
    setField("update_rate", object.updateRate)
  }
}
