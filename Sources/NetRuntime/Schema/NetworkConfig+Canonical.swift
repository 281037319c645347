extension NetworkConfig {
  /// One line an entry, argument and field; what does not change the meaning of bits on the wire stays out.
  static func canonicalText(topology: Topology, messages: [MessageType], objects: [ObjectType]) -> String {
    var text = "network_config 1 \(topology.rawValue)\n"
    for message in messages {
      text += "message \(quoted(message.name))"
      text += message.isReliable ? " reliable" : " unreliable"
      text += message.isSessionBound ? " bound\n" : " unbound\n"
      for argument in message.arguments { text += "argument \(canonical(argument.codec))\n" }
    }
    for object in objects {
      text += "object \(quoted(object.name))\n"
      for field in object.fields { text += "field \(quoted(field.name)) \(canonical(field.type.codec))\n" }
    }
    return text
  }

  private static func quoted(_ name: String) -> String {
    var text = "\""
    for character in name.unicodeScalars {
      if character == "\"" || character == "\\" { text.unicodeScalars.append("\\") }
      text.unicodeScalars.append(character)
    }
    return text + "\""
  }

  private static func canonical(_ codec: FieldCodec) -> String {
    switch codec.kind {
    case .array: "array \(codec.maximumCount) \(canonical(codec.element))"
    case .int: "int \(codec.minimum) \(codec.maximum) \(codec.bits)"
    case .float, .vector3:
      codec.isExact ? codec.kind.name : "\(codec.kind.name) \(codec.low) \(codec.high) \(codec.bits)"
    case .quaternion: "quaternion \(codec.fixedBitWidth)"
    case .string: "string \(codec.maximumLength)"
    default: codec.kind.name
    }
  }
}
